#include "harness/protocol/pop3.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace assay {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kDigest = "c4c9334bac560ecc979e58001b3e22fb";

template <typename T>
Pop3Syntax error_of(const Pop3Parsed<T>& parsed) {
  EXPECT_FALSE(parsed);
  return parsed.error();
}

TEST(Pop3Command, verbs_are_known_in_any_case) {
  const auto command = parse_pop3_command("rEtR 1");
  EXPECT_EQ(command.verb, Pop3Verb::retr);
  EXPECT_EQ(command.argument, "1");
  for (const auto line :
       {"XYZZY"sv, ""sv, "RETRO 1"sv, "NOOP\tx"sv, " NOOP"sv, "\xffNOOP"sv, "TO 1 2"sv}) {
    EXPECT_EQ(parse_pop3_command(line).verb, Pop3Verb::unknown) << line;
  }
}

TEST(Pop3Command, a_space_begins_an_argument_and_nothing_is_trimmed) {
  EXPECT_FALSE(parse_pop3_command("QUIT").argument);
  EXPECT_EQ(parse_pop3_command("QUIT ").argument, "");
  EXPECT_EQ(parse_pop3_command("PASS  a b ").argument, " a b ");
}

TEST(Pop3User, is_one_visible_word) {
  EXPECT_EQ(parse_user("ann@a.test"), "ann@a.test");
  EXPECT_EQ(error_of(parse_user(std::nullopt)), Pop3Syntax::missing_argument);
  EXPECT_EQ(error_of(parse_user("")), Pop3Syntax::missing_argument);
  EXPECT_EQ(error_of(parse_user("ann bob")), Pop3Syntax::excess_argument);
  EXPECT_EQ(error_of(parse_user("ann\t")), Pop3Syntax::bad_argument);
  EXPECT_EQ(error_of(parse_user("\xc3\xa4")), Pop3Syntax::bad_argument);
}

TEST(Pop3Pass, takes_spaces_for_part_of_the_password) {
  EXPECT_TRUE(parse_pass(" a b ")->matches(" a b "));
  EXPECT_EQ(error_of(parse_pass(std::nullopt)), Pop3Syntax::missing_argument);
  EXPECT_EQ(error_of(parse_pass("")), Pop3Syntax::missing_argument);
}

TEST(Pop3Apop, takes_a_name_and_thirty_two_lower_case_digits) {
  const std::string digest(kDigest);
  const auto apop = parse_apop("mrose " + digest);
  ASSERT_TRUE(apop);
  EXPECT_EQ(apop->name, "mrose");
  EXPECT_EQ(apop->digest, digest);
  EXPECT_EQ(error_of(parse_apop(std::nullopt)), Pop3Syntax::missing_argument);
  EXPECT_EQ(error_of(parse_apop("mrose")), Pop3Syntax::missing_argument);
  EXPECT_EQ(error_of(parse_apop("mrose " + digest + " x")), Pop3Syntax::excess_argument);
  EXPECT_EQ(error_of(parse_apop("mrose  " + digest)), Pop3Syntax::excess_argument);
  EXPECT_EQ(error_of(parse_apop(" " + digest)), Pop3Syntax::bad_argument);
  EXPECT_EQ(error_of(parse_apop("mrose " + digest + "0")), Pop3Syntax::bad_argument);
  EXPECT_EQ(error_of(parse_apop("mrose C" + digest.substr(1))), Pop3Syntax::bad_argument);
}

TEST(Pop3Number, is_decimal_with_64_bits) {
  EXPECT_EQ(parse_message_number("1"), 1U);
  EXPECT_EQ(parse_message_number("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(error_of(parse_message_number("18446744073709551616")), Pop3Syntax::number_too_large);
  EXPECT_EQ(error_of(parse_message_number(std::nullopt)), Pop3Syntax::missing_argument);
  EXPECT_EQ(error_of(parse_message_number("1 2")), Pop3Syntax::excess_argument);
  for (const auto* number : {"x", "-1", "+1", "1x", "0x1", "1.0", "\xd9\xa1"}) {
    EXPECT_EQ(error_of(parse_message_number(number)), Pop3Syntax::bad_argument) << number;
  }
}

TEST(Pop3Scan, takes_a_number_or_none) {
  EXPECT_EQ(parse_scan("2").value(), 2U);
  EXPECT_FALSE(parse_scan(std::nullopt).value());
  EXPECT_EQ(error_of(parse_scan("")), Pop3Syntax::missing_argument);
  EXPECT_EQ(error_of(parse_scan("1 2")), Pop3Syntax::excess_argument);
}

TEST(Pop3Top, takes_two_numbers) {
  const auto top = parse_top("1 0");
  ASSERT_TRUE(top);
  EXPECT_EQ(top->message, 1U);
  EXPECT_EQ(top->lines, 0U);
  EXPECT_EQ(error_of(parse_top("1")), Pop3Syntax::missing_argument);
  EXPECT_EQ(error_of(parse_top("1 ")), Pop3Syntax::bad_argument);
  EXPECT_EQ(error_of(parse_top("1 -1")), Pop3Syntax::bad_argument);
  EXPECT_EQ(error_of(parse_top("1 2 3")), Pop3Syntax::excess_argument);
  EXPECT_EQ(error_of(parse_top("1  2")), Pop3Syntax::excess_argument);
  EXPECT_EQ(error_of(parse_top("1 18446744073709551616")), Pop3Syntax::number_too_large);
}

TEST(Pop3Compose, writes_what_is_read_back) {
  EXPECT_EQ(compose(Pop3Verb::stls), "STLS\r\n");
  EXPECT_EQ(compose(Pop3Verb::user, "ann"), "USER ann\r\n");
  EXPECT_EQ(compose(Pop3Verb::retr, 7), "RETR 7\r\n");
  EXPECT_EQ(compose(TopCommand{1, 10}), "TOP 1 10\r\n");
  EXPECT_EQ(compose(ApopCommand{"ann", std::string(kDigest)}),
            "APOP ann " + std::string(kDigest) + "\r\n");
}

}  // namespace
}  // namespace assay
