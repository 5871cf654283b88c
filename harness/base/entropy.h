// Entropy: where chance comes from. Seeded, so that a case repeats; the system's, where keys are
// made. The seed of a case is hash(run seed, case id), whatever ran before it (DESIGN: time,
// chance).
#pragma once

#include "harness/base/bytes.h"

#include <string>
#include <string_view>

namespace assay {

/// A stable 64-bit hash (FNV-1a, then mixed), equal on every machine: shards and seeds depend on
/// it.
[[nodiscard]] std::uint64_t stable_hash(std::string_view text, std::uint64_t seed = 0);

class Entropy {
 public:
  explicit Entropy(std::uint64_t seed) : state_(seed) {}

  /// SplitMix64: good enough to pick and to label, never for keys.
  std::uint64_t next();
  /// Uniform in [0, bound); bound > 0.
  std::uint64_t below(std::uint64_t bound);
  Bytes bytes(std::size_t count);
  /// Lower-case letters and digits, a letter first: fits every protocol's idea of a word.
  std::string word(std::size_t length = 12);

 private:
  std::uint64_t state_;
};

/// A seed from the system, for runs that were not told one.
[[nodiscard]] std::uint64_t system_seed();

}  // namespace assay
