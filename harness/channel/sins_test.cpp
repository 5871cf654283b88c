#include "harness/channel/sins.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(Sins, are_a_set) {
  Sins sins;
  sins.set(Sin::half_record_tag);
  EXPECT_TRUE(sins.has(Sin::half_record_tag));
  EXPECT_FALSE(sins.has(Sin::bad_record_tag));
  EXPECT_EQ(sins | Sins({Sin::bad_record_tag}), (Sins{Sin::bad_record_tag, Sin::half_record_tag}));
  EXPECT_TRUE(Sins{Sin::ticket_lifetime}.has(Sin::ticket_lifetime));
  EXPECT_FALSE(Sins{Sin::ticket_lifetime}.has(Sin::bad_record_tag));
}

TEST(Sins, are_found_by_their_slugs_and_have_a_clause) {
  for (std::size_t i = 0; i < kSinCount; ++i) {
    const Sin sin{static_cast<std::uint8_t>(i)};
    EXPECT_EQ(find_sin(slug_of(sin)), sin);
    EXPECT_TRUE(clause_of(sin).starts_with("RFC ")) << slug_of(sin);
  }
  EXPECT_FALSE(find_sin("greed"));
}

}  // namespace
}  // namespace assay
