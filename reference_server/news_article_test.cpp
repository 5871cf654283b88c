#include "reference_server/news_article.h"

#include <gtest/gtest.h>

#include <string>

namespace assay {
namespace {

using namespace std::string_view_literals;

std::optional<std::string> content(std::string_view headers, std::string_view name) {
  return header_content(view_of(headers), name);
}

TEST(NewsArticle, headers_end_at_the_first_empty_line) {
  EXPECT_EQ(body_offset(view_of("A: b\r\n\r\n\r\nx\r\n")), 8U);
  EXPECT_EQ(body_offset(view_of("A: b\r\nx\r\n")), npos);
  EXPECT_EQ(line_count(view_of("\r\nx\r\n")), 2U);
  EXPECT_EQ(line_count(View{}), 0U);
}

TEST(NewsArticle, a_header_is_found_by_name_and_unfolded) {
  constexpr auto kHeaders =
      "From: a@b\r\nSubject: one\r\n\ttwo\r\n three\r\nsubject: late\r\nX: \r\n"sv;
  EXPECT_EQ(content(kHeaders, "SUBJECT"), "one two three");
  EXPECT_EQ(content(kHeaders, "From"), "a@b");
  EXPECT_EQ(content(kHeaders, "X"), "");
  EXPECT_EQ(content("A:\r\n b\r\n", "A"), "b");
  EXPECT_FALSE(content(kHeaders, "Date"));
  EXPECT_EQ(count_headers(view_of(kHeaders), "Subject"), 2U);
  EXPECT_EQ(content("A: x\ty\0z\rv\n\r\n"sv, "A"), "x y z v ");
}

TEST(NewsArticle, headers_are_a_name_a_colon_a_space_and_content) {
  EXPECT_TRUE(well_formed_headers(view_of("A: b\r\nC:  \r\n\tmore\r\nD:\r\n d\r\n")));
  for (const auto text : {""sv, "A: b"sv, "A:b\r\n"sv, ": b\r\n"sv, "A b\r\n"sv, "A B: c\r\n"sv,
                          " A: b\r\n"sv, "A\xc3\xbc: b\r\n"sv, "A: b\r\nrubbish\r\n"sv}) {
    EXPECT_FALSE(well_formed_headers(view_of(text))) << text;
  }
}

}  // namespace
}  // namespace assay
