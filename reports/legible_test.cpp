#include "reports/legible.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(OneLine, keeps_what_is_legible_and_shows_the_rest) {
  EXPECT_EQ(one_line("RFC 3207 §4.2: a\\r"), "RFC 3207 §4.2: a\\r");
  EXPECT_EQ(one_line("a\r\nb\x1b[2J"), "a\\r\\nb\\x1b[2J");
  EXPECT_EQ(one_line("caf\xc3\xa9"), "caf\\xc3\\xa9");
  EXPECT_EQ(one_line("\xc2"), "\\xc2");
  EXPECT_EQ(one_line(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(one_line("abcdef", 4), "abcd... (+2 bytes)");
}

TEST(Times, are_utc_and_exact) {
  const std::chrono::system_clock::time_point at(Milliseconds(1'795'528'931'204));
  EXPECT_EQ(time_of_day(at), "14:02:11.204");
  EXPECT_EQ(timestamp(at), "2026-11-24T14:02:11Z");
  EXPECT_EQ(seconds(Milliseconds(61'007)), "61.007");
}

TEST(Numbers, take_a_plural) {
  EXPECT_EQ(number_of(0, "case"), "0 cases");
  EXPECT_EQ(number_of(1, "case"), "1 case");
}

}  // namespace
}  // namespace assay
