// The half of Core that speaks: flights become messages, messages records, records octets.
#include "harness/crypto/suites.h"
#include "harness/engine/core.h"
#include "harness/wire/alert.h"

#include <algorithm>
#include <utility>

namespace assay::engine {

void Core::say(Flight flight) {
  if (failed_) return;
  if (config_->emission.flight) config_->emission.flight(flight, exchange_);
  for (Step& step : flight) {
    if (failed_) return;  // by a step in front of this one
    if (step.kind == Step::Kind::change_keys) {
      flush_records();
      writer_.change_keys(step.keys());
      continue;
    }
    if (step.kind == Step::Kind::turn) {
      static_cast<void>(step.body());
      continue;
    }
    if (step.kind == Step::Kind::record) {
      for (PlainRecord& each : cut(step.content_type, step.body(), writer_.limit)) {
        // RFC 8446 §5: ChangeCipherSpec is never protected in TLS 1.3, nor behind early data.
        const CipherSuite* suite = writer_.keys().suite();
        each.unprotected =
            suite != nullptr && suite->tls13 && each.type == ContentType::change_cipher_spec;
        unsealed_.push_back(std::move(each));
      }
      continue;
    }
    Bytes message = compose_handshake(step.type, step.body());
    if (config_->emission.message) config_->emission.message(message, exchange_);
    if (message.size() < kHandshakeHeaderSize) continue;
    const bool counts =
        step.type != HandshakeType::hello_request && !(tls13() && state_ == State::connected);
    exchange_.messages.push_back({config_->role, step.type, message});
    if (counts) transcript_.add(message);
    join_or_cut(message);
  }
  flush_records();
}

/// RFC 8446 §5.1: messages under one key may share a record.
void Core::join_or_cut(View message) {
  if (!unsealed_.empty() && unsealed_.back().type == ContentType::handshake) {
    Bytes& last = unsealed_.back().content;
    const std::size_t room = writer_.limit - std::min(writer_.limit, last.size());
    const View part = message.first(std::min(room, message.size()));
    append(last, part);
    message = message.subspan(part.size());
    if (message.empty()) return;
  }
  for (PlainRecord& each : cut(ContentType::handshake, message, writer_.limit)) {
    unsealed_.push_back(std::move(each));
  }
}

void Core::flush_records() {
  if (unsealed_.empty()) return;
  std::vector<PlainRecord> records = std::exchange(unsealed_, {});
  // RFC 8446 §5.1: the first ClientHello may say 0x0301, for those who cannot bear more.
  const bool first_hello = config_->role == Role::client && exchange_.messages.size() == 1 &&
                           output_.empty() && writer_.keys().clear();
  if (first_hello) records.front().version = 0x0301;
  if (config_->emission.records) config_->emission.records(records, exchange_);
  std::vector<Bytes> sealed;
  sealed.reserve(records.size());
  for (const PlainRecord& each : records) sealed.push_back(writer_.seal(each));
  if (config_->emission.sealed) config_->emission.sealed(sealed, exchange_);
  for (const Bytes& each : sealed) append(output_, each);
}

void Core::send(View plaintext) {
  if (failed_ || close_sent_ || plaintext.empty()) return;
  if (!established_) {
    append(waiting_, plaintext);
    return;
  }
  say({say_record(ContentType::application_data, bytes_of(plaintext))});
}

void Core::close() {
  if (failed_ || close_sent_ || !established_) return;
  // RFC 8446 §6.1: close_notify is a warning.
  say({say_record(ContentType::alert, {1, alert::kCloseNotify})});
  close_sent_ = true;
}

void Core::wish(const Wish& wish) {
  if (established()) side_->on_wish(wish);
}

}  // namespace assay::engine
