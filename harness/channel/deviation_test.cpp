#include "harness/channel/deviation.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

constexpr Deviation kLenient = {.tolerated = {Sin::bad_record_tag, Sin::record_replayed}};
static_assert(kLenient.tolerated.has(Sin::record_replayed));

TEST(Deviation, is_honest_when_it_tolerates_nothing) {
  EXPECT_TRUE(Deviation{}.honest());
  EXPECT_FALSE(kLenient.honest());
}

}  // namespace
}  // namespace assay
