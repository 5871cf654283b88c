#include "harness/protocol/nntp_replies.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace assay {
namespace {

using namespace std::string_view_literals;

constexpr auto kSingle = NntpReplyForm::single_line;
constexpr auto kMulti = NntpReplyForm::multi_line;

std::vector<NntpReplyResult> replies_in(std::string_view input, std::size_t piece,
                                        NntpReplyForm form, ReplyLimits limits = {}) {
  std::vector<NntpReplyResult> results;
  NntpReplyParser parser(limits);
  for (std::size_t at = 0; at < input.size(); at += piece) {
    parser.feed(view_of(input.substr(at, piece)));
    while (auto result = parser.take(form)) results.push_back(std::move(*result));
  }
  return results;
}

/// The one reply in `input`.
NntpReply reply_in(std::string_view input, NntpReplyForm form = kSingle) {
  const auto results = replies_in(input, input.size(), form);
  EXPECT_EQ(results.size(), 1U);
  return results.empty() || !results.front() ? NntpReply{} : *results.front();
}

ReplyError::Kind error_in(std::string_view input, NntpReplyForm form = kSingle) {
  const auto results = replies_in(input, input.size(), form);
  EXPECT_FALSE(results.empty() || results.back());
  return results.back().error().kind;
}

TEST(NntpReplyParser, reads_one_line) {
  const auto reply = reply_in("211 3 1 3 misc.test\r\n");
  EXPECT_EQ(reply.code, 211);
  EXPECT_EQ(reply.text, "3 1 3 misc.test");
  EXPECT_FALSE(reply.has_block);
  EXPECT_TRUE(reply.positive());
  EXPECT_EQ(reply.notes, NntpReplyNotes{});
}

TEST(NntpReplyParser, reads_a_block_where_one_is_awaited) {
  const auto reply = reply_in("211 3 1 3 misc.test\r\n1\r\n2\r\n..3\r\n.\r\n", kMulti);
  EXPECT_TRUE(reply.has_block);
  EXPECT_EQ(reply.block, (std::vector<std::string>{"1", "2", ".3"}));
  EXPECT_EQ(reply.notes, NntpReplyNotes{});
  const auto empty = reply_in("230 none\r\n.\r\n", kMulti);
  EXPECT_TRUE(empty.has_block);
  EXPECT_TRUE(empty.block.empty());
  EXPECT_TRUE(reply_in("290 private\r\nx\r\n.\r\n", kMulti).has_block);
}

TEST(NntpReplyParser, no_block_follows_a_refusal_or_a_code_that_stands_alone) {
  for (const auto input : {"411 no\r\n"sv, "500 what\r\n"sv, "383 =\r\n"sv, "200 hi\r\n"sv,
                           "111 19990623135624\r\n"sv, "281 in\r\n"sv}) {
    EXPECT_FALSE(reply_in(input, kMulti).has_block) << input;
  }
}

TEST(NntpReplyParser, a_block_that_nobody_asked_for_is_no_reply) {
  const auto results = replies_in("101 list\r\nVERSION 2\r\n.\r\n", 99, kSingle);
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0]->code, 101);
  EXPECT_EQ(results[1].error(), (ReplyError{ReplyError::Kind::not_a_reply, "VERSION 2"}));
}

TEST(NntpReplyParser, classes_follow_the_first_digit) {
  EXPECT_TRUE(reply_in("100 help\r\n").positive());
  EXPECT_TRUE(reply_in("381 more\r\n").intermediate());
  EXPECT_TRUE(reply_in("480 no\r\n").negative());
  EXPECT_TRUE(reply_in("502 no\r\n").negative());
}

TEST(NntpReplyParser, notes_what_a_strict_reader_would_refuse) {
  EXPECT_TRUE(reply_in("200 ok\n").notes.bare_lf);
  EXPECT_TRUE(reply_in("200 o\rk\r\n").notes.bare_cr);
  EXPECT_TRUE(reply_in("200 o\0k\r\n"sv).notes.nul);
  EXPECT_TRUE(reply_in("200\r\n").notes.missing_text);
  EXPECT_TRUE(reply_in("600 odd\r\n").notes.code_out_of_range);
  EXPECT_TRUE(reply_in("099 odd\r\n").notes.code_out_of_range);
  EXPECT_FALSE(reply_in("599 fine\r\n").notes.code_out_of_range);
  const auto dotted = reply_in("100 help\r\n.x\r\n.\r\n", kMulti);
  EXPECT_TRUE(dotted.notes.lone_dot);
  EXPECT_EQ(dotted.block, std::vector<std::string>{"x"});
  EXPECT_TRUE(reply_in("100 help\r\nx\n.\r\n", kMulti).notes.bare_lf);
}

TEST(NntpReplyParser, an_initial_line_has_512_octets_and_one_more_is_noted) {
  EXPECT_FALSE(reply_in("200 " + std::string(506, 'x') + "\r\n").notes.long_line);
  EXPECT_TRUE(reply_in("200 " + std::string(507, 'x') + "\r\n").notes.long_line);
  const auto block = reply_in("100 x\r\n" + std::string(600, 'x') + "\r\n.\r\n", kMulti);
  EXPECT_FALSE(block.notes.long_line);
}

TEST(NntpReplyParser, takes_what_is_no_reply_for_an_error_that_lasts) {
  for (const auto input : {"+OK hello\r\n"sv, "20 x\r\n"sv, "2000 x\r\n"sv, "\r\n"sv, "220-x\r\n"sv,
                           "SSH\r\n"sv, ".\r\n"sv}) {
    EXPECT_EQ(error_in(input), ReplyError::Kind::not_a_reply) << input;
  }
  NntpReplyParser parser;
  parser.feed(view_of("HTTP/1.1 400\r\n200 ok\r\n"));
  const auto first = parser.take();
  ASSERT_TRUE(first && !*first);
  EXPECT_EQ(first->error().line, "HTTP/1.1 400");
  EXPECT_FALSE(parser.take());
  EXPECT_TRUE(parser.failed());
}

TEST(NntpReplyParser, a_thousand_lines_are_a_reply_and_one_more_is_an_error) {
  std::string lines = "215 list\r\n";
  for (int i = 0; i < 999; ++i) lines += "x\r\n";
  EXPECT_EQ(reply_in(lines + ".\r\n", kMulti).block.size(), 999U);
  EXPECT_EQ(error_in(lines + "x\r\n.\r\n", kMulti), ReplyError::Kind::too_many_lines);
}

TEST(NntpReplyParser, a_mebibyte_is_a_reply_and_one_octet_more_is_an_error) {
  const std::string text(1024 * 1024 - 7 - 3 - 2, 'x');
  const auto reply = reply_in("100 x\r\n" + text + "\r\n.\r\n", kMulti);
  EXPECT_TRUE(reply.notes.cut);
  EXPECT_EQ(reply.block.front().size(), 64U * 1024);
  EXPECT_EQ(error_in("100 x\r\n" + text + "x\r\n.\r\n", kMulti), ReplyError::Kind::too_long);
  EXPECT_EQ(error_in("100 x\r\n" + text + "xxxxxx", kMulti), ReplyError::Kind::too_long);
}

TEST(NntpReplyParser, reads_alike_however_the_input_is_cut) {
  const ReplyLimits tight{.line_octets = 12, .lines = 4, .octets = 60};
  for (const auto input :
       {"200 hi\r\n101 list\r\nVERSION 2\n..dot\r\n.\r\n411 no\r\n215 list\r\n0123456789abcdef\r\n"
        "\r\n.\r\nSSH\r\n"sv,
        "215 x\r\n1\r\n2\r\n3\r\n4\r\n.\r\n"sv,
        "215 x\r\n0123456789012345678901234567890123456789012345678901234567890123\r\n"sv}) {
    const auto whole = replies_in(input, input.size(), kMulti, tight);
    for (std::size_t piece = 1; piece < input.size(); ++piece) {
      EXPECT_EQ(replies_in(input, piece, kMulti, tight), whole) << input << " by " << piece;
    }
  }
}

TEST(NntpReplyParser, shows_what_came_behind_a_reply) {
  NntpReplyParser parser;
  parser.feed(view_of("382 go\r\n281 w"));
  ASSERT_TRUE(parser.take());
  EXPECT_EQ(text_of(parser.rest()), "281 w");
  EXPECT_TRUE(parser.in_reply());
  EXPECT_EQ(text_of(parser.take_rest()), "281 w");
  EXPECT_FALSE(parser.in_reply());
  parser.feed(view_of("101 list\r\n"));
  EXPECT_FALSE(parser.take(kMulti));
  EXPECT_TRUE(parser.in_reply());
}

TEST(ComposeNntpReply, writes_what_the_parser_reads) {
  EXPECT_EQ(compose_nntp_reply(205, "Bye"), "205 Bye\r\n");
  const std::vector<std::string> lines = {"a", ".", "..b", ""};
  const std::string reply = compose_nntp_reply(215, "List", lines);
  EXPECT_EQ(reply, "215 List\r\na\r\n..\r\n...b\r\n\r\n.\r\n");
  EXPECT_EQ(reply_in(reply, kMulti).block, lines);
}

TEST(NntpReplyForm, follows_from_the_command) {
  EXPECT_EQ(form_of(NntpVerb::capabilities), NntpReplyForm::multi_line);
  EXPECT_EQ(form_of(NntpVerb::over), NntpReplyForm::multi_line);
  EXPECT_EQ(form_of(NntpVerb::stat), NntpReplyForm::single_line);
  EXPECT_EQ(form_of(NntpVerb::group), NntpReplyForm::single_line);
}

}  // namespace
}  // namespace assay
