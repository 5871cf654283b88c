#include "harness/crypto/signature.h"

#include "harness/crypto/evp.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

namespace assay {
namespace {

using enum SignatureKind;
using enum Hash;
using enum KeyCurve;

constexpr KeyAlgorithm kRsa = KeyAlgorithm::rsa;
constexpr KeyAlgorithm kRsaPss = KeyAlgorithm::rsa_pss;
constexpr KeyAlgorithm kEc = KeyAlgorithm::ec;
constexpr KeyAlgorithm kDsa = KeyAlgorithm::dsa;
constexpr bool kNot13 = false;

constexpr SignatureScheme kSchemes[] = {
    // RFC 8446 §4.2.3
    {0x0403, "ecdsa_secp256r1_sha256", ecdsa, kEc, sha256, p256},
    {0x0503, "ecdsa_secp384r1_sha384", ecdsa, kEc, sha384, p384},
    {0x0603, "ecdsa_secp521r1_sha512", ecdsa, kEc, sha512, p521},
    {0x0804, "rsa_pss_rsae_sha256", pss, kRsa, sha256},
    {0x0805, "rsa_pss_rsae_sha384", pss, kRsa, sha384},
    {0x0806, "rsa_pss_rsae_sha512", pss, kRsa, sha512},
    {0x0807, "ed25519", eddsa, KeyAlgorithm::ed25519, {}},
    {0x0808, "ed448", eddsa, KeyAlgorithm::ed448, {}},
    {0x0809, "rsa_pss_pss_sha256", pss, kRsaPss, sha256},
    {0x080a, "rsa_pss_pss_sha384", pss, kRsaPss, sha384},
    {0x080b, "rsa_pss_pss_sha512", pss, kRsaPss, sha512},
    // RFC 8446 §4.2.3: in certificates only, as far as TLS 1.3 goes.
    {0x0401, "rsa_pkcs1_sha256", pkcs1, kRsa, sha256, none, kNot13},
    {0x0501, "rsa_pkcs1_sha384", pkcs1, kRsa, sha384, none, kNot13},
    {0x0601, "rsa_pkcs1_sha512", pkcs1, kRsa, sha512, none, kNot13},
    {0x0201, "rsa_pkcs1_sha1", pkcs1, kRsa, sha1, none, kNot13},
    {0x0203, "ecdsa_sha1", ecdsa, kEc, sha1, none, kNot13},
    // RFC 5246 §7.4.1.4.1: what TLS 1.2 could say and nobody should.
    {0x0101, "rsa_pkcs1_md5", pkcs1, kRsa, md5, none, kNot13},
    {0x0202, "dsa_sha1", dsa, kDsa, sha1, none, kNot13},
    {0x0402, "dsa_sha256", dsa, kDsa, sha256, none, kNot13},
};

const char* digest_name(const SignatureScheme& scheme) {
  return scheme.hash ? crypto::name_of(*scheme.hash) : nullptr;
}

/// Tells the operation about PSS; false when the key forbids it.
bool padded(EVP_PKEY_CTX* operation, const SignatureScheme& scheme) {
  if (scheme.kind != pss) return true;
  // RFC 8446 §4.2.3: the salt is as long as the digest, and MGF1 has the same digest.
  return EVP_PKEY_CTX_set_rsa_padding(operation, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(operation, RSA_PSS_SALTLEN_DIGEST) == 1;
}

crypto::OwnedDigestContext new_context() {
  crypto::OwnedDigestContext context(EVP_MD_CTX_new());
  crypto::require(context != nullptr, "a context for signatures");
  return context;
}

}  // namespace

std::span<const SignatureScheme> signature_schemes() { return kSchemes; }

const SignatureScheme* find_signature_scheme(std::uint16_t value) {
  for (const SignatureScheme& scheme : kSchemes) {
    if (scheme.value == value) return &scheme;
  }
  return nullptr;
}

bool fits(const SignatureScheme& scheme, const PublicKey& key, EcdsaCurve curve) {
  if (key.algorithm() != scheme.key) return false;
  // RFC 8017 §9.1.1: emLen is at least hLen + sLen + 2.
  if (scheme.kind == pss && key.modulus_size() < 2 * size_of(*scheme.hash) + 2) return false;
  return curve == EcdsaCurve::any || scheme.curve == none || scheme.curve == key.curve();
}

std::optional<Bytes> sign(std::uint16_t scheme, const PrivateKey& key, View message) {
  const SignatureScheme* const by = find_signature_scheme(scheme);
  if (by == nullptr || !fits(*by, key.public_key(), EcdsaCurve::any)) return std::nullopt;
  const auto context = new_context();
  EVP_PKEY_CTX* operation = nullptr;  // the context's own
  Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(key.handle())));
  std::size_t size = signature.size();
  if (EVP_DigestSignInit_ex(context.get(), &operation, digest_name(*by), nullptr, nullptr,
                            key.handle(), nullptr) != 1 ||
      !padded(operation, *by) ||
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1) {
    ERR_clear_error();
    return std::nullopt;
  }
  signature.resize(size);
  return signature;
}

Verified verify(std::uint16_t scheme, const PublicKey& key, View message, View signature,
                EcdsaCurve curve) {
  const SignatureScheme* const by = find_signature_scheme(scheme);
  if (by == nullptr || !fits(*by, key, curve)) return Verified::key_unfit;
  const auto context = new_context();
  EVP_PKEY_CTX* operation = nullptr;
  if (EVP_DigestVerifyInit_ex(context.get(), &operation, digest_name(*by), nullptr, nullptr,
                              key.handle(), nullptr) != 1 ||
      !padded(operation, *by)) {
    ERR_clear_error();
    return Verified::key_unfit;
  }
  // Below zero is an encoding that libcrypto cannot read, which is the peer's doing as well.
  const bool good = EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                                     message.data(), message.size()) == 1;
  ERR_clear_error();
  return good ? Verified::good : Verified::bad;
}

}  // namespace assay
