#include "harness/protocol/wildmat.h"

#include <gtest/gtest.h>

#include <string>

namespace assay {
namespace {

bool matches(std::string_view wildmat, std::string_view name) {
  const auto parsed = Wildmat::parse(wildmat);
  EXPECT_TRUE(parsed) << wildmat;
  return parsed && parsed->matches(name);
}

TEST(Wildmat, the_rightmost_pattern_that_matches_decides) {
  // RFC 3977 §4.2 has these.
  EXPECT_TRUE(matches("a*,!*b,*c*", "aaa"));
  EXPECT_FALSE(matches("a*,!*b,*c*", "abb"));
  EXPECT_TRUE(matches("a*,!*b,*c*", "ccb"));
  EXPECT_FALSE(matches("a*,!*b,*c*", "xxx"));
}

TEST(Wildmat, is_anchored_at_both_ends) {
  EXPECT_TRUE(matches("abc", "abc"));
  EXPECT_FALSE(matches("abc", "abcd"));
  EXPECT_FALSE(matches("bc", "abc"));
  EXPECT_TRUE(matches("*", ""));
  EXPECT_TRUE(matches("a**", "a"));
  EXPECT_TRUE(matches("*a??", "xaaxy"));
  EXPECT_FALSE(matches("?", ""));
}

TEST(Wildmat, wildcards_stand_for_characters_not_octets) {
  EXPECT_TRUE(matches("?a*",
                      "\xc2\xa3"
                      "ab"));
  EXPECT_FALSE(matches("??", "\xc2\xa3"));
  EXPECT_FALSE(matches("*??", "\xc2\xa3"));
  EXPECT_TRUE(matches("\xc2\xa3", "\xc2\xa3"));
}

TEST(Wildmat, what_its_grammar_leaves_out_is_refused) {
  for (const auto* text : {"", ",", "a,", ",a", "a,,b", "!a", "a,!", "a,!!b", "u[ks].*", "a\\b",
                           "a b", "a]", "a!b", "a\x7f", "a\x01"}) {
    EXPECT_FALSE(Wildmat::parse(text)) << text;
  }
}

TEST(Wildmat, hostile_patterns_stay_cheap) {
  const std::string name(500, 'a');
  std::string stars;
  for (int i = 0; i < 120; ++i) stars += "*a";
  EXPECT_FALSE(matches(stars + "*b", name));
}

}  // namespace
}  // namespace assay
