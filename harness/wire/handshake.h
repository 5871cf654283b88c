// Handshake messages: their types and their framing over records. What is inside stands in hello.h,
// certificate.h, key_exchange.h and session.h. Used by every end of TLS and by descriptions.
#pragma once

#include "harness/base/bytes.h"

#include <optional>

namespace assay {

/// RFC 8446 §B.3 and RFC 5246 §A.4.
enum class HandshakeType : std::uint8_t {
  hello_request = 0,
  client_hello = 1,
  server_hello = 2,
  new_session_ticket = 4,
  end_of_early_data = 5,
  encrypted_extensions = 8,
  certificate = 11,
  server_key_exchange = 12,
  certificate_request = 13,
  server_hello_done = 14,
  certificate_verify = 15,
  client_key_exchange = 16,
  finished = 20,
  certificate_url = 21,
  certificate_status = 22,
  supplemental_data = 23,
  key_update = 24,
  compressed_certificate = 25,
  message_hash = 254,
};

struct HandshakeMessage {
  HandshakeType type = HandshakeType::hello_request;
  Bytes body;
};

/// The four octets of type and length, then the body.
[[nodiscard]] Bytes compose_handshake(HandshakeType type, View body);

/// Joins fragments of handshake records into messages (RFC 8446 §5.1: a message may span records,
/// and a record may hold several).
class HandshakeAssembler {
 public:
  static constexpr std::size_t kMaxMessage =
      0x20000;  // no honest hello, chain or ticket is as long

  void feed(View fragment);
  /// The next whole message; nothing when more is needed or too_large().
  [[nodiscard]] std::optional<HandshakeMessage> next();
  [[nodiscard]] bool too_large() const { return too_large_; }
  /// True when no part of a message is waiting.
  [[nodiscard]] bool empty() const { return buffer_.empty(); }

 private:
  Bytes buffer_;
  bool too_large_ = false;
};

}  // namespace assay
