#include "harness/engine/core.h"

#include "harness/base/hex.h"
#include "harness/crypto/key_exchange.h"
#include "harness/crypto/suites.h"
#include "harness/wire/alert.h"
#include "harness/wire/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace assay::engine {
namespace {

constexpr std::uint8_t kFatal = 2;

// RFC 8446 §5.2 and RFC 5246 §6.2.3, or whatever a length can tell where that is tolerated.
std::size_t longest_record(const Config& config) {
  return config.tolerated.has(Sin::ciphertext_too_long) ? 0xffff : kMaxCiphertext12;
}

}  // namespace

Core::Core(std::shared_ptr<const Config> config)
    : config_(std::move(config)),
      entropy_(config_->seed != 0 ? config_->seed : system_seed()),
      splitter_(longest_record(*config_)) {
  exchange_.role = config_->role;
  exchange_.version = TlsVersion::tls12;  // until a hello says otherwise: alerts may come before
}

void Core::start() { side_->start(); }

void Core::feed(View from_peer) {
  if (failed_ || ended_) return;
  if (config_->reception.segment) {
    Bytes segment = bytes_of(from_peer);
    config_->reception.segment(segment, exchange_);
    splitter_.feed(segment);
  } else {
    splitter_.feed(from_peer);
  }
  process();
}

void Core::process() {
  while (!failed_ && !close_received_) {
    auto record = splitter_.next();
    if (!record) break;
    std::vector<Bytes> records;
    records.push_back(std::move(record->octets));
    if (config_->reception.sealed) config_->reception.sealed(records, exchange_);
    for (Bytes& each : records) {
      if (!failed_ && each.size() >= kRecordHeaderSize) take(std::move(each));
    }
  }
  if (failed_) return;
  if (splitter_.state() == RecordSplitter::State::too_large) {
    fail(alert::kRecordOverflow, "a record longer than any may be");
  } else if (splitter_.state() == RecordSplitter::State::not_tls) {
    // RFC 8446 §5: a record type that is not expected.
    fail(alert::kUnexpectedMessage, "octets that are no record");
  }
}

void Core::take(Bytes record) {
  const auto type = static_cast<ContentType>(record[0]);
  const std::size_t size = record.size() - kRecordHeaderSize;
  const bool guarded = reader_.protects();
  // RFC 8446 §5.2: at most 2^14 + 256 octets.
  if (guarded && tls13() &&
      !require(size <= kMaxCiphertext13, Sin::ciphertext_too_long, alert::kRecordOverflow,
               "a protected record longer than it may be")) {
    return;
  }
  // RFC 8446 §4.2.10: early data that comes before the second hello.
  if (!guarded && type == ContentType::application_data && passes_over(size)) return;
  // RFC 8446 §5: in TLS 1.3 ChangeCipherSpec stays in the clear.
  const bool clear_by_nature = tls13() && type == ContentType::change_cipher_spec;
  if (!guarded || clear_by_nature) return take_plain(record);
  if (tls13() && type != ContentType::application_data) {
    // RFC 8446 §6: a peer that fails before it has keys can only say so in the clear.
    if (type == ContentType::alert && !anything_opened_) return take_plain(record);
    if (!require(false, Sin::record_unprotected, alert::kUnexpectedMessage,
                 "a record in the clear where there are keys")) {
      return;
    }
    return take_plain(record);
  }
  take_protected(record);
}

void Core::take_protected(View record) {
  auto opened = reader_.open(record);
  if (!opened && config_->tolerated.has(Sin::old_keys_kept)) {
    opened = reader_.open_as_before(record);
  }
  if (!opened) {
    if (passes_over(record.size() - kRecordHeaderSize)) return;
    fail(alert::kBadRecordMac, "a record that does not verify");
    return;
  }
  to_pass_over_ = 0;
  anything_opened_ = true;
  // RFC 8446 §5.4: padding without a type is unexpected_message.
  if (opened->type == 0 && tls13()) {
    fail(alert::kUnexpectedMessage, "a record of padding alone");
    return;
  }
  dispatch(std::move(*opened), true);
}

bool Core::passes_over(std::size_t octets) {
  if (to_pass_over_ == 0 || octets > to_pass_over_) return false;
  to_pass_over_ -= octets;
  return true;
}

void Core::take_plain(View record) {
  dispatch({record[0], bytes_of(record.subspan(kRecordHeaderSize)), 0}, false);
}

void Core::dispatch(Opened opened, bool guarded) {
  if (config_->reception.record) config_->reception.record(opened, exchange_);
  const std::size_t counted = opened.content.size() + (tls13() ? opened.padding : 0);
  // RFC 8446 §5.1, §5.4; RFC 8449 §4 counts the type as well in TLS 1.3, and leaves out what is in
  // the clear.
  const std::size_t limit = guarded ? read_limit_ : clear_limit_;
  if (!require(counted <= limit, Sin::plaintext_too_long, alert::kRecordOverflow,
               "a record with more in it than it may have")) {
    return;
  }
  const auto type = static_cast<ContentType>(opened.type);
  const bool never_empty = type == ContentType::handshake || type == ContentType::alert;
  // RFC 8446 §5.1, §5.4, RFC 5246 §6.2.1.
  if (never_empty && opened.content.empty()) {
    require(false, Sin::fragment_empty, alert::kUnexpectedMessage, "an empty record");
    return;
  }
  if (type != ContentType::handshake && !assembler_.empty() &&
      !require(false, Sin::messages_interleaved, alert::kUnexpectedMessage,
               "a record between the parts of a message")) {
    return;
  }
  switch (type) {
    case ContentType::handshake:
      return take_handshake(opened.content);
    case ContentType::alert:
      return take_alert(opened.content);
    case ContentType::change_cipher_spec:
      return take_change_cipher_spec(opened.content, guarded);
    case ContentType::application_data:
      return take_application_data(std::move(opened.content));
    case ContentType::heartbeat:
      return take_heartbeat(opened.content);
    default:
      // RFC 8446 §5, RFC 5246 §6: unexpected_message, and nothing else is done with it.
      require(false, Sin::record_type_unknown, alert::kUnexpectedMessage,
              "a record of a type that was not agreed");
  }
}

void Core::take_application_data(Bytes content) {
  if (!in_order(Token::application_data, "application data") || content.empty()) return;
  if (state_ == State::end_of_early_data) {
    // RFC 8446 §4.2.10: unexpected_message beyond what was granted.
    if (!require(content.size() <= early_data_left_, Sin::early_data_too_long,
                 alert::kUnexpectedMessage, "more early data than was granted")) {
      return;
    }
    early_data_left_ -= std::min(content.size(), early_data_left_);
  }
  add_received(std::move(content));
}

void Core::take_handshake(View fragment) {
  assembler_.feed(fragment);
  while (!failed_) {
    auto message = assembler_.next();
    if (!message) break;
    take_message(compose_handshake(message->type, message->body));
  }
  if (!failed_ && assembler_.too_large()) {
    fail(alert::kIllegalParameter, "a message longer than any that is known");
  }
}

void Core::take_message(Bytes message) {
  if (config_->reception.message) config_->reception.message(message, exchange_);
  if (message.size() < kHandshakeHeaderSize) return;
  const auto type = static_cast<HandshakeType>(message[0]);
  if (!in_order(token_of(type), name_of(type))) return;
  const Role peer = config_->role == Role::client ? Role::server : Role::client;
  const bool counts =
      type != HandshakeType::hello_request && !(tls13() && state_ == State::connected);
  exchange_.messages.push_back({peer, type, message});
  // RFC 5246 §7.4.1.1: HelloRequest is in no transcript; RFC 8446 §4.4.1: nor is what comes later.
  if (counts) transcript_.add(message);
  side_->on_message({type, message});
  retired_.clear();
}

bool Core::in_order(Token token, std::string_view what) {
  if (allows(order(), state_, token)) return true;
  fail(alert::kUnexpectedMessage, fmt::format("{} where {} was awaited", what, slug_of(state_)));
  return false;
}

Order Core::order() const {
  // Before the version is known the table of the newest one says what may begin.
  const bool begins = state_ == State::client_hello || state_ == State::server_hello;
  const bool newest =
      tls13() || (begins && config_->max_version == TlsVersion::tls13 && !config_->order13.empty());
  const Order wanted = newest ? config_->order13 : config_->order12;
  return wanted.empty() ? side_->order() : wanted;
}

/// RFC 5246 §7.2.2: after no_renegotiation the connection goes on as it was.
void Core::go_back(std::uint8_t warning) {
  if (warning != alert::kNoRenegotiation || state_ != State::renegotiating || !before_) return;
  side_ = std::move(before_);
  exchange_.client_random = std::move(random_before_);
  state_ = State::connected;
}

/// Octets that nobody has taken yet are one event, however many records brought them.
void Core::add_received(Bytes octets) {
  auto* last = events_at_ < events_.size() ? std::get_if<Received>(&events_.back()) : nullptr;
  if (last != nullptr) return append(last->octets, octets);
  events_.emplace_back(Received{std::move(octets)});
}

void Core::end_of_input(EndOfInput how) {
  if (ended_) return;
  ended_ = true;
  events_.emplace_back(InputEnded{how, close_received_});
}

Bytes Core::take_output() { return std::exchange(output_, {}); }

std::optional<Event> Core::next_event() {
  if (events_at_ == events_.size()) return std::nullopt;
  Event event = std::move(events_[events_at_++]);
  if (events_at_ == events_.size()) {
    events_.clear();
    events_at_ = 0;
  }
  return event;
}

std::size_t Core::unread() const { return close_received_ ? splitter_.buffered() : 0; }

void Core::idle() {
  if (events_.empty()) std::vector<Event>().swap(events_);
  std::vector<PlainRecord>().swap(unsealed_);
}

std::vector<std::string> Core::take_key_log() { return std::exchange(key_log_, {}); }

std::vector<Session> Core::take_sessions() { return std::exchange(sessions_, {}); }

std::optional<ClientHello> Core::read_hello(View body) {
  auto hello = read<ClientHello>(body);
  if (hello && config_->reception.hello) config_->reception.hello(*hello, exchange_);
  return hello;
}

void Core::become(std::unique_ptr<Side> side) {
  if (side_) retired_.push_back(std::move(side_));
  side_ = std::move(side);
}

void Core::limit_fragments(std::size_t size) {
  limit_writes(size);
  read_limit_ = clear_limit_ = size;
}

void Core::forget_handshake() {
  transcript_ = {};
  exchange_.group = 0;
}

void Core::start_again(std::unique_ptr<Side> side) {
  forget_handshake();
  random_before_ = exchange_.client_random;
  before_ = std::exchange(side_, std::move(side));
  side_->start();
}

void Core::read_with(RecordKeys keys) {
  // RFC 8446 §5.1: a message ends where keys change.
  if (!assembler_.empty() && !require(false, Sin::message_across_keys, alert::kUnexpectedMessage,
                                      "a message that goes on under other keys")) {
    return;
  }
  reader_.change_keys(std::move(keys));
}

bool Core::require(bool holds, Sin sin, std::uint8_t alert, std::string_view what) {
  if (holds || config_->tolerated.has(sin)) return true;
  fail(alert, what);
  return false;
}

void Core::fail(std::uint8_t alert, std::string_view what) {
  if (failed_) return;
  say({say_record(ContentType::alert, {kFatal, alert})});
  failed_ = true;
  events_.emplace_back(LocalFailure{std::string(what), Alert{true, alert}});
}

void Core::done(Agreement agreement) {
  agreement.version = exchange_.version;
  agreement.suite = exchange_.suite;
  if (const CipherSuite* suite = find_suite(exchange_.suite)) agreement.suite_name = suite->name;
  if (const NamedGroup* group = find_group(exchange_.group)) agreement.group = group->name;
  established_ = true;
  state_ = State::connected;
  before_.reset();
  events_.emplace_back(HandshakeDone{std::move(agreement)});
  if (!waiting_.empty()) send(std::exchange(waiting_, {}));
}

void Core::log_secret(std::string_view label, View secret) {
  if (!config_->key_log) return;
  key_log_.push_back(
      fmt::format("{} {} {}", label, to_hex(exchange_.client_random), to_hex(secret)));
}

}  // namespace assay::engine
