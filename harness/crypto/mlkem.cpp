#include "harness/crypto/mlkem.h"

#include "harness/crypto/evp.h"
#include "harness/crypto/mlkem_ring.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <stdexcept>

namespace assay {
namespace {

using crypto::kCoefficientBits;
using crypto::kCoefficients;
using crypto::kModulus;
using crypto::Polynomial;
using crypto::require;

// FIPS 203 §8, table 2: ML-KEM-768. The noise has the same width in both places.
constexpr std::size_t kRank = 3;
constexpr std::size_t kNoiseWidth = 2;
constexpr std::size_t kBitsOfU = 10;
constexpr std::size_t kBitsOfV = 4;
constexpr std::size_t kVectorSize = kRank * kCoefficients * kCoefficientBits / 8;
constexpr std::size_t kSizeOfU = kRank * kCoefficients * kBitsOfU / 8;

using PolynomialVector = std::array<Polynomial, kRank>;

Polynomial inner_product(const PolynomialVector& a, const PolynomialVector& b) {
  Polynomial result{};
  for (std::size_t i = 0; i < kRank; ++i) crypto::add_product(result, a[i], b[i]);
  return result;
}

void encode_vector(Bytes& to, const PolynomialVector& vector, std::size_t bits) {
  for (const Polynomial& f : vector) crypto::encode(to, f, bits);
}

PolynomialVector decode_vector(View octets, std::size_t bits) {
  PolynomialVector vector;
  const std::size_t size = kCoefficients / 8 * bits;
  for (std::size_t i = 0; i < kRank; ++i)
    vector[i] = crypto::decode(octets.subspan(i * size, size), bits);
  return vector;
}

/// Hashes one message after another in one context.
class Sponge {
 public:
  Sponge() : context_(EVP_MD_CTX_new()) { require(context_ != nullptr, "a digest context"); }

  /// `size` octets of an extendable output.
  Bytes squeeze(const EVP_MD* function, std::initializer_list<View> message, std::size_t size) {
    absorb(function, message);
    Bytes output(size);
    require(EVP_DigestFinalXOF(context_.get(), output.data(), size) == 1, "an extendable output");
    return output;
  }
  /// FIPS 203 §4.1: H.
  Bytes h(View message) { return digest(crypto::primitives().sha3_256(), {message}, 32); }
  /// FIPS 203 §4.1: G, both halves.
  Bytes g(std::initializer_list<View> message) {
    return digest(crypto::primitives().sha3_512(), message, 64);
  }

 private:
  void absorb(const EVP_MD* function, std::initializer_list<View> message) {
    require(EVP_DigestInit_ex2(context_.get(), function, nullptr) == 1, "a digest");
    for (const View part : message) {
      require(EVP_DigestUpdate(context_.get(), part.data(), part.size()) == 1, "a digest's input");
    }
  }
  Bytes digest(const EVP_MD* function, std::initializer_list<View> message, std::size_t size) {
    absorb(function, message);
    Bytes output(size);
    require(EVP_DigestFinal_ex(context_.get(), output.data(), nullptr) == 1, "a digest's output");
    return output;
  }

  crypto::OwnedDigestContext context_;
};

/// FIPS 203 §4.2.2, algorithm 7.
Polynomial sample_uniform(Sponge& sponge, View rho, std::uint8_t column, std::uint8_t row) {
  const std::uint8_t indices[] = {column, row};
  // Three blocks of SHAKE128 are enough for 99 of 100. OpenSSL 3.0 squeezes once only, so that more
  // octets are had by hashing again.
  for (std::size_t size = 3 * std::size_t{168};; size *= 2) {
    const Bytes octets = sponge.squeeze(crypto::primitives().shake128(), {rho, indices}, size);
    Polynomial f{};
    std::size_t count = 0;
    for (std::size_t i = 0; i < size && count < kCoefficients; i += 3) {
      const std::uint32_t three =
          octets[i] | std::uint32_t{octets[i + 1]} << 8 | std::uint32_t{octets[i + 2]} << 16;
      for (const std::uint32_t candidate : {three & 0xfffU, three >> 12}) {
        if (candidate < kModulus && count < kCoefficients) {
          f[count++] = static_cast<std::uint16_t>(candidate);
        }
      }
    }
    if (count == kCoefficients) return f;
  }
}

/// FIPS 203 §4.2.2, algorithm 8, from the octets that PRF gives (§4.1).
Polynomial sample_noise(Sponge& sponge, View seed, std::uint8_t number) {
  constexpr std::size_t kOctets = 64 * kNoiseWidth;
  const Bytes octets =
      sponge.squeeze(crypto::primitives().shake256(), {seed, {&number, 1}}, kOctets);
  Polynomial f{};
  for (std::size_t i = 0; i < kCoefficients; ++i) {
    // Four bits: the count in the lower two minus the count in the upper two.
    const std::uint32_t bits = std::uint32_t{octets[i / 2]} >> (4 * (i % 2));
    f[i] = crypto::difference((bits & 1U) + (bits >> 1 & 1U), (bits >> 2 & 1U) + (bits >> 3 & 1U));
  }
  return f;
}

PolynomialVector sample_noise_vector(Sponge& sponge, View seed, std::uint8_t first) {
  PolynomialVector vector;
  for (Polynomial& f : vector) f = sample_noise(sponge, seed, first++);
  return vector;
}

enum class Matrix { as_sampled, transposed };

/// The product of the public matrix and a vector, both transformed.
PolynomialVector matrix_product(Sponge& sponge, View rho, const PolynomialVector& vector,
                                Matrix matrix) {
  PolynomialVector result{};
  for (std::uint8_t i = 0; i < kRank; ++i) {
    for (std::uint8_t j = 0; j < kRank; ++j) {
      const bool as_sampled = matrix == Matrix::as_sampled;
      const Polynomial element =
          sample_uniform(sponge, rho, as_sampled ? j : i, as_sampled ? i : j);
      crypto::add_product(result[i], element, vector[j]);
    }
  }
  return result;
}

/// FIPS 203 §5.2, algorithm 14.
Bytes encrypt(Sponge& sponge, View encapsulation_key, View message, View seed) {
  const PolynomialVector t = decode_vector(encapsulation_key.first(kVectorSize), kCoefficientBits);
  PolynomialVector y = sample_noise_vector(sponge, seed, 0);
  for (Polynomial& f : y) crypto::transform(f);
  PolynomialVector u =
      matrix_product(sponge, encapsulation_key.subspan(kVectorSize), y, Matrix::transposed);
  const PolynomialVector noise = sample_noise_vector(sponge, seed, kRank);
  Bytes ciphertext;
  ciphertext.reserve(kMlKem768CiphertextSize);
  for (std::size_t i = 0; i < kRank; ++i) {
    crypto::transform_back(u[i]);
    crypto::add(u[i], noise[i]);
    crypto::compress(u[i], kBitsOfU);
  }
  encode_vector(ciphertext, u, kBitsOfU);

  Polynomial v = inner_product(t, y);
  crypto::transform_back(v);
  crypto::add(v, sample_noise(sponge, seed, 2 * kRank));
  Polynomial mu = crypto::decode(message, 1);
  crypto::decompress(mu, 1);
  crypto::add(v, mu);
  crypto::compress(v, kBitsOfV);
  crypto::encode(ciphertext, v, kBitsOfV);
  return ciphertext;
}

/// FIPS 203 §5.3, algorithm 15; `key` is the vector s alone.
Bytes decrypt(View key, View ciphertext) {
  PolynomialVector u = decode_vector(ciphertext.first(kSizeOfU), kBitsOfU);
  Polynomial v = crypto::decode(ciphertext.subspan(kSizeOfU), kBitsOfV);
  for (Polynomial& f : u) {
    crypto::decompress(f, kBitsOfU);
    crypto::transform(f);
  }
  crypto::decompress(v, kBitsOfV);
  Polynomial noise = inner_product(decode_vector(key, kCoefficientBits), u);
  crypto::transform_back(noise);
  crypto::subtract(v, noise);
  crypto::compress(v, 1);
  Bytes message;
  crypto::encode(message, v, 1);
  return message;
}

void require_seed(View seed) {
  if (seed.size() != kMlKemSeedSize) throw std::invalid_argument("a seed of ML-KEM is 32 octets");
}

}  // namespace

MlKem768Key mlkem768_generate(View d, View z) {
  require_seed(d);
  require_seed(z);
  Sponge sponge;
  // FIPS 203 §5.1, algorithm 13: the rank goes into the hash, so that a seed of one parameter set
  // is none of another.
  constexpr std::uint8_t kRankOctet = kRank;
  const Bytes seeds = sponge.g({d, {&kRankOctet, 1}});
  const View rho = View(seeds).first(32);
  const View sigma = View(seeds).last(32);
  PolynomialVector s = sample_noise_vector(sponge, sigma, 0);
  PolynomialVector e = sample_noise_vector(sponge, sigma, kRank);
  for (Polynomial& f : s) crypto::transform(f);
  for (Polynomial& f : e) crypto::transform(f);
  PolynomialVector t = matrix_product(sponge, rho, s, Matrix::as_sampled);
  for (std::size_t i = 0; i < kRank; ++i) crypto::add(t[i], e[i]);

  MlKem768Key key;
  key.encapsulation_key.reserve(kMlKem768EncapsulationKeySize);
  encode_vector(key.encapsulation_key, t, kCoefficientBits);
  append(key.encapsulation_key, rho);
  // FIPS 203 §6.1, algorithm 16.
  key.decapsulation_key.reserve(kMlKem768DecapsulationKeySize);
  encode_vector(key.decapsulation_key, s, kCoefficientBits);
  append(key.decapsulation_key, key.encapsulation_key);
  append(key.decapsulation_key, sponge.h(key.encapsulation_key));
  append(key.decapsulation_key, z);
  return key;
}

std::optional<MlKem768Encapsulated> mlkem768_encapsulate(View encapsulation_key, View m) {
  require_seed(m);
  if (encapsulation_key.size() != kMlKem768EncapsulationKeySize) return std::nullopt;
  // FIPS 203 §7.2: the modulus check, every coefficient is below q.
  for (const Polynomial& f :
       decode_vector(encapsulation_key.first(kVectorSize), kCoefficientBits)) {
    if (*std::max_element(f.begin(), f.end()) >= kModulus) return std::nullopt;
  }
  // FIPS 203 §6.2, algorithm 17.
  Sponge sponge;
  const Bytes secret_and_seed = sponge.g({m, sponge.h(encapsulation_key)});
  return MlKem768Encapsulated{encrypt(sponge, encapsulation_key, m, View(secret_and_seed).last(32)),
                              bytes_of(View(secret_and_seed).first(32))};
}

std::optional<Bytes> mlkem768_decapsulate(View decapsulation_key, View ciphertext) {
  if (decapsulation_key.size() != kMlKem768DecapsulationKeySize ||
      ciphertext.size() != kMlKem768CiphertextSize) {
    return std::nullopt;
  }
  // FIPS 203 §6.3, algorithm 18.
  const View key = decapsulation_key.first(kVectorSize);
  const View encapsulation_key =
      decapsulation_key.subspan(kVectorSize, kMlKem768EncapsulationKeySize);
  const View hash = decapsulation_key.last(64).first(32);
  const View z = decapsulation_key.last(32);
  Sponge sponge;
  const Bytes message = decrypt(key, ciphertext);
  const Bytes secret_and_seed = sponge.g({message, hash});
  const Bytes again = encrypt(sponge, encapsulation_key, message, View(secret_and_seed).last(32));
  if (equal(again, ciphertext)) return bytes_of(View(secret_and_seed).first(32));
  // What another end gets for it is J(z || c): an answer as good as chance, and no sign of failure.
  return sponge.squeeze(crypto::primitives().shake256(), {z, ciphertext}, 32);
}

}  // namespace assay
