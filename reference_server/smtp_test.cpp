#include "reference_server/smtp.h"

#include "reference_server/smtp_fixture_test.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace assay {
namespace {

using namespace std::string_view_literals;

constexpr auto kClosed = Step::Next::close;

TEST(SmtpService, greets_once_a_connection) {
  const SmtpTalk talk;
  EXPECT_EQ(text_of(talk.service.greeting(talk.service.fresh(Security::clear))),
            "220 mx.a.test ESMTP Assay\r\n");
  EXPECT_FALSE(talk.service.greeting(talk.service.fresh(Security::implicit)).empty());
  EXPECT_TRUE(talk.service.greeting(talk.service.fresh(Security::upgraded)).empty());
}

TEST(SmtpService, offers_what_the_state_allows) {
  SmtpTalk clear;
  EXPECT_EQ(clear.say("EHLO c.test\r\n"),
            "250-mx.a.test greets c.test\r\n250-PIPELINING\r\n250-SIZE 16777216\r\n250-8BITMIME\r\n"
            "250-CHUNKING\r\n250-ENHANCEDSTATUSCODES\r\n250 STARTTLS\r\n");
  SmtpTalk secured(config_for_tests(), Security::upgraded);
  const std::string offer = secured.say("EHLO c.test\r\n");
  EXPECT_EQ(offer.find("STARTTLS"), std::string::npos);
  EXPECT_NE(offer.find("250 AUTH PLAIN LOGIN\r\n"), std::string::npos);
  SmtpTalk none(with_auth(AuthLevel::none), Security::implicit);
  EXPECT_EQ(none.say("EHLO c.test\r\n").find("AUTH"), std::string::npos);
  SmtpTalk everywhere(with_auth(AuthLevel::clear));
  EXPECT_NE(everywhere.say("EHLO c.test\r\n").find("AUTH"), std::string::npos);
  EXPECT_EQ(everywhere.say("HELO c.test\r\n"), "250 mx.a.test\r\n");
}

TEST(SmtpService, refuses_mail_before_hello) {
  SmtpTalk talk;
  EXPECT_EQ(talk.say("MAIL FROM:<b@b.test>\r\n"), "503 5.5.1 EHLO first\r\n");
  EXPECT_EQ(talk.code("EHLO"), 501);
  EXPECT_EQ(talk.code("EHLO not_a_name"), 501);
  EXPECT_EQ(talk.code("MAIL FROM:<b@b.test>"), 503);
  EXPECT_EQ(talk.code("HELO [127.0.0.1]"), 250);
  EXPECT_EQ(talk.code("MAIL FROM:<b@b.test>"), 250);
}

TEST(SmtpService, answers_the_small_commands) {
  SmtpTalk talk;
  EXPECT_EQ(talk.code("nOoP anything"), 250);
  EXPECT_EQ(talk.code("RSET"), 250);
  EXPECT_EQ(talk.code("RSET now"), 501);
  EXPECT_EQ(talk.code("VRFY ann"), 252);
  EXPECT_EQ(talk.code("VRFY"), 501);
  EXPECT_EQ(talk.code("EXPN list"), 502);
  EXPECT_EQ(talk.code("HELP"), 214);
  EXPECT_EQ(talk.code("XYZZY"), 500);
  EXPECT_EQ(talk.code(""), 500);
  EXPECT_EQ(talk.code("DATA now"), 501);
  EXPECT_EQ(talk.code("QUIT now"), 501);
  EXPECT_EQ(talk.state.errors, 7U);
  EXPECT_FALSE(talk.state.quitting);
  EXPECT_EQ(talk.code("QUIT"), 221);
  EXPECT_TRUE(talk.state.quitting);
  EXPECT_EQ(talk.next, kClosed);
}

TEST(SmtpService, starts_tls_and_leaves_what_follows) {
  SmtpTalk talk;
  talk.say("EHLO c.test\r\n");
  EXPECT_EQ(talk.code("STARTTLS now"), 501);
  EXPECT_EQ(talk.say("STARTTLS\r\nEHLO canary.test\r\n"), "220 2.0.0 Ready to start TLS\r\n");
  EXPECT_EQ(talk.next, Step::Next::start_tls);
  EXPECT_EQ(talk.left(), "EHLO canary.test\r\n");
}

TEST(SmtpService, refuses_tls_inside_tls_and_without_a_key) {
  SmtpTalk secured(config_for_tests(), Security::upgraded);
  EXPECT_EQ(secured.code("STARTTLS"), 503);
  SmtpConfig config = config_for_tests();
  config.starttls = false;
  SmtpTalk without_key(config);
  EXPECT_EQ(without_key.say("EHLO c.test\r\n").find("STARTTLS"), std::string::npos);
  EXPECT_EQ(without_key.code("STARTTLS"), 502);
}

TEST(SmtpService, an_upgrade_forgets_everything) {
  SmtpTalk talk(with_auth(AuthLevel::clear));
  talk.say("EHLO c.test\r\n" + std::string(kPlainAnn) + "\r\nMAIL FROM:<b@b.test>\r\n");
  EXPECT_EQ(talk.state.user, "ann");
  const SessionState fresh = talk.service.fresh(Security::upgraded);
  EXPECT_EQ(fresh.smtp(), SmtpState{});
  EXPECT_TRUE(fresh.user.empty());
  EXPECT_EQ(fresh.errors, 0U);
}

TEST(SmtpService, waits_with_everything_where_tls_is_required) {
  SmtpConfig config = config_for_tests();
  config.tls_required = true;
  SmtpTalk talk(config);
  for (const auto line : {"MAIL FROM:<b@b.test>"sv, "RCPT TO:<x>"sv, "DATA"sv, "RSET"sv, "HELP"sv,
                          "VRFY x"sv, "AUTH PLAIN"sv, "ETRN x"sv, "MAIL bad"sv, "BDAT x"sv}) {
    EXPECT_EQ(talk.say(std::string(line) + "\r\n"),
              "530 5.7.0 Must issue a STARTTLS command first\r\n")
        << line;
  }
  EXPECT_EQ(talk.code("NOOP"), 250);
  EXPECT_EQ(talk.code("HELO c.test"), 250);
  EXPECT_EQ(talk.say("BDAT 6\r\nQUIT\r\nNOOP\r\n").substr(0, 9), "530 5.7.0");
  EXPECT_EQ(talk.next, Step::Next::go_on);
  EXPECT_EQ(talk.code("STARTTLS"), 220);
  SmtpTalk secured(config, Security::upgraded);
  secured.say("EHLO c.test\r\n");
  EXPECT_EQ(secured.code("MAIL FROM:<b@b.test>"), 250);
}

TEST(SmtpMailCommand, parameters_are_held_to_what_was_offered) {
  SmtpTalk talk;
  talk.say("EHLO c.test\r\n");
  EXPECT_EQ(talk.code("MAIL FROM:<b@b.test> SIZE=16777217"), 552);
  EXPECT_EQ(talk.code("MAIL FROM:<b@b.test> SMTPUTF8"), 555);
  EXPECT_EQ(talk.code("MAIL FROM:<b@b.test> BODY=BINARYMIME"), 555);
  EXPECT_EQ(talk.code("MAIL FROM:<b@b.test> BODY=9BIT"), 501);
  EXPECT_EQ(talk.code("MAIL FROM:<b@b.test> AUTH=<>"), 555);
  EXPECT_EQ(talk.code("MAIL FROM: <b@b.test>"), 501);
  EXPECT_EQ(talk.code("MAIL FROM:<\xc3\xbc@b.test>"), 501);
  EXPECT_EQ(talk.code("MAIL FROM:<b@b.test> SIZE=16777216 BODY=8BITMIME"), 250);
  EXPECT_EQ(talk.code("MAIL FROM:<b@b.test>"), 503);
  EXPECT_EQ(talk.code("HELO c.test"), 250);
  EXPECT_EQ(talk.code("MAIL FROM:<b@b.test> SIZE=1"), 555);
  SmtpTalk secured(config_for_tests(), Security::upgraded);
  secured.say("EHLO c.test\r\n");
  EXPECT_EQ(secured.code("MAIL FROM:<b@b.test> AUTH=<>"), 250);
}

TEST(SmtpRcptCommand, relays_for_the_authenticated_alone) {
  SmtpTalk talk(config_for_tests(), Security::upgraded);
  EXPECT_EQ(talk.code("RCPT TO:<ann@a.test>"), 503);
  talk.say("EHLO c.test\r\nMAIL FROM:<>\r\n");
  EXPECT_EQ(talk.say("RCPT TO:<x@elsewhere.test>\r\n"),
            "550 5.7.1 No mail is relayed to this domain\r\n");
  EXPECT_EQ(talk.code("RCPT TO:<ann@A.TEST>"), 250);
  EXPECT_EQ(talk.code("RCPT TO:<postmaster>"), 250);
  EXPECT_EQ(talk.code("RCPT TO:<>"), 501);
  EXPECT_EQ(talk.code("RCPT TO:<ann@a.test> NOTIFY=NEVER"), 555);
  talk.say("RSET\r\n" + std::string(kPlainAnn) + "\r\nMAIL FROM:<>\r\n");
  EXPECT_EQ(talk.code("RCPT TO:<x@elsewhere.test>"), 250);
}

TEST(SmtpRcptCommand, a_thousand_recipients_are_taken_and_not_one_more) {
  SmtpTalk talk;
  talk.say("EHLO c.test\r\nMAIL FROM:<>\r\n");
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(talk.code("RCPT TO:<u" + std::to_string(i) + "@a.test>"), 250);
  }
  EXPECT_EQ(talk.say("RCPT TO:<more@a.test>\r\n"), "452 4.5.3 Too many recipients\r\n");
  EXPECT_EQ(talk.state.errors, 0U);
  EXPECT_EQ(talk.code("DATA"), 354);
  EXPECT_EQ(talk.code("."), 250);
  EXPECT_EQ(talk.store.count("u999@a.test"), 1U);
}

TEST(SmtpLine, has_a_thousand_octets_and_not_one_more) {
  SmtpTalk talk;
  EXPECT_EQ(talk.code("NOOP " + std::string(993, 'x')), 250);
  EXPECT_EQ(talk.say("NOOP " + std::string(994, 'x') + "\r\nRSET\r\n"),
            "500 5.5.2 Line too long\r\n250 2.0.0 Forgotten\r\n");
}

TEST(SmtpLine, beyond_64_kib_ends_the_session) {
  SmtpTalk talk;
  EXPECT_EQ(talk.code(std::string(64UL * 1024 - 2, 'x')), 500);
  EXPECT_EQ(talk.code(std::string(64UL * 1024 - 1, 'x')), 421);
  EXPECT_EQ(talk.next, kClosed);
  SmtpTalk endless;
  EXPECT_EQ(endless.say(std::string(64UL * 1024, 'x'), 1000), "");
  EXPECT_LE(endless.left().size(), 1000U);
  EXPECT_EQ(endless.say("x"), "421 4.7.0 Line far too long, closing\r\n");
}

TEST(SmtpLine, ends_at_crlf_alone) {
  SmtpTalk talk;
  EXPECT_EQ(talk.say("NOOP\n"), "");
  EXPECT_EQ(talk.say("\r\n"), "500 5.5.2 Stray control character in the command\r\n");
  EXPECT_EQ(talk.code("NOOP\rNOOP"), 500);
  EXPECT_EQ(talk.code("NOOP\0x"sv), 500);
  EXPECT_EQ(talk.say("NOOP\nQUIT\r\nRSET\r\n").substr(0, 5), "500 5");
  EXPECT_EQ(talk.next, Step::Next::go_on);
}

TEST(SmtpErrors, twenty_are_answered_and_one_more_ends_the_session) {
  SmtpTalk talk;
  for (int i = 0; i < 20; ++i) ASSERT_EQ(talk.code("XYZZY"), 500);
  EXPECT_EQ(talk.code("NOOP"), 250);
  EXPECT_EQ(talk.say("XYZZY\r\nNOOP\r\n"), "421 4.7.0 mx.a.test saw too many errors\r\n");
  EXPECT_EQ(talk.next, kClosed);
}

TEST(SmtpService, says_why_it_leaves) {
  const SmtpTalk talk;
  for (const auto why : {Farewell::shutting_down, Farewell::idle, Farewell::too_many_errors,
                         Farewell::too_slow, Farewell::too_many_connections}) {
    EXPECT_EQ(text_of(talk.service.farewell(why)).substr(0, 4), "421 ");
  }
}

TEST(SmtpService, answers_alike_however_the_input_is_cut) {
  const std::string script = "NOOP\nx\r\nEHLO c.test\r\nAUTH LOGIN\r\nYW5u\r\nd3Jvbmc=\r\n" +
                             std::string(kPlainAnn) +
                             "\r\nMAIL FROM:<b@b.test>\r\nRCPT TO:<ann@a.test>\r\nDATA\r\n"
                             "one\r\n..two\n.\r\nthree\r\n.\r\n" +
                             std::string(1500, 'y') + "\r\r\n" + std::string(998, 'z') +
                             "\r\n"
                             "MAIL FROM:<>\r\nBDAT 7\r\nQUIT\r\n\nMAIL FROM:<>\r\n"
                             "RCPT TO:<ann@a.test>\r\nBDAT 5\r\nab\r\n.BDAT 6 LAST\r\nQUIT\r\n"
                             "QUIT\r\n";
  SmtpTalk whole(config_for_tests(), Security::upgraded);
  const std::string expected = whole.say(script);
  EXPECT_TRUE(expected.ends_with("221 2.0.0 mx.a.test closing connection\r\n"));
  for (const std::size_t piece : {1U, 2U, 3U, 5U, 7U, 64U, 1000U}) {
    SmtpTalk cut(config_for_tests(), Security::upgraded);
    EXPECT_EQ(cut.say(script, piece), expected) << piece;
    ASSERT_EQ(cut.store.count(), whole.store.count());
    for (std::size_t i = 0; i < cut.store.count(); ++i) {
      EXPECT_EQ(cut.store.list("ann@a.test")[i]->content,
                whole.store.list("ann@a.test")[i]->content);
    }
  }
}

}  // namespace
}  // namespace assay
