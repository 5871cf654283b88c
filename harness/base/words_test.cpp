#include "harness/base/words.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(Glob, stars_stand_for_any_run) {
  EXPECT_TRUE(glob_matches("integrity.*", "integrity.aead.tag"));
  EXPECT_TRUE(glob_matches("*.aead.*", "integrity.aead.tag"));
  EXPECT_TRUE(glob_matches("*", ""));
  EXPECT_TRUE(glob_matches("a?c", "abc"));
  EXPECT_FALSE(glob_matches("a?c", "ac"));
  EXPECT_FALSE(glob_matches("integrity", "integrity.aead.tag"));
}

TEST(DidYouMean, finds_a_slip_and_leaves_strangers_alone) {
  constexpr std::string_view kWords[] = {"check", "serve", "selftest"};
  EXPECT_EQ(did_you_mean("chekc", kWords), "check");
  EXPECT_EQ(did_you_mean("slftest", kWords), "selftest");
  EXPECT_FALSE(did_you_mean("banana", kWords));
}

TEST(Words, compare_ascii_without_case) {
  EXPECT_TRUE(equals_ignoring_case("StartTLS", "STARTTLS"));
  EXPECT_FALSE(equals_ignoring_case("START", "STARTTLS"));
  EXPECT_TRUE(starts_with_ignoring_case("mail from:<>", "MAIL FROM:"));
}

TEST(Words, numbers_are_decimal_and_bounded) {
  EXPECT_EQ(parse_number("25", 65535), 25U);
  EXPECT_FALSE(parse_number("65536", 65535));
  EXPECT_FALSE(parse_number("-1"));
  EXPECT_FALSE(parse_number("1 "));
  EXPECT_FALSE(parse_number(""));
  EXPECT_FALSE(parse_number("99999999999999999999"));
}

TEST(Words, splitting_drops_what_is_empty) {
  EXPECT_EQ(split_words("  a  bc "), (std::vector<std::string_view>{"a", "bc"}));
}

}  // namespace
}  // namespace assay
