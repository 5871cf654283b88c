// The ring of ML-KEM (FIPS 203 §2.4 and §4): polynomials of 256 coefficients modulo 3329, their
// number-theoretic transform, and how they become octets. Private to harness/crypto/mlkem*.cpp.
#pragma once

#include "harness/base/bytes.h"

#include <array>

namespace assay::crypto {

inline constexpr std::size_t kCoefficients = 256;
inline constexpr std::uint32_t kModulus = 3329;
/// What a coefficient takes when nothing of it is left out.
inline constexpr std::size_t kCoefficientBits = 12;

/// Coefficients, of a polynomial or of its transform. All but decode() give them reduced.
using Polynomial = std::array<std::uint16_t, kCoefficients>;

/// Any two numbers whose sum fits.
constexpr std::uint16_t sum(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::uint16_t>((a + b) % kModulus);
}
/// `b` is reduced.
constexpr std::uint16_t difference(std::uint32_t a, std::uint32_t b) {
  return sum(a, kModulus - b);
}

void add(Polynomial& to, const Polynomial& other);
void subtract(Polynomial& from, const Polynomial& other);

/// FIPS 203 §4.3, algorithm 9: to the representation in which products are cheap.
void transform(Polynomial& f);
/// FIPS 203 §4.3, algorithm 10.
void transform_back(Polynomial& f);
/// FIPS 203 §4.3.1, algorithm 11: adds the product of two transforms.
void add_product(Polynomial& to, const Polynomial& f, const Polynomial& g);

/// FIPS 203 §4.2.1, algorithm 5: appends the `bits` of each coefficient, the lowest first.
void encode(Bytes& to, const Polynomial& f, std::size_t bits);
/// FIPS 203 §4.2.1, algorithm 6, without its reduction: §7.2 wants to see what was there. `octets`
/// are 32 for each bit.
[[nodiscard]] Polynomial decode(View octets, std::size_t bits);

/// FIPS 203 §4.2.1, equation 4.7: to the nearest of 2^bits steps; below 12 bits.
void compress(Polynomial& f, std::size_t bits);
/// FIPS 203 §4.2.1, equation 4.8.
void decompress(Polynomial& f, std::size_t bits);

}  // namespace assay::crypto
