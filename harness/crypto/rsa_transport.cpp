#include "harness/crypto/rsa_transport.h"

#include "harness/crypto/evp.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <algorithm>

namespace assay {
namespace {

// RFC 8017 §7.2.1: EM is 00 02, at least eight octets of padding, 00, M.
constexpr std::size_t kLeastPadding = 8;
constexpr std::size_t kPaddingStart = 2;

crypto::OwnedPkeyContext operation_of(const PublicKey& key) {
  if (key.algorithm() != KeyAlgorithm::rsa) return nullptr;
  return crypto::OwnedPkeyContext(EVP_PKEY_CTX_new_from_pkey(nullptr, key.handle(), nullptr));
}

std::optional<Bytes> encrypted(const PublicKey& key, View input, int padding) {
  const auto operation = operation_of(key);
  Bytes output(key.modulus_size());
  std::size_t size = output.size();
  const bool ok =
      operation && EVP_PKEY_encrypt_init(operation.get()) == 1 &&
      EVP_PKEY_CTX_set_rsa_padding(operation.get(), padding) == 1 &&
      EVP_PKEY_encrypt(operation.get(), output.data(), &size, input.data(), input.size()) == 1;
  ERR_clear_error();
  if (!ok) return std::nullopt;
  output.resize(size);
  return output;
}

}  // namespace

std::optional<Bytes> rsa_encrypt_raw(const PublicKey& key, View block) {
  if (block.size() != key.modulus_size()) return std::nullopt;
  return encrypted(key, block, RSA_NO_PADDING);
}

std::optional<Bytes> rsa_encrypt_pkcs1(const PublicKey& key, View message) {
  return encrypted(key, message, RSA_PKCS1_PADDING);
}

std::optional<Bytes> rsa_decrypt_raw(const PrivateKey& key, View ciphertext) {
  const auto operation = operation_of(key.public_key());
  Bytes block(key.public_key().modulus_size());
  std::size_t size = block.size();
  const bool ok = operation && EVP_PKEY_decrypt_init(operation.get()) == 1 &&
                  EVP_PKEY_CTX_set_rsa_padding(operation.get(), RSA_NO_PADDING) == 1 &&
                  EVP_PKEY_decrypt(operation.get(), block.data(), &size, ciphertext.data(),
                                   ciphertext.size()) == 1;
  ERR_clear_error();
  if (!ok || size != block.size()) return std::nullopt;
  return block;
}

// Not by libcrypto's own padding: from 3.2 on that returns random octets for a wrong one, which
// hides what an oracle is to show.
std::optional<Bytes> rsa_decrypt_pkcs1(const PrivateKey& key, View ciphertext) {
  const auto block = rsa_decrypt_raw(key, ciphertext);
  if (!block) return std::nullopt;
  return pkcs1_message(*block);
}

std::optional<Bytes> pkcs1_message(View block) {
  if (block.size() < kPaddingStart + kLeastPadding + 1) return std::nullopt;
  if (block[0] != 0x00 || block[1] != 0x02) return std::nullopt;
  const View rest = block.subspan(kPaddingStart);
  const auto zero = std::ranges::find(rest, std::uint8_t{0});
  if (zero == rest.end()) return std::nullopt;
  const auto padding = static_cast<std::size_t>(zero - rest.begin());
  // RFC 8017 §7.2.2: less than eight octets of PS is a decryption error.
  if (padding < kLeastPadding) return std::nullopt;
  return bytes_of(rest.subspan(padding + 1));
}

}  // namespace assay
