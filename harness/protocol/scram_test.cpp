#include "harness/protocol/scram.h"

#include "harness/base/base64.h"

#include <gtest/gtest.h>

#include <string>

namespace assay {
namespace {

// RFC 7677 §3.
constexpr std::string_view kClientFirst = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
constexpr std::string_view kClientNonce = "rOprNGfwEbeRWgbNEkqO";
constexpr std::string_view kServerNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
constexpr std::string_view kServerFirst =
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
constexpr std::string_view kClientFinal =
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
    "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
constexpr std::string_view kServerFinal = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

ScramSalt salt() { return {.octets = from_base64("W22ZaJ0SNY7soEsUEjb6gQ==").value()}; }
const ScramKeys& keys() {
  static const ScramKeys kKeys = scram_keys("pencil", salt());
  return kKeys;
}

/// An exchange that has got as far as the server's first message.
ScramExchange begun(std::string_view client_first = kClientFirst) {
  ScramExchange exchange;
  EXPECT_TRUE(take_scram_first(exchange, client_first, false));
  (void)answer_scram_first(exchange, kServerNonce, salt());
  return exchange;
}

/// What the server says to the first message; nothing for one that it takes.
std::optional<ScramFault> fault_of(std::string_view client_first, bool plus_offered = false) {
  ScramExchange exchange;
  const auto taken = take_scram_first(exchange, client_first, plus_offered);
  return taken ? std::nullopt : std::optional(taken.error());
}

TEST(ScramServer, agrees_with_the_example_of_rfc7677) {
  ScramExchange exchange;
  ASSERT_TRUE(take_scram_first(exchange, kClientFirst, false));
  EXPECT_EQ(exchange.user, "user");
  EXPECT_EQ(answer_scram_first(exchange, kServerNonce, salt()), kServerFirst);
  EXPECT_EQ(answer_scram_final(exchange, kClientFinal, &keys()), kServerFinal);
}

TEST(ScramClient, agrees_with_the_example_of_rfc7677) {
  ScramClient client("user", Secret("pencil"), std::string(kClientNonce));
  EXPECT_EQ(client.first(), kClientFirst);
  EXPECT_FALSE(client.verifies(kServerFinal));
  EXPECT_EQ(client.final(kServerFirst), kClientFinal);
  EXPECT_TRUE(client.verifies(kServerFinal));
  EXPECT_FALSE(client.verifies("v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
  EXPECT_FALSE(client.verifies("e=invalid-proof"));
}

TEST(ScramServer, refuses_a_wrong_proof_and_a_proof_of_nobody) {
  const ScramExchange exchange = begun();
  const ScramKeys other = scram_keys("pen", salt());
  EXPECT_EQ(answer_scram_final(exchange, kClientFinal, &other).error(), ScramFault::refused);
  EXPECT_EQ(answer_scram_final(exchange, kClientFinal, nullptr).error(), ScramFault::refused);
  std::string wrong(kClientFinal);
  wrong[wrong.size() - 5] = 'A';
  EXPECT_EQ(answer_scram_final(exchange, wrong, &keys()).error(), ScramFault::refused);
}

TEST(ScramServer, refuses_a_foreign_nonce_and_another_header) {
  const ScramExchange exchange = begun();
  std::string final(kClientFinal);
  final.replace(final.find("k0"), 2, "k1");
  EXPECT_EQ(answer_scram_final(exchange, final, &keys()).error(), ScramFault::refused);
  // RFC 5802 §5.1: "y,," in c= where "n,," was said.
  final = kClientFinal;
  final.replace(2, 4, "eSws");
  EXPECT_EQ(answer_scram_final(exchange, final, &keys()).error(), ScramFault::refused);
  // Channel binding data behind the header.
  final = kClientFinal;
  final.replace(2, 4, "biwsYQ==");
  EXPECT_EQ(answer_scram_final(exchange, final, &keys()).error(), ScramFault::refused);
}

TEST(ScramServer, the_header_is_checked_whatever_the_proof_says) {
  ScramClient client("user", Secret("pencil"), "abc", "", 'y');
  ScramExchange exchange;
  ASSERT_TRUE(take_scram_first(exchange, client.first(), false));
  const auto final = client.final(answer_scram_first(exchange, kServerNonce, salt()));
  ASSERT_TRUE(final);
  const auto answer = answer_scram_final(exchange, *final, &keys());
  ASSERT_TRUE(answer);
  EXPECT_TRUE(client.verifies(*answer));
  exchange.gs2_header = "n,,";
  EXPECT_EQ(answer_scram_final(exchange, *final, &keys()).error(), ScramFault::refused);
}

TEST(ScramServer, sees_that_the_offer_of_channel_binding_was_taken_away) {
  EXPECT_EQ(fault_of("y,,n=user,r=abc"), std::nullopt);
  EXPECT_EQ(fault_of("y,,n=user,r=abc", true), ScramFault::refused);
  EXPECT_EQ(fault_of("n,,n=user,r=abc", true), std::nullopt);
  EXPECT_EQ(fault_of("p=tls-exporter,,n=user,r=abc", true), ScramFault::refused);
}

TEST(ScramServer, reads_escaped_names_and_refuses_other_escapes) {
  ScramExchange exchange;
  ASSERT_TRUE(take_scram_first(exchange, "n,a=x=2Cy,n=a=3Db=2Cc,r=abc", false));
  EXPECT_EQ(exchange.user, "a=b,c");
  EXPECT_EQ(exchange.authzid, "x,y");
  EXPECT_EQ(exchange.gs2_header, "n,a=x=2Cy,");
  for (const auto* name : {"a=", "a=2", "a=2c", "a=41", "=", "a==2C"}) {
    EXPECT_EQ(fault_of("n,,n=" + std::string(name) + ",r=abc"), ScramFault::malformed) << name;
  }
  ScramClient client("a=b,c", Secret("x"), "abc", "x,y");
  EXPECT_EQ(client.first(), "n,a=x=2Cy,n=a=3Db=2Cc,r=abc");
}

TEST(ScramServer, refuses_what_is_no_first_message) {
  using namespace std::string_view_literals;
  for (const auto message :
       {""sv, "n"sv, "n,"sv, "n,,"sv, "x,,n=user,r=abc"sv, "nn,,n=user,r=abc"sv,
        "n,b=x,n=user,r=abc"sv, "n,a=,n=user,r=abc"sv, "n,,n=user"sv, "n,,n=user,r="sv,
        "n,,n=,r=abc"sv, "n,,r=abc,n=user"sv, "n,,n=user,r=a c"sv, "n,,n=user,r=abc,"sv,
        "n,,n=user,r=abc,x"sv, "n,,n=user,r=abc,m=1"sv, "n,,n=us\0er,r=abc"sv,
        "n,,n=us\xff,r=abc"sv, "n,,n=us\x7f,r=abc"sv}) {
    EXPECT_EQ(fault_of(message), ScramFault::malformed) << message;
  }
  // RFC 5802 §5.1: a mandatory extension fails the authentication; others are passed over.
  EXPECT_EQ(fault_of("n,,m=x,n=user,r=abc"), ScramFault::refused);
  EXPECT_EQ(fault_of("n,,n=user,r=abc,x=y"), std::nullopt);
}

TEST(ScramServer, refuses_what_is_no_final_message) {
  const ScramExchange exchange = begun();
  for (const auto* message :
       {"", "c=biws", "c=biws,r=x", "c=biws,p=dHzb", "p=dHzb", "r=x,c=biws,p=d", "c=!,r=x,p=dHzb",
        "c=biws,r=x,p=!", "c=biws,r=x,m=y,p=dHzb"}) {
    EXPECT_EQ(answer_scram_final(exchange, message, &keys()).error(), ScramFault::malformed)
        << message;
  }
}

TEST(ScramServer, bounds_messages_names_and_nonces) {
  const std::string nonce(kScramNonceLimit, 'r');
  const std::string name(kScramNameLimit, 'n');
  EXPECT_EQ(fault_of("n,,n=" + name + ",r=" + nonce), std::nullopt);
  EXPECT_EQ(fault_of("n,,n=" + name + "n,r=" + nonce), ScramFault::malformed);
  EXPECT_EQ(fault_of("n,,n=" + name + ",r=" + nonce + "r"), ScramFault::malformed);
  std::string message = "n,,n=user,r=abc,x=";
  message.resize(kScramMessageLimit, 'y');
  EXPECT_EQ(fault_of(message), std::nullopt);
  EXPECT_EQ(fault_of(message + "y"), ScramFault::malformed);
}

TEST(ScramClient, answers_no_server_that_asks_for_too_little_or_too_much) {
  const std::string nonce(kClientNonce);
  for (const auto& first :
       {"r=" + nonce + "x,s=W22Z,i=4095", "r=" + nonce + "x,s=W22Z,i=1000001",
        "r=" + nonce + "x,s=W22Z,i=-4096", "r=" + nonce + "x,s=W22Z,i=4096x",
        "r=" + nonce + ",s=W22Z,i=4096", std::string("r=other,s=W22Z,i=4096"),
        "r=" + nonce + "x,s=!,i=4096", "r=" + nonce + "x,i=4096",
        "m=x,r=" + nonce + "x,s=W22Z,i=4096", std::string("e=other-error"), std::string()}) {
    ScramClient client("user", Secret("pencil"), nonce);
    EXPECT_FALSE(client.final(first)) << first;
  }
}

}  // namespace
}  // namespace assay
