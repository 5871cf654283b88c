#include "fuzz/feedback.h"

#include "harness/base/entropy.h"

#include <cstdint>
#include <iterator>

namespace assay::fuzz {
namespace {

// libFuzzer finds them by the name of their section, and clears them for every input.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
[[gnu::section("__libfuzzer_extra_counters")]] std::uint8_t counters[4096];

}  // namespace

void note(std::string_view what) {
  std::uint8_t& counter = counters[stable_hash(what) % std::size(counters)];
  if (counter < UINT8_MAX) ++counter;
}

}  // namespace assay::fuzz
