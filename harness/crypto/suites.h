// Cipher suites: IANA value and name, how keys are agreed on and who is authenticated, and what
// protects the records. A table that everybody reads. Many rows are there to be offered and
// refused: nobody here computes RC4, DES or what was of export grade.
#pragma once

#include "harness/crypto/aead.h"
#include "harness/crypto/kdf.h"

#include <optional>
#include <span>
#include <string_view>

namespace assay {

/// `tls13`: RFC 8446 §4.1.1, agreed on apart from the suite.
enum class KeyExchangeKind { tls13, rsa, dhe, ecdhe, dh_anon, ecdh_anon };
/// `none` is the anonymous suites; in TLS 1.3 signature_algorithms settles it.
enum class Authentication { none, rsa, ecdsa, dss, tls13 };
/// `aead` where CipherSuite::aead says which.
enum class BulkCipher {
  aead,
  null,
  aes_128_cbc,
  aes_256_cbc,
  triple_des_cbc,
  des_cbc,
  rc4_128,
  rc4_40,
  rc2_40_cbc,
  des40_cbc,
};

struct CipherSuite {
  std::uint16_t value = 0;
  std::string_view name;              // IANA's
  bool tls13 = false;                 // else for TLS 1.2 (suites with a MAC also below)
  Hash hash = Hash::sha256;           // of HKDF, or of the TLS 1.2 PRF
  std::optional<AeadAlgorithm> aead;  // nothing: see bulk and mac
  KeyExchangeKind key_exchange = KeyExchangeKind::tls13;
  Authentication authentication = Authentication::tls13;
  BulkCipher bulk = BulkCipher::aead;
  std::optional<Hash> mac;    // of the HMAC of each record; nothing: an AEAD suite
  bool export_grade = false;  // secrets of 40 bits, and temporary keys of 512

  [[nodiscard]] std::size_t key_size() const;
  [[nodiscard]] std::size_t tag_size() const { return aead ? parameters_of(*aead).tag_size : 0; }
  /// Octets of the MAC and of its key.
  [[nodiscard]] std::size_t mac_size() const { return mac ? size_of(*mac) : 0; }
  /// 0 when there is no block cipher.
  [[nodiscard]] std::size_t block_size() const;
  /// What the key schedule gives to the nonce.
  [[nodiscard]] std::size_t fixed_iv_size() const;
  /// What each record carries of the nonce.
  [[nodiscard]] std::size_t explicit_nonce_size() const;
};

[[nodiscard]] std::span<const CipherSuite> cipher_suites();
/// Null when the table does not have it.
[[nodiscard]] const CipherSuite* find_suite(std::uint16_t value);

}  // namespace assay
