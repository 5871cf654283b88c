#include "harness/crypto/rsa_transport.h"

#include "harness/crypto/key_fixture_test.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

/// 00 02, padding, 00, message, as long as the modulus of 2048 bits.
Bytes block_of(View message) {
  Bytes block(256, 0x5a);
  block[0] = 0x00;
  block[1] = 0x02;
  block[255 - message.size()] = 0x00;
  std::copy(message.begin(), message.end(), block.end() - static_cast<long>(message.size()));
  return block;
}

TEST(RsaTransport, gives_back_the_message) {
  const PrivateKey& key = key_of("RSA");
  const Bytes secret(48, 0x03);
  const auto ciphertext = rsa_encrypt_pkcs1(public_of(key), secret);
  ASSERT_TRUE(ciphertext);
  EXPECT_EQ(ciphertext->size(), 256U);
  EXPECT_EQ(rsa_decrypt_pkcs1(key, *ciphertext), secret);
  const auto block = rsa_decrypt_raw(key, *ciphertext);
  ASSERT_TRUE(block);
  EXPECT_EQ(pkcs1_message(*block), secret);
}

TEST(RsaTransport, encrypts_a_block_as_it_stands) {
  const PrivateKey& key = key_of("RSA");
  const Bytes block = block_of(Bytes(48, 0x03));
  const auto ciphertext = rsa_encrypt_raw(public_of(key), block);
  ASSERT_TRUE(ciphertext);
  EXPECT_EQ(rsa_decrypt_raw(key, *ciphertext), block);
  EXPECT_EQ(rsa_decrypt_pkcs1(key, *ciphertext), Bytes(48, 0x03));
}

// The blocks that a check for ROBOT sends.
TEST(RsaTransport, tells_every_wrong_padding) {
  const PrivateKey& key = key_of("RSA");
  const auto decrypted = [&](const Bytes& block) {
    return rsa_decrypt_pkcs1(key, rsa_encrypt_raw(public_of(key), block).value());
  };
  const Bytes right = block_of(Bytes(48, 0x03));
  EXPECT_TRUE(decrypted(right));
  Bytes of_signatures = right;
  of_signatures[1] = 0x01;
  EXPECT_FALSE(decrypted(of_signatures));
  Bytes first_not_zero = right;
  first_not_zero[0] = 0x01;
  EXPECT_FALSE(decrypted(first_not_zero));
  Bytes early_zero = right;
  early_zero[9] = 0x00;
  EXPECT_FALSE(decrypted(early_zero));
  Bytes short_padding = right;
  short_padding[10] = 0x00;  // eight octets, which is enough
  EXPECT_EQ(decrypted(short_padding)->size(), 245U);
  Bytes no_zero(256, 0x5a);
  no_zero[0] = 0x00;
  no_zero[1] = 0x02;
  EXPECT_FALSE(decrypted(no_zero));
}

TEST(RsaTransport, has_nothing_for_what_does_not_fit) {
  const PrivateKey& key = key_of("RSA");
  EXPECT_FALSE(rsa_encrypt_raw(public_of(key), Bytes(255, 1)));
  EXPECT_FALSE(rsa_encrypt_raw(public_of(key), Bytes(256, 0xff)));  // not below the modulus
  EXPECT_FALSE(rsa_encrypt_pkcs1(public_of(key), Bytes(246, 1)));
  EXPECT_FALSE(rsa_encrypt_pkcs1(public_of(key_of("P-256")), Bytes(48)));
  EXPECT_FALSE(rsa_encrypt_raw(public_of(key_of("P-256")), {}));
  for (const std::size_t size : {0U, 1U, 128U, 255U, 257U}) {
    EXPECT_FALSE(rsa_decrypt_pkcs1(key, Bytes(size, 1))) << size;
  }
  EXPECT_FALSE(rsa_decrypt_raw(key, Bytes(256, 0xff)));
  EXPECT_FALSE(rsa_decrypt_raw(key_of("P-256"), Bytes(32, 1)));
  EXPECT_FALSE(pkcs1_message({}));
  EXPECT_EQ(pkcs1_message(Bytes{0, 2, 1, 1, 1, 1, 1, 1, 1, 1, 0}), Bytes());
}

}  // namespace
}  // namespace assay
