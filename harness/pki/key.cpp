#include "harness/pki/key.h"

#include "harness/pki/openssl.h"

#include <openssl/core_names.h>
#include <openssl/dsa.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <stdexcept>

namespace assay {
namespace {

using pki::OwnedBio;
using pki::OwnedNumber;
using pki::OwnedPkey;
using pki::OwnedPkeyContext;
using pki::require;

EVP_PKEY* generated(EVP_PKEY_CTX* context) {
  EVP_PKEY* pkey = nullptr;
  require(EVP_PKEY_generate(context, &pkey) == 1, "key generation");
  return pkey;
}

OwnedPkeyContext started(const char* algorithm) {
  OwnedPkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, algorithm, nullptr));
  require(context && EVP_PKEY_keygen_init(context.get()) == 1, algorithm);
  return context;
}

EVP_PKEY* generate_rsa(int bits, unsigned exponent) {
  const OwnedPkeyContext context = started("RSA");
  require(EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), bits) == 1, "RSA size");
  const OwnedNumber e(BN_new());
  require(e && BN_set_word(e.get(), exponent) == 1 &&
              EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context.get(), e.get()) == 1,
          "RSA exponent");
  return generated(context.get());
}

EVP_PKEY* generate_ec(int curve, int encoding = OPENSSL_EC_NAMED_CURVE) {
  const OwnedPkeyContext context = started("EC");
  require(EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context.get(), curve) == 1, "curve");
  require(EVP_PKEY_CTX_set_ec_param_enc(context.get(), encoding) == 1, "curve encoding");
  return generated(context.get());
}

EVP_PKEY* generate_dsa(int bits) {
  const OwnedPkeyContext parameters(EVP_PKEY_CTX_new_from_name(nullptr, "DSA", nullptr));
  require(parameters && EVP_PKEY_paramgen_init(parameters.get()) == 1 &&
              EVP_PKEY_CTX_set_dsa_paramgen_bits(parameters.get(), bits) == 1,
          "DSA parameters");
  const OwnedPkey domain(generated(parameters.get()));
  const OwnedPkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, domain.get(), nullptr));
  require(context && EVP_PKEY_keygen_init(context.get()) == 1, "DSA key");
  return generated(context.get());
}

EVP_PKEY* generate_handle(KeyKind kind) {
  switch (kind) {
    case KeyKind::p256:
      return generate_ec(NID_X9_62_prime256v1);
    case KeyKind::p384:
      return generate_ec(NID_secp384r1);
    case KeyKind::p521:
      return generate_ec(NID_secp521r1);
    case KeyKind::ed25519:
      return generated(started("ED25519").get());
    case KeyKind::ed448:
      return generated(started("ED448").get());
    case KeyKind::rsa2048:
      return generate_rsa(2048, 65537);
    case KeyKind::rsa3072:
      return generate_rsa(3072, 65537);
    case KeyKind::rsa1024:
      return generate_rsa(1024, 65537);
    case KeyKind::rsa512:
      return generate_rsa(512, 65537);
    case KeyKind::rsa_exponent3:
      return generate_rsa(2048, 3);
    case KeyKind::p224:
      return generate_ec(NID_secp224r1);
    case KeyKind::p256_explicit:
      return generate_ec(NID_X9_62_prime256v1, OPENSSL_EC_EXPLICIT_CURVE);
    case KeyKind::dsa1024:
      return generate_dsa(1024);
  }
  throw std::invalid_argument("no such kind of key");
}

const EVP_MD* message_digest(SignatureDigest digest) {
  switch (digest) {
    case SignatureDigest::sha256:
      return EVP_sha256();
    case SignatureDigest::sha384:
      return EVP_sha384();
    case SignatureDigest::sha512:
      return EVP_sha512();
    case SignatureDigest::sha1:
      return EVP_sha1();
    case SignatureDigest::md5:
      return EVP_md5();
  }
  throw std::invalid_argument("no such digest");
}

}  // namespace

std::string_view slug_of(KeyKind kind) {
  switch (kind) {
    case KeyKind::p256:
      return "p256";
    case KeyKind::p384:
      return "p384";
    case KeyKind::p521:
      return "p521";
    case KeyKind::ed25519:
      return "ed25519";
    case KeyKind::ed448:
      return "ed448";
    case KeyKind::rsa2048:
      return "rsa2048";
    case KeyKind::rsa3072:
      return "rsa3072";
    case KeyKind::rsa1024:
      return "rsa1024";
    case KeyKind::rsa512:
      return "rsa512";
    case KeyKind::rsa_exponent3:
      return "rsa_exponent3";
    case KeyKind::p224:
      return "p224";
    case KeyKind::p256_explicit:
      return "p256_explicit";
    case KeyKind::dsa1024:
      return "dsa1024";
  }
  return "unknown";
}

Key::Key(EVP_PKEY* owned) : pkey_(owned, EVP_PKEY_free) {}

Key Key::generate(KeyKind kind) { return Key(generate_handle(kind)); }

Key Key::from_pem(std::string_view pem) {
  const OwnedBio input(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  require(input != nullptr, "memory");
  // A callback that knows no passphrase: OpenSSL must never ask the terminal.
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };
  EVP_PKEY* pkey = PEM_read_bio_PrivateKey(input.get(), nullptr, no_passphrase, nullptr);
  require(pkey != nullptr, "private key in PEM");
  return Key(pkey);
}

KeyFamily Key::family() const {
  if (!pkey_) return KeyFamily::none;
  switch (EVP_PKEY_get_base_id(pkey_.get())) {
    case EVP_PKEY_RSA:
      return KeyFamily::rsa;
    case EVP_PKEY_EC:
      return KeyFamily::ec;
    case EVP_PKEY_ED25519:
      return KeyFamily::ed25519;
    case EVP_PKEY_ED448:
      return KeyFamily::ed448;
    case EVP_PKEY_DSA:
      return KeyFamily::dsa;
    default:
      return KeyFamily::none;
  }
}

std::string Key::to_pem() const {
  const OwnedBio output(BIO_new(BIO_s_secmem()));
  require(output && pkey_ &&
              PEM_write_bio_PKCS8PrivateKey(output.get(), pkey_.get(), nullptr, nullptr, 0, nullptr,
                                            nullptr) == 1,
          "writing a private key");
  char* text = nullptr;
  const long size = BIO_get_mem_data(output.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

Bytes Key::private_der() const {
  require(pkey_ != nullptr, "writing no key");
  const pki::Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> info(EVP_PKEY2PKCS8(pkey_.get()));
  require(info != nullptr, "writing a private key");
  return pki::encoded(i2d_PKCS8_PRIV_KEY_INFO, info.get(), "writing a private key");
}

Bytes Key::public_der() const {
  require(pkey_ != nullptr, "writing no key");
  return pki::encoded(i2d_PUBKEY, pkey_.get(), "writing a public key");
}

Bytes Key::key_id() const {
  const Bytes der = public_der();
  const std::uint8_t* cursor = der.data();
  const pki::Owned<X509_PUBKEY, X509_PUBKEY_free> parsed(
      d2i_X509_PUBKEY(nullptr, &cursor, static_cast<long>(der.size())));
  const std::uint8_t* bits = nullptr;
  int size = 0;
  require(parsed && X509_PUBKEY_get0_param(nullptr, &bits, &size, nullptr, parsed.get()) == 1,
          "reading a public key");
  Bytes id(20);
  require(EVP_Digest(bits, static_cast<std::size_t>(size), id.data(), nullptr, EVP_sha1(),
                     nullptr) == 1,
          "SHA-1");
  return id;
}

Bytes Key::sign(View message, SignatureDigest digest) const {
  const KeyFamily own = family();
  const bool brings_own_hash = own == KeyFamily::ed25519 || own == KeyFamily::ed448;
  const EVP_MD* md = brings_own_hash ? nullptr : message_digest(digest);
  const pki::OwnedDigestContext context(EVP_MD_CTX_new());
  require(
      context && pkey_ && EVP_DigestSignInit(context.get(), nullptr, md, nullptr, pkey_.get()) == 1,
      "signing");
  std::size_t size = 0;
  require(EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) == 1,
          "signing");
  Bytes signature(size);
  require(
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) == 1,
      "signing");
  signature.resize(size);
  return signature;
}

bool Key::same_public_key(const Key& other) const {
  return pkey_ && other.pkey_ && EVP_PKEY_eq(pkey_.get(), other.pkey_.get()) == 1;
}

Key KeyRing::key(KeyKind kind, std::string_view label) {
  Key& kept = keys_[{kind, std::string(label)}];
  if (!kept) kept = Key::generate(kind);
  return kept;
}

}  // namespace assay
