#include "harness/crypto/aead.h"

#include "harness/base/reader.h"
#include "harness/crypto/evp.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace assay {
namespace {

using crypto::require;

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

constexpr int kEncrypt = 1;
constexpr int kDecrypt = 0;

/// Runs the key schedule, which is most of the cost of a short record: once a key and direction.
crypto::Context<EVP_CIPHER_CTX> keyed(AeadAlgorithm algorithm, int encrypt, View key) {
  crypto::Context<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new());
  require(context != nullptr, "a cipher context");
  EVP_CIPHER_CTX* raw = context.get();
  require(EVP_CipherInit_ex2(raw, crypto::primitives().aead(algorithm), nullptr, nullptr, encrypt,
                             nullptr) == 1,
          "an AEAD");
  const AeadParameters parameters = parameters_of(algorithm);
  require(EVP_CIPHER_CTX_ctrl(raw, EVP_CTRL_AEAD_SET_IVLEN, as_int(parameters.nonce_size),
                              nullptr) == 1,
          "the size of a nonce");
  if (is_ccm(algorithm)) {
    // RFC 3610 §2.2: the sizes are part of CCM's first block, which is begun with the key.
    Bytes no_tag(parameters.tag_size);
    require(EVP_CIPHER_CTX_ctrl(raw, EVP_CTRL_AEAD_SET_TAG, as_int(no_tag.size()),
                                encrypt == kEncrypt ? nullptr : no_tag.data()) == 1,
            "the size of a tag");
  }
  require(EVP_CipherInit_ex2(raw, nullptr, key.data(), nullptr, encrypt, nullptr) == 1, "a key");
  return context;
}

void begin(EVP_CIPHER_CTX* context, AeadAlgorithm algorithm, int encrypt, View nonce) {
  if (nonce.size() != parameters_of(algorithm).nonce_size) {
    throw std::invalid_argument("an AEAD nonce of the wrong size");
  }
  require(EVP_CipherInit_ex2(context, nullptr, nullptr, nonce.data(), encrypt, nullptr) == 1,
          "a nonce");
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
  Bytes sealed;
  sealed.reserve(plaintext.size() + parameters().tag_size);
  append(sealed, plaintext);
  seal_in_place(nonce, additional_data, sealed, 0);
  return sealed;
}

void Aead::seal_in_place(View nonce, View additional_data, Bytes& buffer, std::size_t from) const {
  const std::size_t tag_size = parameters().tag_size;
  const std::size_t text_size = buffer.size() - from;
  EVP_CIPHER_CTX* const context =
      sealing_.get([this] { return keyed(algorithm_, kEncrypt, key_); });
  begin(context, algorithm_, kEncrypt, nonce);
  add_data(context, algorithm_, additional_data, text_size);
  buffer.resize(buffer.size() + tag_size);
  std::uint8_t* const text = buffer.data() + from;
  std::uint8_t* const tag = text + text_size;
  int size = 0;
  require(EVP_CipherUpdate(context, text, &size, text, as_int(text_size)) == 1, "a plaintext");
  require(EVP_CipherFinal_ex(context, tag, &size) == 1, "the end of a plaintext");
  require(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, as_int(tag_size), tag) == 1, "a tag");
}

std::optional<Bytes> Aead::open(View nonce, View additional_data, View sealed) const {
  const std::size_t tag_size = parameters().tag_size;
  if (sealed.size() < tag_size) return std::nullopt;
  const View ciphertext = sealed.first(sealed.size() - tag_size);
  EVP_CIPHER_CTX* const context =
      opening_.get([this] { return keyed(algorithm_, kDecrypt, key_); });
  // libcrypto wants a tag that it could alter.
  std::array<std::uint8_t, 16> tag{};
  std::ranges::copy(sealed.last(tag_size), tag.begin());
  require(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, as_int(tag_size), tag.data()) == 1,
          "a tag");
  begin(context, algorithm_, kDecrypt, nonce);
  add_data(context, algorithm_, additional_data, ciphertext.size());
  Bytes plaintext(ciphertext.size() + 1);  // never empty: libcrypto wants somewhere to point
  int size = 0;
  // CCM verifies here, the others at the end.
  bool ok = EVP_CipherUpdate(context, plaintext.data(), &size, sealed.data(),
                             as_int(ciphertext.size())) == 1;
  if (ok && !is_ccm(algorithm_)) {
    ok = EVP_CipherFinal_ex(context, plaintext.data() + ciphertext.size(), &size) == 1;
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
