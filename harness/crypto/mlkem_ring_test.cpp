#include "harness/crypto/mlkem_ring.h"

#include "harness/base/entropy.h"

#include <gtest/gtest.h>

namespace assay::crypto {
namespace {

Polynomial any_polynomial(std::uint64_t seed) {
  Entropy entropy(seed);
  Polynomial f{};
  for (std::uint16_t& coefficient : f) {
    coefficient = static_cast<std::uint16_t>(entropy.below(kModulus));
  }
  return f;
}

/// The product modulo X^256 + 1 (FIPS 203 §2.4), by hand.
Polynomial product_by_hand(const Polynomial& f, const Polynomial& g) {
  Polynomial result{};
  for (std::size_t i = 0; i < kCoefficients; ++i) {
    for (std::size_t j = 0; j < kCoefficients; ++j) {
      const std::uint32_t term = std::uint32_t{f[i]} * g[j] % kModulus;
      std::uint16_t& to = result[(i + j) % kCoefficients];
      to = i + j < kCoefficients ? sum(to, term) : difference(to, term);
    }
  }
  return result;
}

TEST(MlKemRing, comes_back_from_the_transform) {
  const Polynomial f = any_polynomial(1);
  Polynomial there = f;
  transform(there);
  EXPECT_NE(there, f);
  transform_back(there);
  EXPECT_EQ(there, f);
}

TEST(MlKemRing, multiplies_transforms_as_one_multiplies_by_hand) {
  const Polynomial f = any_polynomial(2);
  const Polynomial g = any_polynomial(3);
  Polynomial f_there = f;
  Polynomial g_there = g;
  transform(f_there);
  transform(g_there);
  Polynomial result{};
  add_product(result, f_there, g_there);
  transform_back(result);
  EXPECT_EQ(result, product_by_hand(f, g));
}

TEST(MlKemRing, takes_away_what_it_added) {
  const Polynomial f = any_polynomial(4);
  const Polynomial g = any_polynomial(5);
  Polynomial result = f;
  add(result, g);
  EXPECT_NE(result, f);
  subtract(result, g);
  EXPECT_EQ(result, f);
}

TEST(MlKemRing, reads_what_it_wrote_at_every_width) {
  for (std::size_t bits = 1; bits <= kCoefficientBits; ++bits) {
    Polynomial f = any_polynomial(bits);
    for (std::uint16_t& coefficient : f) {
      coefficient = static_cast<std::uint16_t>(coefficient & ((1U << bits) - 1));
    }
    Bytes octets;
    encode(octets, f, bits);
    EXPECT_EQ(octets.size(), 32 * bits);
    EXPECT_EQ(decode(octets, bits), f) << bits;
  }
}

// FIPS 203 §4.2.1: what was decompressed compresses to the same; the other way round, the error is
// at most half a step.
TEST(MlKemRing, compresses_what_it_decompressed) {
  for (std::size_t bits = 1; bits < kCoefficientBits; ++bits) {
    for (std::uint32_t first = 0; first < 1U << bits; first += kCoefficients) {
      Polynomial f{};
      for (std::size_t i = 0; i < kCoefficients; ++i) {
        f[i] = static_cast<std::uint16_t>((first + i) & ((1U << bits) - 1));
      }
      Polynomial there = f;
      decompress(there, bits);
      compress(there, bits);
      EXPECT_EQ(there, f) << bits;
    }
  }
}

TEST(MlKemRing, compresses_to_the_nearest_step) {
  // One bit: q/4 and 3q/4 are where it turns.
  Polynomial f{0, 832, 833, 2496, 2497, 3328};
  compress(f, 1);
  const Polynomial expected{0, 0, 1, 1, 0, 0};
  EXPECT_EQ(f, expected);
}

}  // namespace
}  // namespace assay::crypto
