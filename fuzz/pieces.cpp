#include "fuzz/pieces.h"

#include "harness/base/entropy.h"

#include <algorithm>
#include <array>

namespace assay::fuzz {

std::vector<View> pieces(View octets, std::uint8_t seed) {
  static constexpr std::array<std::size_t, 4> kLongest = {1, 4, 32, 512};
  const std::size_t longest = kLongest[seed & 3U];
  Entropy chance(seed);
  std::vector<View> cut;
  cut.reserve(octets.size() / ((longest + 1) / 2) + 1);
  while (!octets.empty()) {
    // A mask in place of Entropy::below(): the lengths are powers of two, and divisions are slow.
    const std::size_t length = 1 + (chance.next() & (longest - 1));
    cut.push_back(octets.first(std::min(length, octets.size())));
    octets = octets.subspan(cut.back().size());
  }
  return cut;
}

}  // namespace assay::fuzz
