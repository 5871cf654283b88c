#include "reference_server/nntp.h"

#include "reference_server/nntp_fixture_test.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace assay {
namespace {

using namespace std::string_view_literals;

constexpr auto kClosed = Step::Next::close;

NntpConfig tls_required() {
  NntpConfig config = news_with_auth(AuthLevel::clear);
  config.tls_required = true;
  return config;
}

NntpConfig mode_switching() {
  NntpConfig config = news_with_auth(AuthLevel::clear);
  config.mode_switching = true;
  return config;
}

TEST(NntpService, greets_once_a_connection) {
  const NntpTalk talk;
  EXPECT_EQ(text_of(talk.service.greeting(talk.service.fresh(Security::clear))),
            "200 news.a.test Assay ready, posting allowed\r\n");
  EXPECT_FALSE(talk.service.greeting(talk.service.fresh(Security::implicit)).empty());
  EXPECT_TRUE(talk.service.greeting(talk.service.fresh(Security::upgraded)).empty());
}

TEST(NntpService, greets_by_201_where_no_login_would_let_anybody_post) {
  const auto greeting = [](NntpConfig config) {
    const NntpTalk talk(std::move(config));
    return std::string(text_of(talk.service.greeting(talk.state))).substr(0, 4);
  };
  EXPECT_EQ(greeting(news_with_posting(Posting::nobody)), "201 ");
  NntpConfig config = news_with_posting(Posting::authenticated);
  EXPECT_EQ(greeting(config), "200 ");
  config.auth = AuthLevel::none;
  EXPECT_EQ(greeting(config), "201 ");
}

TEST(NntpCapabilitiesCommand, lists_what_the_state_allows) {
  NntpTalk clear;
  EXPECT_EQ(
      clear.say("CAPABILITIES\r\n"),
      "101 Capability list follows\r\nVERSION 2\r\nIMPLEMENTATION Assay\r\nREADER\r\nHDR\r\n"
      "NEWNEWS\r\nOVER MSGID\r\n"
      "LIST ACTIVE ACTIVE.TIMES HEADERS NEWSGROUPS OVERVIEW.FMT\r\nPOST\r\nSTARTTLS\r\n.\r\n");
  NntpTalk secured(news_config(), Security::upgraded);
  EXPECT_FALSE(secured.offers("STARTTLS"));
  EXPECT_TRUE(secured.offers("AUTHINFO USER SASL"));
  EXPECT_TRUE(secured.offers("SASL PLAIN LOGIN"));
  NntpTalk none(news_with_auth(AuthLevel::none), Security::implicit);
  EXPECT_EQ(none.say("CAPABILITIES\r\n").find("AUTHINFO"), std::string::npos);
  NntpTalk everywhere(news_with_auth(AuthLevel::clear));
  EXPECT_TRUE(everywhere.offers("AUTHINFO USER SASL"));
  NntpTalk silent(news_with_posting(Posting::nobody));
  EXPECT_FALSE(silent.offers("POST"));
}

TEST(NntpCapabilitiesCommand, keeps_sasl_and_drops_the_rest_once_logged_in) {
  NntpTalk talk(news_with_auth(AuthLevel::clear));
  EXPECT_TRUE(talk.offers("STARTTLS"));
  EXPECT_EQ(talk.code(kSaslAnn), 281);
  EXPECT_FALSE(talk.offers("STARTTLS"));
  EXPECT_FALSE(talk.offers("AUTHINFO USER SASL"));
  EXPECT_TRUE(talk.offers("SASL PLAIN LOGIN"));
}

TEST(NntpCapabilitiesCommand, takes_a_keyword_and_nothing_else) {
  NntpTalk talk;
  EXPECT_EQ(talk.say("CAPABILITIES AUTOUPDATE\r\n"), talk.say("CAPABILITIES\r\n"));
  EXPECT_EQ(talk.code("CAPABILITIES 2x"), 501);
  EXPECT_EQ(talk.code("CAPABILITIES one two"), 501);
}

TEST(NntpCapabilitiesCommand, further_mechanisms_are_listed_inside_tls_and_refused) {
  NntpConfig config = news_with_auth(AuthLevel::clear);
  config.further_mechanisms = {"SCRAM-SHA-256"};
  NntpTalk clear(config);
  EXPECT_TRUE(clear.offers("SASL PLAIN LOGIN"));
  NntpTalk secured(config, Security::upgraded);
  EXPECT_TRUE(secured.offers("SASL PLAIN LOGIN SCRAM-SHA-256"));
  EXPECT_EQ(secured.code("AUTHINFO SASL SCRAM-SHA-256"), 503);
}

TEST(NntpService, answers_the_small_commands) {
  NntpTalk talk;
  EXPECT_EQ(talk.say("dAtE\r\n"), "111 19990623135624\r\n");
  EXPECT_EQ(talk.say("HELP\r\n").substr(0, 4), "100 ");
  EXPECT_EQ(talk.code("MODE READER"), 200);
  EXPECT_EQ(talk.code("DATE now"), 501);
  EXPECT_EQ(talk.code("HELP me"), 501);
  EXPECT_EQ(talk.code("POST now"), 501);
  EXPECT_EQ(talk.code("MODE"), 501);
  EXPECT_EQ(talk.code("MODE POSTER"), 501);
  EXPECT_EQ(talk.code("MODE READER now"), 501);
  EXPECT_EQ(talk.code("XMARK 1"), 500);
  EXPECT_EQ(talk.code("IHAVE <a@b>"), 500);
  EXPECT_EQ(talk.code(""), 500);
  EXPECT_EQ(talk.code("QUIT now"), 501);
  EXPECT_EQ(talk.state.errors, 10U);
  EXPECT_FALSE(talk.state.quitting);
  EXPECT_EQ(talk.code("QUIT"), 205);
  EXPECT_TRUE(talk.state.quitting);
  EXPECT_EQ(talk.next, kClosed);
}

TEST(NntpStarttls, leaves_what_follows) {
  NntpTalk talk;
  EXPECT_EQ(talk.code("STARTTLS now"), 501);
  EXPECT_EQ(talk.say("STARTTLS\r\nDATE\r\n"), "382 Continue with TLS negotiation\r\n");
  EXPECT_EQ(talk.next, Step::Next::start_tls);
  EXPECT_EQ(talk.left(), "DATE\r\n");
}

TEST(NntpStarttls, is_refused_inside_tls_after_a_login_and_without_a_key) {
  NntpTalk secured(news_config(), Security::upgraded);
  EXPECT_EQ(secured.code("STARTTLS"), 502);
  NntpTalk known(news_with_auth(AuthLevel::clear));
  EXPECT_EQ(known.code(kSaslAnn), 281);
  EXPECT_EQ(known.code("STARTTLS"), 502);
  NntpConfig config = news_config();
  config.starttls = false;
  NntpTalk without_key(config);
  EXPECT_FALSE(without_key.offers("STARTTLS"));
  EXPECT_EQ(without_key.code("STARTTLS"), 500);
}

TEST(NntpStarttls, an_upgrade_forgets_everything) {
  NntpTalk talk(news_with_auth(AuthLevel::clear));
  talk.fill(1);
  EXPECT_EQ(talk.code("GROUP misc.test"), 211);
  EXPECT_EQ(talk.code("AUTHINFO USER ann"), 381);
  const SessionState fresh = talk.service.fresh(Security::upgraded);
  EXPECT_EQ(fresh.nntp(), NntpState{});
  EXPECT_TRUE(fresh.user.empty());
  talk.state = fresh;
  EXPECT_EQ(talk.code("STAT"), 412);
  EXPECT_EQ(talk.code("AUTHINFO PASS secret"), 482);
}

TEST(NntpService, waits_with_everything_where_tls_is_required) {
  NntpTalk talk(tls_required());
  for (const auto line :
       {"GROUP misc.test"sv, "ARTICLE"sv, "LIST"sv, "POST"sv, "MODE READER"sv,
        "AUTHINFO USER ann"sv, "AUTHINFO"sv, "STAT <a@b>"sv, "OVER x"sv, "NEWGROUPS"sv}) {
    EXPECT_EQ(talk.say(std::string(line) + "\r\n"), "483 Secure connection required\r\n") << line;
  }
  EXPECT_EQ(
      talk.say("CAPABILITIES\r\n"),
      "101 Capability list follows\r\nVERSION 2\r\nIMPLEMENTATION Assay\r\nSTARTTLS\r\n.\r\n");
  EXPECT_EQ(talk.code("DATE"), 111);
  EXPECT_EQ(talk.code("XMARK"), 500);
  EXPECT_EQ(talk.say("HELP\r\n").substr(0, 3), "100");
  EXPECT_EQ(talk.code("STARTTLS"), 382);
  NntpTalk secured(tls_required(), Security::upgraded);
  EXPECT_TRUE(secured.offers("READER"));
  EXPECT_EQ(secured.code("GROUP misc.test"), 211);
}

TEST(NntpModeReader, switches_a_mode_switching_server) {
  NntpTalk talk(mode_switching());
  EXPECT_TRUE(talk.offers("MODE-READER"));
  EXPECT_FALSE(talk.offers("READER"));
  EXPECT_FALSE(talk.offers("POST"));
  EXPECT_EQ(talk.say("GROUP misc.test\r\n").substr(0, 16), "401 MODE-READER ");
  EXPECT_EQ(talk.code("STAT <a@b>"), 430);
  EXPECT_EQ(talk.code("mode reader"), 200);
  EXPECT_FALSE(talk.offers("MODE-READER"));
  EXPECT_TRUE(talk.offers("READER"));
  EXPECT_EQ(talk.code("GROUP misc.test"), 211);
}

TEST(NntpModeReader, is_not_needed_under_tls_and_comes_too_late_after_a_login) {
  NntpTalk secured(mode_switching(), Security::upgraded);
  EXPECT_FALSE(secured.offers("MODE-READER"));
  EXPECT_TRUE(secured.offers("READER"));
  NntpTalk known(mode_switching());
  EXPECT_EQ(known.code(kSaslAnn), 281);
  EXPECT_FALSE(known.offers("MODE-READER"));
  EXPECT_EQ(known.code("GROUP misc.test"), 502);
  EXPECT_EQ(known.code("MODE READER"), 502);
  EXPECT_EQ(known.next, kClosed);
}

TEST(NntpModeReader, changes_nothing_where_there_is_nothing_to_switch) {
  NntpTalk talk(news_with_posting(Posting::nobody));
  talk.fill(2);
  EXPECT_EQ(talk.code("GROUP misc.test"), 211);
  const NntpState before = talk.state.nntp();
  EXPECT_EQ(talk.code("MODE READER"), 201);
  EXPECT_EQ(talk.state.nntp(), before);
}

TEST(NntpLine, has_512_octets_and_not_one_more) {
  NntpTalk talk;
  EXPECT_EQ(talk.code("GROUP " + std::string(504, 'x')), 411);
  EXPECT_EQ(talk.say("GROUP " + std::string(505, 'x') + "\r\nDATE\r\n"),
            "501 Line too long\r\n111 19990623135624\r\n");
}

TEST(NntpLine, beyond_64_kib_ends_the_session) {
  NntpTalk talk;
  EXPECT_EQ(talk.code(std::string(64UL * 1024 - 2, 'x')), 501);
  EXPECT_EQ(talk.code(std::string(64UL * 1024 - 1, 'x')), 400);
  EXPECT_EQ(talk.next, kClosed);
  NntpTalk endless;
  EXPECT_EQ(endless.say(std::string(64UL * 1024, 'x'), 1000), "");
  EXPECT_LE(endless.left().size(), 1000U);
  EXPECT_EQ(endless.say("x"), "400 Line far too long, closing\r\n");
}

TEST(NntpLine, ends_at_crlf_alone) {
  NntpTalk talk;
  EXPECT_EQ(talk.say("DATE\n"), "");
  EXPECT_EQ(talk.say("\r\n"), "501 Stray control character in the command\r\n");
  EXPECT_EQ(talk.code("DATE\rDATE"), 501);
  EXPECT_EQ(talk.code("DATE\0x"sv), 501);
  EXPECT_EQ(talk.say("DATE\nQUIT\r\nDATE\r\n").substr(0, 4), "501 ");
  EXPECT_EQ(talk.next, Step::Next::go_on);
}

TEST(NntpErrors, twenty_are_answered_and_one_more_ends_the_session) {
  NntpTalk talk(news_config(), Security::upgraded);
  for (int i = 0; i < 10; ++i) ASSERT_EQ(talk.code("XMARK"), 500);
  for (int i = 0; i < 10; ++i) ASSERT_EQ(talk.code("AUTHINFO SASL PLAIN AGFubgB4"), 481);
  EXPECT_EQ(talk.code("STAT <a@b>"), 430);
  EXPECT_EQ(talk.code("DATE"), 111);
  EXPECT_EQ(talk.say("XMARK\r\nDATE\r\n"), "400 news.a.test saw too many errors\r\n");
  EXPECT_EQ(talk.next, kClosed);
}

TEST(NntpService, ends_the_session_of_an_http_client) {
  NntpTalk talk;
  EXPECT_EQ(talk.say("POST / HTTP/1.1\r\nQUIT\r\n"), "400 This is no HTTP server\r\n");
  EXPECT_EQ(talk.next, kClosed);
}

TEST(NntpService, says_why_it_leaves_unless_nobody_spoke) {
  const NntpTalk talk;
  for (const auto why : {Farewell::shutting_down, Farewell::too_many_errors, Farewell::too_slow,
                         Farewell::too_many_connections}) {
    EXPECT_EQ(text_of(talk.service.farewell(why)).substr(0, 4), "400 ");
  }
  EXPECT_TRUE(talk.service.farewell(Farewell::idle).empty());
}

TEST(NntpService, answers_a_pipeline_in_order) {
  NntpTalk talk;
  talk.fill(2);
  EXPECT_EQ(talk.say("GROUP misc.test\r\nSTAT\r\nNEXT\r\nNEXT\r\n"),
            "211 2 1 2 misc.test\r\n223 1 <1@a.test> article exists\r\n"
            "223 2 <2@a.test> article found\r\n421 No next article\r\n");
}

TEST(NntpService, answers_alike_however_the_input_is_cut) {
  const std::string script =
      "DATE\nx\r\nMODE READER\r\nAUTHINFO SASL LOGIN\r\nYW5u\r\nd3Jvbmc=\r\nGROUP misc.test\r\n" +
      std::string(kSaslAnn) +
      "\r\nPOST\r\nFrom: ann\r\nNewsgroups: misc.test\r\nSubject: "
      "s\r\n\r\n..two\r\nthree\r\n.\r\n" +
      "POST\r\nbad\n.\r\n.\r\n" + std::string(1500, 'y') + "\r\r\n" + std::string(510, 'z') +
      "\r\nAUTHINFO SASL PLAIN " + std::string(2000, 'A') +
      "\r\nLISTGROUP misc.test 1-\r\nARTICLE 1\r\nOVER 1-\r\nHDR subject 1\r\nLAST\r\nQUIT\r\n";
  NntpTalk whole(news_config(), Security::upgraded);
  const std::string expected = whole.say(script);
  EXPECT_TRUE(expected.ends_with("422 No previous article\r\n205 Connection closing\r\n"));
  EXPECT_EQ(whole.store.count(), 1U);
  for (const std::size_t piece : {1U, 2U, 3U, 5U, 7U, 64U, 1000U}) {
    NntpTalk cut(news_config(), Security::upgraded);
    EXPECT_EQ(cut.say(script, piece), expected) << piece;
  }
}

}  // namespace
}  // namespace assay
