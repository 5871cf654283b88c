// ClientHello and ServerHello (RFC 8446 §4.1, RFC 5246 §7.4.1), which is a HelloRetryRequest by its
// random, and EncryptedExtensions. Used by the engine, by the lenient end and by checks that look
// at offers.
#pragma once

#include "harness/wire/codec.h"
#include "harness/wire/extension.h"

namespace assay {

inline constexpr std::size_t kRandomSize = 32;

/// RFC 8446 §4.1.2.
struct ClientHello {
  std::uint16_t legacy_version = 0x0303;
  Bytes random;
  Bytes legacy_session_id;
  std::vector<std::uint16_t> cipher_suites;
  Bytes legacy_compression_methods;
  std::vector<Extension> extensions;
  bool without_extensions = false;  // the message ends before their length

  [[nodiscard]] const Extension* find(std::uint16_t type) const;
  /// From supported_versions, else legacy_version alone.
  [[nodiscard]] std::vector<std::uint16_t> versions() const;
  [[nodiscard]] bool offers_suite(std::uint16_t suite) const;
};
template <typename Wire>
void fields(Wire& wire, Is<ClientHello> auto& m) {
  wire.number("legacy_version", m.legacy_version);
  wire.fixed("random", kRandomSize, m.random);
  wire.vector("legacy_session_id", 1, m.legacy_session_id);
  wire.list("cipher_suites", 2, m.cipher_suites);
  wire.vector("legacy_compression_methods", 1, m.legacy_compression_methods);
  wire.optional_list("extensions", 2, m.extensions, m.without_extensions);
}

/// RFC 8446 §4.1.3.
struct ServerHello {
  std::uint16_t legacy_version = 0x0303;
  Bytes random;
  Bytes legacy_session_id_echo;
  std::uint16_t cipher_suite = 0;
  std::uint8_t legacy_compression_method = 0;
  std::vector<Extension> extensions;
  bool without_extensions = false;

  [[nodiscard]] const Extension* find(std::uint16_t type) const;
  /// The version that was chosen: supported_versions, else legacy_version.
  [[nodiscard]] std::uint16_t version() const;
  [[nodiscard]] bool is_hello_retry_request() const;
  [[nodiscard]] bool encrypt_then_mac() const;
  [[nodiscard]] bool extended_master_secret() const;
};
template <typename Wire>
void fields(Wire& wire, Is<ServerHello> auto& m) {
  wire.number("legacy_version", m.legacy_version);
  wire.fixed("random", kRandomSize, m.random);
  wire.vector("legacy_session_id_echo", 1, m.legacy_session_id_echo);
  wire.number("cipher_suite", m.cipher_suite);
  wire.number("legacy_compression_method", m.legacy_compression_method);
  wire.optional_list("extensions", 2, m.extensions, m.without_extensions);
}

/// RFC 8446 §4.1.3: the random of a HelloRetryRequest.
[[nodiscard]] Bytes hello_retry_random();

/// RFC 8446 §4.1.3: the last eight octets of a random whose server could have done better.
enum class DowngradeMark { none, to_tls12, below_tls12 };
[[nodiscard]] DowngradeMark downgrade_mark(View server_random);
/// Writes the mark into the last eight octets of a random.
void mark_downgrade(Bytes& server_random, DowngradeMark mark);

/// RFC 8446 §4.3.1.
struct EncryptedExtensions {
  std::vector<Extension> extensions;
};
template <typename Wire>
void fields(Wire& wire, Is<EncryptedExtensions> auto& m) {
  wire.list("extensions", 2, m.extensions);
}

}  // namespace assay
