#include "harness/channel/read_keys.h"

#include "harness/base/hex.h"
#include "harness/base/words.h"

#include <utility>

namespace assay {

void ReadKeys::see_incoming(const Record& record) { see(incoming_, record); }

void ReadKeys::see_outgoing(View octets) {
  if (negotiated()) return;
  outgoing_octets_.feed(octets);
  while (const auto record = outgoing_octets_.next()) see(outgoing_, *record);
  if (negotiated()) static_cast<void>(outgoing_octets_.take_rest());
}

void ReadKeys::see(HandshakeAssembler& assembler, const Record& record) {
  if (negotiated() || record.header.type != ContentType::handshake) return;
  assembler.feed(record.fragment());
  while (const auto message = assembler.next()) see_message(*message);
}

void ReadKeys::see_message(const HandshakeMessage& message) {
  if (message.type == HandshakeType::client_hello) {
    const auto hello = decode<ClientHello>(message.body);
    if (!hello) return;
    early_data_ = early_data_ || hello->find(extension::kEarlyData) != nullptr;
  }
  if (message.type == HandshakeType::server_hello) {
    const auto hello = decode<ServerHello>(message.body);
    // RFC 8446 §4.1.4: after a HelloRetryRequest the true ServerHello is still to come.
    if (!hello || hello->is_hello_retry_request()) return;
    version_ = hello->version();
    suite_ = find_suite(hello->cipher_suite);
    server_random_ = hello->random;
  }
}

void ReadKeys::see_key_log(std::string_view line) {
  const auto words = split_words(line);
  if (words.size() != 3) return;
  auto secret = from_hex(words[2]);
  if (!secret) return;
  const bool server = role_ == Role::server;  // a server reads what the client writes
  if (words[0] == "CLIENT_RANDOM") {
    client_random_ = from_hex(words[1]).value_or(Bytes());
    master_secret_ = std::move(*secret);
  } else if (words[0] ==
             (server ? "CLIENT_HANDSHAKE_TRAFFIC_SECRET" : "SERVER_HANDSHAKE_TRAFFIC_SECRET")) {
    handshake_secret_ = std::move(*secret);
  } else if (words[0] == (server ? "CLIENT_TRAFFIC_SECRET_0" : "SERVER_TRAFFIC_SECRET_0")) {
    application_secret_ = std::move(*secret);
  }
}

bool ReadKeys::readable() const {
  return version_ && suite_ != nullptr && suite_->aead && !early_data_ &&
         (suite_->tls13 ? version_ == 0x0304 : version_ == 0x0303);
}

std::optional<RecordProtection> ReadKeys::handshake_keys() const {
  if (!readable() || !tls13() || handshake_secret_.empty()) return std::nullopt;
  return RecordProtection::of_traffic_secret(*suite_, handshake_secret_);
}

std::optional<RecordProtection> ReadKeys::application_keys() const {
  if (!readable()) return std::nullopt;
  if (tls13()) {
    if (application_secret_.empty()) return std::nullopt;
    return RecordProtection::of_traffic_secret(*suite_, application_secret_);
  }
  if (master_secret_.empty()) return std::nullopt;
  return RecordProtection::of_master_secret(
      *suite_, {master_secret_, client_random_, server_random_},
      role_ == Role::server ? Writer::client : Writer::server);
}

void ReadKeys::update() {
  if (!readable() || !tls13() || application_secret_.empty()) return;
  application_secret_ = hkdf_expand_label(suite_->hash, application_secret_, "traffic upd", {},
                                          size_of(suite_->hash));
}

}  // namespace assay
