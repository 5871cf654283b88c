#include "harness/crypto/mlkem_ring.h"

namespace assay::crypto {
namespace {

constexpr std::uint16_t product(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::uint16_t>(a * b % kModulus);
}

/// 17 to the power of BitRev7(i), for each i; 17 is a 256th root of unity.
constexpr std::array<std::uint16_t, 128> roots() {
  std::array<std::uint16_t, 128> powers{};
  for (std::size_t i = 0; i < powers.size(); ++i) {
    std::size_t exponent = 0;
    for (std::size_t bit = 0; bit < 7; ++bit) exponent |= ((i >> bit) & 1U) << (6 - bit);
    std::uint16_t power = 1;
    for (std::size_t step = 0; step < exponent; ++step) power = product(power, 17);
    powers[i] = power;
  }
  return powers;
}
constexpr std::array<std::uint16_t, 128> kRoots = roots();

}  // namespace

void add(Polynomial& to, const Polynomial& other) {
  for (std::size_t i = 0; i < kCoefficients; ++i) to[i] = sum(to[i], other[i]);
}

void subtract(Polynomial& from, const Polynomial& other) {
  for (std::size_t i = 0; i < kCoefficients; ++i) from[i] = difference(from[i], other[i]);
}

void transform(Polynomial& f) {
  std::size_t root = 1;
  for (std::size_t length = 128; length >= 2; length /= 2) {
    for (std::size_t start = 0; start < kCoefficients; start += 2 * length) {
      const std::uint16_t zeta = kRoots[root++];
      for (std::size_t j = start; j < start + length; ++j) {
        const std::uint16_t t = product(zeta, f[j + length]);
        f[j + length] = difference(f[j], t);
        f[j] = sum(f[j], t);
      }
    }
  }
}

void transform_back(Polynomial& f) {
  std::size_t root = 127;
  for (std::size_t length = 2; length <= 128; length *= 2) {
    for (std::size_t start = 0; start < kCoefficients; start += 2 * length) {
      const std::uint16_t zeta = kRoots[root--];
      for (std::size_t j = start; j < start + length; ++j) {
        const std::uint16_t t = f[j];
        f[j] = sum(t, f[j + length]);
        f[j + length] = product(zeta, difference(f[j + length], t));
      }
    }
  }
  constexpr std::uint16_t kInverseOf128 = 3303;
  for (std::uint16_t& coefficient : f) coefficient = product(coefficient, kInverseOf128);
}

void add_product(Polynomial& to, const Polynomial& f, const Polynomial& g) {
  for (std::size_t i = 0; i < kCoefficients; i += 2) {
    // FIPS 203 §4.3.1, algorithm 12: the modulus of a pair is X^2 - gamma, and the gammas of two
    // neighbours are each other's negatives.
    const std::uint16_t root = kRoots[64 + i / 4];
    const std::uint16_t gamma = i % 4 == 0 ? root : difference(0, root);
    const std::uint32_t f0 = f[i];
    const std::uint32_t f1 = f[i + 1];
    const std::uint32_t g0 = g[i];
    const std::uint32_t g1 = g[i + 1];
    const std::uint32_t odd = product(product(f1, g1), gamma);
    to[i] = sum(to[i], f0 * g0 + odd);
    to[i + 1] = sum(to[i + 1], f0 * g1 + f1 * g0);
  }
}

void encode(Bytes& to, const Polynomial& f, std::size_t bits) {
  std::uint32_t pending = 0;
  std::size_t count = 0;
  for (const std::uint16_t coefficient : f) {
    pending |= std::uint32_t{coefficient} << count;
    for (count += bits; count >= 8; count -= 8) {
      to.push_back(static_cast<std::uint8_t>(pending));
      pending >>= 8;
    }
  }
}

Polynomial decode(View octets, std::size_t bits) {
  Polynomial f{};
  std::uint32_t pending = 0;
  std::size_t count = 0;
  std::size_t next = 0;
  for (std::uint16_t& coefficient : f) {
    for (; count < bits; count += 8) pending |= std::uint32_t{octets[next++]} << count;
    coefficient = static_cast<std::uint16_t>(pending & ((1U << bits) - 1));
    pending >>= bits;
    count -= bits;
  }
  return f;
}

void compress(Polynomial& f, std::size_t bits) {
  const std::uint32_t mask = (1U << bits) - 1;
  for (std::uint16_t& coefficient : f) {
    const std::uint32_t nearest = ((std::uint32_t{coefficient} << bits) + kModulus / 2) / kModulus;
    coefficient = static_cast<std::uint16_t>(nearest & mask);
  }
}

void decompress(Polynomial& f, std::size_t bits) {
  const std::uint32_t half = 1U << (bits - 1);
  for (std::uint16_t& coefficient : f) {
    coefficient = static_cast<std::uint16_t>((coefficient * kModulus + half) >> bits);
  }
}

}  // namespace assay::crypto
