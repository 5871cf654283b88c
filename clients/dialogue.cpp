#include "clients/dialogue.h"

#include <fmt/format.h>

namespace assay {
namespace {

Answer stopped(Stop stop, std::string text) {
  Answer answer;
  answer.stop = stop;
  answer.text = std::move(text);
  return answer;
}

Answer answer_of(const Event& event) {
  if (const auto* alert = std::get_if<AlertReceived>(&event)) {
    Answer answer =
        stopped(Stop::alert, fmt::format("alert {}", alert_name(alert->alert.description)));
    answer.alert = alert->alert.description;
    return answer;
  }
  if (const auto* failure = std::get_if<LocalFailure>(&event)) {
    return stopped(Stop::refused_by_us, fmt::format("our end refused: {}", failure->reason));
  }
  if (const auto* ended = std::get_if<InputEnded>(&event)) {
    // FIN or RST may depend on who was faster; the transcript tells, the text is the same.
    return stopped(ended->how == EndOfInput::reset ? Stop::reset : Stop::closed,
                   "the connection ended");
  }
  if (std::holds_alternative<CloseNotify>(event)) return stopped(Stop::closed, "close_notify came");
  return stopped(Stop::timed_out, "nothing came in time");
}

}  // namespace

Ending ending_of(const Event& event) { return ending_of(answer_of(event)); }

Ending ending_of(const Answer& answer) {
  switch (answer.stop) {
    case Stop::alert:
      return ending_of_alert(answer.alert);
    case Stop::closed:
    case Stop::reset:
      return ending::closed_without_alert;
    case Stop::timed_out:
      return ending::hang;
    case Stop::refused_by_us:
      return ending::handshake_failed;
    case Stop::malformed:
      return ending::unexpected_reply;
    case Stop::none:
      break;
  }
  return answer.throttled  ? ending::throttled
         : answer.positive ? ending::accepted
                           : ending::refused;
}

Dialogue::Dialogue(Probe& probe, const Endpoint& endpoint, std::unique_ptr<SecureLink> link)
    : probe_(probe), endpoint_(endpoint), link_(std::move(link)) {}
Dialogue::~Dialogue() = default;

bool Dialogue::lost(const Answer& answer, std::string_view step) {
  return probe_.lose(answer.throttled ? ending::throttled : ending::inconclusive,
                     fmt::format("{}: {}", step, answer.text));
}

Task<Answer> Dialogue::answer() {
  const auto begin = Clock::now();
  Answer got = co_await answer(probe_.reply_deadline());
  if (got.came()) probe_.reacted_in(std::chrono::duration_cast<Milliseconds>(Clock::now() - begin));
  co_return got;
}

void Dialogue::sent(View /*octets*/) {}

void Dialogue::say(View octets) {
  sent(octets);
  link_->send(octets);
}

Task<Answer> Dialogue::ask(Bytes command) {
  say(command);
  co_return co_await answer();
}

Task<Answer> Dialogue::ask_for_upgrade() { return ask(upgrade_request()); }

Task<Answer> Dialogue::begin_submission() { co_return Answer{}; }

Task<Answer> Dialogue::more(Deadline deadline) {
  for (;;) {
    const Event event = co_await link_->next(deadline);
    if (const auto* received = std::get_if<Received>(&event)) {
      feed(received->octets);
      co_return Answer{};
    }
    const auto* alert = std::get_if<AlertReceived>(&event);
    if (alert != nullptr && !alert->alert.fatal) continue;
    co_return answer_of(event);
  }
}

Task<bool> Dialogue::hear_greeting() {
  if (!greets() || greeting_heard_) co_return true;
  const Answer greeting = co_await answer();
  banner_ = greeting.text;
  if (!greeting.came() || !is_greeting(greeting)) {
    // A refusal (RFC 5321 §3.1: 554), a reset or a close in place of a greeting is how servers
    // say "not now". Inside TLS a close may mean the handshake.
    Answer refused = greeting;
    refused.throttled = refused.throttled || (greeting.came() && !greeting.positive) ||
                        greeting.stop == Stop::reset ||
                        (greeting.stop == Stop::closed && !link_->secured());
    co_return lost(refused, "no greeting");
  }
  greeting_heard_ = true;
  co_return true;
}

Task<bool> Dialogue::greet() {
  const bool heard = co_await hear_greeting();
  if (!heard) co_return false;
  const auto instead = co_await list_capabilities();
  if (instead) co_return lost(*instead, "no capabilities");
  co_return true;
}

Task<bool> Dialogue::approach() {
  if (endpoint_.access == Access::implicit) co_return true;
  const bool greeted = co_await greet();
  if (!greeted) co_return false;
  const Answer go_ahead = co_await ask_for_upgrade();
  if (!go_ahead.came() || !is_go_ahead(go_ahead))
    co_return lost(go_ahead, "the upgrade was refused");
  co_return true;
}

Task<bool> Dialogue::secure(std::unique_ptr<Channel> client) {
  return secure(std::move(client), take_unused());
}

Task<bool> Dialogue::secure(std::unique_ptr<Channel> client, Bytes rest) {
  link_->start_tls(std::move(client), rest);
  handshake_event_ = co_await link_->handshake(probe_.handshake_deadline());
  if (std::holds_alternative<HandshakeDone>(handshake_event_)) co_return true;
  co_return lost(answer_of(handshake_event_), "the handshake failed");
}

Task<bool> Dialogue::settle() {
  if (endpoint_.access == Access::implicit) co_return co_await greet();
  const auto instead = co_await list_capabilities();
  if (instead) co_return lost(*instead, "no capabilities inside TLS");
  co_return true;
}

Task<bool> Dialogue::open() {
  const bool near = co_await approach();
  if (!near) co_return false;
  const bool secured = co_await secure(probe_.tls_client(probe_.tls_offer()));
  if (!secured) co_return false;
  co_return co_await settle();
}

void Dialogue::leave() {
  say(goodbye());
  link_->close_tls();
  link_->finish();
}

Task<UpgradeResult> Dialogue::upgrade_with(Bytes tail) {
  if (tail.empty()) {
    Answer alone = co_await ask_for_upgrade();
    co_return co_await finish_upgrade(std::move(alone), false);
  }
  Bytes segment = upgrade_request();
  append(segment, tail);
  say(segment);
  Answer first = co_await answer();
  co_return co_await finish_upgrade(std::move(first), true);
}

Task<UpgradeResult> Dialogue::upgrade_then(Bytes tail, Milliseconds gap) {
  say(upgrade_request());
  if (gap > Milliseconds(0)) co_await probe_.loop().sleep_until(Clock::now() + gap);
  say(tail);
  Answer first = co_await answer();
  co_return co_await finish_upgrade(std::move(first), true);
}

Task<UpgradeResult> Dialogue::finish_upgrade(Answer first, bool with_tail) {
  UpgradeResult result;
  result.answer = std::move(first);
  if (!result.answer.came()) {
    result.kind = result.answer.stop == Stop::timed_out ? UpgradeResult::Kind::no_answer
                                                        : UpgradeResult::Kind::broken;
    result.ending = ending_of(result.answer);
    co_return result;
  }
  if (!is_go_ahead(result.answer)) {
    result.kind =
        result.answer.throttled ? UpgradeResult::Kind::throttled : UpgradeResult::Kind::refused;
    if (with_tail && !result.answer.throttled) {
      Answer behind = co_await answer();
      result.more.push_back(std::move(behind));
    }
    co_return result;
  }
  const bool secured = co_await secure(probe_.tls_client(probe_.tls_offer()));
  result.kind = secured ? UpgradeResult::Kind::secured : UpgradeResult::Kind::broken;
  if (!secured) result.ending = ending_of(handshake_event_);
  co_return result;
}

Task<MarkerResult> Dialogue::marker() {
  MarkerResult result;
  result.first = co_await ask(unknown_command());
  // An unknown command has no positive answer: this one is another's.
  result.unasked = result.first.unasked || (result.first.came() && result.first.positive);
  if (!result.first.came() || result.unasked) co_return result;
  Answer second = co_await ask(canary());
  result.unasked = second.unasked;
  result.answered = second.came() && second.positive && !second.unasked;
  if (second.unasked) result.first = std::move(second);
  co_return result;
}

Task<bool> Dialogue::owes_nothing() {
  leave();
  co_return true;
}

Task<std::unique_ptr<Dialogue>> connected(Probe& probe, Probe::Wrap wrap) {
  return connected_to(probe, probe.endpoint(), std::move(wrap));
}

Task<std::unique_ptr<Dialogue>> greeted(Probe& probe) {
  auto dialogue = co_await connected(probe);
  if (!dialogue) co_return nullptr;
  const bool good = co_await dialogue->greet();
  if (!good) dialogue.reset();
  co_return dialogue;
}

Task<std::unique_ptr<Dialogue>> approached(Probe& probe, Probe::Wrap wrap) {
  auto dialogue = co_await connected(probe, std::move(wrap));
  if (!dialogue) co_return nullptr;
  const bool good = co_await dialogue->approach();
  if (!good) dialogue.reset();
  co_return dialogue;
}

Task<std::unique_ptr<Dialogue>> secured(Probe& probe, Probe::Wrap wrap) {
  auto dialogue = co_await connected(probe, std::move(wrap));
  if (!dialogue) co_return nullptr;
  const bool good = co_await dialogue->open();
  if (!good) dialogue.reset();
  co_return dialogue;
}

}  // namespace assay
