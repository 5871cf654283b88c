#include "reference_server/sasl_login.h"

#include "harness/base/base64.h"
#include "reference_server/talk_fixture_test.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace assay {
namespace {

using Kind = SaslReply::Kind;

SessionState inside_tls(std::string certified_user = {}) {
  return {.security = Security::implicit, .certified_user = std::move(certified_user)};
}

class SaslLoginTest : public testing::Test {
 protected:
  [[nodiscard]] SaslLogin login(
      AuthLevel level, SaslLogin::SuccessData data = SaslLogin::SuccessData::as_challenge) const {
    return {terms(level), accounts, data};
  }
  static SaslTerms terms(AuthLevel level) {
    return {.level = level, .host = "a.test", .nonce = [] { return "NONCE"; }};
  }
  [[nodiscard]] std::string list(AuthLevel level, const SessionState& state) const {
    return login(level).mechanism_list(state);
  }

  Accounts accounts = accounts_for_tests();
  SaslExchange exchange;
  SessionState clear;
  SessionState secured = inside_tls();
};

TEST_F(SaslLoginTest, each_level_has_its_offer_in_the_clear_and_inside_tls) {
  EXPECT_EQ(list(AuthLevel::none, clear), "");
  EXPECT_EQ(list(AuthLevel::none, secured), "");
  EXPECT_EQ(list(AuthLevel::clear, clear), "PLAIN LOGIN");
  EXPECT_EQ(list(AuthLevel::clear, secured), "PLAIN LOGIN");
  EXPECT_EQ(list(AuthLevel::tls_only, clear), "");
  EXPECT_EQ(list(AuthLevel::tls_only, secured), "PLAIN LOGIN");
  EXPECT_EQ(list(AuthLevel::challenge, clear), "SCRAM-SHA-256 CRAM-MD5");
  EXPECT_EQ(list(AuthLevel::challenge, secured), "SCRAM-SHA-256 CRAM-MD5 PLAIN LOGIN");
  EXPECT_EQ(list(AuthLevel::certificate, clear), "");
  EXPECT_EQ(list(AuthLevel::certificate, secured), "PLAIN LOGIN");
  EXPECT_EQ(list(AuthLevel::certificate, inside_tls("ann")), "EXTERNAL PLAIN LOGIN");
  EXPECT_EQ(list(AuthLevel::tls_only, inside_tls("ann")), "PLAIN LOGIN");
}

TEST_F(SaslLoginTest, what_waits_for_tls_is_told_from_what_is_not_there) {
  const auto begun = [&](AuthLevel level, const SessionState& state, std::string_view mechanism) {
    return login(level).begin(state, exchange, mechanism, "AGFubgBzZWNyZXQ=").kind;
  };
  EXPECT_EQ(begun(AuthLevel::challenge, clear, "PLAIN"), Kind::needs_tls);
  EXPECT_EQ(begun(AuthLevel::challenge, clear, "LOGIN"), Kind::needs_tls);
  EXPECT_EQ(begun(AuthLevel::challenge, clear, "EXTERNAL"), Kind::unsupported);
  EXPECT_EQ(begun(AuthLevel::challenge, clear, "GSSAPI"), Kind::unsupported);
  EXPECT_EQ(begun(AuthLevel::challenge, secured, "PLAIN"), Kind::accepted);
  EXPECT_EQ(begun(AuthLevel::certificate, clear, "EXTERNAL"), Kind::needs_tls);
  EXPECT_EQ(begun(AuthLevel::certificate, secured, "EXTERNAL"), Kind::unsupported);
  EXPECT_EQ(begun(AuthLevel::tls_only, secured, "SCRAM-SHA-256"), Kind::unsupported);
  EXPECT_EQ(exchange, SaslExchange{});
}

TEST_F(SaslLoginTest, additional_data_comes_with_success_or_before_it) {
  for (const auto data : {SaslLogin::SuccessData::as_challenge, SaslLogin::SuccessData::in_reply}) {
    const SaslLogin server = login(AuthLevel::challenge, data);
    SaslClient client(SaslMechanism::scram_sha_256,
                      {.authcid = "ann", .password = Secret("secret")}, "CLIENT");
    auto reply = server.begin(clear, exchange, "SCRAM-SHA-256",
                              std::string(client.respond().value().reveal()));
    ASSERT_EQ(reply.kind, Kind::challenge);
    reply = server.go_on(clear, exchange, client.respond(reply.data).value().reveal());
    EXPECT_TRUE(client.respond(reply.data)) << "the server knows the password";
    if (data == SaslLogin::SuccessData::as_challenge) {
      EXPECT_EQ(reply.kind, Kind::challenge);
      reply = server.go_on(clear, exchange, "");
    }
    EXPECT_EQ(reply.kind, Kind::accepted);
    EXPECT_EQ(reply.user, "ann");
    EXPECT_EQ(exchange, SaslExchange{});
  }
}

TEST_F(SaslLoginTest, nothing_but_an_empty_line_answers_additional_data) {
  const SaslLogin server = login(AuthLevel::challenge);
  for (const auto& [line, kind] : {std::pair{"*", Kind::cancelled}, std::pair{"=", Kind::malformed},
                                   std::pair{"YQ==", Kind::malformed}}) {
    exchange = {.mechanism = SaslMechanism::scram_sha_256, .user = "ann", .accepted = true};
    const SaslReply reply = server.go_on(clear, exchange, line);
    EXPECT_EQ(reply.kind, kind) << line;
    EXPECT_EQ(reply.user, "");
    EXPECT_EQ(exchange, SaslExchange{});
  }
}

TEST_F(SaslLoginTest, nobody_acts_as_somebody_else) {
  const SaslLogin server = login(AuthLevel::challenge);
  for (const auto& [authzid, kind] :
       {std::pair{"ann", Kind::challenge}, std::pair{"bob", Kind::rejected}}) {
    SaslClient client(SaslMechanism::scram_sha_256,
                      {.authzid = authzid, .authcid = "ann", .password = Secret("secret")}, "C");
    auto reply = server.begin(clear, exchange, "SCRAM-SHA-256",
                              std::string(client.respond().value().reveal()));
    reply = server.go_on(clear, exchange, client.respond(reply.data).value().reveal());
    EXPECT_EQ(reply.kind, kind) << authzid;
  }
  const SaslLogin external = login(AuthLevel::certificate);
  const auto as = [&](std::string_view authzid) {
    return external.begin(inside_tls("ann"), exchange, "EXTERNAL", to_base64(view_of(authzid)));
  };
  EXPECT_EQ(as("ann").user, "ann");
  EXPECT_EQ(as("bob").kind, Kind::rejected);
}

TEST_F(SaslLoginTest, the_unknown_get_a_salt_of_their_own_and_the_same_refusal) {
  const SaslLogin server = login(AuthLevel::challenge);
  const auto first = [&](std::string_view user) {
    SaslClient client(SaslMechanism::scram_sha_256, {.authcid = std::string(user)}, "C");
    return server
        .begin(clear, exchange, "SCRAM-SHA-256", std::string(client.respond().value().reveal()))
        .data;
  };
  EXPECT_EQ(first("nobody"), first("nobody"));
  EXPECT_NE(first("nobody"), first("somebody"));
  EXPECT_EQ(first("nobody").size(), first("ann").size());
  for (const auto* user : {"ann", "nobody"}) {
    SaslClient client(SaslMechanism::scram_sha_256, {.authcid = user, .password = Secret("wrong")},
                      "C");
    auto reply = server.begin(clear, exchange, "SCRAM-SHA-256",
                              std::string(client.respond().value().reveal()));
    reply = server.go_on(clear, exchange, client.respond(reply.data).value().reveal());
    EXPECT_EQ(reply.kind, Kind::rejected) << user;
    EXPECT_EQ(reply.data, "");
  }
}

TEST_F(SaslLoginTest, the_offer_of_channel_binding_cannot_be_taken_away) {
  SaslTerms with_plus = terms(AuthLevel::challenge);
  with_plus.further_mechanisms = {"SCRAM-SHA-256-PLUS"};
  const SaslLogin server(with_plus, accounts, SaslLogin::SuccessData::as_challenge);
  EXPECT_EQ(server.mechanism_list(secured),
            "SCRAM-SHA-256 CRAM-MD5 PLAIN LOGIN SCRAM-SHA-256-PLUS");
  EXPECT_EQ(server.mechanism_list(clear), "SCRAM-SHA-256 CRAM-MD5");
  const std::string could_bind = to_base64(view_of("y,,n=ann,r=abc"));
  EXPECT_EQ(server.begin(secured, exchange, "SCRAM-SHA-256", could_bind).kind, Kind::rejected);
  EXPECT_EQ(server.begin(clear, exchange, "SCRAM-SHA-256", could_bind).kind, Kind::challenge);
}

TEST_F(SaslLoginTest, challenges_need_a_nonce) {
  SaslTerms bare = terms(AuthLevel::challenge);
  bare.nonce = {};
  EXPECT_THROW(SaslLogin(bare, accounts, SaslLogin::SuccessData::in_reply), std::invalid_argument);
  bare.level = AuthLevel::tls_only;
  EXPECT_NO_THROW(SaslLogin(bare, accounts, SaslLogin::SuccessData::in_reply));
}

}  // namespace
}  // namespace assay
