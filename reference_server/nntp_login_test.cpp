#include "reference_server/nntp_login.h"

#include "reference_server/nntp_fixture_test.h"

#include <gtest/gtest.h>

#include <string>

namespace assay {
namespace {

TEST(NntpAuthinfoCommand, is_refused_in_the_clear_for_right_and_wrong_alike) {
  NntpTalk talk;
  for (const auto* line : {"AUTHINFO USER ann", "AUTHINFO PASS secret", "AUTHINFO PASS wrong",
                           "AUTHINFO SASL PLAIN AGFubgBzZWNyZXQ=", "AUTHINFO SASL LOGIN",
                           "AUTHINFO SASL PLAIN AGFubgB3cm9uZw==", "AUTHINFO x"}) {
    EXPECT_EQ(talk.say(std::string(line) + "\r\n"),
              "483 Encryption required for authentication\r\n")
        << line;
  }
  EXPECT_EQ(talk.state.nntp(), NntpState{});
  NntpTalk none(news_with_auth(AuthLevel::none), Security::implicit);
  EXPECT_EQ(none.code("AUTHINFO USER ann"), 500);
}

TEST(NntpAuthinfoCommand, takes_a_name_and_then_a_password) {
  NntpTalk talk(news_config(), Security::upgraded);
  EXPECT_EQ(talk.code("AUTHINFO PASS secret"), 482);
  EXPECT_EQ(talk.code("AUTHINFO USER bob"), 381);
  EXPECT_EQ(talk.code("AUTHINFO USER ann"), 381);
  EXPECT_EQ(talk.code("AUTHINFO PASS wrong"), 481);
  EXPECT_EQ(talk.code("AUTHINFO PASS secret"), 482);
  EXPECT_EQ(talk.code("authinfo user ann"), 381);
  EXPECT_EQ(talk.code("authinfo pass secret"), 281);
  EXPECT_EQ(talk.state.user, "ann");
  EXPECT_TRUE(talk.state.nntp().user_name.empty());
}

TEST(NntpAuthinfoCommand, comes_once) {
  NntpTalk talk(news_config(), Security::upgraded);
  EXPECT_EQ(talk.code(kSaslAnn), 281);
  EXPECT_EQ(talk.code(kSaslAnn), 502);
  EXPECT_EQ(talk.code("AUTHINFO USER ann"), 502);
  EXPECT_EQ(talk.code("AUTHINFO"), 502);
}

TEST(NntpSasl, takes_plain_in_one_line_and_in_two) {
  NntpTalk one(news_config(), Security::upgraded);
  EXPECT_EQ(one.code(kSaslAnn), 281);
  EXPECT_EQ(one.state.user, "ann");
  NntpTalk two(news_config(), Security::upgraded);
  EXPECT_EQ(two.say("AUTHINFO SASL PLAIN\r\n"), "383 =\r\n");
  EXPECT_EQ(two.code("AGFubgBzZWNyZXQ="), 281);
}

TEST(NntpSasl, takes_login) {
  NntpTalk talk(news_config(), Security::upgraded);
  EXPECT_EQ(talk.say("AUTHINFO SASL LOGIN\r\n"), "383 VXNlcm5hbWU6\r\n");
  EXPECT_EQ(talk.say("YW5u\r\n"), "383 UGFzc3dvcmQ6\r\n");
  EXPECT_EQ(talk.code("c2VjcmV0"), 281);
}

TEST(NntpSasl, says_what_was_wrong) {
  NntpTalk talk(news_config(), Security::upgraded);
  EXPECT_EQ(talk.code("AUTHINFO SASL"), 501);
  EXPECT_EQ(talk.code("AUTHINFO GENERIC x"), 501);
  EXPECT_EQ(talk.code("AUTHINFO SASL CRAM-MD5"), 503);
  EXPECT_EQ(talk.code("AUTHINFO SASL PLAIN AGFubgB3cm9uZw=="), 481);
  EXPECT_EQ(talk.code("AUTHINFO SASL PLAIN Ym9iAGFubgBzZWNyZXQ="), 481);  // as bob, by ann
  EXPECT_EQ(talk.code("AUTHINFO SASL PLAIN abcd=efg"), 504);
  EXPECT_EQ(talk.code("AUTHINFO SASL PLAIN ="), 482);
  EXPECT_EQ(talk.code("AUTHINFO SASL PLAIN"), 383);
  EXPECT_EQ(talk.code("*"), 481);
  EXPECT_EQ(talk.code("AUTHINFO SASL PLAIN"), 383);
  EXPECT_EQ(talk.code("DATE!"), 504);
  EXPECT_EQ(talk.code("AUTHINFO SASL LOGIN YW5u"), 383);
  EXPECT_EQ(talk.code("="), 481);  // an empty password
  EXPECT_EQ(talk.code("DATE"), 111);
  EXPECT_TRUE(talk.state.user.empty());
  EXPECT_EQ(talk.state.nntp(), NntpState{});
}

TEST(NntpSasl, lines_have_64_kib_and_not_one_octet_more) {
  NntpTalk talk(news_config(), Security::upgraded);
  EXPECT_EQ(talk.code("AUTHINFO SASL PLAIN"), 383);
  EXPECT_EQ(talk.code(std::string(64UL * 1024, 'A')), 482);  // taken, and no PLAIN message
  EXPECT_EQ(talk.code("AUTHINFO SASL PLAIN"), 383);
  EXPECT_EQ(talk.say(std::string(64UL * 1024 + 1, 'A') + "\r\n"),
            "481 Authentication line too long\r\n");
  EXPECT_EQ(talk.state.nntp(), NntpState{});
  EXPECT_EQ(talk.code("DATE"), 111);
  EXPECT_EQ(talk.code("AUTHINFO SASL PLAIN"), 383);
  EXPECT_EQ(talk.code(std::string(1024UL * 1024, 'A')), 400);
  EXPECT_EQ(talk.next, Step::Next::close);
}

TEST(NntpSasl, the_command_has_room_for_an_initial_response) {
  NntpTalk talk(news_config(), Security::upgraded);
  const std::string command = "AUTHINFO SASL PLAIN ";
  EXPECT_EQ(talk.code(command + std::string(64UL * 1024, 'A')), 482);
  EXPECT_EQ(talk.code(command + std::string(64UL * 1024 + 4, 'A')), 481);
  EXPECT_EQ(talk.code("AUTHINFO USER " + std::string(497, 'x')), 501);
  EXPECT_EQ(talk.code(command + std::string(64UL * 1024 + 64, 'A')), 400);
  EXPECT_EQ(talk.next, Step::Next::close);
}

TEST(NntpSasl, challenges_log_in_in_the_clear_and_inside_tls) {
  for (const auto security : {Security::clear, Security::upgraded}) {
    for (const auto mechanism : kProofs) {
      NntpTalk talk(news_with_auth(AuthLevel::challenge), security);
      EXPECT_EQ(talk.prove(prover(mechanism, "wrong"), "AUTHINFO SASL", "383 "),
                "481 Authentication failed\r\n");
      const std::string said = talk.prove(prover(mechanism), "AUTHINFO SASL", "383 ");
      EXPECT_TRUE(said.starts_with("28")) << said;
      EXPECT_EQ(talk.state.user, "ann");
    }
  }
}

TEST(NntpSasl, success_brings_the_servers_signature) {
  NntpTalk talk(news_with_auth(AuthLevel::challenge));
  SaslClient client = prover(SaslMechanism::scram_sha_256);
  std::string said = talk.say("AUTHINFO SASL SCRAM-SHA-256 " +
                              std::string(client.respond().value().reveal()) + "\r\n");
  said = said.substr(4, said.size() - 6);
  said = talk.say(std::string(client.respond(said).value().reveal()) + "\r\n");
  EXPECT_TRUE(said.starts_with("283 ")) << said;
  EXPECT_TRUE(client.respond(said.substr(4, said.size() - 6)));
}

TEST(NntpSasl, where_challenges_are_no_password_is_shown_in_the_clear) {
  NntpTalk talk(news_with_auth(AuthLevel::challenge));
  EXPECT_TRUE(talk.offers("AUTHINFO SASL"));
  EXPECT_TRUE(talk.offers("SASL SCRAM-SHA-256 CRAM-MD5"));
  for (const auto* line :
       {"AUTHINFO USER ann", "AUTHINFO PASS secret", "AUTHINFO PASS wrong",
        "AUTHINFO SASL PLAIN AGFubgBzZWNyZXQ=", "AUTHINFO SASL PLAIN AGFubgB3cm9uZw=="}) {
    EXPECT_EQ(talk.code(line), 483) << line;
  }
  EXPECT_EQ(talk.state.nntp(), NntpState{});
  NntpTalk inside(news_with_auth(AuthLevel::challenge), Security::upgraded);
  EXPECT_TRUE(inside.offers("AUTHINFO USER SASL"));
  EXPECT_TRUE(inside.offers("SASL SCRAM-SHA-256 CRAM-MD5 PLAIN LOGIN"));
  EXPECT_EQ(inside.code("AUTHINFO USER ann"), 381);
}

TEST(NntpSasl, a_certificate_logs_in_whom_it_names) {
  NntpTalk talk(news_with_auth(AuthLevel::certificate), Security::upgraded);
  EXPECT_EQ(talk.code("AUTHINFO SASL EXTERNAL ="), 503);
  talk.state.certified_user = "ann";
  EXPECT_TRUE(talk.offers("SASL EXTERNAL PLAIN LOGIN"));
  EXPECT_EQ(talk.code("AUTHINFO SASL EXTERNAL Ym9i"), 481);
  EXPECT_EQ(talk.code("AUTHINFO SASL EXTERNAL"), 383);
  EXPECT_EQ(talk.code("="), 281);
  EXPECT_EQ(talk.state.user, "ann");
  EXPECT_EQ(NntpTalk(news_with_auth(AuthLevel::certificate)).code("AUTHINFO SASL EXTERNAL ="), 483);
}

}  // namespace
}  // namespace assay
