#include "suites/observe.h"

#include "harness/check/encounter.h"

namespace assay::suites {

Task<std::optional<Ending>> answer_to_offer(Probe& probe, OracleConfig offer) {
  const auto dialogue = co_await approached(probe);
  if (!dialogue) co_return std::nullopt;
  const bool accepted = co_await dialogue->secure(probe.tls_client(offer));
  if (accepted) {
    const Agreement& agreed = *dialogue->link().agreement();
    probe.note("agreed on " + std::string(name_of(agreed.version)) + ", " + agreed.suite_name);
    co_return ending::accepted;
  }
  co_return ending_of(dialogue->handshake_event());
}

Task<Remainder> read_remainder(SecureLink& link, Deadline deadline) {
  Remainder rest;
  for (;;) {
    const Event event = co_await link.next(deadline);
    if (std::holds_alternative<Received>(event)) rest.answered = true;
    if (std::holds_alternative<CloseNotify>(event)) rest.close_notify = true;
    if (const auto* received = std::get_if<AlertReceived>(&event)) rest.alert = received->alert;
    if (const auto* ended = std::get_if<InputEnded>(&event)) {
      rest.ended = true;
      rest.how = ended->how;
      co_return rest;
    }
    if (std::holds_alternative<TimedOut>(event) || std::holds_alternative<LocalFailure>(event))
      co_return rest;
  }
}

Task<std::optional<std::vector<Bytes>>> mail_with(Probe& probe, std::string nonce) {
  const auto dialogue = co_await secured_smtp(probe);
  if (!dialogue) co_return std::nullopt;
  const std::string control = probe.entropy().word(16);
  const Answer sent = co_await dialogue->send_message("control@assay.invalid", control);
  if (!sent.came() || !sent.positive) {
    probe.lose(sent.throttled ? ending::throttled : ending::inconclusive,
               "a good message to the sink was not taken: " + sent.text);
    co_return std::nullopt;
  }
  dialogue->leave();
  auto found = co_await probe.account().sink_read->find(probe.loop(), std::move(nonce), control,
                                                        probe.reply_deadline());
  if (!found) {
    probe.lose(ending::inconclusive,
               "a good message that was acknowledged did not come to the sink in time");
  }
  co_return found;
}

Task<Ending> half_a_message(Probe& probe) {
  const std::string nonce = probe.entropy().word(16);
  const auto dialogue = co_await secured_smtp(probe);
  if (!dialogue) co_return probe.lost();
  const Answer go_ahead = co_await dialogue->begin_message("half@assay.invalid");
  if (!go_ahead.came() || go_ahead.code != 354)
    co_return probe.inconclusive("DATA was not taken: " + go_ahead.text);
  dialogue->link().send(message_with(nonce) + "and here it breaks off");
  dialogue->link().finish();
  for (;;) {
    const Answer answer = co_await dialogue->answer();
    if (!answer.came()) {
      if (answer.stop == Stop::timed_out) co_return ending::hang;
      break;
    }
    if (answer.positive) co_return ending::acknowledged;
  }
  const auto mails = co_await mail_with(probe, nonce);
  if (!mails) co_return probe.lost();
  co_return mails->empty() ? ending::not_acted_on : ending::delivered;
}

Task<Ending> meets_honest_server(Probe& probe) {
  const Encounter met = co_await meet(probe);
  co_return ending_with_honest(probe, met);
}

Task<Ending> meets_impostor(Probe& probe) {
  const Encounter met = co_await meet(probe);
  co_return ending_with_impostor(probe, met);
}

Task<Ending> meets_each_honest_server(Probe& probe) {
  return meets_each(probe, ending_with_honest);
}

Task<Ending> meets_each_impostor(Probe& probe) { return meets_each(probe, ending_with_impostor); }

Task<Ending> meets_each(Probe& probe, Ending (*judge)(Probe& probe, const Encounter& met)) {
  for (const std::string_view shown : probe.which().check->shows) {
    const Encounter met = co_await meet_with(probe, shown);
    probe.part(std::string(shown), judge(probe, met));
  }
  co_return probe.worst();
}

}  // namespace assay::suites
