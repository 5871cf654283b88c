// FixedChance: while it lives, what OpenSSL draws at random is the same every time, so that an
// input does the same whenever it runs, and a handshake that was recorded plays again. Used by the
// targets that speak TLS; nothing here is secret.
#pragma once

#include <cstdint>

namespace assay::fuzz {

/// The whole process draws from it. One may live within another.
class FixedChance {
 public:
  /// Draws go on from `state`, and are counted in it: a generator a party.
  explicit FixedChance(std::uint64_t& state);
  ~FixedChance();
  FixedChance(const FixedChance&) = delete;
  FixedChance& operator=(const FixedChance&) = delete;

 private:
  std::uint64_t* before_;
};

}  // namespace assay::fuzz
