// Pieces: how an input is cut in transit. The same octets must lead to the same result, whatever
// the pieces; every target takes the seed of its cuts from its input.
#pragma once

#include "harness/base/bytes.h"

#include <vector>

namespace assay::fuzz {

/// All of `octets`, in order, in pieces that are not empty. The low two bits of `seed` choose how
/// long a piece may be (1, 4, 32, 512 octets); the whole of it where the cuts fall.
[[nodiscard]] std::vector<View> pieces(View octets, std::uint8_t seed);

}  // namespace assay::fuzz
