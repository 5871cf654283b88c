// Cipher suites: IANA value and name, and what protects the records. A table that everybody reads.
// Used by record protection; CBC suites are listed so that they have a name and are known for what
// they are.
#pragma once

#include "harness/crypto/aead.h"
#include "harness/crypto/kdf.h"

#include <optional>
#include <span>
#include <string_view>

namespace assay {

struct CipherSuite {
  std::uint16_t value = 0;
  std::string_view name;              // IANA's
  bool tls13 = false;                 // else for TLS 1.2 (CBC suites also below)
  Hash hash = Hash::sha256;           // of HKDF, or of the TLS 1.2 PRF
  std::optional<AeadAlgorithm> aead;  // nothing: a CBC suite

  [[nodiscard]] std::size_t key_size() const { return aead ? parameters_of(*aead).key_size : 0; }
  [[nodiscard]] std::size_t tag_size() const { return aead ? parameters_of(*aead).tag_size : 0; }
  /// What the key schedule gives to the nonce.
  [[nodiscard]] std::size_t fixed_iv_size() const;
  /// What each record carries of the nonce.
  [[nodiscard]] std::size_t explicit_nonce_size() const;
};

[[nodiscard]] std::span<const CipherSuite> cipher_suites();
/// Null when the table does not have it.
[[nodiscard]] const CipherSuite* find_suite(std::uint16_t value);

}  // namespace assay
