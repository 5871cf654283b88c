#include "harness/crypto/mlkem.h"

#include "harness/base/hex.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <stdexcept>

namespace assay {
namespace {

Bytes octets_of(std::string_view hex) { return from_hex(hex).value(); }

MlKem768Key some_key() { return mlkem768_generate(Bytes(32, 1), Bytes(32, 2)); }

/// SHAKE of everything that is put in; the test's own, apart from what it tests.
class Shake {
 public:
  explicit Shake(const EVP_MD* function) { EVP_DigestInit_ex(context_.get(), function, nullptr); }
  void put(View octets) { EVP_DigestUpdate(context_.get(), octets.data(), octets.size()); }
  Bytes take(std::size_t size) {
    Bytes output(size);
    EVP_DigestFinalXOF(context_.get(), output.data(), size);
    return output;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_{EVP_MD_CTX_new(),
                                                                   &EVP_MD_CTX_free};
};

// The accumulated vectors of C2SP CCTV (ML-KEM), for FIPS 203 as published: seeds, messages and
// ciphertexts of no meaning come from one SHAKE128, all results go into another. The count of 100
// is that of mlkem-js, which 10,000 of CCTV itself agree with.
TEST(MlKem768, agrees_with_a_hundred_accumulated_vectors) {
  constexpr std::size_t kCount = 100;
  constexpr std::size_t kDrawn = 3 * kMlKemSeedSize + kMlKem768CiphertextSize;
  const Bytes chance = Shake(EVP_shake128()).take(kCount * kDrawn);
  Shake results(EVP_shake128());
  for (std::size_t i = 0; i < kCount; ++i) {
    const View drawn = View(chance).subspan(i * kDrawn, kDrawn);
    const MlKem768Key key = mlkem768_generate(drawn.first(32), drawn.subspan(32, 32));
    const auto encapsulated =
        mlkem768_encapsulate(key.encapsulation_key, drawn.subspan(64, 32)).value();
    EXPECT_EQ(mlkem768_decapsulate(key.decapsulation_key, encapsulated.ciphertext),
              encapsulated.shared_secret);
    results.put(key.encapsulation_key);
    results.put(key.decapsulation_key);
    results.put(encapsulated.ciphertext);
    results.put(encapsulated.shared_secret);
    results.put(mlkem768_decapsulate(key.decapsulation_key, drawn.subspan(96)).value());
  }
  EXPECT_EQ(to_hex(results.take(32)),
            "8d65b902f28edc683cebee2872962fd165a4d197c9e24ec74caa4470270df0b7");
}

// C2SP CCTV, ML-KEM/unluckysample: a matrix that takes more of SHAKE128 than three blocks.
TEST(MlKem768, hashes_again_for_an_unlucky_sample) {
  const MlKem768Key key = mlkem768_generate(
      octets_of("82c4a361586b9715c2375a45fb85c32d04be7fe6e26acd820ec5d4080093afe1"),
      octets_of("8476013560151d986dc7834dcb57c75f845f8d7ee71558d0955f3f4feb723cf2"));
  EXPECT_EQ(to_hex(View(key.encapsulation_key).first(16)), "ad568015b87690ebbe1fb438ee8a22b9");
  const auto encapsulated =
      mlkem768_encapsulate(
          key.encapsulation_key,
          octets_of("e48f74ad416e99631003ded1478aec62a02c245d88ed7f2fae92aedf13ca03b3"))
          .value();
  EXPECT_EQ(to_hex(encapsulated.shared_secret),
            "4f7cc64c040fc4e335a539691f4638caf8b1bf5da6455754afe699e41813801b");
  EXPECT_EQ(to_hex(View(encapsulated.ciphertext).first(16)), "696ef1699d5ac2aa9a012a64c60c6c21");
  EXPECT_EQ(mlkem768_decapsulate(key.decapsulation_key, encapsulated.ciphertext),
            encapsulated.shared_secret);
}

TEST(MlKem768, has_the_sizes_of_the_standard) {
  const MlKem768Key key = some_key();
  EXPECT_EQ(key.encapsulation_key.size(), kMlKem768EncapsulationKeySize);
  EXPECT_EQ(key.decapsulation_key.size(), kMlKem768DecapsulationKeySize);
  const auto encapsulated = mlkem768_encapsulate(key.encapsulation_key, Bytes(32, 3)).value();
  EXPECT_EQ(encapsulated.ciphertext.size(), kMlKem768CiphertextSize);
  EXPECT_EQ(encapsulated.shared_secret.size(), kMlKemSeedSize);
}

// FIPS 203 §6.3: J(z || c), whichever octet of the ciphertext was touched.
TEST(MlKem768, rejects_an_altered_ciphertext_without_a_sign) {
  const MlKem768Key key = some_key();
  const auto encapsulated = mlkem768_encapsulate(key.encapsulation_key, Bytes(32, 3)).value();
  for (std::size_t i = 0; i < kMlKem768CiphertextSize; i += 31) {
    Bytes ciphertext = encapsulated.ciphertext;
    ciphertext[i] ^= 1;
    Shake rejected(EVP_shake256());
    rejected.put(Bytes(32, 2));  // the z of some_key()
    rejected.put(ciphertext);
    EXPECT_EQ(mlkem768_decapsulate(key.decapsulation_key, ciphertext), rejected.take(32)) << i;
  }
}

// FIPS 203 §7.2: the modulus check, at the first and at the last coefficient.
TEST(MlKem768, refuses_a_key_with_a_coefficient_that_is_not_reduced) {
  const MlKem768Key key = some_key();
  constexpr std::size_t kLast = kMlKem768EncapsulationKeySize - 32 - 3;
  for (const std::size_t offset : {std::size_t{0}, kLast}) {
    // Two coefficients of 12 bits in three octets, the lower bits first: q is 0xd01.
    Bytes reduced = key.encapsulation_key;
    const Bytes below = octets_of("000dd0");  // q - 1 and q - 1
    std::copy(below.begin(), below.end(), reduced.begin() + static_cast<std::ptrdiff_t>(offset));
    EXPECT_TRUE(mlkem768_encapsulate(reduced, Bytes(32, 3))) << offset;
    for (const std::string_view hex : {"010dd0", "001dd0", "ff0f00", "00f0ff"}) {
      Bytes malformed = key.encapsulation_key;
      const Bytes pair = octets_of(hex);
      std::copy(pair.begin(), pair.end(), malformed.begin() + static_cast<std::ptrdiff_t>(offset));
      EXPECT_FALSE(mlkem768_encapsulate(malformed, Bytes(32, 3))) << offset << ' ' << hex;
    }
  }
}

TEST(MlKem768, refuses_other_sizes) {
  const MlKem768Key key = some_key();
  for (const std::size_t size :
       {std::size_t{0}, kMlKem768EncapsulationKeySize - 1, kMlKem768EncapsulationKeySize + 1}) {
    Bytes other = key.encapsulation_key;
    other.resize(size);
    EXPECT_FALSE(mlkem768_encapsulate(other, Bytes(32, 3))) << size;
  }
  const Bytes ciphertext(kMlKem768CiphertextSize);
  for (const std::size_t size :
       {std::size_t{0}, kMlKem768CiphertextSize - 1, kMlKem768CiphertextSize + 1}) {
    EXPECT_FALSE(mlkem768_decapsulate(key.decapsulation_key, Bytes(size))) << size;
  }
  EXPECT_FALSE(mlkem768_decapsulate(View(key.decapsulation_key).first(2399), ciphertext));
  EXPECT_FALSE(mlkem768_decapsulate({}, ciphertext));
}

TEST(MlKem768, takes_seeds_of_32_octets_only) {
  const Bytes seed(32);
  const Bytes short_seed(31);
  EXPECT_THROW(static_cast<void>(mlkem768_generate(short_seed, seed)), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(mlkem768_generate(seed, short_seed)), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(mlkem768_encapsulate(some_key().encapsulation_key, short_seed)),
               std::invalid_argument);
}

}  // namespace
}  // namespace assay
