#include "harness/crypto/kdf.h"

#include "harness/base/reader.h"
#include "harness/crypto/evp.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <stdexcept>
#include <string>

namespace assay {
namespace {

using crypto::require;

crypto::Context<EVP_MD_CTX> copy_of(const crypto::Context<EVP_MD_CTX>& context) {
  crypto::Context<EVP_MD_CTX> copy(EVP_MD_CTX_new());
  require(copy != nullptr && EVP_MD_CTX_copy_ex(copy.get(), context.get()) == 1,
          "the copy of a digest");
  return copy;
}

/// A parameter that is read only; libcrypto's type has no const.
OSSL_PARAM octets_parameter(const char* name, View octets) {
  static constexpr std::uint8_t kEmpty = 0;
  const std::uint8_t* const from = octets.empty() ? &kEmpty : octets.data();
  return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(from), octets.size());
}

}  // namespace

std::size_t size_of(Hash hash) {
  switch (hash) {
    case Hash::sha256:
      return 32;
    case Hash::sha384:
      return 48;
    case Hash::sha512:
      return 64;
    case Hash::sha1:
      return 20;
    case Hash::md5:
      return 16;
  }
  return 0;
}

Bytes digest(Hash hash, View message) {
  Bytes output(size_of(hash));
  unsigned size = 0;
  require(EVP_Digest(message.data(), message.size(), output.data(), &size,
                     crypto::primitives().digest(hash), nullptr) == 1 &&
              size == output.size(),
          "a digest");
  return output;
}

RunningDigest::RunningDigest(Hash hash) : hash_(hash), context_(EVP_MD_CTX_new()) {
  require(context_ != nullptr, "a digest's context");
  require(EVP_DigestInit_ex2(context_.get(), crypto::primitives().digest(hash), nullptr) == 1,
          "a digest");
}

RunningDigest::RunningDigest(const RunningDigest& other)
    : hash_(other.hash_), context_(copy_of(other.context_)) {}

RunningDigest& RunningDigest::operator=(const RunningDigest& other) {
  if (this != &other) *this = RunningDigest(other);
  return *this;
}

void RunningDigest::update(View octets) {
  require(EVP_DigestUpdate(context_.get(), octets.data(), octets.size()) == 1, "a digest's input");
}

Bytes RunningDigest::current() const {
  const crypto::Context<EVP_MD_CTX> fork = copy_of(context_);
  Bytes output(size_of(hash_));
  require(EVP_DigestFinal_ex(fork.get(), output.data(), nullptr) == 1, "a digest");
  return output;
}

Hmac::Hmac(Hash hash, View key)
    : hash_(hash), context_(EVP_MAC_CTX_dup(crypto::primitives().hmac(hash))) {
  require(context_ != nullptr, "an HMAC context");
  // libcrypto takes a null pointer for "the key that you have"; an empty key is a key.
  static constexpr std::uint8_t kEmpty = 0;
  const std::uint8_t* octets = key.empty() ? &kEmpty : key.data();
  require(EVP_MAC_init(context_.get(), octets, key.size(), nullptr) == 1, "an HMAC key");
}

Hmac::Hmac(const Hmac& other)
    : hash_(other.hash_), context_(EVP_MAC_CTX_dup(other.context_.get())), used_(other.used_) {
  require(context_ != nullptr, "an HMAC context");
}

Hmac& Hmac::operator=(const Hmac& other) {
  if (this != &other) *this = Hmac(other);
  return *this;
}

Bytes Hmac::tag(std::initializer_list<View> parts) const {
  EVP_MAC_CTX* const context = context_.get();
  require(!used_ || EVP_MAC_init(context, nullptr, 0, nullptr) == 1, "an HMAC key once more");
  used_ = true;
  for (const View part : parts) {
    require(EVP_MAC_update(context, part.data(), part.size()) == 1, "an HMAC input");
  }
  Bytes tag(size_of(hash_));
  std::size_t size = 0;
  require(EVP_MAC_final(context, tag.data(), &size, tag.size()) == 1, "an HMAC");
  return tag;
}

Bytes hmac(Hash hash, View key, View message) { return Hmac(hash, key).tag({message}); }

Bytes hkdf_extract(Hash hash, View salt, View input_keying_material) {
  // RFC 5869 §2.2: no salt stands for zeros; HMAC pads an empty key with zeros, which is the same.
  return hmac(hash, salt, input_keying_material);
}

Bytes hkdf_expand(Hash hash, View pseudorandom_key, View info, std::size_t size) {
  // RFC 5869 §2.3: L <= 255 * HashLen.
  if (size > 255 * size_of(hash)) throw std::length_error("HKDF output over 255 digests");
  const Hmac keyed(hash, pseudorandom_key);
  Bytes output;
  Bytes block;
  for (std::uint8_t counter = 1; output.size() < size; ++counter) {
    block = keyed.tag({block, info, View(&counter, 1)});
    append(output, block);
  }
  output.resize(size);
  return output;
}

Bytes hkdf_expand_label(Hash hash, View secret, std::string_view label, View context,
                        std::size_t size) {
  // RFC 8446 §7.1: struct HkdfLabel.
  static constexpr std::string_view kPrefix = "tls13 ";
  Bytes info;
  info.reserve(2 + 1 + kPrefix.size() + label.size() + 1 + context.size());
  put_u16(info, static_cast<std::uint16_t>(size));
  put_u8(info, static_cast<std::uint8_t>(kPrefix.size() + label.size()));
  append(info, kPrefix);
  append(info, label);
  put_vector(info, 1, context);
  return hkdf_expand(hash, secret, info, size);
}

Bytes prf12(Hash hash, View secret, std::string_view label, View seed, std::size_t size) {
  // RFC 5246 §5: A(0) = label + seed, A(i) = HMAC(secret, A(i-1)).
  const Hmac keyed(hash, secret);
  const View label_octets = view_of(label);
  Bytes output;
  for (Bytes a = keyed.tag({label_octets, seed}); output.size() < size; a = keyed.tag({a})) {
    append(output, keyed.tag({a, label_octets, seed}));
  }
  output.resize(size);
  return output;
}

Bytes pbkdf2(Hash hash, View password, View salt, std::uint32_t iterations, std::size_t size) {
  const crypto::OwnedKdfContext context(EVP_KDF_CTX_new(crypto::primitives().pbkdf2()));
  require(context != nullptr, "a PBKDF2 context");
  std::string name = crypto::name_of(hash);
  // Without this it refuses short salts and passwords (SP 800-132), which RFC 8018 does not.
  int any_lengths = 1;
  const OSSL_PARAM parameters[] = {
      octets_parameter(OSSL_KDF_PARAM_PASSWORD, password),
      octets_parameter(OSSL_KDF_PARAM_SALT, salt),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ITER, &iterations),
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, name.data(), 0),
      OSSL_PARAM_construct_int(OSSL_KDF_PARAM_PKCS5, &any_lengths),
      OSSL_PARAM_construct_end(),
  };
  Bytes key(size);
  require(EVP_KDF_derive(context.get(), key.data(), key.size(), parameters) == 1, "PBKDF2");
  return key;
}

}  // namespace assay
