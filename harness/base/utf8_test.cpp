#include "harness/base/utf8.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

using namespace std::string_view_literals;

TEST(Utf8, takes_every_length_in_its_shortest_form) {
  for (const auto text : {""sv, "a\0b"sv, "\xc3\xbc"sv, "\xe2\x82\xac"sv, "\xf0\x9f\x94\x91"sv,
                          "\xed\x9f\xbf"sv, "\xf4\x8f\xbf\xbf"sv}) {
    EXPECT_TRUE(is_utf8(text)) << text.size();
  }
}

TEST(Utf8, refuses_what_rfc3629_section_4_does_not_have) {
  for (const auto text : {"\xff"sv, "\x80"sv, "\xc0\x80"sv, "\xc3"sv, "\xe0\x80\x80"sv,
                          "\xe2\x82"sv, "\xed\xa0\x80"sv, "\xf0\x80\x80\x80"sv,
                          "\xf4\x90\x80\x80"sv, "\xf5\x80\x80\x80"sv, "\xe2\x82("sv}) {
    EXPECT_FALSE(is_utf8(text)) << text.size();
  }
}

}  // namespace
}  // namespace assay
