#include "harness/protocol/smtp_address.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

namespace assay {
namespace {

using namespace std::string_view_literals;

TEST(SmtpDomain, takes_letters_digits_and_inner_hyphens) {
  for (const auto domain : {"localhost"sv, "a.b-c.test"sv, "1.2"sv, "xn--bcher-kva.test"sv}) {
    EXPECT_TRUE(is_domain(domain)) << domain;
  }
  for (const auto domain : {""sv, "."sv, "a."sv, ".a"sv, "a..b"sv, "-a"sv, "a-"sv, "a_b"sv, "a b"sv,
                            "\xc3\xbc.test"sv}) {
    EXPECT_FALSE(is_domain(domain)) << domain;
  }
}

TEST(SmtpDomain, is_bounded_by_label_and_in_all) {
  EXPECT_TRUE(is_domain(std::string(63, 'a')));
  EXPECT_FALSE(is_domain(std::string(64, 'a')));
  std::string longest;
  for (int i = 0; i < 127; ++i) longest += "a.";
  EXPECT_TRUE(is_domain(longest + "a"));
  EXPECT_FALSE(is_domain(longest + "aa"));
}

TEST(SmtpLiteral, takes_both_address_families_and_tags) {
  for (const auto literal :
       {"[127.0.0.1]"sv, "[IPv6:::1]"sv, "[ipv6:2001:db8::1]"sv, "[IPv6:1:2:3:4:5:6:7:8]"sv,
        "[IPv6:::ffff:192.0.2.1]"sv, "[IPv6:1:2:3:4:5:6:1.2.3.4]"sv, "[IPv6:::]"sv, "[x:y]"sv}) {
    EXPECT_TRUE(is_address_literal(literal)) << literal;
  }
  for (const auto literal :
       {"[]"sv, "127.0.0.1"sv, "[127.0.0.256]"sv, "[127.0.1]"sv, "[1.2.3.4.5]"sv, "[1.2..4]"sv,
        "[::1]"sv, "[IPv6:1:2:3]"sv, "[IPv6:1:2:3:4:5:6:7::]"sv, "[IPv6:1::2::3]"sv,
        "[IPv6:12345::]"sv, "[IPv6:1.2.3.4::1]"sv, "[IPv6:]"sv, "[tag:]"sv, "[tag:a b]"sv}) {
    EXPECT_FALSE(is_address_literal(literal)) << literal;
  }
}

TEST(SmtpMailbox, knows_dot_strings_and_quoted_strings) {
  EXPECT_EQ(parse_mailbox("a.b+c@x.test")->local, "a.b+c");
  EXPECT_EQ(parse_mailbox("\"a b\"@x.test")->local, "a b");
  EXPECT_EQ(parse_mailbox("\"a\\\"\\\\b@c>\"@x.test")->local, "a\"\\b@c>");
  EXPECT_EQ(parse_mailbox("a@[127.0.0.1]")->domain, "[127.0.0.1]");
  for (const auto text : {"a"sv, "a@"sv, "@x"sv, "a..b@x"sv, ".a@x"sv, "a.@x"sv, "a b@x"sv,
                          "\"a@x"sv, "\"a\"b@x"sv, "a@x@y"sv, "\xc3\xbc@x"sv, "\"\n\"@x"sv}) {
    EXPECT_FALSE(parse_mailbox(text)) << text;
  }
}

TEST(SmtpMailbox, local_parts_have_64_octets_and_not_one_more) {
  EXPECT_TRUE(parse_mailbox(std::string(64, 'a') + "@x"));
  EXPECT_FALSE(parse_mailbox(std::string(65, 'a') + "@x"));
}

TEST(SmtpMailbox, compares_domains_without_case_and_local_parts_with_it) {
  EXPECT_EQ(parse_mailbox("Ann@X.Test")->mailbox(), "Ann@x.test");
  EXPECT_EQ(parse_mailbox("\"ann\"@x.test")->mailbox(), parse_mailbox("ann@x.test")->mailbox());
}

TEST(SmtpPath, reads_the_front_of_a_text) {
  const auto front = front_path("<a@b.test> SIZE=1");
  ASSERT_TRUE(front);
  EXPECT_EQ(front->path.text, "a@b.test");
  EXPECT_EQ(front->consumed, 10U);
  EXPECT_TRUE(front_path("<>")->path.null());
  EXPECT_EQ(front_path("<postmaster>")->path.mailbox(), "postmaster");
  EXPECT_EQ(front_path("<\"a>b\"@x>")->path.local, "a>b");
}

TEST(SmtpPath, ignores_a_source_route) {
  EXPECT_EQ(front_path("<@a.test,@b.test:c@d.test>")->path.text, "c@d.test");
  EXPECT_FALSE(front_path("<@a.test>"));
  EXPECT_FALSE(front_path("<@a.test,b.test:c@d.test>"));
  EXPECT_FALSE(front_path("<@a.test:>"));
}

TEST(SmtpPath, lets_an_address_literal_hold_brackets_and_quotes) {
  // RFC 5321 §4.1.3: dcontent, %d33-90 and %d94-126.
  const auto front = front_path("<a@[tag:b>c\"d]> SIZE=1");
  ASSERT_TRUE(front);
  EXPECT_EQ(front->path.domain, "[tag:b>c\"d]");
  EXPECT_FALSE(front_path("<a@[tag:b>"));
}

TEST(SmtpPath, refuses_what_is_no_path) {
  for (const auto text : {""sv, "a@b"sv, "<a@b"sv, "< a@b>"sv, "<a@b >"sv, "<a>"sv, "<\"a@b>"sv}) {
    EXPECT_FALSE(front_path(text)) << text;
  }
}

TEST(Xtext, encodes_what_a_parameter_cannot_carry) {
  EXPECT_EQ(to_xtext("e+mc2=x y@z"), "e+2Bmc2+3Dx+20y@z");
  EXPECT_EQ(from_xtext("e+2Bmc2+3Dx+20y@z"), "e+mc2=x y@z");
  for (const auto text : {"+"sv, "+2"sv, "+2b"sv, "a=b"sv, "a b"sv}) {
    EXPECT_FALSE(from_xtext(text)) << text;
  }
}

}  // namespace
}  // namespace assay
