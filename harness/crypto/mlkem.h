// ML-KEM-768 (FIPS 203), which OpenSSL has from 3.5 on only; all chance is the caller's. Used by
// the key exchange of X25519MLKEM768. It makes no promise about its timing.
#pragma once

#include "harness/base/bytes.h"

#include <optional>

namespace assay {

/// FIPS 203 §8, table 3.
inline constexpr std::size_t kMlKem768EncapsulationKeySize = 1184;
inline constexpr std::size_t kMlKem768DecapsulationKeySize = 2400;
inline constexpr std::size_t kMlKem768CiphertextSize = 1088;
/// Of the shared secret, and of each seed: d, z and m.
inline constexpr std::size_t kMlKemSeedSize = 32;

struct MlKem768Key {
  Bytes encapsulation_key;
  Bytes decapsulation_key;
};
/// FIPS 203 §6.1, from its two seeds; std::invalid_argument when they are not 32 octets each.
[[nodiscard]] MlKem768Key mlkem768_generate(View d, View z);

struct MlKem768Encapsulated {
  Bytes ciphertext;
  Bytes shared_secret;
};
/// FIPS 203 §6.2, with the checks of §7.2: nothing when the key has another size, or a coefficient
/// that is not reduced. std::invalid_argument when `m` is not 32 octets.
[[nodiscard]] std::optional<MlKem768Encapsulated> mlkem768_encapsulate(View encapsulation_key,
                                                                       View m);

/// FIPS 203 §6.3: nothing when a size is wrong. A ciphertext that was not made for this key gives a
/// secret that nobody else knows.
[[nodiscard]] std::optional<Bytes> mlkem768_decapsulate(View decapsulation_key, View ciphertext);

}  // namespace assay
