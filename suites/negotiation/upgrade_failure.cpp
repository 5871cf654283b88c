// RFC 3207 §4, RFC 4642 §2.2.2, RFC 8446 §6.2: what follows an upgrade whose handshake fails.
#include "clients/dialogue.h"
#include "harness/base/printable.h"
#include "harness/wire/record.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kAlertOrClose{"alert_or_close"};
constexpr Ending kSilentUntilClosed{"silent_until_closed"};
constexpr Ending kErrorLine{"error_line_then_close"};
constexpr Ending kAnsweredInClear{"answered_in_clear"};
constexpr Ending kFreshClearSession{"fresh_clear_session"};
constexpr Ending kBelievesInTls{"acts_as_if_secured"};

/// Lines of one answer follow each other closer than this.
constexpr Milliseconds kRestOfList{100};

/// What came below TLS until the end, a silent window, or the budget.
struct Aftermath {
  Bytes octets;
  bool ended = false;
};

Task<Aftermath> listen(SecureLink& link, Deadline deadline, bool until_line) {
  Aftermath after;
  for (;;) {
    const Event event = co_await link.next(deadline);
    if (const auto* received = std::get_if<Received>(&event)) {
      append(after.octets, received->octets);
      if (until_line && find(after.octets, "\r\n") != npos) co_return after;
      continue;
    }
    after.ended = !std::holds_alternative<TimedOut>(event);
    co_return after;
  }
}

/// The octets behind whole TLS records at the front.
Bytes behind_records(View octets) {
  RecordSplitter records;
  records.feed(octets);
  while (records.next()) {
  }
  return records.take_rest();
}

/// A line of the protocol that says no, or yes.
bool is_positive_line(View line) {
  return !line.empty() && (line[0] == '1' || line[0] == '2' || line[0] == '3' || line[0] == '+');
}

/// a) The marker in the clear where a ClientHello was due.
Task<Ending> clear_instead_of_hello(Probe& probe) {
  const auto dialogue = co_await approached(probe);
  if (!dialogue) co_return probe.lost();
  SecureLink& link = dialogue->link();
  link.send(dialogue->canary());
  Aftermath after = co_await listen(link, within(probe.silence_window(), probe.deadline()), true);
  const Bytes text = behind_records(after.octets);
  if (!text.empty()) {
    if (is_positive_line(text)) co_return kAnsweredInClear;
    link.finish();
    const Aftermath end = co_await listen(link, probe.reply_deadline(), false);
    co_return end.ended ? kErrorLine : ending::hang;
  }
  if (after.ended || !after.octets.empty()) co_return kAlertOrClose;
  // Not a word: a server may wait for the rest of what it takes for a record, until we go.
  link.finish();
  const Aftermath end = co_await listen(link, probe.reply_deadline(), false);
  if (is_positive_line(behind_records(end.octets))) co_return kAnsweredInClear;
  co_return end.ended ? kSilentUntilClosed : ending::hang;
}

/// b) A ClientHello, a fatal alert of ours, then the marker in the clear.
Task<Ending> clear_after_alert(Probe& probe) {
  const auto dialogue = co_await approached(probe);
  if (!dialogue) co_return probe.lost();
  SecureLink& link = dialogue->link();
  const auto client = probe.tls_client(probe.tls_offer());
  client->start();
  link.send_raw(client->take_output(), "a ClientHello");
  const Event hello = co_await link.next(probe.handshake_deadline());
  if (!std::holds_alternative<Received>(hello)) co_return probe.inconclusive("no ServerHello came");
  link.send_raw(compose_record(ContentType::alert, Bytes{2, alert::kHandshakeFailure}),
                "fatal alert handshake_failure");
  // The server must have read the alert before the marker comes, or the marker is part of a dead
  // handshake.
  Aftermath after = co_await listen(link, within(probe.silence_window(), probe.deadline()), false);
  if (after.ended) co_return kAlertOrClose;
  link.send(dialogue->capability_request());
  after = co_await listen(link, within(probe.silence_window(), probe.deadline()), true);
  if (!after.ended && !after.octets.empty()) {
    // The list may come in pieces: what says that the upgrade is offered may be in a later one.
    const Aftermath rest = co_await listen(link, within(kRestOfList, probe.deadline()), false);
    append(after.octets, rest.octets);
    after.ended = rest.ended;
  }
  const Bytes text = behind_records(after.octets);
  if (is_positive_line(text)) {
    const Bytes request = dialogue->upgrade_request();
    const std::string_view upgrade = text_of(request).substr(0, request.size() - 2);
    const bool offers_upgrade = text_of(text).find(upgrade) != std::string_view::npos;
    co_return offers_upgrade ? kFreshClearSession : kBelievesInTls;
  }
  if (after.ended) co_return kAlertOrClose;
  link.finish();
  const Aftermath end = co_await listen(link, probe.reply_deadline(), false);
  if (!end.ended) co_return ending::hang;
  co_return text.empty() ? kSilentUntilClosed : kErrorLine;
}

Task<Ending> garbage_instead_of_hello(Probe& probe) {
  const Ending instead = co_await clear_instead_of_hello(probe);
  probe.part("clear_instead_of_hello", instead);
  const Ending behind = co_await clear_after_alert(probe);
  probe.part("clear_after_alert", behind);
  co_return probe.worst();
}

constexpr Check kChecks[] = {
    {.id = "negotiation.failure.garbage_instead_of_hello",
     .title = "After the go-ahead nothing is answered in the clear",
     .levels = {.smtp = Level::bcp, .pop3 = Level::bcp, .nntp = Level::should, .ldap = Level::bcp},
     .sources = {"RFC 3207 §4", "RFC 2595 §4", "RFC 4642 §2.2.2", "RFC 4511 §4.14.2",
                 "RFC 8446 §6.2"},
     .scope = {.protocols = kLineProtocols, .access = {Access::upgrade}},
     .control = Control::handshake,
     .run = garbage_instead_of_hello,
     .steps = "After the go-ahead a) a command in the clear in place of a ClientHello; b) a "
              "ClientHello, a fatal alert, "
              "then a command in the clear.",
     .accepts = {kAlertOrClose, kSilentUntilClosed},
     .weak = {kErrorLine, kFreshClearSession},
     .breakers = {{"clear_after_go_ahead", kAnsweredInClear}, {"half_secured", kBelievesInTls}},
     .liberties = {{"silent_on_garbage", kSilentUntilClosed},
                   {"error_line_then_close", kErrorLine},
                   {"clear_session_goes_on", kFreshClearSession},
                   {"split_replies", kAlertOrClose}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> upgrade_failure() { return kChecks; }

}  // namespace assay::suites
