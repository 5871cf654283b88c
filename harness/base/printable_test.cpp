#include "harness/base/printable.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(Printable, shows_line_ends_and_escapes_the_rest) {
  EXPECT_EQ(printable("220 hi\r\n"), "220 hi\\r\\n");
  EXPECT_EQ(printable("\x1b]0;title\x07\\"), "\\x1b]0;title\\x07\\\\");
  EXPECT_EQ(printable("\xc2\x9b\xe2\x80\xae"), "\\xc2\\x9b\\xe2\\x80\\xae");
}

TEST(Printable, cuts_what_is_long_and_says_how_much) {
  EXPECT_EQ(printable("abcdef", 4), "abcd... (+2 bytes)");
  EXPECT_EQ(printable("abcd", 4), "abcd");
}

TEST(Printable, lets_nothing_but_printable_ascii_through) {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  for (const char c : printable(all)) {
    EXPECT_GE(c, 0x20);
    EXPECT_LT(c, 0x7f);
  }
}

}  // namespace
}  // namespace assay
