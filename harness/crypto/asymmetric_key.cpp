#include "harness/crypto/asymmetric_key.h"

#include "harness/crypto/evp.h"

#include <openssl/asn1.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <string_view>
#include <utility>

namespace assay {
namespace {

using crypto::require;

/// Looking for decoders takes OpenSSL ten times as long as decoding does, so what it found is kept.
class Decoder {
 public:
  Decoder(const char* structure, int selection)
      : context_(OSSL_DECODER_CTX_new_for_pkey(&found_, "DER", structure, nullptr, selection,
                                               nullptr, nullptr)) {
    require(context_ != nullptr, structure);
  }

  /// The key that is the whole of `der`; null when there is none, or when something is left over.
  crypto::OwnedPkey decode(View der) {
    const std::uint8_t* position = der.data();
    std::size_t left = der.size();
    const bool ok = OSSL_DECODER_from_data(context_.get(), &position, &left) == 1;
    crypto::OwnedPkey pkey(std::exchange(found_, nullptr));
    ERR_clear_error();
    if (!ok || left != 0) pkey.reset();
    return pkey;
  }

 private:
  EVP_PKEY* found_ = nullptr;  // where the context puts what it makes, so a Decoder stays in place
  crypto::Owned<OSSL_DECODER_CTX, OSSL_DECODER_CTX_free> context_;
};

// One a thread: a context of OpenSSL is for one at a time.
Decoder& public_keys() {
  thread_local Decoder decoder("SubjectPublicKeyInfo", EVP_PKEY_PUBLIC_KEY);
  return decoder;
}
Decoder& private_keys() {
  thread_local Decoder decoder("PrivateKeyInfo", EVP_PKEY_KEYPAIR);
  return decoder;
}

/// An element of DER: all of it, and what is inside.
struct Element {
  int tag = -1;  // of a universal type; -1 for any other, and when there is no whole element
  View whole;
  View inside;
};

/// The element that `rest` begins with, which `rest` then does without.
Element take_element(View& rest) {
  const std::uint8_t* position = rest.data();
  long size = 0;
  int tag = 0;
  int of_class = 0;
  constexpr int kIndefinite = 0x01;
  constexpr int kError = 0x80;
  const int outcome =
      ASN1_get_object(&position, &size, &tag, &of_class, static_cast<long>(rest.size()));
  ERR_clear_error();
  if ((outcome & (kError | kIndefinite)) != 0) {
    rest = {};
    return {};
  }
  const auto header = static_cast<std::size_t>(position - rest.data());
  const View whole = rest.first(header + static_cast<std::size_t>(size));
  rest = rest.subspan(whole.size());
  return {of_class == V_ASN1_UNIVERSAL ? tag : -1, whole, whole.subspan(header)};
}

/// SubjectPublicKeyInfo; empty when this is no certificate as far as that.
View spki_of(View certificate) {
  View all = certificate;
  View signed_part = take_element(all).inside;
  if (!all.empty()) return {};
  View fields = take_element(signed_part).inside;
  // RFC 5280 §4.1: version [0], where there is one, serialNumber, signature, issuer, validity,
  // subject, subjectPublicKeyInfo.
  if (take_element(fields).tag != V_ASN1_INTEGER && take_element(fields).tag != V_ASN1_INTEGER) {
    return {};
  }
  for (int i = 0; i < 4; ++i) {
    if (take_element(fields).tag != V_ASN1_SEQUENCE) return {};
  }
  return take_element(fields).whole;
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
  auto pkey = public_keys().decode(der);
  if (!pkey) return std::nullopt;
  return PublicKey(pkey.release());
}

std::optional<PublicKey> PublicKey::from_certificate(View der) { return from_spki(spki_of(der)); }

Bytes PublicKey::to_spki() const {
  const int size = i2d_PUBKEY(handle(), nullptr);
  require(size > 0, "a public key");
  Bytes der(static_cast<std::size_t>(size));
  std::uint8_t* position = der.data();
  require(i2d_PUBKEY(handle(), &position) == size, "a public key");
  return der;
}

PrivateKey PrivateKey::from_pkcs8(View der) {
  auto pkey = private_keys().decode(der);
  require(pkey != nullptr, "a private key that is not PKCS#8");
  return PrivateKey(pkey.release());
}

}  // namespace assay
