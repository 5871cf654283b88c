#include "reference_server/pop3.h"

#include "harness/protocol/pop3_capabilities.h"
#include "reference_server/pop3_fixture_test.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace assay {
namespace {

using namespace std::string_view_literals;

constexpr auto kClosed = Step::Next::close;

Pop3Capabilities offer_of(Pop3Talk& talk) {
  return parse_pop3_capabilities(talk.reply("CAPA", Pop3Form::multi_line).lines());
}

TEST(Pop3Service, greets_once_a_connection) {
  const Pop3Talk talk;
  EXPECT_EQ(text_of(talk.service.greeting(talk.service.fresh(Security::clear))),
            "+OK pop.a.test POP3 Assay\r\n");
  EXPECT_FALSE(talk.service.greeting(talk.service.fresh(Security::implicit)).empty());
  EXPECT_TRUE(talk.service.greeting(talk.service.fresh(Security::upgraded)).empty());
}

TEST(Pop3Service, offers_what_the_state_allows) {
  Pop3Talk clear;
  EXPECT_EQ(clear.say("CAPA\r\n"),
            "+OK Capability list follows\r\nTOP\r\nUIDL\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\n"
            "PIPELINING\r\nSTLS\r\nIMPLEMENTATION Assay\r\n.\r\n");
  Pop3Talk secured(pop3_config_for_tests(), Security::upgraded);
  const auto inside = offer_of(secured);
  EXPECT_FALSE(inside.stls);
  EXPECT_TRUE(inside.user);
  EXPECT_EQ(inside.sasl, (std::vector<std::string>{"PLAIN", "LOGIN"}));
  secured.log_in();
  EXPECT_EQ(offer_of(secured), inside);
  Pop3Talk none(pop3_with_auth(AuthLevel::none), Security::implicit);
  EXPECT_FALSE(offer_of(none).user);
  EXPECT_TRUE(offer_of(none).sasl.empty());
  Pop3Talk everywhere(pop3_with_auth(AuthLevel::clear));
  EXPECT_TRUE(offer_of(everywhere).user && offer_of(everywhere).stls);
  everywhere.log_in();
  EXPECT_FALSE(offer_of(everywhere).stls);
}

TEST(Pop3Service, lists_further_mechanisms_inside_tls_alone) {
  Pop3Config config = pop3_with_auth(AuthLevel::clear);
  config.further_mechanisms = {"SCRAM-SHA-256-PLUS"};
  Pop3Talk clear(config);
  EXPECT_FALSE(offer_of(clear).offers_sasl("SCRAM-SHA-256-PLUS"));
  Pop3Talk secured(config, Security::implicit);
  EXPECT_TRUE(offer_of(secured).offers_sasl("SCRAM-SHA-256-PLUS"));
  EXPECT_TRUE(secured.refuses("AUTH SCRAM-SHA-256-PLUS"));
}

TEST(Pop3Service, refuses_commands_of_the_other_state) {
  Pop3Talk talk(pop3_config_for_tests(), Security::upgraded);
  for (const auto line : {"STAT"sv, "LIST"sv, "UIDL"sv, "RETR 1"sv, "TOP 1 0"sv, "DELE 1"sv,
                          "RSET"sv, "NOOP"sv, "XYZZY"sv, ""sv}) {
    EXPECT_TRUE(talk.refuses(line)) << line;
  }
  talk.log_in();
  for (const auto line :
       {"USER ann"sv, "PASS secret"sv, "APOP ann x"sv, "AUTH PLAIN"sv, "STLS"sv, "LAST"sv}) {
    EXPECT_TRUE(talk.refuses(line)) << line;
  }
  EXPECT_TRUE(talk.accepts("NOOP"));
}

TEST(Pop3Service, refuses_arguments_where_none_belong) {
  Pop3Talk talk(pop3_config_for_tests(), Security::upgraded);
  for (const auto line : {"CAPA x"sv, "QUIT x"sv, "QUIT "sv, "STLS now"sv}) {
    EXPECT_TRUE(talk.refuses(line)) << line;
  }
  talk.log_in();
  for (const auto line : {"STAT 1"sv, "RSET 1"sv, "NOOP x"sv, "QUIT x"sv}) {
    EXPECT_TRUE(talk.refuses(line)) << line;
  }
  EXPECT_FALSE(talk.state.quitting);
  EXPECT_TRUE(talk.accepts("QUIT"));
}

TEST(Pop3Service, says_good_bye_before_a_login_too) {
  Pop3Talk talk;
  EXPECT_EQ(talk.say("QUIT\r\nCAPA\r\n"), "+OK pop.a.test signing off\r\n");
  EXPECT_TRUE(talk.state.quitting);
  EXPECT_EQ(talk.next, kClosed);
}

TEST(Pop3Service, starts_tls_and_leaves_what_follows) {
  Pop3Talk talk;
  EXPECT_EQ(talk.say("STLS\r\nCAPA\r\n"), "+OK Begin TLS negotiation\r\n");
  EXPECT_EQ(talk.next, Step::Next::start_tls);
  EXPECT_EQ(talk.left(), "CAPA\r\n");
}

TEST(Pop3Service, refuses_tls_inside_tls_and_without_a_key) {
  Pop3Talk secured(pop3_config_for_tests(), Security::upgraded);
  EXPECT_TRUE(secured.refuses("STLS"));
  Pop3Config config = pop3_config_for_tests();
  config.starttls = false;
  Pop3Talk without_key(config);
  EXPECT_TRUE(without_key.refuses("STLS"));
  EXPECT_FALSE(offer_of(without_key).stls);
}

TEST(Pop3Service, an_upgrade_forgets_everything) {
  Pop3Talk talk(pop3_with_auth(AuthLevel::clear));
  EXPECT_TRUE(talk.accepts("USER ann"));
  EXPECT_TRUE(talk.accepts("STLS"));
  const SessionState fresh = talk.service.fresh(Security::upgraded);
  EXPECT_EQ(fresh.pop3(), Pop3State{});
  EXPECT_TRUE(fresh.user.empty());
  EXPECT_EQ(fresh.errors, 0U);
}

TEST(Pop3Service, waits_with_everything_where_tls_is_required) {
  Pop3Config config = pop3_with_auth(AuthLevel::clear);
  config.tls_required = true;
  Pop3Talk talk(config);
  for (const auto line : {"USER ann"sv, "PASS secret"sv, "APOP ann x"sv, "AUTH PLAIN"sv, "STAT"sv,
                          "NOOP"sv, "UTF8"sv, "USER"sv}) {
    EXPECT_EQ(talk.say(std::string(line) + "\r\n"), "-ERR Must issue a STLS command first\r\n")
        << line;
  }
  EXPECT_FALSE(offer_of(talk).user);
  EXPECT_TRUE(talk.accepts("STLS"));
  Pop3Talk secured(config, Security::upgraded);
  secured.log_in();
}

TEST(Pop3Line, has_255_octets_and_not_one_more) {
  Pop3Talk talk(pop3_config_for_tests(), Security::upgraded);
  EXPECT_TRUE(talk.accepts("USER " + std::string(248, 'x')));
  EXPECT_EQ(talk.say("USER " + std::string(249, 'x') + "\r\nQUIT\r\n"),
            "-ERR Line too long\r\n+OK pop.a.test signing off\r\n");
}

TEST(Pop3Line, beyond_64_kib_ends_the_session) {
  Pop3Talk talk;
  EXPECT_TRUE(talk.refuses(std::string(64UL * 1024 - 2, 'x')));
  EXPECT_EQ(talk.next, Step::Next::go_on);
  EXPECT_TRUE(talk.refuses(std::string(64UL * 1024 - 1, 'x')));
  EXPECT_EQ(talk.next, kClosed);
  Pop3Talk endless;
  EXPECT_EQ(endless.say(std::string(64UL * 1024, 'x'), 1000), "");
  EXPECT_LE(endless.left().size(), 1000U);
  EXPECT_EQ(endless.say("x"), "-ERR Line far too long, closing\r\n");
}

TEST(Pop3Line, ends_at_crlf_alone) {
  Pop3Talk talk;
  EXPECT_EQ(talk.say("CAPA\n"), "");
  EXPECT_EQ(talk.say("\r\n"), "-ERR Stray control character in the command\r\n");
  EXPECT_TRUE(talk.refuses("CAPA\rCAPA"));
  EXPECT_TRUE(talk.refuses("CAPA\0"sv));
  EXPECT_TRUE(talk.refuses("NOOP\nQUIT"));
  EXPECT_EQ(talk.next, Step::Next::go_on);
}

TEST(Pop3Line, a_request_of_http_ends_the_session_and_a_password_like_one_does_not) {
  Pop3Talk talk(pop3_config_for_tests(), Security::implicit);
  talk.accounts.add("bob", {.password = Secret("a HTTP/1.1"), .mailbox = "bob@a.test"});
  EXPECT_TRUE(talk.accepts("USER bob"));
  EXPECT_TRUE(talk.accepts("PASS a HTTP/1.1"));
  EXPECT_TRUE(talk.refuses("POST / HTTP/1.1"));
  EXPECT_EQ(talk.next, kClosed);
}

TEST(Pop3Errors, twenty_are_answered_and_one_more_ends_the_session) {
  Pop3Talk talk(pop3_config_for_tests(), Security::implicit);
  talk.log_in();
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(talk.refuses("XYZZY"));
  EXPECT_TRUE(talk.accepts("NOOP"));
  EXPECT_EQ(talk.say("XYZZY\r\nNOOP\r\n"), "-ERR pop.a.test saw too many errors\r\n");
  EXPECT_EQ(talk.next, kClosed);
  EXPECT_TRUE(talk.store.lock("ann@a.test"));
}

TEST(Pop3Service, bears_with_ten_minutes_of_silence) {
  EXPECT_GE(Pop3Talk().service.silence(ServerBudget{}), std::chrono::minutes(10));  // RFC 1939 §3
}

TEST(Pop3Service, says_why_it_leaves_but_for_idleness) {
  const Pop3Talk talk;
  for (const auto why : {Farewell::shutting_down, Farewell::too_many_errors, Farewell::too_slow,
                         Farewell::too_many_connections}) {
    EXPECT_TRUE(text_of(talk.service.farewell(why)).starts_with("-ERR "));
  }
  EXPECT_EQ(text_of(talk.service.farewell(Farewell::shutting_down)),
            "-ERR [SYS/TEMP] pop.a.test is shutting down\r\n");
  EXPECT_TRUE(talk.service.farewell(Farewell::idle).empty());
}

TEST(Pop3Service, is_configured_with_prefixes_that_fit_an_id) {
  Pop3Config config = pop3_config_for_tests();
  config.uid_prefix = std::string(40, '~');
  EXPECT_NO_THROW(Pop3Talk{config});
  config.uid_prefix += 'x';
  EXPECT_THROW(Pop3Talk{config}, std::invalid_argument);
  config.uid_prefix = "a b";
  EXPECT_THROW(Pop3Talk{config}, std::invalid_argument);
}

TEST(Pop3Service, answers_alike_however_the_input_is_cut) {
  const std::string script =
      "NOOP\nx\r\nCAPA\r\nAUTH LOGIN\r\nYW5u\r\nd3Jvbmc=\r\nUSER ann\r\nPASS secret\r\n"
      "STAT\r\nLIST\r\nUIDL 2\r\n" +
      std::string(300, 'y') + "\r\r\n" + std::string(253, 'z') +
      "\r\nRETR 1\r\nTOP 2 1\r\nDELE 1\r\nRETR 1\r\nLIST\r\nRSET\r\nDELE 2\r\nQUIT\r\nNOOP\r\n";
  const auto said = [&](std::size_t piece) {
    Pop3Talk talk(pop3_config_for_tests(), Security::upgraded);
    talk.deliver("A: 1\r\n\r\n.one\r\n");
    talk.deliver("A: 2\r\n\r\ntwo\r\nthree\r\n");
    std::string all = talk.say(script, piece);
    EXPECT_EQ(talk.store.count("ann@a.test"), 1U) << piece;
    return all;
  };
  const std::string expected = said(script.size());
  EXPECT_TRUE(expected.ends_with("+OK pop.a.test signing off, 1 messages (14 octets) left\r\n"));
  for (const std::size_t piece : {1U, 2U, 3U, 5U, 7U, 64U}) EXPECT_EQ(said(piece), expected);
}

}  // namespace
}  // namespace assay
