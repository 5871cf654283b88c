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

/// The octets behind TLS records at the front; no protocol has a word that begins like a record.
Bytes behind_records(View octets) {
  RecordSplitter records;
  records.feed(octets);
  while (records.next()) {
  }
  Bytes rest = records.take_rest();
  const bool unfinished_record = !rest.empty() && rest.front() >= 0x14 && rest.front() <= 0x17;
  return unfinished_record ? Bytes{} : rest;
}

ClearWord word_in(const Dialogue& dialogue, const Aftermath& after) {
  return dialogue.read_clear(behind_records(after.octets));
}

Task<void> listen(Dialogue& dialogue, Aftermath& after, Deadline deadline) {
  while (!after.ended) {
    const Event event = co_await dialogue.link().next(deadline);
    const auto* received = std::get_if<Received>(&event);
    if (received == nullptr) {
      after.ended = !std::holds_alternative<TimedOut>(event);
      co_return;
    }
    append(after.octets, received->octets);
  }
}

/// Until the first word is whole; one that has begun has the time of a reply.
Task<void> listen_for_a_word(Dialogue& dialogue, Aftermath& after) {
  Probe& probe = dialogue.probe();
  const Deadline silent = probe.open_silence();
  while (!after.ended && word_in(dialogue, after) == ClearWord::incomplete) {
    const bool begun = !behind_records(after.octets).empty();
    const Event event = co_await dialogue.link().next(begun ? probe.reply_deadline() : silent);
    if (const auto* received = std::get_if<Received>(&event)) {
      append(after.octets, received->octets);
      continue;
    }
    after.ended = !std::holds_alternative<TimedOut>(event);
    co_return;
  }
}

/// The end of our side, and what that brings.
Task<void> finish(Dialogue& dialogue, Aftermath& after) {
  dialogue.link().finish();
  co_await listen(dialogue, after, dialogue.probe().reply_deadline());
}

/// a) The marker in the clear where a ClientHello was due.
Task<Ending> clear_instead_of_hello(Probe& probe) {
  const auto dialogue = co_await approached(probe);
  if (!dialogue) co_return probe.lost();
  dialogue->link().send(dialogue->canary());
  Aftermath after;
  co_await listen_for_a_word(*dialogue, after);
  if (word_in(*dialogue, after) == ClearWord::yes) co_return kAnsweredInClear;
  const bool said = !behind_records(after.octets).empty();
  if (!said && (after.ended || !after.octets.empty())) co_return kAlertOrClose;
  // An error, or not a word: a server may wait for the rest of what it takes for a record, until we
  // go.
  co_await finish(*dialogue, after);
  if (!said && word_in(*dialogue, after) == ClearWord::yes) co_return kAnsweredInClear;
  if (!after.ended) co_return ending::hang;
  co_return said ? kErrorLine : kSilentUntilClosed;
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
  Aftermath flight;
  co_await listen(*dialogue, flight, probe.open_silence());
  if (flight.ended) co_return kAlertOrClose;
  link.send(dialogue->capability_request());
  Aftermath after;
  co_await listen_for_a_word(*dialogue, after);
  if (word_in(*dialogue, after) == ClearWord::yes) {
    // The list may come in pieces: what says that the upgrade is offered may be in a later one.
    co_await listen(*dialogue, after, within(kRestOfList, probe.deadline()));
    const bool offers_upgrade = find(after.octets, dialogue->upgrade_keyword()) != npos;
    co_return offers_upgrade ? kFreshClearSession : kBelievesInTls;
  }
  const bool said = !behind_records(after.octets).empty();
  if (after.ended) co_return said ? kErrorLine : kAlertOrClose;
  co_await finish(*dialogue, after);
  if (!after.ended) co_return ending::hang;
  co_return said ? kErrorLine : kSilentUntilClosed;
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
     .scope = {.protocols = kApplications, .access = {Access::upgrade}},
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
