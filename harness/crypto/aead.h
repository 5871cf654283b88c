// Authenticated encryption, as RFC 5116 cuts it: a nonce, additional data, a tag behind the
// ciphertext. Used by record protection. open_unverified() is for ends that are wrong on purpose.
#pragma once

#include "harness/base/bytes.h"
#include "harness/crypto/context.h"

#include <optional>

namespace assay {

enum class AeadAlgorithm {
  aes_128_gcm,
  aes_256_gcm,
  chacha20_poly1305,
  aes_128_ccm,
  aes_256_ccm,
  aes_128_ccm_8,  // RFC 6655 §4: a tag of eight octets
  aes_256_ccm_8,
};

struct AeadParameters {
  std::size_t key_size = 16;
  std::size_t nonce_size = 12;
  std::size_t tag_size = 16;
};
[[nodiscard]] AeadParameters parameters_of(AeadAlgorithm algorithm);

/// One key, with a keyed context for each direction that was used, so not for two threads at once.
/// Sizes of key and nonce are the caller's: std::invalid_argument when they are wrong.
class Aead {
 public:
  Aead(AeadAlgorithm algorithm, View key);

  [[nodiscard]] AeadParameters parameters() const { return parameters_of(algorithm_); }
  /// Ciphertext, then the tag.
  [[nodiscard]] Bytes seal(View nonce, View additional_data, View plaintext) const;
  /// The same where the octets stand: `buffer` from `from` on becomes ciphertext, the tag follows.
  void seal_in_place(View nonce, View additional_data, Bytes& buffer, std::size_t from) const;
  /// Nothing when the tag does not verify, or when there is no room for one.
  [[nodiscard]] std::optional<Bytes> open(View nonce, View additional_data, View sealed) const;
  /// What `ciphertext`, which is without its tag, decrypts to; nobody has vouched for it.
  [[nodiscard]] Bytes open_unverified(View nonce, View ciphertext) const;

 private:
  AeadAlgorithm algorithm_;
  Bytes key_;
  mutable crypto::Scratch<EVP_CIPHER_CTX> sealing_;
  mutable crypto::Scratch<EVP_CIPHER_CTX> opening_;
};

}  // namespace assay
