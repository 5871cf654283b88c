#include "harness/protocol/pop3_capabilities.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace assay {
namespace {

Pop3Capabilities parsed(const std::vector<std::string>& lines) {
  return parse_pop3_capabilities(lines);
}

TEST(Pop3Capabilities, knows_the_usual_tags_in_any_case) {
  const auto offered = parsed({"Top", "USER", "uidl", "RESP-CODES", "AUTH-RESP-CODE", "pipelining",
                               "STLS", "SASL PLAIN login", "IMPLEMENTATION Shlemazle v302"});
  EXPECT_TRUE(offered.top && offered.user && offered.uidl && offered.resp_codes);
  EXPECT_TRUE(offered.auth_resp_code && offered.pipelining && offered.stls);
  EXPECT_EQ(offered.sasl, (std::vector<std::string>{"PLAIN", "LOGIN"}));
  EXPECT_EQ(offered.implementation, "Shlemazle v302");
  EXPECT_TRUE(offered.offers_sasl("Login"));
  EXPECT_FALSE(offered.offers_sasl("CRAM-MD5"));
}

TEST(Pop3Capabilities, keeps_all_lines_and_counts_duplicates) {
  const auto offered = parsed({"STLS", "stls", "XODD a  b", "", "EXPIRE 60"});
  EXPECT_EQ(offered.count("Stls"), 2U);
  EXPECT_EQ(offered.count("SASL"), 0U);
  ASSERT_EQ(offered.all.size(), 5U);
  EXPECT_EQ(offered.all[2].first, "XODD");
  EXPECT_EQ(offered.all[2].second, "a  b");
}

TEST(Pop3Capabilities, offers_nothing_without_a_line) {
  EXPECT_EQ(parsed({}), Pop3Capabilities{});
  EXPECT_FALSE(parsed({"STLSX", "XSTLS", "SASLPLAIN"}).stls);
  EXPECT_TRUE(parsed({"SASL"}).sasl.empty());
}

}  // namespace
}  // namespace assay
