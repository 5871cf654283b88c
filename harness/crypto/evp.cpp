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

/// Null where it is configured away: such a library is good for everything else.
OwnedCipher fetch_triple_des() {
  OwnedCipher cipher(EVP_CIPHER_fetch(nullptr, "DES-EDE3-CBC", nullptr));
  ERR_clear_error();
  return cipher;
}

/// Null for an MD5 that is configured away.
OwnedDigest fetch_digest(Hash hash) {
  OwnedDigest digest(EVP_MD_fetch(nullptr, name_of(hash), nullptr));
  require(digest != nullptr || hash == Hash::md5, name_of(hash));
  ERR_clear_error();
  return digest;
}

/// HMAC with that digest, to be duplicated, then given its key.
OwnedMacContext hmac_with(EVP_MAC* hmac, Hash hash) {
  OwnedMacContext context(EVP_MAC_CTX_new(hmac));  // holds a reference of its own
  require(context != nullptr, "an HMAC context");
  std::string digest = name_of(hash);
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_end(),
  };
  require(EVP_MAC_CTX_set_params(context.get(), parameters) == 1, digest);
  return context;
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

const char* name_of(Hash hash) {
  switch (hash) {
    case Hash::sha256:
      return "SHA256";
    case Hash::sha384:
      return "SHA384";
    case Hash::sha512:
      return "SHA512";
    case Hash::sha1:
      return "SHA1";
    case Hash::md5:
      return "MD5";
  }
  return "";
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
      aes_128_cbc_(fetch_cipher("AES-128-CBC")),
      aes_256_cbc_(fetch_cipher("AES-256-CBC")),
      triple_des_cbc_(fetch_triple_des()),
      sha3_256_(fetch_digest("SHA3-256")),
      sha3_512_(fetch_digest("SHA3-512")),
      shake128_(fetch_digest("SHAKE128")),
      shake256_(fetch_digest("SHAKE256")),
      pbkdf2_(fetch_kdf("PBKDF2")) {
  const OwnedMac hmac(EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr));
  require(hmac != nullptr, "HMAC");
  for (std::size_t i = 0; i < kHashCount; ++i) {
    digests_[i] = fetch_digest(static_cast<Hash>(i));
    if (digests_[i]) hmacs_[i] = hmac_with(hmac.get(), static_cast<Hash>(i));
  }
}

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

const EVP_CIPHER* Primitives::block(BulkCipher bulk) const {
  const EVP_CIPHER* found = nullptr;
  if (bulk == BulkCipher::aes_128_cbc) found = aes_128_cbc_.get();
  if (bulk == BulkCipher::aes_256_cbc) found = aes_256_cbc_.get();
  if (bulk == BulkCipher::triple_des_cbc) found = triple_des_cbc_.get();
  require(found != nullptr, "a block cipher");
  return found;
}

const EVP_MAC_CTX* Primitives::hmac(Hash hash) const {
  const EVP_MAC_CTX* const found = hmacs_.at(static_cast<std::size_t>(hash)).get();
  require(found != nullptr, name_of(hash));
  return found;
}

const EVP_MD* Primitives::digest(Hash hash) const {
  const EVP_MD* const found = digests_.at(static_cast<std::size_t>(hash)).get();
  require(found != nullptr, name_of(hash));
  return found;
}

const Primitives& primitives() {
  static const Primitives kPrimitives;
  return kPrimitives;
}

}  // namespace assay::crypto
