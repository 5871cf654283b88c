// RFC 8446 §6.1, RFC 5246 §7.2.1: close_notify tells an end from a cut.
#include "harness/net/meddler.h"
#include "suites/observe.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kCommandRun{"incomplete_command_run"};
constexpr Ending kCloseNotifyAndFin{"close_notify_and_fin"};
constexpr Ending kKeptOpen{"closed_with_close_notify_after_us"};
constexpr Ending kBareFin{"bare_fin"};
constexpr Ending kReset{"reset"};
constexpr Ending kResetInMidAnswer{"reset_in_mid_answer"};
constexpr Ending kCloseNotify{"close_notify"};
constexpr Ending kEndInMidAnswer{"end_in_mid_answer"};
constexpr Ending kBehindCloseNotify{"data_behind_close_notify"};

/// A FIN without close_notify behind octets that are no whole command.
Task<Ending> cut(Probe& probe, bool in_mid_record) {
  Meddler* meddler = nullptr;
  const auto dialogue = co_await secured(probe, [&meddler](std::unique_ptr<Link> link) {
    auto made = std::make_unique<Meddler>(std::move(link));
    meddler = made.get();
    return made;
  });
  if (!dialogue) co_return probe.lost();
  Bytes command = dialogue->canary();
  if (in_mid_record) {
    meddler->edit(
        [](std::vector<Bytes>& records) { records.back().resize(records.back().size() / 2); });
  } else {
    command.resize(command.size() - 2);  // its line end
  }
  dialogue->link().send(command);
  dialogue->link().finish();
  for (;;) {
    const Answer answer = co_await dialogue->answer();
    if (answer.stop == Stop::timed_out) co_return ending::hang;
    if (!answer.came()) co_return ending::not_acted_on;
    if (answer.positive) co_return kCommandRun;
  }
}

Task<Ending> truncation(Probe& probe) {
  const Ending command = co_await cut(probe, false);
  probe.part("mid_command", command);
  const Ending record = co_await cut(probe, true);
  probe.part("mid_record", record);
  if (!probe.account().sink.empty() && probe.account().sink_read &&
      probe.endpoint().protocol == Protocol::smtp) {
    const Ending message = co_await half_a_message(probe);
    probe.part("mid_message", message);
  }
  co_return probe.worst();
}

Ending ending_of_close(const Remainder& rest) {
  if (rest.close_notify) return kCloseNotifyAndFin;
  return rest.how == EndOfInput::reset ? kReset : kBareFin;
}

/// What answers our close_notify when nothing else is under way.
Task<Ending> idle_close(Probe& probe) {
  const auto dialogue = co_await secured(probe);
  if (!dialogue) co_return probe.lost();
  SecureLink& link = dialogue->link();
  const bool tls13 = link.agreement()->version == TlsVersion::tls13;
  link.close_tls();
  // RFC 5246 §7.2.1 asks for an answer at once; RFC 8446 §6.1 lets the other direction go on.
  const Remainder at_once =
      co_await read_remainder(link, tls13 ? probe.open_silence() : probe.reply_deadline());
  if (at_once.ended) co_return ending_of_close(at_once);
  if (!at_once.close_notify && !tls13) co_return ending::hang;
  link.finish();
  const Remainder after = co_await read_remainder(link, probe.reply_deadline());
  if (!after.ended) co_return ending::hang;
  if (at_once.close_notify) co_return kCloseNotifyAndFin;
  co_return after.close_notify ? kKeptOpen : ending_of_close(after);
}

/// What answers a command with a close_notify right behind it. Whether the command had its answer
/// before the end depends on who was faster: that stands in the transcript.
Task<Ending> close_behind_command(Probe& probe) {
  const auto dialogue = co_await secured(probe);
  if (!dialogue) co_return probe.lost();
  SecureLink& link = dialogue->link();
  link.send(dialogue->unknown_command());
  link.close_tls();
  Remainder rest = co_await read_remainder(link, probe.open_silence());
  if (!rest.ended) {
    link.finish();
    const Remainder after = co_await read_remainder(link, probe.reply_deadline());
    if (!after.ended) co_return ending::hang;
    rest.answered = rest.answered || after.answered;
    rest.close_notify = rest.close_notify || after.close_notify;
    rest.how = after.how;
  }
  if (!rest.close_notify && rest.how == EndOfInput::reset && !rest.answered)
    co_return kResetInMidAnswer;
  co_return ending_of_close(rest);
}

Task<Ending> answers_close_notify(Probe& probe) {
  const Ending idle = co_await idle_close(probe);
  probe.part("idle", idle);
  const Ending behind = co_await close_behind_command(probe);
  probe.part("behind_command", behind);
  co_return probe.worst();
}

/// The first thing that tells of the end: a close_notify, or an end without one.
Task<Ending> end_of_service(SecureLink& link, Deadline deadline) {
  for (;;) {
    const Event event = co_await link.next(deadline);
    if (std::holds_alternative<CloseNotify>(event)) co_return kCloseNotify;
    if (const auto* ended = std::get_if<InputEnded>(&event))
      co_return ended->how == EndOfInput::reset ? kReset : kBareFin;
    if (!std::holds_alternative<Received>(event) && !std::holds_alternative<AlertReceived>(event))
      co_return ending_of(event);
  }
}

Task<Ending> sends_close_notify(Probe& probe) {
  const auto dialogue = co_await secured(probe);
  if (!dialogue) co_return probe.lost();
  dialogue->say(dialogue->goodbye());
  // RFC 4511 §4.3: an unbind has no answer.
  if (probe.endpoint().protocol != Protocol::ldap) {
    const Answer farewell = co_await dialogue->answer();
    if (farewell.stop == Stop::timed_out) co_return ending::hang;
    if (!farewell.came()) co_return kEndInMidAnswer;
  }
  const Ending seen = co_await end_of_service(dialogue->link(), probe.reply_deadline());
  co_return seen;
}

constexpr Check kChecks[] = {
    {.id = "integrity.close.truncation",
     .title = "What a FIN without close_notify cuts off is not acted on",
     .levels = {.all = Level::bcp},
     .severity = Severity::error,
     .sources = {"RFC 8446 §6.1", "RFC 5246 §7.2.1", "RFC 9846 §6.1"},
     .scope = {.version = VersionScope::each},
     .traits = {Trait::writes},
     .run = truncation,
     .steps = "FIN without close_notify behind a command that lacks its line end; in the middle of "
              "a record; and, where "
              "the account has a sink, in the middle of a message.",
     .accepts = {ending::not_acted_on},
     .breakers = {{"eof_ends_line", kCommandRun},
                  {"eof_ends_data", ending::acknowledged, {}, {}, {Protocol::smtp}}},
     .liberties = {{"split_replies", ending::not_acted_on}}},
    {.id = "integrity.close.answers_close_notify",
     .title = "A close_notify is answered by one before the connection is closed",
     .levels = {.all = Level::must},
     .sources = {"RFC 8446 §6.1", "RFC 5246 §7.2.1", "RFC 9846 §6.1"},
     .scope = {.version = VersionScope::each, .layer = Layer::endpoint},
     .run = answers_close_notify,
     .steps = "close_notify on an idle connection, and right behind a command; then wait. Where "
              "nothing comes in TLS 1.3, "
              "FIN, and wait again.",
     .accepts = {kCloseNotifyAndFin, kKeptOpen},
     .weak = {kBareFin, kReset},
     .breakers = {{"ignore_close_notify", ending::hang},
                  {"reset_in_mid_answer", kResetInMidAnswer}},
     .liberties = {{"close_with_peer", kKeptOpen, {}, TlsVersion::tls13},
                   {"fin_without_close_notify", kBareFin},
                   {"reset_on_close_notify", kReset},
                   {"delayed_greeting", kCloseNotifyAndFin}},
     .by_hand = "openssl s_client -connect HOST:465 -msg   # then Q"},
    {.id = "integrity.close.sends_close_notify",
     .title = "A service that has said its farewell sends close_notify before it closes",
     .levels = {.all = Level::must},
     .sources = {"RFC 8446 §6.1", "RFC 5246 §7.2.1", "RFC 9846 §6.1"},
     .scope = {.version = VersionScope::each},
     .run = sends_close_notify,
     .watches = {{Flaw::behind_close_notify, kBehindCloseNotify}},
     .steps = "Inside TLS QUIT, or an unbind; its answer is read, and what comes behind it. On "
              "every connection of the run nothing may come behind close_notify.",
     .accepts = {kCloseNotify},
     .weak = {kBareFin, kReset},
     .breakers = {{"fin_in_mid_farewell", kEndInMidAnswer, {}, {}, kLineProtocols},
                  {"speaks_behind_close_notify", kBehindCloseNotify}},
     .liberties = {{"fin_behind_farewell", kBareFin}, {"split_replies", kCloseNotify}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> close() { return kChecks; }

}  // namespace assay::suites
