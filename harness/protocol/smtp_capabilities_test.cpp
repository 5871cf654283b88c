#include "harness/protocol/smtp_capabilities.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace assay {
namespace {

SmtpCapabilities parsed(const std::vector<std::string>& lines) { return parse_capabilities(lines); }

TEST(SmtpCapabilities, knows_the_usual_keywords_in_any_case) {
  const auto offered =
      parsed({"mx.test at your service", "pipelining", "SIZE 1000", "8BITMIME", "CHUNKING",
              "EnhancedStatusCodes", "STARTTLS", "AUTH PLAIN login", "BINARYMIME", "SMTPUTF8"});
  EXPECT_EQ(offered.greeting, "mx.test at your service");
  EXPECT_TRUE(offered.pipelining && offered.eight_bit_mime && offered.chunking);
  EXPECT_TRUE(offered.enhanced_status_codes && offered.starttls && offered.binary_mime);
  EXPECT_TRUE(offered.smtputf8);
  EXPECT_EQ(offered.size, 1000U);
  EXPECT_EQ(offered.auth, (std::vector<std::string>{"PLAIN", "LOGIN"}));
  EXPECT_TRUE(offered.offers_auth("Login"));
  EXPECT_FALSE(offered.offers_auth("CRAM-MD5"));
}

TEST(SmtpCapabilities, keeps_all_lines_and_counts_duplicates) {
  const auto offered = parsed({"mx", "STARTTLS", "starttls", "XODD a  b", ""});
  EXPECT_EQ(offered.count("StartTLS"), 2U);
  EXPECT_EQ(offered.count("AUTH"), 0U);
  ASSERT_EQ(offered.all.size(), 4U);
  EXPECT_EQ(offered.all[2].first, "XODD");
  EXPECT_EQ(offered.all[2].second, "a  b");
}

TEST(SmtpCapabilities, the_greeting_line_offers_nothing) {
  EXPECT_FALSE(parsed({"STARTTLS"}).starttls);
  EXPECT_EQ(parsed({}), SmtpCapabilities{});
}

TEST(SmtpCapabilities, a_size_without_a_sound_number_is_offered_without_limit) {
  EXPECT_TRUE(parsed({"mx", "SIZE"}).size_offered);
  EXPECT_FALSE(parsed({"mx", "SIZE"}).size);
  EXPECT_FALSE(parsed({"mx", "SIZE 99999999999999999999999"}).size);
}

TEST(SmtpCapabilities, the_old_auth_spelling_is_no_auth_line) {
  const auto offered = parsed({"mx", "AUTH=PLAIN"});
  EXPECT_TRUE(offered.auth.empty());
  EXPECT_EQ(offered.count("AUTH=PLAIN"), 1U);
}

}  // namespace
}  // namespace assay
