// What Core makes of records that hold no handshake and no data: alerts, ChangeCipherSpec,
// heartbeats.
#include "harness/engine/core.h"
#include "harness/wire/alert.h"

#include <utility>

namespace assay::engine {
namespace {

constexpr std::uint8_t kFatal = 2;

}  // namespace

void Core::take_alert(View content) {
  if (!require(content.size() == 2, Sin::alert_malformed, alert::kDecodeError,
               "an alert that is not two octets")) {
    return;
  }
  if (content.size() < 2) return;
  const Alert alert{content[0] == kFatal, content[1]};
  if (alert.description == alert::kCloseNotify) {
    if (!std::exchange(close_received_, true)) events_.emplace_back(CloseNotify{});
    return;
  }
  events_.emplace_back(AlertReceived{alert});
  if (!alert.fatal) go_back(alert.description);
  // RFC 8446 §6.2: in TLS 1.3 every alert but these two is fatal, whatever its level says.
  const bool ends = alert.fatal || (tls13() && alert.description != alert::kUserCanceled);
  if (ends && !config_->tolerated.has(Sin::fatal_alert_ignored)) failed_ = true;
}

bool Core::drops_change_cipher_spec() const {
  // RFC 8446 §5: from the first hello on; a client that offers TLS 1.3 does not yet know better.
  const bool may_become = config_->max_version == TlsVersion::tls13 &&
                          state_ == State::server_hello && config_->role == Role::client;
  return tls13() || may_become;
}

void Core::take_change_cipher_spec(View content, bool guarded) {
  if (!require(equal(content, Bytes{1}), Sin::change_cipher_spec_value,
               tls13() ? alert::kUnexpectedMessage : alert::kDecodeError,
               "a ChangeCipherSpec that is not 1")) {
    return;
  }
  if (drops_change_cipher_spec()) {
    // RFC 8446 §5: passed over between the first hello and the peer's Finished, and nowhere else,
    // and never under keys.
    const bool within = !guarded && state_ != State::connected && state_ != State::client_hello;
    require(within, Sin::change_cipher_spec_place, alert::kUnexpectedMessage,
            "a ChangeCipherSpec outside the handshake");
    return;
  }
  if (!in_order(Token::change_cipher_spec, "ChangeCipherSpec")) return;
  side_->on_change_cipher_spec();
}

void Core::take_heartbeat(View content) {
  if (!require(heartbeat_agreed_, Sin::record_type_unknown, alert::kUnexpectedMessage,
               "a heartbeat that was not agreed on")) {
    return;
  }
  // RFC 6520 §3: during the handshake it is discarded; §4: so is one whose lengths do not fit.
  constexpr std::size_t kHead = 3;
  constexpr std::size_t kPadding = 16;
  if (!config_->heartbeat || !established_ || content.size() < kHead + kPadding) return;
  const std::size_t length = static_cast<std::size_t>(content[1]) << 8 | content[2];
  constexpr std::uint8_t kRequest = 1;
  if (content[0] != kRequest || length > content.size() - kHead - kPadding) return;
  Bytes response = bytes_of(content.first(kHead + length));
  response[0] = kRequest + 1;
  append(response, entropy_.bytes(kPadding));
  say({say_record(ContentType::heartbeat, std::move(response))});
}

}  // namespace assay::engine
