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
  EXPECT_EQ(talk.code("AUTH CRAM-MD5"), 504);  // of another level
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

std::string proven(SmtpTalk& talk, SaslClient client) {
  talk.say("EHLO c.test\r\n");
  return talk.prove(std::move(client), "AUTH", "334 ");
}

TEST(SmtpAuth, challenges_open_the_session_in_the_clear_and_inside_tls) {
  for (const auto security : {Security::clear, Security::upgraded}) {
    for (const auto mechanism : kProofs) {
      SmtpTalk talk(with_auth(AuthLevel::challenge), security);
      EXPECT_EQ(proven(talk, prover(mechanism, "wrong")),
                "535 5.7.8 Authentication credentials invalid\r\n");
      EXPECT_EQ(proven(talk, prover(mechanism)), "235 2.7.0 Authentication succeeded\r\n");
      EXPECT_EQ(talk.state.user, "ann");
    }
  }
}

TEST(SmtpAuth, where_challenges_are_no_password_is_shown_in_the_clear) {
  SmtpTalk talk(with_auth(AuthLevel::challenge));
  EXPECT_NE(talk.say("EHLO c.test\r\n").find("250 AUTH SCRAM-SHA-256 CRAM-MD5\r\n"),
            std::string::npos);
  const std::string refused = "538 5.7.11 Encryption required for authentication\r\n";
  for (const auto* line : {"AUTH PLAIN AGFubgBzZWNyZXQ=", "AUTH PLAIN AGFubgB3cm9uZw==",
                           "AUTH PLAIN !", "AUTH LOGIN"}) {
    EXPECT_EQ(talk.say(std::string(line) + "\r\n"), refused) << line;
  }
  EXPECT_EQ(talk.code("AUTH EXTERNAL ="), 504);
  EXPECT_EQ(talk.state.smtp().phase, SmtpState::Phase::command);
}

TEST(SmtpAuth, a_challenge_can_be_cancelled_at_every_step) {
  SmtpTalk talk(with_auth(AuthLevel::challenge));
  talk.say("EHLO c.test\r\n");
  EXPECT_EQ(talk.say("AUTH CRAM-MD5\r\n"), "334 PE5PTkNFQG14LmEudGVzdD4=\r\n");
  EXPECT_EQ(talk.code("*"), 501);
  EXPECT_EQ(talk.code("AUTH SCRAM-SHA-256"), 334);
  EXPECT_EQ(talk.code("biwsbj1hbm4scj1hYmM="), 334);  // n,,n=ann,r=abc
  EXPECT_EQ(talk.code("*"), 501);
  EXPECT_EQ(talk.code("AUTH CRAM-MD5 ="), 501);
  EXPECT_EQ(talk.state.smtp().sasl, SaslExchange{});
  EXPECT_EQ(talk.code("NOOP"), 250);
}

TEST(SmtpAuth, a_certificate_opens_the_session_for_whom_it_names) {
  SmtpTalk talk(with_auth(AuthLevel::certificate), Security::upgraded);
  EXPECT_EQ(proven(talk, external_as("")), "504 5.5.4 Mechanism not supported\r\n");
  talk.state.certified_user = "ann";
  EXPECT_NE(talk.say("EHLO c.test\r\n").find("AUTH EXTERNAL PLAIN LOGIN\r\n"), std::string::npos);
  EXPECT_EQ(proven(talk, external_as("bob")), "535 5.7.8 Authentication credentials invalid\r\n");
  EXPECT_EQ(proven(talk, external_as("ann")), "235 2.7.0 Authentication succeeded\r\n");
  EXPECT_EQ(talk.state.user, "ann");
  SmtpTalk clear(with_auth(AuthLevel::certificate));
  clear.say("EHLO c.test\r\n");
  EXPECT_EQ(clear.code("AUTH EXTERNAL ="), 538);
}

}  // namespace
}  // namespace assay
