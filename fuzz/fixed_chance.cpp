#include "fuzz/fixed_chance.h"

#include "fuzz/target.h"

#include <openssl/rand.h>

#include <cstring>

namespace assay::fuzz {
namespace {

/// OpenSSL calls a function without an argument: there is nowhere else to keep it.
std::uint64_t*& state() {
  static std::uint64_t unclaimed = 0;
  static std::uint64_t* current = &unclaimed;
  return current;
}

/// SplitMix64, as Entropy.
std::uint64_t next() {
  std::uint64_t z = *state() += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30U) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27U) * 0x94d049bb133111eb;
  return z ^ z >> 31U;
}

int draw(unsigned char* to, int count) {
  auto left = static_cast<std::size_t>(count);
  while (left > 0) {
    const std::uint64_t drawn = next();
    const std::size_t part = left < sizeof drawn ? left : sizeof drawn;
    std::memcpy(to, &drawn, part);
    to += part;
    left -= part;
  }
  return 1;
}

int drawn_well() { return 1; }

// OpenSSL 3.0 would rather have a provider; what this replaces goes for all of its generators.
bool install() {
  static const RAND_METHOD kMethod = {nullptr, draw, nullptr, nullptr, draw, drawn_well};
  return RAND_set_rand_method(&kMethod) == 1;
}

}  // namespace

FixedChance::FixedChance(std::uint64_t& state_of) : before_(state()) {
  static const bool kInstalled = install();
  require(kInstalled, "OpenSSL draws from a generator of our own");
  state() = &state_of;
}

FixedChance::~FixedChance() { state() = before_; }

}  // namespace assay::fuzz
