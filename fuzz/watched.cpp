#include "fuzz/watched.h"

#include "fuzz/feedback.h"
#include "fuzz/target.h"

#include <fmt/format.h>

namespace assay::fuzz {
namespace {

// A flight with its chains, tickets and a hello of ours are less than the first; the second is what
// an octet can ask for: a KeyUpdate or a hello of a renegotiation is answered by more than itself.
constexpr std::size_t kFlights = 16UL * 1024;
constexpr std::size_t kAnOctet = 64;
constexpr std::size_t kRecord = 1024;  // around what we had it send

std::string text(const HandshakeDone& done) {
  const Agreement& a = done.agreement;
  return fmt::format("done {} {:04x} {} {} {} {} {}", slug_of(a.version), a.suite, a.group,
                     a.peer_chain.size(), a.stapled_ocsp.has_value(), a.alpn, a.resumed);
}
std::string text(const Received& received) {
  return "received " + std::string(text_of(received.octets));
}
std::string text(const AlertReceived& received) {
  return fmt::format("alert {} {}", received.alert.fatal, received.alert.description);
}
std::string text(const CloseNotify& /*notify*/) { return "close_notify"; }
std::string text(const InputEnded& ended) { return ended.clean ? "ended" : "cut"; }
std::string text(const LocalFailure& failure) {
  const int sent = failure.sent ? failure.sent->description : -1;
  return fmt::format("failure {} {}", sent, failure.reason);
}
std::string text(const TimedOut& /*timed_out*/) { return "timed out"; }

bool ends(const Event& event) {
  if (const auto* alert = std::get_if<AlertReceived>(&event)) return alert->alert.fatal;
  return std::holds_alternative<LocalFailure>(event);
}

}  // namespace

Watched::Watched(std::unique_ptr<Channel> end, bool ignores_alerts)
    : end_(std::move(end)), ignores_alerts_(ignores_alerts) {}

void Watched::start() {
  end_->start();
  look();
}

void Watched::feed(View octets) {
  fed_ += octets.size();
  end_->feed(octets);
  look();
}

void Watched::send(View plaintext) {
  asked_ += plaintext.size() + kRecord;
  end_->send(plaintext);
  look();
}

void Watched::close() {
  end_->close();
  look();
}

void Watched::look() {
  const bool was_over = over_;
  const Bytes said = end_->take_output();
  require(!was_over || said.empty(), "an end that failed says nothing more");
  append(outcome_.output, said);
  require(outcome_.output.size() <= kFlights + asked_ + kAnOctet * fed_,
          "what is said is bounded by what was heard");
  while (auto event = end_->next_event()) {
    const bool end_of_input = std::holds_alternative<InputEnded>(*event);
    require(!over_ || end_of_input, "nothing happens behind the first error");
    require(!ended_ || !end_of_input, "input ends once");
    if (ends(*event) && (!ignores_alerts_ || std::holds_alternative<LocalFailure>(*event))) {
      over_ = true;
    }
    ended_ = ended_ || end_of_input;
    keep(std::move(*event));
  }
  require(!over_ || !end_->established(), "an end that failed is not established");
  require(over_ || end_->established() == done_, "one that is done and did not fail is");
}

void Watched::keep(Event event) {
  const bool received = std::holds_alternative<Received>(event);
  if (received && received_last_) {
    outcome_.events.back() += text_of(std::get<Received>(event).octets);
    return;
  }
  received_last_ = received;
  done_ = done_ || std::holds_alternative<HandshakeDone>(event);
  std::string told = std::visit([](const auto& each) { return text(each); }, event);
  if (!received) note(told);
  outcome_.events.push_back(std::move(told));
}

Bytes Watched::take() {
  const View rest = View(outcome_.output).subspan(taken_);
  taken_ = outcome_.output.size();
  return bytes_of(rest);
}

Outcome Watched::finish() {
  end_->end_of_input(EndOfInput::finished);
  look();
  require(ended_, "the end of input is told");
  send(view_of("behind the end"));
  close();
  end_->feed(view_of("\x16\x03\x03"));
  end_->end_of_input(EndOfInput::reset);
  look();
  end_->idle();
  return std::move(outcome_);
}

}  // namespace assay::fuzz
