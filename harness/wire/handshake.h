// Handshake messages as far as the harness must read them: framing over records, and the two
// hellos. Used by the lenient end and by descriptions. Unknown types, suites and extensions
// survive.
#pragma once

#include "harness/base/bytes.h"

#include <optional>
#include <string_view>
#include <vector>

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

namespace extension {
inline constexpr std::uint16_t kEncryptThenMac = 0x0016;        // RFC 7366 §2
inline constexpr std::uint16_t kExtendedMasterSecret = 0x0017;  // RFC 7627 §5.1
inline constexpr std::uint16_t kEarlyData = 0x002a;             // RFC 8446 §4.2.10
inline constexpr std::uint16_t kSupportedVersions = 0x002b;     // RFC 8446 §4.2.1
}  // namespace extension

struct Extension {
  std::uint16_t extension_type = 0;
  Bytes extension_data;
  bool operator==(const Extension&) const = default;
};

/// RFC 8446 §4.1.2.
struct ClientHello {
  std::uint16_t legacy_version = 0x0303;
  Bytes random;
  Bytes legacy_session_id;
  std::vector<std::uint16_t> cipher_suites;
  Bytes legacy_compression_methods;
  std::vector<Extension> extensions;

  [[nodiscard]] const Extension* find(std::uint16_t type) const;
  /// From supported_versions, else legacy_version alone.
  [[nodiscard]] std::vector<std::uint16_t> versions() const;
};

/// RFC 8446 §4.1.3.
struct ServerHello {
  std::uint16_t legacy_version = 0x0303;
  Bytes random;
  Bytes legacy_session_id_echo;
  std::uint16_t cipher_suite = 0;
  std::uint8_t legacy_compression_method = 0;
  std::vector<Extension> extensions;

  [[nodiscard]] const Extension* find(std::uint16_t type) const;
  /// The version that was chosen: supported_versions, else legacy_version.
  [[nodiscard]] std::uint16_t version() const;
  [[nodiscard]] bool is_hello_retry_request() const;
  [[nodiscard]] bool encrypt_then_mac() const;
  [[nodiscard]] bool extended_master_secret() const;
};

/// A message, or the first field that did not fit.
template <typename Message>
struct Decoded {
  std::optional<Message> message;
  std::string_view failed_field;  // a literal

  explicit operator bool() const { return message.has_value(); }
  const Message* operator->() const { return &*message; }
  const Message& operator*() const { return *message; }
};

[[nodiscard]] Decoded<ClientHello> read_client_hello(View body);
[[nodiscard]] Decoded<ServerHello> read_server_hello(View body);

}  // namespace assay
