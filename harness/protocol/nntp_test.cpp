#include "harness/protocol/nntp.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace assay {
namespace {

using namespace std::string_view_literals;

template <typename T>
NntpSyntax error_of(const NntpParsed<T>& parsed) {
  EXPECT_FALSE(parsed);
  return parsed.error();
}

NntpParsed<AuthinfoCommand> authinfo(std::string_view line) {
  return parse_authinfo(parse_nntp_command(line));
}

TEST(NntpCommand, verbs_are_known_in_any_case) {
  const auto command = parse_nntp_command("gRoUp misc.test");
  EXPECT_EQ(command.verb, NntpVerb::group);
  EXPECT_EQ(command.arguments, std::vector<std::string>{"misc.test"});
  EXPECT_EQ(command.raw, "gRoUp misc.test");
  for (const auto line : {"XMARK 1"sv, ""sv, "GROUPS x"sv, " DATE"sv, "\xffgroup"sv, "\tDATE"sv}) {
    EXPECT_EQ(parse_nntp_command(line).verb, NntpVerb::unknown) << line;
  }
}

TEST(NntpCommand, words_are_split_at_spaces_and_tabs) {
  const auto command = parse_nntp_command("HDR \t Subject\t1-  \t");
  EXPECT_EQ(command.verb, NntpVerb::hdr);
  EXPECT_EQ(command.arguments, (std::vector<std::string>{"Subject", "1-"}));
  EXPECT_EQ(command.rest, "\t Subject\t1-  \t");
  EXPECT_TRUE(parse_nntp_command("QUIT \t").arguments.empty());
}

TEST(NntpMessageId, is_printable_within_brackets_and_has_3_to_250_octets) {
  EXPECT_TRUE(is_message_id("<a>"));
  EXPECT_TRUE(is_message_id("<i.am@there.test>"));
  EXPECT_TRUE(is_message_id("<" + std::string(248, 'x') + ">"));
  EXPECT_FALSE(is_message_id("<" + std::string(249, 'x') + ">"));
  for (const auto text : {"<>"sv, "a@b"sv, "<a@b"sv, "a@b>"sv, "<a>b>"sv, "<a b>"sv, "<\xc3\xbc>"sv,
                          "<a\0>"sv, ""sv}) {
    EXPECT_FALSE(is_message_id(text)) << text;
  }
}

TEST(NntpKeyword, begins_with_a_letter_and_has_three) {
  EXPECT_TRUE(is_nntp_keyword("AUTOUPDATE"));
  EXPECT_TRUE(is_nntp_keyword("a.-"));
  EXPECT_FALSE(is_nntp_keyword("ab"));
  EXPECT_FALSE(is_nntp_keyword("1ab"));
  EXPECT_FALSE(is_nntp_keyword("ab_"));
}

TEST(NntpRange, is_a_number_an_open_end_or_both_ends) {
  EXPECT_EQ(parse_nntp_range("7"), (NntpRange{7, 7}));
  EXPECT_EQ(parse_nntp_range("7-"), (NntpRange{7, UINT64_MAX}));
  EXPECT_EQ(parse_nntp_range("007-9"), (NntpRange{7, 9}));
  EXPECT_EQ(parse_nntp_range("9-7"), (NntpRange{9, 7}));
  EXPECT_EQ(parse_nntp_range("9999999999999999"), (NntpRange{9999999999999999, 9999999999999999}));
  for (const auto text : {""sv, "-"sv, "-7"sv, "x"sv, "7-x"sv, "7--9"sv, "1-2-3"sv, "+7"sv,
                          "00000000000000001"sv, "1-00000000000000002"sv}) {
    EXPECT_EQ(error_of(parse_nntp_range(text)), NntpSyntax::bad_argument) << text;
  }
}

TEST(NntpSelector, is_a_message_id_or_numbers) {
  EXPECT_EQ(parse_article_selector("<a@b>")->message_id, "<a@b>");
  EXPECT_EQ(parse_article_selector("5")->range, (NntpRange{5, 5}));
  EXPECT_EQ(parse_range_selector("5-")->range, (NntpRange{5, UINT64_MAX}));
  EXPECT_EQ(parse_range_selector("<a@b>")->message_id, "<a@b>");
  for (const auto text : {"a@b"sv, "<a@b"sv, "5-"sv, "5-6"sv, ""sv}) {
    EXPECT_EQ(error_of(parse_article_selector(text)), NntpSyntax::bad_argument) << text;
  }
}

TEST(NntpAuthinfo, takes_names_and_passwords_as_they_stand) {
  EXPECT_EQ(authinfo("AUTHINFO USER ann")->text, "ann");
  EXPECT_EQ(authinfo("authinfo user ann")->kind, AuthinfoCommand::Kind::user);
  const auto password = authinfo("AUTHINFO PASS  two words ");
  ASSERT_TRUE(password);
  EXPECT_EQ(password->kind, AuthinfoCommand::Kind::pass);
  EXPECT_EQ(password->text, " two words ");
}

TEST(NntpAuthinfo, takes_a_mechanism_and_an_initial_response) {
  EXPECT_EQ(authinfo("AUTHINFO SASL plain")->text, "PLAIN");
  EXPECT_FALSE(authinfo("AUTHINFO SASL PLAIN")->initial_response);
  EXPECT_EQ(authinfo("AUTHINFO\tSASL  PLAIN  = ")->initial_response, "=");
}

TEST(NntpAuthinfo, says_what_is_wrong) {
  EXPECT_EQ(error_of(authinfo("AUTHINFO")), NntpSyntax::missing_argument);
  EXPECT_EQ(error_of(authinfo("AUTHINFO USER")), NntpSyntax::missing_argument);
  EXPECT_EQ(error_of(authinfo("AUTHINFO PASS ")), NntpSyntax::missing_argument);
  EXPECT_EQ(error_of(authinfo("AUTHINFO SASL")), NntpSyntax::missing_argument);
  EXPECT_EQ(error_of(authinfo("AUTHINFO GENERIC x")), NntpSyntax::unknown_variant);
  EXPECT_EQ(error_of(authinfo("AUTHINFO SASL PLAIN a b")), NntpSyntax::too_many_arguments);
  EXPECT_EQ(error_of(authinfo("AUTHINFO SASL PL/AIN")), NntpSyntax::bad_argument);
  EXPECT_TRUE(authinfo("AUTHINFO SASL " + std::string(20, 'X')));
  EXPECT_FALSE(authinfo("AUTHINFO SASL " + std::string(21, 'X')));
}

TEST(NntpAuthinfo, a_long_line_shows_itself_at_its_beginning) {
  EXPECT_TRUE(begins_authinfo_sasl("AUTHINFO SASL PLAIN AAAA"));
  EXPECT_TRUE(begins_authinfo_sasl("authinfo \t sasl "));
  EXPECT_FALSE(begins_authinfo_sasl("AUTHINFO SASL"));
  EXPECT_FALSE(begins_authinfo_sasl("AUTHINFO SASLX "));
  EXPECT_FALSE(begins_authinfo_sasl("AUTHINFO USER SASL "));
  EXPECT_FALSE(begins_authinfo_sasl("AUTHINFO" + std::string(60, ' ') + "SASL PLAIN"));
  EXPECT_FALSE(begins_authinfo_sasl(""));
}

TEST(NntpCompose, writes_what_is_read_back) {
  EXPECT_EQ(compose(NntpVerb::starttls), "STARTTLS\r\n");
  EXPECT_EQ(compose(NntpVerb::mode, "READER"), "MODE READER\r\n");
  EXPECT_EQ(compose_authinfo_sasl("PLAIN"), "AUTHINFO SASL PLAIN\r\n");
  EXPECT_EQ(compose_authinfo_sasl("PLAIN", ""), "AUTHINFO SASL PLAIN =\r\n");
  EXPECT_EQ(compose_authinfo_sasl("LOGIN", "YW5u"), "AUTHINFO SASL LOGIN YW5u\r\n");
  EXPECT_EQ(authinfo("AUTHINFO SASL LOGIN YW5u")->initial_response, "YW5u");
}

}  // namespace
}  // namespace assay
