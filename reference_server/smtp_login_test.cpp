#include "reference_server/smtp_login.h"

#include "reference_server/smtp_fixture_test.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace assay {
namespace {

TEST(SmtpAuth, is_refused_in_the_clear_for_right_and_wrong_alike) {
  SmtpTalk talk;
  talk.say("EHLO c.test\r\n");
  EXPECT_EQ(talk.say(std::string(kPlainAnn) + "\r\n"),
            "538 5.7.11 Encryption required for authentication\r\n");
  EXPECT_EQ(talk.code("AUTH PLAIN AGFubgB3cm9uZw=="), 538);
  EXPECT_EQ(talk.code("AUTH LOGIN"), 538);
  SmtpTalk none(with_auth(AuthLevel::none), Security::implicit);
  none.say("EHLO c.test\r\n");
  EXPECT_EQ(none.code(kPlainAnn), 502);
}

TEST(SmtpAuth, takes_plain_in_one_line_and_in_two) {
  SmtpTalk one(config_for_tests(), Security::upgraded);
  one.say("EHLO c.test\r\n");
  EXPECT_EQ(one.say(std::string(kPlainAnn) + "\r\n"), "235 2.7.0 Authentication succeeded\r\n");
  EXPECT_EQ(one.state.user, "ann");
  SmtpTalk two(config_for_tests(), Security::upgraded);
  two.say("EHLO c.test\r\n");
  EXPECT_EQ(two.say("AUTH PLAIN\r\n"), "334 \r\n");
  EXPECT_EQ(two.code("AGFubgBzZWNyZXQ="), 235);
}

TEST(SmtpAuth, takes_login) {
  SmtpTalk talk(config_for_tests(), Security::upgraded);
  talk.say("EHLO c.test\r\n");
  EXPECT_EQ(talk.say("AUTH LOGIN\r\n"), "334 VXNlcm5hbWU6\r\n");
  EXPECT_EQ(talk.say("YW5u\r\n"), "334 UGFzc3dvcmQ6\r\n");
  EXPECT_EQ(talk.code("c2VjcmV0"), 235);
}

TEST(SmtpAuth, says_what_was_wrong) {
  SmtpTalk talk(config_for_tests(), Security::upgraded);
  EXPECT_EQ(talk.code(kPlainAnn), 503);
  talk.say("EHLO c.test\r\n");
  EXPECT_EQ(talk.code("AUTH"), 501);
  EXPECT_EQ(talk.code("AUTH CRAM-MD5"), 504);
  EXPECT_EQ(talk.say("AUTH PLAIN AGFubgB3cm9uZw==\r\n"),
            "535 5.7.8 Authentication credentials invalid\r\n");
  EXPECT_EQ(talk.code("AUTH PLAIN Ym9iAGFubgBzZWNyZXQ="), 535);  // as bob, by ann's password
  EXPECT_EQ(talk.code("AUTH PLAIN !!!"), 501);
  EXPECT_EQ(talk.code("AUTH PLAIN ="), 501);
  EXPECT_EQ(talk.code("AUTH PLAIN"), 334);
  EXPECT_EQ(talk.code("*"), 501);
  EXPECT_EQ(talk.code("AUTH PLAIN"), 334);
  EXPECT_EQ(talk.code("QUIT"), 501);  // no base64
  EXPECT_EQ(talk.code("NOOP"), 250);
  EXPECT_TRUE(talk.state.user.empty());
}

TEST(SmtpAuth, comes_once_and_outside_transactions) {
  SmtpTalk talk(config_for_tests(), Security::upgraded);
  talk.begin_mail();
  EXPECT_EQ(talk.code(kPlainAnn), 503);
  EXPECT_EQ(talk.code("RSET"), 250);
  EXPECT_EQ(talk.code(kPlainAnn), 235);
  EXPECT_EQ(talk.code(kPlainAnn), 503);
}

TEST(SmtpAuth, lines_have_64_kib_and_not_one_octet_more) {
  SmtpTalk talk(config_for_tests(), Security::upgraded);
  talk.say("EHLO c.test\r\nAUTH PLAIN\r\n");
  EXPECT_EQ(talk.code(std::string(64UL * 1024, 'A')), 501);  // taken, and no PLAIN message
  EXPECT_EQ(talk.code("AUTH PLAIN"), 334);
  EXPECT_EQ(talk.say(std::string(64UL * 1024 + 1, 'A') + "\r\n"),
            "500 5.5.6 Authentication line too long\r\n");
  EXPECT_EQ(talk.state.smtp().sasl, SaslExchange{});
  EXPECT_EQ(talk.code("NOOP"), 250);
  EXPECT_EQ(talk.code("AUTH PLAIN"), 334);
  EXPECT_EQ(talk.code(std::string(1024UL * 1024, 'A')), 421);
  EXPECT_EQ(talk.next, Step::Next::close);
}

}  // namespace
}  // namespace assay
