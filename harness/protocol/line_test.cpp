#include "harness/protocol/line.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace assay {
namespace {

using namespace std::string_view_literals;

/// The lines of `input`, fed in pieces of `piece` octets.
std::vector<Line> lines_of(std::string_view input, std::size_t piece, LineBuffer buffer) {
  std::vector<Line> lines;
  for (std::size_t at = 0; at < input.size(); at += piece) {
    buffer.feed(view_of(input.substr(at, piece)));
    while (auto line = buffer.take()) lines.push_back(std::move(*line));
  }
  return lines;
}

TEST(FrontLine, ends_at_crlf_alone) {
  const auto line = front_line(view_of("NOOP\nRSET\r\nQUIT\r\n"));
  ASSERT_TRUE(line);
  EXPECT_EQ(text_of(line->text), "NOOP\nRSET");
  EXPECT_EQ(line->consumed, 11U);
  EXPECT_FALSE(front_line(view_of("NOOP\n")));
  EXPECT_FALSE(front_line(view_of("NOOP\r")));
  EXPECT_FALSE(front_line({}));
}

TEST(FrontLine, may_be_empty) {
  const auto line = front_line(view_of("\r\nQUIT"));
  ASSERT_TRUE(line);
  EXPECT_TRUE(line->text.empty());
  EXPECT_EQ(line->consumed, 2U);
}

TEST(FrontLine, shows_stray_controls) {
  EXPECT_TRUE(has_stray_control(view_of("a\rb")));
  EXPECT_TRUE(has_stray_control(view_of("a\nb")));
  EXPECT_TRUE(has_stray_control(view_of("a\0b"sv)));
  EXPECT_FALSE(has_stray_control(view_of("a\tb\x7f\x80")));
}

TEST(LineBuffer, tells_what_ended_a_line) {
  const auto lines = lines_of("one\r\ntwo\nthree", 100, LineBuffer());
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].text, "one");
  EXPECT_EQ(lines[0].end, LineEnd::crlf);
  EXPECT_EQ(lines[1].text, "two");
  EXPECT_EQ(lines[1].end, LineEnd::lf);
}

TEST(LineBuffer, keeps_a_bare_lf_inside_where_crlf_alone_ends_a_line) {
  const auto lines = lines_of("one\ntwo\r\n", 100, LineBuffer(100, LineBuffer::Ends::crlf));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].text, "one\ntwo");
  EXPECT_TRUE(lines[0].bare_lf);
}

TEST(LineBuffer, marks_cr_and_nul_of_their_line_alone) {
  const auto lines = lines_of("a\rb\r\nc\0d\r\n\r\r\nplain\r\n"sv, 100, LineBuffer());
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_TRUE(lines[0].bare_cr);
  EXPECT_FALSE(lines[0].nul);
  EXPECT_TRUE(lines[1].nul);
  EXPECT_FALSE(lines[1].bare_cr);
  EXPECT_TRUE(lines[2].bare_cr);
  EXPECT_EQ(lines[2].text, "\r");
  EXPECT_FALSE(lines[3].bare_cr || lines[3].nul);
}

TEST(LineBuffer, cuts_one_octet_beyond_what_is_kept_and_counts_it) {
  const auto lines = lines_of("12345\r\n123456\r\n", 100, LineBuffer(5));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_FALSE(lines[0].cut());
  EXPECT_EQ(lines[1].text, "12345");
  EXPECT_EQ(lines[1].octets, 6U);
  EXPECT_TRUE(lines[1].cut());
}

TEST(LineBuffer, sees_the_same_lines_however_the_input_is_cut) {
  const auto input = "12345\r\n123456\r\n1234\n\r\n\n\r\r\n1234567\rx\0y\n12345\r\r\nend\r\n"sv;
  for (const auto ends : {LineBuffer::Ends::crlf, LineBuffer::Ends::crlf_or_lf}) {
    const auto whole = lines_of(input, input.size(), LineBuffer(5, ends));
    for (std::size_t piece = 1; piece < input.size(); ++piece) {
      EXPECT_EQ(lines_of(input, piece, LineBuffer(5, ends)), whole) << piece;
    }
  }
}

TEST(LineBuffer, holds_no_more_of_an_endless_line_than_it_keeps) {
  LineBuffer buffer(16);
  for (int i = 0; i < 1000; ++i) {
    buffer.feed(view_of("xxxxxxxxxx"));
    EXPECT_FALSE(buffer.take());
    EXPECT_LE(buffer.rest().size(), 16U);
  }
  EXPECT_EQ(buffer.unfinished(), 10000U);
}

TEST(LineBuffer, hands_out_what_was_not_taken) {
  LineBuffer buffer;
  buffer.feed(view_of("220 go\r\n250-injec"));
  ASSERT_TRUE(buffer.take());
  EXPECT_EQ(text_of(buffer.rest()), "250-injec");
  EXPECT_FALSE(buffer.take());
  EXPECT_EQ(text_of(buffer.take_rest()), "250-injec");
  EXPECT_TRUE(buffer.rest().empty());
  buffer.feed(view_of("221 bye\r\n"));
  EXPECT_EQ(buffer.take()->text, "221 bye");
}

}  // namespace
}  // namespace assay
