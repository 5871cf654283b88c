#include "harness/crypto/md5.h"

#include "harness/crypto/evp.h"

namespace assay {

Bytes md5(View octets) {
  Bytes digest(16);
  std::size_t size = 0;
  crypto::require(EVP_Q_digest(nullptr, "MD5", nullptr, octets.data(), octets.size(), digest.data(),
                               &size) == 1 &&
                      size == digest.size(),
                  "MD5");
  return digest;
}

Bytes hmac_md5(View key, View message) {
  // Not among the primitives: a library without MD5 is good for everything else.
  static const crypto::OwnedMacContext kHmac = crypto::hmac_with("MD5");
  const crypto::OwnedMacContext context(EVP_MAC_CTX_dup(kHmac.get()));
  crypto::require(context != nullptr, "an HMAC context");
  static constexpr std::uint8_t kEmpty = 0;  // a null pointer would mean "the key that you have"
  const std::uint8_t* octets = key.empty() ? &kEmpty : key.data();
  crypto::require(EVP_MAC_init(context.get(), octets, key.size(), nullptr) == 1, "an HMAC key");
  crypto::require(EVP_MAC_update(context.get(), message.data(), message.size()) == 1,
                  "an HMAC input");
  Bytes tag(16);
  std::size_t size = 0;
  crypto::require(EVP_MAC_final(context.get(), tag.data(), &size, tag.size()) == 1, "an HMAC");
  return tag;
}

}  // namespace assay
