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

TEST(Sins, are_a_set) {
  Sins sins;
  sins.set(Sin::half_record_tag);
  EXPECT_TRUE(sins.has(Sin::half_record_tag));
  EXPECT_FALSE(sins.has(Sin::bad_record_tag));
  EXPECT_EQ(sins | Sins({Sin::bad_record_tag}), (Sins{Sin::bad_record_tag, Sin::half_record_tag}));
}

TEST(Sins, are_found_by_their_slugs) {
  for (const Sin sin : kSins) EXPECT_EQ(find_sin(slug_of(sin)), sin);
  EXPECT_FALSE(find_sin("greed"));
}

}  // namespace
}  // namespace assay
