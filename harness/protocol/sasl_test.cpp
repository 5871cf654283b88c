#include "harness/protocol/sasl.h"

#include "harness/base/base64.h"

#include <gtest/gtest.h>

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

TEST(SaslMechanism, names_are_known_in_any_case) {
  EXPECT_EQ(sasl_mechanism("plain"), SaslMechanism::plain);
  EXPECT_EQ(sasl_mechanism("LOGIN"), SaslMechanism::login);
  EXPECT_FALSE(sasl_mechanism("CRAM-MD5"));
  EXPECT_FALSE(sasl_mechanism(""));
}

}  // namespace
}  // namespace assay
