#include "harness/protocol/sasl.h"

#include "harness/base/base64.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace assay {
namespace {

using namespace std::string_view_literals;
using Kind = SaslOutcome::Kind;

std::string base64(std::string_view text) { return to_base64(view_of(text)); }

SaslCredentials tim() { return {.authcid = "tim", .password = Secret("tanstaaftanstaaf")}; }

TEST(SaslPlain, writes_the_example_of_rfc4616) {
  EXPECT_EQ(plain_message(tim()).reveal(), "\0tim\0tanstaaftanstaaf"sv);
  const SaslCredentials kurt{
      .authzid = "Ursel", .authcid = "Kurt", .password = Secret("xipj3plmq")};
  EXPECT_EQ(plain_message(kurt).reveal(), "Ursel\0Kurt\0xipj3plmq"sv);
}

TEST(SaslPlain, reads_what_it_writes) {
  const auto read = parse_plain_message("Ursel\0Kurt\0xipj3plmq"sv);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->authzid, "Ursel");
  EXPECT_EQ(read->authcid, "Kurt");
  EXPECT_TRUE(read->password.matches("xipj3plmq"));
}

TEST(SaslPlain, is_strict) {
  for (const auto message :
       {""sv, "tim"sv, "\0tim"sv, "\0\0secret"sv, "\0tim\0"sv, "\0tim\0a\0b"sv, "\0t\xff\0x"sv,
        "\0t\xc0\x80\0x"sv, "\0t\xed\xa0\x80\0x"sv, "\0t\xf4\x90\x80\x80\0x"sv, "\0t\xe2\x82\0x"sv,
        "\0t\xe0\x80\x80\0x"sv, "\0t\0x\xc3"sv}) {
    EXPECT_FALSE(parse_plain_message(message)) << message.size();
  }
  EXPECT_TRUE(parse_plain_message("\0\xc3\xbc\xe2\x82\xac\xf0\x9f\x94\x91\0x"sv));
}

TEST(SaslExchange, plain_takes_an_initial_response) {
  SaslExchange exchange;
  const auto outcome = begin_sasl(exchange, SaslMechanism::plain, "AHRpbQB0YW5zdGFhZnRhbnN0YWFm");
  EXPECT_EQ(outcome.kind, Kind::credentials);
  EXPECT_EQ(outcome.credentials.authcid, "tim");
  EXPECT_EQ(exchange, SaslExchange{});
}

TEST(SaslExchange, plain_asks_with_an_empty_challenge) {
  SaslExchange exchange;
  const auto asked = begin_sasl(exchange, SaslMechanism::plain, std::nullopt);
  EXPECT_EQ(asked.kind, Kind::challenge);
  EXPECT_EQ(asked.challenge, "");
  EXPECT_EQ(continue_sasl(exchange, "AHRpbQB0YW5zdGFhZnRhbnN0YWFm").kind, Kind::credentials);
}

TEST(SaslExchange, login_asks_twice) {
  SaslExchange exchange;
  EXPECT_EQ(begin_sasl(exchange, SaslMechanism::login, std::nullopt).challenge,
            base64("Username:"));
  EXPECT_EQ(continue_sasl(exchange, base64("tim")).challenge, base64("Password:"));
  const auto outcome = continue_sasl(exchange, base64("secret"));
  EXPECT_EQ(outcome.kind, Kind::credentials);
  EXPECT_EQ(outcome.credentials.authcid, "tim");
  EXPECT_TRUE(outcome.credentials.password.matches("secret"));
}

TEST(SaslExchange, login_takes_the_name_as_initial_response) {
  SaslExchange exchange;
  EXPECT_EQ(begin_sasl(exchange, SaslMechanism::login, base64("tim")).challenge,
            base64("Password:"));
  EXPECT_EQ(exchange.user, "tim");
}

TEST(SaslExchange, a_star_cancels_and_an_equals_sign_is_an_empty_response) {
  SaslExchange exchange;
  (void)begin_sasl(exchange, SaslMechanism::plain, std::nullopt);
  EXPECT_EQ(continue_sasl(exchange, "*").kind, Kind::cancelled);
  EXPECT_EQ(exchange, SaslExchange{});
  EXPECT_EQ(begin_sasl(exchange, SaslMechanism::plain, "=").kind, Kind::malformed);
  (void)begin_sasl(exchange, SaslMechanism::plain, std::nullopt);
  EXPECT_EQ(continue_sasl(exchange, "=").kind, Kind::malformed);
}

TEST(SaslExchange, refuses_what_is_no_base64) {
  SaslExchange exchange;
  for (const auto line : {"AHRpbQB0\r"sv, "AHRpb"sv, "!!!!"sv, ""sv}) {
    (void)begin_sasl(exchange, SaslMechanism::plain, std::nullopt);
    EXPECT_EQ(continue_sasl(exchange, line).kind, Kind::malformed) << line;
    EXPECT_EQ(exchange, SaslExchange{});
  }
}

TEST(SaslExchange, decodes_64_kib_and_not_one_octet_more) {
  SaslExchange exchange;
  std::string blob(kSaslBlobLimit, 'A');
  EXPECT_EQ(begin_sasl(exchange, SaslMechanism::plain, blob).kind, Kind::malformed);
  blob += 'A';
  EXPECT_EQ(begin_sasl(exchange, SaslMechanism::plain, blob).kind, Kind::too_long);
}

TEST(SaslClient, speaks_what_the_server_understands) {
  for (const auto mechanism : {SaslMechanism::plain, SaslMechanism::login}) {
    SaslClient client(mechanism, tim());
    SaslExchange exchange;
    auto outcome = begin_sasl(exchange, mechanism, std::nullopt);
    while (outcome.kind == Kind::challenge) {
      const auto response = client.respond();
      ASSERT_TRUE(response);
      outcome = continue_sasl(exchange, response->reveal());
    }
    EXPECT_EQ(outcome.kind, Kind::credentials);
    EXPECT_EQ(outcome.credentials.authcid, "tim");
    EXPECT_TRUE(outcome.credentials.password.matches("tanstaaftanstaaf"));
    EXPECT_FALSE(client.respond());
  }
}

/// One account, tim's.
class SecretsOfTim final : public SaslSecrets {
 public:
  [[nodiscard]] const Secret* password_of(std::string_view user) const override {
    return user == "tim" ? &password_ : nullptr;
  }
  [[nodiscard]] ScramSalt scram_salt(std::string_view) const override {
    return {.octets = bytes_of("salt")};
  }
  [[nodiscard]] const ScramKeys* scram_keys(std::string_view user) const override {
    return user == "tim" ? &keys_ : nullptr;
  }

 private:
  Secret password_{"tanstaaftanstaaf"};
  ScramKeys keys_ = assay::scram_keys("tanstaaftanstaaf", {.octets = bytes_of("salt")});
};

class SaslProof : public testing::Test {
 protected:
  /// Runs an exchange between `client` and the server to its end.
  SaslOutcome outcome_of(SaslClient client) {
    auto outcome = begin_sasl(exchange, client.mechanism(), std::nullopt, server);
    while (outcome.kind == Kind::challenge) {
      const auto response = client.respond(outcome.challenge);
      if (!response) break;
      outcome = continue_sasl(exchange, response->reveal(), server);
    }
    if (outcome.kind == Kind::proven && client.mechanism() == SaslMechanism::scram_sha_256) {
      EXPECT_TRUE(client.respond(outcome.challenge)) << "the server's signature";
    }
    return outcome;
  }

  SecretsOfTim secrets;
  SaslServer server{.secrets = &secrets, .nonce = [] { return "NONCE"; }, .host = "a.test"};
  SaslExchange exchange;
};

TEST_F(SaslProof, shows_a_password_without_sending_it) {
  for (const auto mechanism : {SaslMechanism::cram_md5, SaslMechanism::scram_sha_256}) {
    const auto right = outcome_of({mechanism, tim(), "CLIENT"});
    EXPECT_EQ(right.kind, Kind::proven) << to_string(mechanism);
    EXPECT_EQ(right.credentials.authcid, "tim");
    EXPECT_EQ(exchange, SaslExchange{});
    const SaslCredentials wrong{.authcid = "tim", .password = Secret("x")};
    EXPECT_EQ(outcome_of({mechanism, wrong, "CLIENT"}).kind, Kind::refused);
    const SaslCredentials nobody{.authcid = "tom", .password = Secret("tanstaaftanstaaf")};
    EXPECT_EQ(outcome_of({mechanism, nobody, "CLIENT"}).kind, Kind::refused);
    const SaslCredentials empty{.authcid = "tom"};
    EXPECT_EQ(outcome_of({mechanism, empty, "CLIENT"}).kind, Kind::refused);
    EXPECT_EQ(exchange, SaslExchange{});
  }
}

TEST_F(SaslProof, scram_says_whom_to_act_as) {
  SaslCredentials other = tim();
  other.authzid = "tom";
  EXPECT_EQ(outcome_of({SaslMechanism::scram_sha_256, other, "CLIENT"}).credentials.authzid, "tom");
}

TEST_F(SaslProof, scram_asks_a_client_that_has_not_begun) {
  const auto asked = begin_sasl(exchange, SaslMechanism::scram_sha_256, std::nullopt, server);
  EXPECT_EQ(asked.kind, Kind::challenge);
  EXPECT_EQ(asked.challenge, "");
  const auto first = continue_sasl(exchange, base64("n,,n=tim,r=abc"), server);
  EXPECT_EQ(first.challenge, base64("r=abcNONCE,s=c2FsdA==,i=4096"));
  const auto again =
      begin_sasl(exchange, SaslMechanism::scram_sha_256, base64("n,,n=tim,r=abc"), server);
  EXPECT_EQ(again.challenge, first.challenge);
  EXPECT_EQ(continue_sasl(exchange, base64("c=biws"), server).kind, Kind::malformed);
}

TEST_F(SaslProof, cram_md5_takes_no_initial_response) {
  EXPECT_EQ(begin_sasl(exchange, SaslMechanism::cram_md5, base64("tim x"), server).kind,
            Kind::malformed);
  EXPECT_EQ(begin_sasl(exchange, SaslMechanism::cram_md5, "=", server).kind, Kind::malformed);
  EXPECT_EQ(begin_sasl(exchange, SaslMechanism::cram_md5, std::nullopt, server).challenge,
            base64("<NONCE@a.test>"));
}

TEST_F(SaslProof, external_is_whom_the_certificate_proves) {
  const auto initial = [&](std::string_view authzid) {
    return begin_sasl(exchange, SaslMechanism::external, authzid.empty() ? "=" : base64(authzid),
                      server);
  };
  EXPECT_EQ(initial("").kind, Kind::refused);
  server.certified_user = "tim";
  EXPECT_EQ(initial("").kind, Kind::proven);
  EXPECT_EQ(initial("tom").credentials.authzid, "tom");
  EXPECT_EQ(initial("tom").credentials.authcid, "tim");
  EXPECT_EQ(initial("t\xff").kind, Kind::malformed);
  EXPECT_EQ(initial("t\0m"sv).kind, Kind::malformed);
  EXPECT_EQ(outcome_of({SaslMechanism::external, {}}).kind, Kind::proven);
}

TEST_F(SaslProof, needs_a_server_that_keeps_secrets) {
  for (const auto mechanism : {SaslMechanism::cram_md5, SaslMechanism::scram_sha_256}) {
    EXPECT_THROW((void)begin_sasl(exchange, mechanism, std::nullopt), std::invalid_argument);
  }
}

TEST(SaslMechanism, names_are_known_in_any_case) {
  EXPECT_EQ(sasl_mechanism("plain"), SaslMechanism::plain);
  EXPECT_EQ(sasl_mechanism("LOGIN"), SaslMechanism::login);
  EXPECT_EQ(sasl_mechanism("Cram-MD5"), SaslMechanism::cram_md5);
  EXPECT_EQ(sasl_mechanism("scram-sha-256"), SaslMechanism::scram_sha_256);
  EXPECT_EQ(sasl_mechanism("external"), SaslMechanism::external);
  EXPECT_FALSE(sasl_mechanism("SCRAM-SHA-256-PLUS"));
  EXPECT_FALSE(sasl_mechanism(""));
}

}  // namespace
}  // namespace assay
