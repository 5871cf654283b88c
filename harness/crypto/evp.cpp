#include "harness/crypto/evp.h"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>

#include <stdexcept>
#include <string>

namespace assay::crypto {
namespace {

OwnedCipher fetch_cipher(const char* name) {
  OwnedCipher cipher(EVP_CIPHER_fetch(nullptr, name, nullptr));
  require(cipher != nullptr, name);
  return cipher;
}

OwnedDigest fetch_digest(const char* name) {
  OwnedDigest digest(EVP_MD_fetch(nullptr, name, nullptr));
  require(digest != nullptr, name);
  return digest;
}

OwnedKdf fetch_kdf(const char* name) {
  OwnedKdf kdf(EVP_KDF_fetch(nullptr, name, nullptr));
  require(kdf != nullptr, name);
  return kdf;
}

}  // namespace

void refused(std::string_view what) {
  char text[256] = "no error queued";
  if (const unsigned long code = ERR_peek_last_error(); code != 0) {
    ERR_error_string_n(code, text, sizeof text);
  }
  ERR_clear_error();
  throw std::runtime_error(fmt::format("OpenSSL refuses {}: {}", what, text));
}

OwnedMacContext hmac_with(std::string digest) {
  const OwnedMac mac(EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr));
  require(mac != nullptr, "HMAC");
  OwnedMacContext context(EVP_MAC_CTX_new(mac.get()));  // holds a reference of its own
  require(context != nullptr, "an HMAC context");
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_end(),
  };
  require(EVP_MAC_CTX_set_params(context.get(), parameters) == 1, digest);
  return context;
}

Primitives::Primitives()
    : aes_128_gcm_(fetch_cipher("AES-128-GCM")),
      aes_256_gcm_(fetch_cipher("AES-256-GCM")),
      aes_128_ccm_(fetch_cipher("AES-128-CCM")),
      aes_256_ccm_(fetch_cipher("AES-256-CCM")),
      chacha20_poly1305_(fetch_cipher("ChaCha20-Poly1305")),
      aes_128_ctr_(fetch_cipher("AES-128-CTR")),
      aes_256_ctr_(fetch_cipher("AES-256-CTR")),
      chacha20_(fetch_cipher("ChaCha20")),
      hmac_sha256_(hmac_with("SHA256")),
      hmac_sha384_(hmac_with("SHA384")),
      sha256_(fetch_digest("SHA256")),
      sha384_(fetch_digest("SHA384")),
      pbkdf2_(fetch_kdf("PBKDF2")) {}

const EVP_CIPHER* Primitives::aead(AeadAlgorithm algorithm) const {
  switch (algorithm) {
    case AeadAlgorithm::aes_128_gcm:
      return aes_128_gcm_.get();
    case AeadAlgorithm::aes_256_gcm:
      return aes_256_gcm_.get();
    case AeadAlgorithm::chacha20_poly1305:
      return chacha20_poly1305_.get();
    case AeadAlgorithm::aes_128_ccm:
    case AeadAlgorithm::aes_128_ccm_8:
      return aes_128_ccm_.get();
    case AeadAlgorithm::aes_256_ccm:
    case AeadAlgorithm::aes_256_ccm_8:
      return aes_256_ccm_.get();
  }
  return nullptr;
}

const EVP_CIPHER* Primitives::stream(AeadAlgorithm algorithm) const {
  if (algorithm == AeadAlgorithm::chacha20_poly1305) return chacha20_.get();
  return parameters_of(algorithm).key_size == 16 ? aes_128_ctr_.get() : aes_256_ctr_.get();
}

const EVP_MAC_CTX* Primitives::hmac(Hash hash) const {
  return hash == Hash::sha384 ? hmac_sha384_.get() : hmac_sha256_.get();
}

const EVP_MD* Primitives::digest(Hash hash) const {
  return hash == Hash::sha384 ? sha384_.get() : sha256_.get();
}

const Primitives& primitives() {
  static const Primitives kPrimitives;
  return kPrimitives;
}

}  // namespace assay::crypto
