#include "reference_server/pop3_login.h"

#include "harness/protocol/apop.h"
#include "reference_server/pop3_fixture_test.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

namespace assay {
namespace {

constexpr std::string_view kPlainAnn = "AUTH PLAIN AGFubgBzZWNyZXQ=";  // ann, secret
constexpr auto kInTransaction = Pop3State::Phase::transaction;

Pop3Config with_apop(AuthLevel level) {
  Pop3Config config = pop3_with_auth(level);
  config.timestamp = [count = 0]() mutable { return "<" + std::to_string(++count) + "@a.test>"; };
  return config;
}

TEST(Pop3Login, is_refused_in_the_clear_for_right_and_wrong_alike) {
  Pop3Talk talk(with_apop(AuthLevel::tls_only));
  const std::string refused = "-ERR Encryption required for authentication\r\n";
  for (const auto line : {"USER ann", "USER nobody", "USER", "PASS secret", "PASS wrong",
                          "AUTH PLAIN AGFubgBzZWNyZXQ=", "AUTH PLAIN AGFubgB3cm9uZw==",
                          "AUTH LOGIN", "AUTH XYZZY", "APOP ann x"}) {
    EXPECT_EQ(talk.say(std::string(line) + "\r\n"), refused) << line;
  }
  EXPECT_EQ(apop_timestamp(text_of(talk.service.greeting(talk.state))), "");
  Pop3Talk none(with_apop(AuthLevel::none), Security::implicit);
  EXPECT_TRUE(none.refuses("USER ann"));
  EXPECT_TRUE(none.refuses(kPlainAnn));
}

TEST(Pop3UserPass, opens_the_maildrop) {
  Pop3Talk talk(pop3_with_auth(AuthLevel::clear));
  talk.deliver("A: b\r\n\r\nbody\r\n");
  EXPECT_TRUE(talk.accepts("user ann"));
  EXPECT_EQ(talk.say("pass secret\r\n"), "+OK Maildrop has 1 messages (14 octets)\r\n");
  EXPECT_EQ(talk.state.user, "ann");
  EXPECT_EQ(talk.state.pop3().phase, kInTransaction);
}

TEST(Pop3UserPass, tells_nobody_who_exists) {
  Pop3Talk talk(pop3_config_for_tests(), Security::upgraded);
  const std::string known = talk.say("USER ann\r\nPASS wrong\r\n");
  EXPECT_EQ(talk.say("USER nobody\r\nPASS wrong\r\n"), known);
  EXPECT_EQ(talk.reply("PASS secret").code, "");
  EXPECT_TRUE(talk.accepts("USER ann"));
  EXPECT_EQ(talk.reply("PASS wrong").code, "AUTH");
}

TEST(Pop3UserPass, pass_follows_its_user_at_once) {
  Pop3Talk talk(pop3_config_for_tests(), Security::upgraded);
  EXPECT_TRUE(talk.refuses("PASS secret"));
  EXPECT_TRUE(talk.accepts("USER ann"));
  talk.say("CAPA\r\n");
  EXPECT_TRUE(talk.refuses("PASS secret"));
  EXPECT_TRUE(talk.accepts("USER ann"));
  EXPECT_TRUE(talk.refuses("PASS"));
  EXPECT_TRUE(talk.refuses("PASS secret"));
  EXPECT_TRUE(talk.accepts("USER nobody"));
  EXPECT_TRUE(talk.accepts("USER ann"));
  EXPECT_TRUE(talk.accepts("PASS secret"));
}

TEST(Pop3UserPass, spaces_belong_to_the_password) {
  Pop3Talk talk(pop3_config_for_tests(), Security::upgraded);
  talk.accounts.add("bob", {.password = Secret(" two words "), .mailbox = "bob@a.test"});
  EXPECT_TRUE(talk.accepts("USER bob"));
  EXPECT_TRUE(talk.refuses("PASS two words"));
  EXPECT_TRUE(talk.accepts("USER bob"));
  EXPECT_TRUE(talk.accepts("PASS  two words "));
}

TEST(Pop3Apop, takes_the_digest_of_its_own_greeting) {
  Pop3Talk talk(with_apop(AuthLevel::clear));
  const std::string greeting(text_of(talk.service.greeting(talk.state)));
  const std::string timestamp(apop_timestamp(greeting));
  EXPECT_EQ(greeting, "+OK pop.a.test POP3 Assay " + timestamp + "\r\n");
  EXPECT_NE(talk.service.fresh(Security::clear).pop3().timestamp, timestamp);
  EXPECT_EQ(talk.reply("APOP ann " + apop_digest("<0@a.test>", "secret")).code, "AUTH");
  EXPECT_EQ(talk.reply("APOP ann " + apop_digest(timestamp, "wrong")).code, "AUTH");
  EXPECT_EQ(talk.reply("APOP bob " + apop_digest(timestamp, "secret")).code, "AUTH");
  EXPECT_TRUE(talk.refuses("APOP ann"));
  EXPECT_TRUE(talk.accepts("APOP ann " + apop_digest(timestamp, "secret")));
  EXPECT_EQ(talk.state.user, "ann");
}

TEST(Pop3Apop, is_offered_where_a_greeting_is_and_a_login) {
  EXPECT_TRUE(Pop3Talk(pop3_with_auth(AuthLevel::clear)).state.pop3().timestamp.empty());
  const Pop3Talk implicit(with_apop(AuthLevel::tls_only), Security::implicit);
  EXPECT_FALSE(implicit.state.pop3().timestamp.empty());
  Pop3Talk upgraded(with_apop(AuthLevel::clear), Security::upgraded);
  EXPECT_EQ(upgraded.say("APOP ann " + apop_digest("", "secret") + "\r\n"),
            "-ERR APOP is not offered\r\n");
  Pop3Config required = with_apop(AuthLevel::clear);
  required.tls_required = true;
  EXPECT_TRUE(Pop3Talk(required).state.pop3().timestamp.empty());
}

TEST(Pop3Auth, takes_plain_in_one_line_and_in_two) {
  Pop3Talk one(pop3_config_for_tests(), Security::upgraded);
  EXPECT_TRUE(one.accepts(kPlainAnn));
  EXPECT_EQ(one.state.user, "ann");
  Pop3Talk two(pop3_config_for_tests(), Security::upgraded);
  EXPECT_EQ(two.say("AUTH PLAIN\r\n"), "+ \r\n");
  EXPECT_TRUE(two.accepts("AGFubgBzZWNyZXQ="));
  EXPECT_EQ(two.state.pop3().phase, kInTransaction);
}

TEST(Pop3Auth, takes_login) {
  Pop3Talk talk(pop3_config_for_tests(), Security::upgraded);
  EXPECT_EQ(talk.say("AUTH LOGIN\r\n"), "+ VXNlcm5hbWU6\r\n");
  EXPECT_EQ(talk.say("YW5u\r\n"), "+ UGFzc3dvcmQ6\r\n");
  EXPECT_TRUE(talk.accepts("c2VjcmV0"));
}

TEST(Pop3Auth, says_what_was_wrong) {
  Pop3Talk talk(pop3_config_for_tests(), Security::upgraded);
  EXPECT_TRUE(talk.refuses("AUTH"));
  EXPECT_TRUE(talk.refuses("AUTH CRAM-MD5"));
  EXPECT_TRUE(talk.refuses("AUTH PLAIN a b"));
  EXPECT_EQ(talk.reply("AUTH PLAIN AGFubgB3cm9uZw==").code, "AUTH");
  EXPECT_EQ(talk.reply("AUTH PLAIN Ym9iAGFubgBzZWNyZXQ=").code, "AUTH");  // as bob
  EXPECT_TRUE(talk.refuses("AUTH PLAIN !!!"));
  EXPECT_TRUE(talk.refuses("AUTH PLAIN ="));
  for (const auto line : {"*", "QUIT", "", "AGFubgBzZWNyZXQ=\rx", "AGFubgBzZWNyZXQ=\n"}) {
    EXPECT_TRUE(talk.reply("AUTH PLAIN").intermediate());
    EXPECT_TRUE(talk.refuses(line)) << line;
    EXPECT_EQ(talk.state.pop3().phase, Pop3State::Phase::authorization);
  }
  EXPECT_TRUE(talk.state.user.empty());
  EXPECT_TRUE(talk.accepts("QUIT"));
}

TEST(Pop3Auth, comes_once) {
  Pop3Talk talk(pop3_config_for_tests(), Security::upgraded);
  EXPECT_TRUE(talk.accepts(kPlainAnn));
  EXPECT_TRUE(talk.refuses(kPlainAnn));
}

TEST(Pop3Auth, its_lines_have_64_kib_and_not_one_octet_more) {
  Pop3Talk talk(pop3_config_for_tests(), Security::upgraded);
  EXPECT_TRUE(talk.reply("AUTH PLAIN").intermediate());
  EXPECT_EQ(talk.say(std::string(64UL * 1024, 'A') + "\r\n"), "-ERR Malformed response\r\n");
  EXPECT_TRUE(talk.reply("AUTH PLAIN").intermediate());
  EXPECT_EQ(talk.say(std::string(64UL * 1024 + 1, 'A') + "\r\n"),
            "-ERR Authentication line too long\r\n");
  EXPECT_TRUE(talk.accepts("QUIT"));
}

TEST(Pop3Auth, challenges_open_the_maildrop_in_the_clear_and_inside_tls) {
  for (const auto security : {Security::clear, Security::upgraded}) {
    for (const auto mechanism : kProofs) {
      Pop3Talk talk(pop3_with_auth(AuthLevel::challenge), security);
      EXPECT_EQ(talk.prove(prover(mechanism, "wrong"), "AUTH", "+ "),
                "-ERR [AUTH] Authentication failed\r\n");
      EXPECT_TRUE(talk.prove(prover(mechanism), "AUTH", "+ ").starts_with("+OK "));
      EXPECT_EQ(talk.state.user, "ann");
      EXPECT_EQ(talk.state.pop3().phase, kInTransaction);
    }
  }
}

TEST(Pop3Auth, where_challenges_are_no_password_is_shown_in_the_clear) {
  Pop3Talk talk(with_apop(AuthLevel::challenge));
  const std::string listed = talk.say("CAPA\r\n");
  EXPECT_NE(listed.find("\r\nSASL SCRAM-SHA-256 CRAM-MD5\r\n"), std::string::npos);
  EXPECT_EQ(listed.find("\r\nUSER\r\n"), std::string::npos);
  for (const auto* line : {"USER ann", "PASS secret", "PASS wrong", "AUTH PLAIN AGFubgBzZWNyZXQ=",
                           "AUTH PLAIN AGFubgB3cm9uZw==", "AUTH LOGIN"}) {
    EXPECT_EQ(talk.say(std::string(line) + "\r\n"),
              "-ERR Encryption required for authentication\r\n")
        << line;
  }
  // RFC 1939 §7: APOP shows no password either.
  const std::string timestamp = talk.state.pop3().timestamp;
  EXPECT_TRUE(talk.accepts("APOP ann " + apop_digest(timestamp, "secret")));
  Pop3Talk inside(pop3_with_auth(AuthLevel::challenge), Security::upgraded);
  inside.log_in();
}

TEST(Pop3Auth, a_challenge_can_be_cancelled) {
  Pop3Talk talk(pop3_with_auth(AuthLevel::challenge));
  EXPECT_EQ(talk.say("AUTH CRAM-MD5\r\n"), "+ PE5PTkNFQHBvcC5hLnRlc3Q+\r\n");
  EXPECT_TRUE(talk.refuses("*"));
  EXPECT_TRUE(talk.refuses("AUTH CRAM-MD5 YQ=="));
  EXPECT_EQ(talk.state.pop3().sasl, SaslExchange{});
}

TEST(Pop3Auth, a_certificate_opens_the_maildrop_of_whom_it_names) {
  Pop3Talk talk(pop3_with_auth(AuthLevel::certificate), Security::implicit);
  EXPECT_TRUE(talk.refuses("AUTH EXTERNAL ="));
  talk.state.certified_user = "ann";
  EXPECT_NE(talk.say("CAPA\r\n").find("SASL EXTERNAL PLAIN LOGIN\r\n"), std::string::npos);
  EXPECT_EQ(talk.reply("AUTH EXTERNAL Ym9i").code, "AUTH");
  EXPECT_TRUE(talk.prove(external_as(""), "AUTH", "+ ").starts_with("+OK "));
  EXPECT_EQ(talk.state.user, "ann");
}

TEST(Pop3Maildrop, belongs_to_one_session_at_a_time) {
  Pop3Talk first(pop3_config_for_tests(), Security::upgraded);
  Pop3Talk second(pop3_config_for_tests(), Security::implicit, first.server);
  first.log_in();
  EXPECT_TRUE(second.accepts("USER ann"));
  EXPECT_EQ(second.reply("PASS secret").code, "IN-USE");
  EXPECT_EQ(second.state.errors, 0U);
  EXPECT_TRUE(second.accepts("USER ann"));
  EXPECT_EQ(second.reply("PASS wrong").code, "AUTH");
  EXPECT_TRUE(first.accepts("QUIT"));
  second.log_in();
}

TEST(Pop3Maildrop, is_free_again_when_its_session_is_gone) {
  const auto server = std::make_shared<ServerForTests>();
  {
    Pop3Talk lost(pop3_config_for_tests(), Security::upgraded, server);
    lost.log_in();
  }
  Pop3Talk next(pop3_config_for_tests(), Security::upgraded, server);
  next.log_in();
}

TEST(Pop3Maildrop, is_needed_for_a_login) {
  Pop3Talk talk(pop3_config_for_tests(), Security::upgraded);
  talk.accounts.add("eve", {.password = Secret("x")});
  EXPECT_TRUE(talk.accepts("USER eve"));
  EXPECT_EQ(talk.reply("PASS x").code, "SYS/PERM");
  EXPECT_TRUE(talk.state.user.empty());
}

}  // namespace
}  // namespace assay
