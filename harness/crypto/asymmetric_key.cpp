#include "harness/crypto/asymmetric_key.h"

#include "harness/crypto/evp.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <string_view>

namespace assay {
namespace {

using crypto::require;

using OwnedCertificate = crypto::Owned<X509, X509_free>;
using OwnedPkcs8 = crypto::Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;

/// What a d2i function makes of the whole of `der`; null when it refuses or leaves something over.
template <typename Owner, typename Decode>
Owner decoded(Decode decode, View der) {
  const std::uint8_t* position = der.data();
  Owner object(decode(nullptr, &position, static_cast<long>(der.size())));
  ERR_clear_error();
  if (object && position != der.data() + der.size()) object.reset();
  return object;
}

KeyAlgorithm algorithm_of(const EVP_PKEY* pkey) {
  switch (EVP_PKEY_get_base_id(pkey)) {
    case EVP_PKEY_RSA:
      return KeyAlgorithm::rsa;
    case EVP_PKEY_RSA_PSS:
      return KeyAlgorithm::rsa_pss;
    case EVP_PKEY_EC:
      return KeyAlgorithm::ec;
    case EVP_PKEY_ED25519:
      return KeyAlgorithm::ed25519;
    case EVP_PKEY_ED448:
      return KeyAlgorithm::ed448;
    case EVP_PKEY_DSA:
      return KeyAlgorithm::dsa;
    default:
      return KeyAlgorithm::other;
  }
}

KeyCurve curve_of(const EVP_PKEY* pkey) {
  char name[64] = {};
  if (EVP_PKEY_get_group_name(pkey, name, sizeof name, nullptr) != 1) {
    ERR_clear_error();
    return KeyCurve::other;
  }
  const std::string_view group = name;
  if (group == SN_X9_62_prime256v1) return KeyCurve::p256;
  if (group == SN_secp384r1) return KeyCurve::p384;
  if (group == SN_secp521r1) return KeyCurve::p521;
  return KeyCurve::other;
}

}  // namespace

PublicKey::PublicKey(EVP_PKEY* owned)
    : pkey_(owned, EVP_PKEY_free), algorithm_(algorithm_of(owned)) {
  if (algorithm_ == KeyAlgorithm::ec) curve_ = curve_of(owned);
  if (algorithm_ == KeyAlgorithm::rsa || algorithm_ == KeyAlgorithm::rsa_pss) {
    modulus_size_ = static_cast<std::size_t>(EVP_PKEY_get_size(owned));
  }
}

std::optional<PublicKey> PublicKey::from_spki(View der) {
  auto pkey = decoded<crypto::OwnedPkey>(d2i_PUBKEY, der);
  if (!pkey) return std::nullopt;
  return PublicKey(pkey.release());
}

std::optional<PublicKey> PublicKey::from_certificate(View der) {
  const auto certificate = decoded<OwnedCertificate>(d2i_X509, der);
  if (!certificate) return std::nullopt;
  crypto::OwnedPkey pkey(X509_get_pubkey(certificate.get()));
  ERR_clear_error();
  if (!pkey) return std::nullopt;
  return PublicKey(pkey.release());
}

Bytes PublicKey::to_spki() const {
  const int size = i2d_PUBKEY(handle(), nullptr);
  require(size > 0, "a public key");
  Bytes der(static_cast<std::size_t>(size));
  std::uint8_t* position = der.data();
  require(i2d_PUBKEY(handle(), &position) == size, "a public key");
  return der;
}

PrivateKey PrivateKey::from_pkcs8(View der) {
  const auto info = decoded<OwnedPkcs8>(d2i_PKCS8_PRIV_KEY_INFO, der);
  require(info != nullptr, "a private key that is not PKCS#8");
  crypto::OwnedPkey pkey(EVP_PKCS82PKEY(info.get()));
  require(pkey != nullptr, "a private key");
  return PrivateKey(pkey.release());
}

}  // namespace assay
