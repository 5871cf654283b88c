// Private keys of the test PKI: made, named, written, signing. Held in memory only.
// Used by forge and authority, and by the ends of TLS that serve the certificates.
#pragma once

#include "harness/base/bytes.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

using EVP_PKEY = struct evp_pkey_st;

namespace assay {

/// The last seven are what no server should show: checks of key strength need them.
enum class KeyKind {
  p256,
  p384,
  p521,
  ed25519,
  ed448,
  rsa2048,
  rsa3072,
  rsa1024,
  rsa512,
  rsa_exponent3,  // 2048 bits
  p224,
  p256_explicit,  // P-256 with its parameters spelt out
  dsa1024,
};
enum class KeyFamily { none, rsa, ec, ed25519, ed448, dsa };
/// What a signature hashes with; Ed25519 and Ed448 bring their own and take no notice.
enum class SignatureDigest { sha256, sha384, sha512, sha1, md5 };

/// "rsa_exponent3", as fault names and labels spell it.
[[nodiscard]] std::string_view slug_of(KeyKind kind);

/// Cheap to copy: copies share one immutable key. A default Key holds none.
class Key {
 public:
  Key() = default;

  /// Milliseconds for elliptic curves, up to seconds for RSA: see KeyRing.
  [[nodiscard]] static Key generate(KeyKind kind);
  /// PKCS#8 or a traditional form, without a passphrase; std::runtime_error when it is neither.
  [[nodiscard]] static Key from_pem(std::string_view pem);

  [[nodiscard]] explicit operator bool() const { return pkey_ != nullptr; }
  [[nodiscard]] KeyFamily family() const;
  /// PKCS#8, not encrypted.
  [[nodiscard]] std::string to_pem() const;
  [[nodiscard]] Bytes private_der() const;
  /// SubjectPublicKeyInfo, DER (RFC 5280 §4.1.2.7).
  [[nodiscard]] Bytes public_der() const;
  /// SHA-1 of the public key's bits: RFC 5280 §4.2.1.2, method (1).
  [[nodiscard]] Bytes key_id() const;
  [[nodiscard]] Bytes sign(View message, SignatureDigest digest) const;
  [[nodiscard]] bool same_public_key(const Key& other) const;

  /// For libssl and EVP; borrowed, null in a default Key.
  [[nodiscard]] EVP_PKEY* handle() const { return pkey_.get(); }

 private:
  explicit Key(EVP_PKEY* owned);

  std::shared_ptr<EVP_PKEY> pkey_;  // shared: many identities serve one key, and none changes it
};

/// One key per kind and label, made when first asked for and then kept: RSA is slow to make.
class KeyRing {
 public:
  [[nodiscard]] Key key(KeyKind kind, std::string_view label);

 private:
  std::map<std::pair<KeyKind, std::string>, Key> keys_;
};

}  // namespace assay
