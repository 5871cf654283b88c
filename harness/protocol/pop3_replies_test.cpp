#include "harness/protocol/pop3_replies.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace assay {
namespace {

using namespace std::string_view_literals;
using Status = Pop3Reply::Status;

constexpr auto kOneLine = Pop3Form::single_line;
constexpr auto kLines = Pop3Form::multi_line;

/// The replies in `input`, each of them of `form`.
std::vector<Pop3ReplyResult> replies_in(std::string_view input, std::size_t piece, Pop3Form form,
                                        ReplyLimits limits = {}) {
  std::vector<Pop3ReplyResult> results;
  Pop3ReplyParser parser(limits);
  for (std::size_t at = 0; at < input.size(); at += piece) {
    parser.feed(view_of(input.substr(at, piece)));
    while (auto result = parser.take(form)) results.push_back(std::move(*result));
  }
  return results;
}

/// The one reply in `input`.
Pop3Reply reply_in(std::string_view input, Pop3Form form = kOneLine) {
  const auto results = replies_in(input, input.size(), form);
  EXPECT_EQ(results.size(), 1U);
  return results.empty() || !results.front() ? Pop3Reply{} : *results.front();
}

ReplyError::Kind error_in(std::string_view input, Pop3Form form = kOneLine,
                          ReplyLimits limits = {}) {
  const auto results = replies_in(input, input.size(), form, limits);
  EXPECT_FALSE(results.empty() || results.back());
  return results.back().error().kind;
}

TEST(Pop3ReplyParser, reads_a_status_line) {
  const auto reply = reply_in("+OK 2 320\r\n");
  EXPECT_TRUE(reply.positive());
  EXPECT_EQ(reply.text, "2 320");
  EXPECT_EQ(reply.code, "");
  EXPECT_EQ(reply.notes, Pop3ReplyNotes{});
  EXPECT_TRUE(reply_in("-ERR no\r\n").negative());
  EXPECT_EQ(reply_in("+OK\r\n").text, "");
}

TEST(Pop3ReplyParser, reads_a_challenge) {
  EXPECT_TRUE(reply_in("+ VXNlcm5hbWU6\r\n").intermediate());
  EXPECT_EQ(reply_in("+ VXNlcm5hbWU6\r\n").text, "VXNlcm5hbWU6");
  EXPECT_EQ(reply_in("+ \r\n", kLines).status, Status::challenge);
  EXPECT_EQ(reply_in("+\r\n").status, Status::challenge);
}

TEST(Pop3ReplyParser, finds_a_response_code) {
  EXPECT_EQ(reply_in("-ERR [IN-USE] Do you have another POP session running?\r\n").code, "IN-USE");
  EXPECT_EQ(reply_in("-ERR [SYS/TEMP] Later\r\n").code, "SYS/TEMP");
  EXPECT_EQ(reply_in("-ERR [AUTH]\r\n").text, "[AUTH]");
  for (const auto line : {"-ERR [AUTH no\r\n"sv, "-ERR [] no\r\n"sv, "-ERR [A B] no\r\n"sv,
                          "-ERR [SYS/] no\r\n"sv, "-ERR [/A] no\r\n"sv, "-ERR [A//B] no\r\n"sv}) {
    EXPECT_TRUE(reply_in(line).notes.bad_code) << line;
    EXPECT_EQ(reply_in(line).code, "") << line;
  }
}

TEST(Pop3ReplyParser, reads_the_text_of_a_multi_line_reply) {
  const auto reply = reply_in("+OK\r\n1 120\r\n..\r\n...x\r\n\r\n.\r\n", kLines);
  EXPECT_EQ(reply.content, "1 120\r\n.\r\n..x\r\n\r\n");
  EXPECT_EQ(reply.lines(), (std::vector<std::string>{"1 120", ".", "..x", ""}));
  EXPECT_EQ(reply.notes, Pop3ReplyNotes{});
  EXPECT_TRUE(reply_in("+OK\r\n.\r\n", kLines).lines().empty());
}

TEST(Pop3ReplyParser, no_text_follows_a_refusal) {
  EXPECT_EQ(replies_in("-ERR no\r\n+OK\r\nx\r\n.\r\n", 99, kLines).size(), 2U);
}

TEST(Pop3ReplyParser, an_lf_inside_a_text_starts_no_line) {
  const auto reply = reply_in("+OK\r\na\n.\r\nb\n..c\r\n.d\n.\r\n.\r\n", kLines);
  EXPECT_EQ(reply.content, "a\n.\r\nb\n..c\r\nd\n.\r\n");
  EXPECT_TRUE(reply.notes.bare_lf);
}

TEST(Pop3ReplyParser, a_server_of_bare_lf_is_understood) {
  const auto reply = reply_in("+OK\nUSER\n.\n", kLines);
  EXPECT_EQ(reply.lines(), std::vector<std::string>{"USER"});
  EXPECT_TRUE(reply.notes.bare_lf);
}

TEST(Pop3ReplyParser, notes_what_a_strict_reader_would_refuse) {
  EXPECT_TRUE(reply_in("+OK\n").notes.bare_lf);
  EXPECT_TRUE(reply_in("+OK o\rk\r\n").notes.bare_cr);
  EXPECT_TRUE(reply_in("+OK o\0k\r\n"sv).notes.nul);
  EXPECT_TRUE(reply_in("+ok\r\n").notes.lower_case);
  EXPECT_TRUE(reply_in("-Err x\r\n").notes.lower_case);
  EXPECT_TRUE(reply_in("+OK\r\n.x\r\n.\r\n", kLines).notes.dot_not_stuffed);
  const std::string longest = "+OK " + std::string(506, 'x');
  EXPECT_FALSE(reply_in(longest + "\r\n").notes.status_too_long);
  EXPECT_TRUE(reply_in(longest + "x\r\n").notes.status_too_long);
  EXPECT_FALSE(reply_in("+ " + longest + "\r\n").notes.status_too_long);
}

TEST(Pop3ReplyParser, takes_what_is_no_reply_for_an_error_that_lasts) {
  for (const auto input : {"220 hello\r\n"sv, "+OKAY\r\n"sv, "OK\r\n"sv, "\r\n"sv, " +OK\r\n"sv,
                           "-ERROR\r\n"sv, "* OK IMAP\r\n"sv, ".\r\n"sv}) {
    EXPECT_EQ(error_in(input), ReplyError::Kind::not_a_reply) << input;
  }
  Pop3ReplyParser parser;
  parser.feed(view_of("SSH-2.0-x\r\n+OK\r\n"));
  const auto first = parser.take();
  ASSERT_TRUE(first && !*first);
  EXPECT_EQ(first->error().line, "SSH-2.0-x");
  EXPECT_FALSE(parser.take());
  EXPECT_TRUE(parser.failed());
}

TEST(Pop3ReplyParser, a_thousand_lines_are_a_text_and_one_more_is_an_error) {
  std::string reply = "+OK\r\n";
  for (int i = 0; i < 1000; ++i) reply += "x\r\n";
  EXPECT_EQ(reply_in(reply + ".\r\n", kLines).lines().size(), 1000U);
  EXPECT_EQ(error_in(reply + "x\r\n.\r\n", kLines), ReplyError::Kind::too_many_lines);
}

TEST(Pop3ReplyParser, a_mebibyte_is_a_reply_and_one_octet_more_is_an_error) {
  const std::string text(1024 * 1024 - 6, 'x');
  const auto reply = reply_in("+OK " + text + "\r\n");
  EXPECT_TRUE(reply.notes.cut);
  EXPECT_EQ(reply.text.size(), 64U * 1024 - 4);
  EXPECT_EQ(error_in("+OK " + text + "x\r\n"), ReplyError::Kind::too_long);
  EXPECT_EQ(error_in("+OK\r\n" + text + "\r\n", kLines), ReplyError::Kind::too_long);
  EXPECT_EQ(error_in("+OK " + text + "xxx"), ReplyError::Kind::too_long);
}

TEST(Pop3ReplyParser, reads_alike_however_the_input_is_cut) {
  const ReplyLimits tight{.line_octets = 12, .lines = 3, .octets = 40};
  for (const auto input :
       {"+OK\r\n..a\r\nb\n.\r\n.\r\n-ERR [AUTH] no\r\n+ok\n.x\n.\n+ \r\n"sv,
        "+OK\r\n1\r\n2\r\n3\r\n4\r\n.\r\n"sv, "+OK 0123456789012345678901234567890123\r\n"sv,
        "+OK\r\n01234567890123456789012345678901234\r\n.\r\n"sv}) {
    const auto whole = replies_in(input, input.size(), kLines, tight);
    for (std::size_t piece = 1; piece < input.size(); ++piece) {
      EXPECT_EQ(replies_in(input, piece, kLines, tight), whole) << input << " by " << piece;
    }
  }
}

TEST(Pop3ReplyParser, shows_what_came_behind_a_reply) {
  Pop3ReplyParser parser;
  parser.feed(view_of("+OK go\r\n+OK capa\r\nSTLS\r\nUS"));
  ASSERT_TRUE(parser.take());
  EXPECT_EQ(text_of(parser.rest()), "+OK capa\r\nSTLS\r\nUS");
  EXPECT_FALSE(parser.take(kLines));
  EXPECT_TRUE(parser.in_reply());
  EXPECT_EQ(text_of(parser.take_rest()), "US");
  Pop3ReplyParser done;
  done.feed(view_of("+OK\r\n.\r\n"));
  ASSERT_TRUE(done.take(kLines));
  EXPECT_FALSE(done.in_reply());
}

TEST(Pop3Compose, writes_what_the_parser_reads) {
  EXPECT_EQ(pop3_ok(), "+OK\r\n");
  EXPECT_EQ(pop3_ok("2 320"), "+OK 2 320\r\n");
  EXPECT_EQ(pop3_error("No"), "-ERR No\r\n");
  EXPECT_EQ(pop3_error("Later", "SYS/TEMP"), "-ERR [SYS/TEMP] Later\r\n");
  EXPECT_EQ(pop3_challenge(""), "+ \r\n");
  const Bytes reply = pop3_multi_line("6 octets", view_of(".\r\nab"));
  EXPECT_EQ(text_of(reply), "+OK 6 octets\r\n..\r\nab\r\n.\r\n");
  EXPECT_EQ(text_of(pop3_multi_line("", {})), "+OK\r\n.\r\n");
}

TEST(Pop3Form, follows_from_the_command_and_its_argument) {
  EXPECT_EQ(form_of(parse_pop3_command("CAPA")), Pop3Form::multi_line);
  EXPECT_EQ(form_of(parse_pop3_command("LIST")), Pop3Form::multi_line);
  EXPECT_EQ(form_of(parse_pop3_command("LIST 1")), Pop3Form::single_line);
  EXPECT_EQ(form_of(parse_pop3_command("uidl 1")), Pop3Form::single_line);
  EXPECT_EQ(form_of(parse_pop3_command("STAT")), Pop3Form::single_line);
}

}  // namespace
}  // namespace assay
