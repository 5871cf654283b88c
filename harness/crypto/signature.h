// Signatures by the schemes of TLS (RFC 8446 §4.2.3), each under its IANA value. Used by ends of
// TLS for CertificateVerify and ServerKeyExchange, who may sign by one scheme and name another.
#pragma once

#include "harness/base/bytes.h"
#include "harness/crypto/asymmetric_key.h"
#include "harness/crypto/kdf.h"

#include <optional>
#include <span>
#include <string_view>

namespace assay {

enum class SignatureKind { pkcs1, pss, ecdsa, eddsa, dsa };

struct SignatureScheme {
  std::uint16_t value = 0;
  std::string_view name;
  SignatureKind kind = SignatureKind::pkcs1;
  KeyAlgorithm key = KeyAlgorithm::rsa;
  std::optional<Hash> hash;          // nothing: Ed25519 and Ed448 bring their own
  KeyCurve curve = KeyCurve::none;   // of ECDSA, in TLS 1.3
  bool certificate_verify13 = true;  // else for certificates and TLS 1.2 alone
};

[[nodiscard]] std::span<const SignatureScheme> signature_schemes();
/// Null when the table does not have it.
[[nodiscard]] const SignatureScheme* find_signature_scheme(std::uint16_t value);

/// RFC 8446 §4.2.3: TLS 1.3 takes the curve of ecdsa_secp256r1_sha256 and its like at their word;
/// TLS 1.2 reads them as "ECDSA with SHA-256", on any curve.
enum class EcdsaCurve { of_scheme, any };

/// Whether the scheme is one for this key: algorithm, curve, and a modulus that has room for PSS.
[[nodiscard]] bool fits(const SignatureScheme& scheme, const PublicKey& key, EcdsaCurve curve);

/// Nothing when the scheme is unknown or the key is not for it; an ECDSA key may have any curve.
[[nodiscard]] std::optional<Bytes> sign(std::uint16_t scheme, const PrivateKey& key, View message);

/// `key_unfit` also when the scheme is unknown.
enum class Verified { good, bad, key_unfit };
[[nodiscard]] Verified verify(std::uint16_t scheme, const PublicKey& key, View message,
                              View signature, EcdsaCurve curve);

}  // namespace assay
