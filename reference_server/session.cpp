#include "reference_server/session.h"

namespace assay {
namespace {

constexpr Deadline kNotBegun{};
constexpr std::uint8_t kHandshakeRecord = 0x16;  // RFC 8446 §B.1

}  // namespace

Session::Session(Loop& loop, const Service& service, const ServerBudget& budget, SessionHooks hooks,
                 std::function<std::unique_ptr<Channel>()> make_channel, std::unique_ptr<Link> link,
                 std::function<std::string(const Agreement&)> identify, Transcript* witness)
    : loop_(loop),
      service_(service),
      budget_(budget),
      hooks_(std::move(hooks)),
      make_channel_(std::move(make_channel)),
      identify_(std::move(identify)),
      link_(std::move(link), Role::server, witness) {}

Task<void> Session::run(bool implicit) {
  state_ = service_.fresh(implicit ? Security::implicit : Security::clear);
  if (implicit) {
    const bool secured = co_await secure({});
    if (!secured) co_return;
    know_the_client();
  }
  Bytes greeting = service_.greeting(state_);
  if (hooks_.on_greeting) hooks_.on_greeting(greeting, state_);
  co_await put(std::move(greeting));
  while (!ended_) {
    const bool acted = co_await act();
    if (ended_ || acted) continue;
    co_await fill();
  }
}

/// Acts on every whole unit of the input; replies go out together. False when more octets are
/// needed.
Task<bool> Session::act() {
  Bytes output;
  bool acted = false;
  while (!input_.empty() && !ended_) {
    Step step;
    std::optional<Step> replaced;
    if (hooks_.on_command) replaced = hooks_.on_command(input_, state_);
    step = replaced ? std::move(*replaced) : service_.handle(state_, input_);
    if (step.consumed == 0 && step.next == Step::Next::go_on) break;
    acted = true;
    if (hooks_.on_reply) hooks_.on_reply(View(input_).first(step.consumed), step, state_);
    drop_front(input_, step.consumed);
    unit_began_ = kNotBegun;
    append(output, step.output);
    if (step.next == Step::Next::go_on) {
      // Replies to many commands in one segment may be long: what they take stays bounded.
      if (output.size() > budget_.unsent) co_await put(std::exchange(output, {}));
      continue;
    }
    step.output = std::exchange(output, {});
    if (step.next == Step::Next::close) {
      co_await put(std::move(step.output));
      co_await close(CloseCause::service);
    } else {
      co_await upgrade(step);
    }
  }
  if (!output.empty()) co_await put(std::move(output));
  co_return acted;
}

/// RFC 3207 §4, RFC 2595 §4, RFC 4642 §2.2: the go-ahead, then the handshake, then a session that
/// has forgotten everything the client said before it.
Task<bool> Session::upgrade(Step& step) {
  if (hooks_.upgrade_pause > Milliseconds(0))
    co_await loop_.sleep_until(Clock::now() + hooks_.upgrade_pause);
  Bytes tail = std::exchange(input_, {});
  append(tail, link_.take_unread());
  if (hooks_.on_upgrade_request) {
    if (auto instead = hooks_.on_upgrade_request(tail, state_)) {
      co_await put(std::move(instead->output));
      if (instead->next == Step::Next::close) co_await close(CloseCause::service);
      input_ = std::move(tail);
      co_return false;
    }
  }
  awaiting_tls_ = true;
  co_await put(std::move(step.output));
  const Bytes for_tls = hooks_.on_tail ? hooks_.on_tail(tail) : Bytes{};
  const SessionState before = state_;
  const bool secured = co_await secure(for_tls);
  if (!secured) co_return false;
  state_ = service_.fresh(Security::upgraded);
  know_the_client();
  Upgrade done{before, state_, tail, input_};
  if (hooks_.on_upgrade) hooks_.on_upgrade(done);
  co_return true;
}

Task<bool> Session::secure(View already_read) {
  awaiting_tls_ = true;
  const Deadline deadline = Clock::now() + budget_.handshake;
  Bytes first = bytes_of(already_read);
  // The client's first octets pass the hook before TLS sees them; an honest session has none.
  while (first.empty()) {
    Event event = co_await link_.next(deadline);
    auto* received = std::get_if<Received>(&event);
    if (received == nullptr) {
      co_await close(CloseCause::handshake_failed);
      co_return false;
    }
    if (hooks_.on_bytes) hooks_.on_bytes(received->octets, Phase::handshake);
    first = std::move(received->octets);
  }
  if (hooks_.on_hello) {
    if (auto manner = hooks_.on_hello(first)) {
      co_await close(std::move(*manner));
      co_return false;
    }
  }
  link_.start_tls(make_channel_(), first);
  const Event event = co_await link_.handshake(deadline);
  if (std::holds_alternative<HandshakeDone>(event)) {
    awaiting_tls_ = false;
    co_return true;
  }
  const bool over =
      std::holds_alternative<TimedOut>(event) || std::holds_alternative<InputEnded>(event);
  SessionState clear = service_.fresh(Security::clear);
  if (!over && hooks_.on_handshake_failed &&
      hooks_.on_handshake_failed(first, clear) == AfterFailure::back_to_clear) {
    link_.back_to_clear();
    awaiting_tls_ = false;
    state_ = std::move(clear);
    if (first.front() != kHandshakeRecord) input_ = std::move(first);
    co_return false;
  }
  co_await close(CloseCause::handshake_failed);
  co_return false;
}

/// RFC 4422 App. A: for EXTERNAL, whatever the client said before it.
void Session::know_the_client() {
  if (identify_ && link_.agreement()) state_.certified_user = identify_(*link_.agreement());
}

/// Waits for more input, or for the end. RFC 5321 §4.5.3.2.7, LIMITS: deadlines are absolute.
Task<void> Session::fill() {
  const bool content = service_.receiving_content(state_);
  const Event event = co_await link_.next(input_deadline());
  if (const auto* received = std::get_if<Received>(&event)) {
    Bytes octets = received->octets;
    if (hooks_.on_bytes) hooks_.on_bytes(octets, link_.secured() ? Phase::secured : Phase::clear);
    if (content) content_octets_ += octets.size();
    append(input_, octets);
    co_return;
  }
  if (std::holds_alternative<TimedOut>(event)) {
    co_await say_farewell(content || !input_.empty() ? Farewell::too_slow : Farewell::idle);
    co_return;
  }
  if (const auto* alert = std::get_if<AlertReceived>(&event);
      alert != nullptr && !alert->alert.fatal)
    co_return;
  if (hooks_.on_end_of_input) {
    append(input_, hooks_.on_end_of_input(state_));
    co_await act();
    if (ended_) co_return;
  }
  co_await close(std::holds_alternative<CloseNotify>(event) ? CloseCause::peer_close_notify
                                                            : CloseCause::peer_fin);
}

Deadline Session::input_deadline() {
  if (service_.receiving_content(state_)) {
    if (content_began_ == kNotBegun) {
      content_began_ = Clock::now();
      content_octets_ = 0;
    }
    const std::chrono::duration<double> earned(static_cast<double>(content_octets_) /
                                               static_cast<double>(budget_.data_rate));
    const Deadline at_rate =
        content_began_ + budget_.data_grace + std::chrono::duration_cast<Milliseconds>(earned);
    return std::min(at_rate, Clock::now() + service_.silence(budget_));
  }
  content_began_ = kNotBegun;
  if (input_.empty()) return Clock::now() + service_.silence(budget_);
  // Also a unit that came in part behind another: it begins when that one has been answered.
  if (unit_began_ == kNotBegun) unit_began_ = Clock::now();
  return unit_began_ + budget_.command;
}

Task<void> Session::put(Bytes octets) {
  if (octets.empty()) co_return;
  if (hooks_.on_output) {
    const std::vector<Piece> pieces = hooks_.on_output(std::move(octets));
    for (const Piece& piece : pieces) {
      if (piece.pause > Milliseconds(0)) co_await loop_.sleep_until(Clock::now() + piece.pause);
      link_.send(piece.octets);
    }
  } else {
    link_.send(octets);
  }
  // A client that does not read gets no more to read.
  const bool drained = co_await link_.drain(budget_.unsent, Clock::now() + budget_.idle);
  if (!drained) ended_ = true;
}

Task<void> Session::say_farewell(Farewell why) {
  co_await put(service_.farewell(why));
  co_await close(CloseCause::service);
}

Task<void> Session::close(CloseCause cause) {
  return close(hooks_.on_close ? hooks_.on_close(cause, state_) : CloseManner{});
}

Task<void> Session::close(CloseManner manner) {
  using Tcp = CloseManner::Tcp;
  ended_ = true;
  if (!manner.last_words.empty()) link_.send_raw(manner.last_words, "last words");
  if (manner.tcp == Tcp::with_peer) co_await read_to_the_end(budget_.idle);
  if (manner.close_notify) link_.close_tls();
  if (manner.tcp == Tcp::reset) {
    link_.abort();
  } else if (manner.tcp == Tcp::stay_open) {
    co_await loop_.sleep_until(Clock::now() + budget_.idle);
  } else {
    link_.finish();
    // Reading on keeps the kernel from answering late octets with a reset that would destroy our
    // last reply.
    co_await read_to_the_end(budget_.farewell);
  }
}

Task<void> Session::read_to_the_end(Milliseconds patience) {
  const Deadline deadline = Clock::now() + patience;
  for (;;) {
    const Event event = co_await link_.next(deadline);
    if (std::holds_alternative<InputEnded>(event) || std::holds_alternative<TimedOut>(event))
      co_return;
  }
}

void Session::shut_down() {
  // RFC 3207 §4: where TLS is due, a reply in the clear has no place.
  if (!ended_ && !awaiting_tls_) link_.send(service_.farewell(Farewell::shutting_down));
  ended_ = true;
  link_.close_tls();
  link_.finish();
}

}  // namespace assay
