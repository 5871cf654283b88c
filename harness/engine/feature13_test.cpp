// What TLS 1.3 has beside its handshake: KeyUpdate, early data, PSKs, later authentication.
#include "harness/crypto/signature.h"
#include "harness/engine/gate_cases_test.h"
#include "harness/engine/handshake_hash.h"
#include "harness/engine/schedule13.h"
#include "harness/wire/alert.h"
#include "harness/wire/certificate.h"
#include "harness/wire/session.h"

#include <algorithm>

namespace assay::engine {
namespace {

TEST(KeyUpdate, of_either_end_changes_its_keys_and_no_others) {
  for (const Role who : {Role::client, Role::server}) {
    EnginePair ends(client_config(), server_config());
    ASSERT_TRUE(ends.pair.connected());
    const TrafficSecrets before = ends.client.exchange().secrets;
    (who == Role::client ? ends.client : ends.server).wish(Wish::update_keys);
    ends.pair.settle();
    const TrafficSecrets& now = ends.client.exchange().secrets;
    EXPECT_EQ(now.client_application != before.client_application, who == Role::client);
    EXPECT_EQ(now.server_application != before.server_application, who == Role::server);
    EXPECT_EQ(now.client_application, ends.server.exchange().secrets.client_application);
    EXPECT_EQ(now.server_application, ends.server.exchange().secrets.server_application);
    ends.pair.expect_to_talk();
  }
}

TEST(KeyUpdate, that_asks_for_it_changes_the_keys_of_both) {
  for (const Role who : {Role::client, Role::server}) {
    EnginePair ends(client_config(), server_config());
    const TrafficSecrets before = ends.client.exchange().secrets;
    for (int i = 0; i < 3; ++i) {
      (who == Role::client ? ends.client : ends.server).wish(Wish::update_keys_of_both);
      ends.pair.settle();
    }
    EXPECT_NE(ends.client.exchange().secrets.client_application, before.client_application);
    EXPECT_NE(ends.client.exchange().secrets.server_application, before.server_application);
    ends.pair.expect_to_talk();
  }
}

TEST(KeyUpdate, is_understood_by_libssl) {
  auto client = engine_of(client_config());
  Engine& end = *client;
  Pair pair(std::move(client), oracle_of(oracle_server()));
  ASSERT_TRUE(pair.connected()) << pair.why();
  end.wish(Wish::update_keys_of_both);
  pair.settle();
  pair.expect_to_talk();
  EXPECT_NE(end.exchange().last(HandshakeType::key_update), nullptr);
}

TEST(KeyUpdate, with_more_behind_it_under_the_old_keys_is_refused) {
  // RFC 8446 §5.1: a message ends where keys change.
  EnginePair ends(client_config(), server_config());
  ends.server.say({say_record(ContentType::handshake, {24, 0, 0, 1, 0, 24})});
  ends.pair.settle();
  const auto* failure = Pair::find<LocalFailure>(ends.pair.client_events);
  ASSERT_NE(failure, nullptr);
  EXPECT_EQ(failure->sent->description, alert::kUnexpectedMessage);
}

/// A client that has a session with early data, and the server that gave it.
struct Early {
  Early() {
    server.max_early_data = 1000;
    resume_later(client, server);
    client.early_data = bytes_of("early words");
  }

  Config client = client_config();
  Config server = server_config();
};

TEST(EarlyData, that_is_accepted_arrives_first) {
  Early early;
  EnginePair ends(early.client, early.server);
  ASSERT_TRUE(ends.pair.connected()) << ends.pair.why();
  EXPECT_EQ(received(ends.pair.server_events), "early words");
  EXPECT_TRUE(std::holds_alternative<Received>(ends.pair.server_events.front()));
  EXPECT_NE(ends.server.exchange().last(HandshakeType::end_of_early_data), nullptr);
  ends.client.send(view_of(", later words"));
  ends.pair.settle();
  EXPECT_EQ(received(ends.pair.server_events), "early words, later words");
}

TEST(EarlyData, that_is_refused_is_lost_and_nothing_else) {
  const auto other_protocol = [](Early& early) {
    early.client.alpn = early.server.alpn = {"another"};  // RFC 8446 §4.2.10
  };
  const auto unknown_ticket = [](Early& early) {
    early.server.store = std::make_shared<SessionStore>();
  };
  const auto second_identity = [](Early& early) {
    Session unknown = early.client.sessions.front();
    unknown.ticket[0] ^= 1;
    early.client.sessions.insert(early.client.sessions.begin(), unknown);
  };
  const auto other_suite = [](Early& early) { early.server.suites = {0x1303}; };
  const std::vector<std::function<void(Early&)>> reasons = {other_protocol, unknown_ticket,
                                                            second_identity, other_suite};
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    Early early;
    reasons[i](early);
    EnginePair ends(early.client, early.server);
    ASSERT_TRUE(ends.pair.connected()) << i << ": " << ends.pair.why();
    EXPECT_EQ(received(ends.pair.server_events), "") << i;
    EXPECT_EQ(ends.server.exchange().last(HandshakeType::end_of_early_data), nullptr);
    ends.pair.expect_to_talk();
  }
}

TEST(EarlyData, that_a_retry_refuses_is_lost_and_nothing_else) {
  for (const bool cookie : {false, true}) {
    Early early;
    early.client.groups = {0x001d, 0x0018};
    early.server.groups = {0x0018};
    early.server.retry_with_cookie = cookie;
    EnginePair ends(early.client, early.server);
    ASSERT_TRUE(ends.pair.connected()) << ends.pair.why();
    EXPECT_TRUE(ends.pair.agreement().resumed);
    EXPECT_EQ(received(ends.pair.server_events), "");
    ends.pair.expect_to_talk();
  }
}

TEST(EarlyData, of_more_than_one_record_is_passed_over_whole) {
  Early early;
  early.client.sessions.front().max_early_data = 40000;
  early.client.early_data = Bytes(40000, 'e');
  early.server.store = std::make_shared<SessionStore>();
  Pair refused(engine_of(early.client), engine_of(early.server));
  ASSERT_TRUE(refused.connected()) << refused.why();
  refused.expect_to_talk();
}

TEST(EarlyData, beyond_what_was_granted_is_not_sent) {
  // RFC 8446 §4.2.10.
  Early early;
  early.client.early_data = Bytes(1001, 'e');
  EnginePair ends(early.client, early.server);
  ASSERT_TRUE(ends.pair.connected()) << ends.pair.why();
  EXPECT_EQ(received(ends.pair.server_events), "");
}

TEST(EarlyData, is_refused_by_libssl_and_the_handshake_goes_on) {
  // Without early data of its own, libssl gives tickets that grant none: the client is told wrong.
  const auto context = std::make_shared<const OracleContext>(oracle_server());
  auto first = engine_of(client_config());
  Engine& end = *first;
  Pair pair(std::move(first), make_oracle(context));
  pair.expect_to_talk();
  Config client = client_config();
  client.sessions = end.take_sessions();
  ASSERT_FALSE(client.sessions.empty());
  client.sessions.front().max_early_data = 100;
  client.early_data = bytes_of("early words");
  Pair again(engine_of(client), make_oracle(context));
  ASSERT_TRUE(again.connected()) << again.why();
  again.expect_to_talk();
}

TEST(Psk, of_outside_goes_with_and_without_an_exchange_of_keys) {
  for (const std::uint8_t mode : std::initializer_list<std::uint8_t>{0, 1}) {
    Config client = client_config();
    Config server = server_config();
    share_psk(client, server);
    client.psk_modes = server.psk_modes = {mode};
    server.credential = nullptr;  // a PSK needs no certificate
    EnginePair ends(client, server);
    ASSERT_TRUE(ends.pair.connected()) << int{mode} << ": " << ends.pair.why();
    EXPECT_TRUE(ends.pair.agreement().resumed);
    EXPECT_EQ(ends.pair.agreement().group.empty(), mode == 0);
    EXPECT_EQ(ends.server.exchange().last(HandshakeType::certificate), nullptr);
    ends.pair.expect_to_talk();
  }
}

TEST(Psk, of_a_ticket_goes_without_an_exchange_of_keys) {
  Config client = client_config();
  Config server = server_config();
  client.psk_modes = server.psk_modes = {0};
  resume_later(client, server);
  Pair pair(engine_of(client), engine_of(server));
  ASSERT_TRUE(pair.connected()) << pair.why();
  EXPECT_TRUE(pair.agreement().resumed);
  EXPECT_TRUE(pair.agreement().group.empty());
  pair.expect_to_talk();
}

TEST(Psk, is_passed_over_where_no_mode_is_shared) {
  Config client = client_config();
  Config server = server_config();
  share_psk(client, server);
  client.psk_modes = {0};
  server.psk_modes = {1};
  Pair pair(engine_of(client), engine_of(server));
  ASSERT_TRUE(pair.connected()) << pair.why();
  EXPECT_FALSE(pair.agreement().resumed);
}

TEST(Psk, of_a_ticket_beyond_its_lifetime_is_not_offered) {
  Config client = client_config();
  Config server = server_config();
  resume_later(client, server);
  client.sessions.front().received -= std::chrono::hours(200);
  EnginePair ends(client, server);
  ASSERT_TRUE(ends.pair.connected());
  const auto hello =
      decode<ClientHello>(ends.server.exchange().last(HandshakeType::client_hello)->body());
  EXPECT_EQ(hello->find(extension::kPreSharedKey), nullptr);
}

/// The messages of the handshake and what came of it later, as a server sees them.
HandshakeHash transcript_of(const Exchange& exchange) {
  HandshakeHash hash;
  hash.choose(find_suite(exchange.suite)->hash);
  for (const Said& each : exchange.messages) hash.add(each.octets);
  return hash;
}

TEST(LaterAuthentication, is_proven_by_a_client_that_offered_it) {
  Config client = client_config();
  client.post_handshake_authentication = true;
  client.credential = credential_of(KeyKind::p256);
  std::map<HandshakeType, Bytes> answer;
  Config server = server_config();
  server.reception.message = [&](Bytes& message, const Exchange& exchange) {
    if (exchange.client_verify_data.empty()) return;
    answer[static_cast<HandshakeType>(message[0])] = message;
    message.clear();  // this server has no state for it
  };
  EnginePair ends(client, server);
  ASSERT_TRUE(ends.pair.connected());
  const CertificateRequest13 request{
      {1, 2, 3}, {{extension::kSignatureAlgorithms, encode(NumberList{{0x0403}})}}};
  ends.server.say({say(HandshakeType::certificate_request, [&] { return encode(request); })});
  ends.pair.settle();
  ASSERT_EQ(answer.size(), 3U) << ends.pair.why();
  const auto body = [&](HandshakeType type) { return View(answer[type]).subspan(4); };
  const auto certificate = decode<Certificate13>(body(HandshakeType::certificate));
  ASSERT_TRUE(certificate);
  EXPECT_EQ(certificate->certificate_request_context, (Bytes{1, 2, 3}));
  HandshakeHash hash = transcript_of(ends.server.exchange());
  hash.add(answer[HandshakeType::certificate]);
  const auto proof = decode<CertificateVerify>(body(HandshakeType::certificate_verify));
  const auto key = PublicKey::from_certificate(certificate->certificate_list.front().cert_data);
  EXPECT_EQ(verify(proof->algorithm, *key, content_to_sign(Signer::client, hash.value()),
                   proof->signature, EcdsaCurve::of_scheme),
            Verified::good);
  hash.add(answer[HandshakeType::certificate_verify]);
  // RFC 8446 §4.4.4: under the secret of application data.
  const Bytes finished =
      verify_data13(Hash::sha256, ends.server.exchange().secrets.client_application, hash.value());
  EXPECT_EQ(bytes_of(body(HandshakeType::finished)), finished);
  ends.pair.expect_to_talk();
}

TEST(LaterAuthentication, is_declined_by_an_empty_list) {
  Config client = client_config();
  client.post_handshake_authentication = true;
  std::vector<Bytes> answer;
  Config server = server_config();
  server.reception.message = [&](Bytes& message, const Exchange& exchange) {
    if (exchange.client_verify_data.empty()) return;
    answer.push_back(message);
    message.clear();
  };
  EnginePair ends(client, server);
  const CertificateRequest13 request{
      {9}, {{extension::kSignatureAlgorithms, encode(NumberList{{0x0403}})}}};
  ends.server.say({say(HandshakeType::certificate_request, [&] { return encode(request); })});
  ends.pair.settle();
  ASSERT_EQ(answer.size(), 2U) << ends.pair.why();
  EXPECT_EQ(answer[0], (Bytes{11, 0, 0, 5, 1, 9, 0, 0, 0}));
  EXPECT_EQ(answer[1][0], 20);
}

TEST(LaterAuthentication, is_refused_by_a_client_that_did_not_offer_it) {
  // RFC 8446 §4.6.2: unexpected_message.
  EnginePair ends(client_config(), server_config());
  const CertificateRequest13 request{
      {9}, {{extension::kSignatureAlgorithms, encode(NumberList{{0x0403}})}}};
  ends.server.say({say(HandshakeType::certificate_request, [&] { return encode(request); })});
  ends.pair.settle();
  const auto* failure = Pair::find<LocalFailure>(ends.pair.client_events);
  ASSERT_NE(failure, nullptr);
  EXPECT_EQ(failure->sent->description, alert::kUnexpectedMessage);
}

}  // namespace
}  // namespace assay::engine
