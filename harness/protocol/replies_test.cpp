#include "harness/protocol/replies.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace assay {
namespace {

using namespace std::string_view_literals;

std::vector<ReplyResult> replies_in(std::string_view input, std::size_t piece,
                                    ReplyLimits limits = {}) {
  std::vector<ReplyResult> results;
  ReplyParser parser(limits);
  for (std::size_t at = 0; at < input.size(); at += piece) {
    parser.feed(view_of(input.substr(at, piece)));
    while (auto result = parser.take()) results.push_back(std::move(*result));
  }
  return results;
}

/// The one reply in `input`.
Reply reply_in(std::string_view input) {
  const auto results = replies_in(input, input.size());
  EXPECT_EQ(results.size(), 1U);
  return results.empty() || !results.front() ? Reply{} : *results.front();
}

ReplyError::Kind error_in(std::string_view input, ReplyLimits limits = {}) {
  const auto results = replies_in(input, input.size(), limits);
  EXPECT_FALSE(results.empty() || results.back());
  return results.back().error().kind;
}

TEST(ReplyParser, reads_one_line) {
  const auto reply = reply_in("250 2.1.0 Sender accepted\r\n");
  EXPECT_EQ(reply.code, 250);
  EXPECT_EQ(reply.lines, std::vector<std::string>{"2.1.0 Sender accepted"});
  EXPECT_EQ(reply.enhanced, "2.1.0");
  EXPECT_TRUE(reply.positive());
  EXPECT_FALSE(reply.negative());
  EXPECT_EQ(reply.notes, ReplyNotes{});
}

TEST(ReplyParser, reads_several_lines_as_one_reply) {
  const auto reply = reply_in("250-mx\r\n250-SIZE 1\r\n250 HELP\r\n");
  EXPECT_EQ(reply.lines, (std::vector<std::string>{"mx", "SIZE 1", "HELP"}));
}

TEST(ReplyParser, classes_follow_the_first_digit) {
  EXPECT_TRUE(reply_in("334 \r\n").intermediate());
  EXPECT_TRUE(reply_in("421 bye\r\n").transient());
  EXPECT_TRUE(reply_in("550 no\r\n").permanent());
  EXPECT_TRUE(reply_in("550 no\r\n").negative());
}

TEST(ReplyParser, notes_what_a_strict_reader_would_refuse) {
  EXPECT_TRUE(reply_in("250 ok\n").notes.bare_lf);
  EXPECT_TRUE(reply_in("250 o\rk\r\n").notes.bare_cr);
  EXPECT_TRUE(reply_in("250 o\0k\r\n"sv).notes.nul);
  EXPECT_TRUE(reply_in("250\r\n").notes.missing_text);
  EXPECT_TRUE(reply_in("199 odd\r\n").notes.code_out_of_range);
  EXPECT_TRUE(reply_in("560 odd\r\n").notes.code_out_of_range);
  EXPECT_TRUE(reply_in("260 odd\r\n").notes.code_out_of_range);
  EXPECT_FALSE(reply_in("559 fine\r\n").notes.code_out_of_range);
  const auto mixed = reply_in("220-a\r\n250 b\r\n");
  EXPECT_TRUE(mixed.notes.mixed_codes);
  EXPECT_EQ(mixed.code, 250);
}

TEST(ReplyParser, takes_what_is_no_reply_for_an_error_that_lasts) {
  for (const auto input :
       {"+OK hello\r\n"sv, "25 x\r\n"sv, "2500 x\r\n"sv, "\r\n"sv, "SSH\r\n"sv}) {
    EXPECT_EQ(error_in(input), ReplyError::Kind::not_a_reply) << input;
  }
  ReplyParser parser;
  parser.feed(view_of("HTTP/1.1 400\r\n250 ok\r\n"));
  const auto first = parser.take();
  ASSERT_TRUE(first && !*first);
  EXPECT_EQ(first->error().line, "HTTP/1.1 400");
  EXPECT_FALSE(parser.take());
  EXPECT_TRUE(parser.failed());
}

TEST(ReplyParser, enhanced_codes_must_fit_their_class_and_form) {
  EXPECT_EQ(enhanced_status(250, "2.1.5 ok"), "2.1.5");
  EXPECT_EQ(enhanced_status(550, "5.7.123"), "5.7.123");
  EXPECT_EQ(enhanced_status(250, "5.1.5 ok"), "");
  EXPECT_EQ(enhanced_status(250, "2.1 ok"), "");
  EXPECT_EQ(enhanced_status(250, "2.1.1234 ok"), "");
  EXPECT_EQ(enhanced_status(250, "2.1.5ok"), "");
  EXPECT_EQ(enhanced_status(250, ""), "");
}

TEST(ReplyParser, a_thousand_lines_are_a_reply_and_one_more_is_an_error) {
  std::string lines;
  for (int i = 0; i < 999; ++i) lines += "250-x\r\n";
  EXPECT_EQ(reply_in(lines + "250 x\r\n").lines.size(), 1000U);
  EXPECT_EQ(error_in(lines + "250-x\r\n250 x\r\n"), ReplyError::Kind::too_many_lines);
}

TEST(ReplyParser, a_mebibyte_is_a_reply_and_one_octet_more_is_an_error) {
  const std::string text(1024UL * 1024 - 6, 'x');
  const auto reply = reply_in("250 " + text + "\r\n");
  EXPECT_TRUE(reply.notes.cut);
  EXPECT_EQ(reply.lines.front().size(), 64U * 1024 - 4);
  EXPECT_EQ(error_in("250 " + text + "x\r\n"), ReplyError::Kind::too_long);
  EXPECT_EQ(error_in("250-x\r\n250 " + text + "\r\n"), ReplyError::Kind::too_long);
  EXPECT_EQ(error_in("250 " + text + "xxx"), ReplyError::Kind::too_long);
}

TEST(ReplyParser, keeps_64_kib_of_a_line_and_notes_one_octet_more) {
  const std::string line = "250 " + std::string(64UL * 1024 - 4, 'x');
  EXPECT_FALSE(reply_in(line + "\r\n").notes.cut);
  EXPECT_TRUE(reply_in(line + "x\r\n").notes.cut);
}

TEST(ReplyParser, reads_alike_however_the_input_is_cut) {
  const ReplyLimits tight{.line_octets = 12, .lines = 3, .octets = 40};
  for (const auto input :
       {"220 hi\r\n250-a\r\n250-b\n250 c\r\n250\r\n421 012345678901234\r\nSSH\r\n"sv,
        "250-1\r\n250-2\r\n250-3\r\n250 4\r\n"sv, "250 0123456789012345678901234567890123\r\n"sv,
        "250 01234567890123456789012345678901234\r\n"sv}) {
    const auto whole = replies_in(input, input.size(), tight);
    for (std::size_t piece = 1; piece < input.size(); ++piece) {
      EXPECT_EQ(replies_in(input, piece, tight), whole) << input << " by " << piece;
    }
  }
}

TEST(ReplyParser, shows_what_came_behind_a_reply) {
  ReplyParser parser;
  parser.feed(view_of("220 go\r\n250-AUTH"));
  ASSERT_TRUE(parser.take());
  EXPECT_EQ(text_of(parser.rest()), "250-AUTH");
  EXPECT_TRUE(parser.in_reply());
  EXPECT_EQ(text_of(parser.take_rest()), "250-AUTH");
  EXPECT_FALSE(parser.in_reply());
}

TEST(ComposeReply, writes_what_the_parser_reads) {
  EXPECT_EQ(compose_reply(550, "5.7.1", "No"), "550 5.7.1 No\r\n");
  EXPECT_EQ(compose_reply(250, "", "mx"), "250 mx\r\n");
  const std::vector<std::string> lines = {"mx", "HELP"};
  EXPECT_EQ(compose_reply(250, lines), "250-mx\r\n250 HELP\r\n");
}

}  // namespace
}  // namespace assay
