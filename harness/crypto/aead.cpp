#include "harness/crypto/aead.h"

#include "harness/base/reader.h"
#include "harness/crypto/evp.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <stdexcept>
#include <utility>

namespace assay {
namespace {

using crypto::require;

enum class Direction { seal, open };

bool is_ccm(AeadAlgorithm algorithm) {
  switch (algorithm) {
    case AeadAlgorithm::aes_128_ccm:
    case AeadAlgorithm::aes_256_ccm:
    case AeadAlgorithm::aes_128_ccm_8:
    case AeadAlgorithm::aes_256_ccm_8:
      return true;
    default:
      return false;
  }
}

int as_int(std::size_t size) { return static_cast<int>(size); }

/// An AEAD context with key, nonce and, where it is known beforehand, tag. CCM wants the sizes
/// first.
crypto::OwnedCipherContext prepared(AeadAlgorithm algorithm, Direction direction, View key,
                                    View nonce, View tag) {
  if (nonce.size() != parameters_of(algorithm).nonce_size) {
    throw std::invalid_argument("an AEAD nonce of the wrong size");
  }
  crypto::OwnedCipherContext context(EVP_CIPHER_CTX_new());
  require(context != nullptr, "a cipher context");
  EVP_CIPHER_CTX* raw = context.get();
  const int encrypt = direction == Direction::seal ? 1 : 0;
  require(EVP_CipherInit_ex2(raw, crypto::primitives().aead(algorithm), nullptr, nullptr, encrypt,
                             nullptr) == 1,
          "an AEAD");
  require(EVP_CIPHER_CTX_ctrl(raw, EVP_CTRL_AEAD_SET_IVLEN, as_int(nonce.size()), nullptr) == 1,
          "the size of a nonce");
  if (direction == Direction::open) {
    Bytes copy = bytes_of(tag);
    require(EVP_CIPHER_CTX_ctrl(raw, EVP_CTRL_AEAD_SET_TAG, as_int(tag.size()), copy.data()) == 1,
            "a tag");
  } else if (is_ccm(algorithm)) {
    const std::size_t size = parameters_of(algorithm).tag_size;
    require(EVP_CIPHER_CTX_ctrl(raw, EVP_CTRL_AEAD_SET_TAG, as_int(size), nullptr) == 1,
            "the size of a tag");
  }
  require(EVP_CipherInit_ex2(raw, nullptr, key.data(), nonce.data(), encrypt, nullptr) == 1,
          "a key and a nonce");
  return context;
}

void add_data(EVP_CIPHER_CTX* context, AeadAlgorithm algorithm, View data, std::size_t text_size) {
  int size = 0;
  if (is_ccm(algorithm)) {
    require(EVP_CipherUpdate(context, nullptr, &size, nullptr, as_int(text_size)) == 1,
            "the size of a text");
  }
  if (data.empty()) return;
  require(EVP_CipherUpdate(context, nullptr, &size, data.data(), as_int(data.size())) == 1,
          "additional data");
}

}  // namespace

AeadParameters parameters_of(AeadAlgorithm algorithm) {
  // RFC 5288 §3 and RFC 8439 §2.8 (16 octets of tag), RFC 6655 §3 and §4 (CCM, CCM_8).
  switch (algorithm) {
    case AeadAlgorithm::aes_128_gcm:
    case AeadAlgorithm::aes_128_ccm:
      return {.key_size = 16};
    case AeadAlgorithm::aes_256_gcm:
    case AeadAlgorithm::aes_256_ccm:
    case AeadAlgorithm::chacha20_poly1305:
      return {.key_size = 32};
    case AeadAlgorithm::aes_128_ccm_8:
      return {.key_size = 16, .tag_size = 8};
    case AeadAlgorithm::aes_256_ccm_8:
      return {.key_size = 32, .tag_size = 8};
  }
  return {};
}

Aead::Aead(AeadAlgorithm algorithm, View key) : algorithm_(algorithm), key_(bytes_of(key)) {
  if (key.size() != parameters_of(algorithm).key_size) {
    throw std::invalid_argument("an AEAD key of the wrong size");
  }
}

Bytes Aead::seal(View nonce, View additional_data, View plaintext) const {
  const std::size_t tag_size = parameters().tag_size;
  const auto context = prepared(algorithm_, Direction::seal, key_, nonce, {});
  add_data(context.get(), algorithm_, additional_data, plaintext.size());
  Bytes sealed(plaintext.size() + tag_size);
  static constexpr std::uint8_t kEmpty = 0;
  const std::uint8_t* text = plaintext.empty() ? &kEmpty : plaintext.data();
  int size = 0;
  require(
      EVP_CipherUpdate(context.get(), sealed.data(), &size, text, as_int(plaintext.size())) == 1,
      "a plaintext");
  std::uint8_t* tag = sealed.data() + plaintext.size();
  require(EVP_CipherFinal_ex(context.get(), tag, &size) == 1, "the end of a plaintext");
  require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, as_int(tag_size), tag) == 1,
          "a tag");
  return sealed;
}

std::optional<Bytes> Aead::open(View nonce, View additional_data, View sealed) const {
  const std::size_t tag_size = parameters().tag_size;
  if (sealed.size() < tag_size) return std::nullopt;
  const View ciphertext = sealed.first(sealed.size() - tag_size);
  const auto context = prepared(algorithm_, Direction::open, key_, nonce, sealed.last(tag_size));
  add_data(context.get(), algorithm_, additional_data, ciphertext.size());
  Bytes plaintext(ciphertext.size() + 1);  // never empty: libcrypto wants somewhere to point
  int size = 0;
  // CCM verifies here, the others at the end.
  bool ok = EVP_CipherUpdate(context.get(), plaintext.data(), &size, sealed.data(),
                             as_int(ciphertext.size())) == 1;
  if (ok && !is_ccm(algorithm_)) {
    ok = EVP_CipherFinal_ex(context.get(), plaintext.data() + ciphertext.size(), &size) == 1;
  }
  if (!ok) {
    ERR_clear_error();
    return std::nullopt;
  }
  plaintext.resize(ciphertext.size());
  return plaintext;
}

Bytes Aead::open_unverified(View nonce, View ciphertext) const {
  if (nonce.size() != parameters().nonce_size) {
    throw std::invalid_argument("an AEAD nonce of the wrong size");
  }
  Bytes block;
  if (algorithm_ == AeadAlgorithm::chacha20_poly1305) {
    // RFC 8439 §2.8: block 0 makes the Poly1305 key, the text begins with block 1. libcrypto's
    // ChaCha20 takes the counter first, little-endian.
    block = {1, 0, 0, 0};
    append(block, nonce);
  } else if (is_ccm(algorithm_)) {
    // RFC 3610 §2.3: A_i is flags (L - 1, here 2), nonce, counter; A_0 hides the tag, A_1 begins
    // the text.
    block = {2};
    append(block, nonce);
    put_u24(block, 1);
  } else {
    // NIST SP 800-38D §7.1: J0 is nonce and 1 and hides the tag; the text begins with inc32(J0).
    append(block, nonce);
    block.insert(block.end(), {0, 0, 0, 2});
  }
  const crypto::OwnedCipherContext context(EVP_CIPHER_CTX_new());
  require(context != nullptr, "a cipher context");
  require(EVP_DecryptInit_ex2(context.get(), crypto::primitives().stream(algorithm_), key_.data(),
                              block.data(), nullptr) == 1,
          "a key stream");
  Bytes plaintext(ciphertext.size());
  if (ciphertext.empty()) return plaintext;
  int size = 0;
  require(EVP_DecryptUpdate(context.get(), plaintext.data(), &size, ciphertext.data(),
                            as_int(ciphertext.size())) == 1,
          "a ciphertext");
  return plaintext;
}

}  // namespace assay
