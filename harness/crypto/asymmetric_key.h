// Keys of signatures and of RSA key transport, as DER brings them: a peer's, out of its
// certificate, and our own, out of PKCS#8. Used by signature.h and rsa_transport.h.
#pragma once

#include "harness/base/bytes.h"

#include <memory>
#include <optional>

using EVP_PKEY = struct evp_pkey_st;

namespace assay {

/// `rsa` is rsaEncryption, `rsa_pss` id-RSASSA-PSS: RFC 8446 §4.2.3 tells them apart.
enum class KeyAlgorithm { rsa, rsa_pss, ec, ed25519, ed448, dsa, other };
/// `other`: an elliptic curve that no scheme of TLS 1.3 is made for.
enum class KeyCurve { none, p256, p384, p521, other };

/// Cheap to copy: copies share one immutable key.
class PublicKey {
 public:
  /// RFC 5280 §4.1.2.7. Nothing when it is not one whole SubjectPublicKeyInfo that OpenSSL can use.
  [[nodiscard]] static std::optional<PublicKey> from_spki(View der);
  /// The key of an X.509 certificate. Nobody looks at the rest of it here, beyond what stands in
  /// front of the key.
  [[nodiscard]] static std::optional<PublicKey> from_certificate(View der);

  [[nodiscard]] KeyAlgorithm algorithm() const { return algorithm_; }
  [[nodiscard]] KeyCurve curve() const { return curve_; }
  /// Octets of an RSA modulus; 0 for every other key.
  [[nodiscard]] std::size_t modulus_size() const { return modulus_size_; }
  /// SubjectPublicKeyInfo.
  [[nodiscard]] Bytes to_spki() const;

  /// For EVP in this room; borrowed.
  [[nodiscard]] EVP_PKEY* handle() const { return pkey_.get(); }

 private:
  friend class PrivateKey;
  explicit PublicKey(EVP_PKEY* owned);

  std::shared_ptr<EVP_PKEY> pkey_;  // shared: copies have one key, and none changes it
  KeyAlgorithm algorithm_ = KeyAlgorithm::other;
  KeyCurve curve_ = KeyCurve::none;
  std::size_t modulus_size_ = 0;
};

/// Our own. Cheap to copy.
class PrivateKey {
 public:
  /// PKCS#8 (RFC 5208 §5), not encrypted; std::runtime_error when it is not that.
  [[nodiscard]] static PrivateKey from_pkcs8(View der);

  [[nodiscard]] const PublicKey& public_key() const { return pair_; }
  /// For EVP in this room; borrowed.
  [[nodiscard]] EVP_PKEY* handle() const { return pair_.handle(); }

 private:
  explicit PrivateKey(EVP_PKEY* owned) : pair_(owned) {}

  PublicKey pair_;  // whose EVP_PKEY has the private half too
};

}  // namespace assay
