// What TLS 1.2 has of its own: renegotiation, and signals of a fallback.
#include "harness/engine/gate_cases_test.h"
#include "harness/wire/alert.h"

#include <algorithm>

namespace assay::engine {
namespace {

constexpr TlsVersion k12 = TlsVersion::tls12;

struct Ends12 {
  Ends12() {
    client.max_version = k12;
    server.max_version = k12;
  }

  Config client = client_config();
  Config server = server_config();
};

std::size_t handshakes(const std::vector<Event>& events) {
  const auto is_one = [](const Event& each) { return std::holds_alternative<HandshakeDone>(each); };
  return static_cast<std::size_t>(std::ranges::count_if(events, is_one));
}

TEST(Renegotiation, is_started_by_either_end) {
  for (const Role who : {Role::client, Role::server}) {
    for (const std::uint16_t suite : std::initializer_list<std::uint16_t>{0xc02b, 0xc009}) {
      Ends12 has;
      has.client.renegotiation = has.server.renegotiation = true;
      has.client.suites = {suite};
      EnginePair ends(has.client, has.server);
      ASSERT_TRUE(ends.pair.connected()) << ends.pair.why();
      const Bytes random = ends.client.exchange().client_random;
      const Bytes secret = ends.client.exchange().master_secret;
      for (std::size_t i = 2; i < 4; ++i) {
        (who == Role::client ? ends.client : ends.server).wish(Wish::renegotiate);
        ends.pair.settle();
        EXPECT_EQ(handshakes(ends.pair.client_events), i) << ends.pair.why();
        EXPECT_EQ(handshakes(ends.pair.server_events), i) << ends.pair.why();
      }
      EXPECT_NE(ends.client.exchange().client_random, random);
      EXPECT_NE(ends.client.exchange().master_secret, secret);
      ends.pair.expect_to_talk();
    }
  }
}

TEST(Renegotiation, takes_a_certificate_and_tickets_along) {
  Ends12 has;
  has.client.renegotiation = has.server.renegotiation = true;
  has.client.credential = credential_of(KeyKind::p256);
  has.server.client_authentication = ClientAuthentication::required;
  has.server.store = std::make_shared<SessionStore>();
  EnginePair ends(has.client, has.server);
  ends.client.wish(Wish::renegotiate);
  ends.pair.settle();
  EXPECT_EQ(handshakes(ends.pair.server_events), 2U) << ends.pair.why();
  ends.pair.expect_to_talk();
}

TEST(Renegotiation, that_a_server_will_not_have_leaves_the_connection_as_it_was) {
  // RFC 5246 §7.2.2: no_renegotiation is a warning.
  Ends12 has;
  EnginePair ends(has.client, has.server);
  const Bytes random = ends.client.exchange().client_random;
  ends.client.wish(Wish::renegotiate);
  ends.pair.settle();
  const auto* told = Pair::find<AlertReceived>(ends.pair.client_events);
  ASSERT_NE(told, nullptr) << ends.pair.why();
  EXPECT_EQ(told->alert, (Alert{false, alert::kNoRenegotiation}));
  EXPECT_TRUE(ends.client.established());
  EXPECT_EQ(ends.client.exchange().client_random, random);
  ends.pair.expect_to_talk();
  ends.client.wish(Wish::renegotiate);  // and may be asked for again
  ends.pair.settle();
  EXPECT_TRUE(ends.client.established()) << ends.pair.why();
}

TEST(Renegotiation, that_a_client_will_not_have_leaves_the_connection_as_it_was) {
  Ends12 has;
  has.server.renegotiation = true;
  EnginePair ends(has.client, has.server);
  ends.server.wish(Wish::renegotiate);
  ends.pair.settle();
  const auto* told = Pair::find<AlertReceived>(ends.pair.server_events);
  ASSERT_NE(told, nullptr) << ends.pair.why();
  EXPECT_EQ(told->alert, (Alert{false, alert::kNoRenegotiation}));
  ends.pair.expect_to_talk();
}

TEST(Renegotiation, lets_data_cross_the_hello) {
  Ends12 has;
  has.client.renegotiation = has.server.renegotiation = true;
  EnginePair ends(has.client, has.server);
  ends.client.wish(Wish::renegotiate);
  ends.server.send(view_of("crossing"));
  ends.pair.settle();
  EXPECT_EQ(received(ends.pair.client_events), "crossing") << ends.pair.why();
  EXPECT_EQ(handshakes(ends.pair.client_events), 2U) << ends.pair.why();
}

TEST(Renegotiation, stays_below_tls13) {
  // RFC 8446 §4.1.2.
  Config client = client_config();
  client.renegotiation = true;
  Ends12 has;
  has.server.renegotiation = true;
  EnginePair ends(client, has.server);
  ASSERT_TRUE(ends.pair.connected());
  ends.client.wish(Wish::renegotiate);
  ends.pair.settle();
  EXPECT_EQ(handshakes(ends.pair.client_events), 2U) << ends.pair.why();
  EXPECT_EQ(ends.client.exchange().version, k12);
  const auto hello =
      decode<ClientHello>(ends.server.exchange().last(HandshakeType::client_hello)->body());
  EXPECT_EQ(hello->find(extension::kSupportedVersions), nullptr);
}

TEST(Renegotiation, without_its_proof_is_refused) {
  // RFC 5746 §3.5, §3.7: both verify_data, or handshake_failure.
  const auto alter = [](std::vector<Extension>& in) {
    remove_extension(in, extension::kRenegotiationInfo);
  };
  for (const Role liar : {Role::client, Role::server}) {
    Ends12 has;
    has.client.renegotiation = has.server.renegotiation = true;
    Config& lies = liar == Role::client ? has.client : has.server;
    lies.emission.message = [=](Bytes& message, const Exchange& told) {
      const bool hello = message[0] == (liar == Role::client ? 1 : 2);
      if (!hello || told.client_verify_data.empty()) return;
      if (liar == Role::client) {
        auto it = *decode<ClientHello>(View(message).subspan(4));
        alter(it.extensions);
        message = compose_handshake(HandshakeType::client_hello, encode(it));
      } else {
        auto it = *decode<ServerHello>(View(message).subspan(4));
        alter(it.extensions);
        message = compose_handshake(HandshakeType::server_hello, encode(it));
      }
    };
    EnginePair ends(has.client, has.server);
    ends.client.wish(Wish::renegotiate);
    ends.pair.settle();
    const auto* failure = Pair::find<LocalFailure>(liar == Role::client ? ends.pair.server_events
                                                                        : ends.pair.client_events);
    ASSERT_NE(failure, nullptr) << ends.pair.why();
    EXPECT_EQ(failure->sent->description, alert::kHandshakeFailure);
  }
}

TEST(Resumption12, goes_by_an_id_where_there_are_no_tickets) {
  Ends12 has;
  has.client.tickets_wanted = false;
  resume_later(has.client, has.server);
  ASSERT_EQ(has.client.sessions.size(), 1U);
  EXPECT_TRUE(has.client.sessions.front().ticket.empty());
  Pair pair(engine_of(has.client), engine_of(has.server));
  ASSERT_TRUE(pair.connected()) << pair.why();
  EXPECT_TRUE(pair.agreement().resumed);
  pair.expect_to_talk();
}

TEST(Resumption12, is_not_done_under_another_name) {
  // RFC 6066 §3: a full handshake instead.
  Ends12 has;
  resume_later(has.client, has.server);
  has.client.server_name = "elsewhere.test";
  Pair pair(engine_of(has.client), engine_of(has.server));
  ASSERT_TRUE(pair.connected()) << pair.why();
  EXPECT_FALSE(pair.agreement().resumed);
}

TEST(Fallback, is_refused_where_it_was_not_needed_and_taken_where_it_was) {
  // RFC 7507 §3.
  Ends12 has;
  has.client.suites.push_back(0x5600);
  Pair needed(engine_of(has.client), engine_of(has.server));
  EXPECT_TRUE(needed.connected()) << needed.why();
  has.server.max_version = TlsVersion::tls13;
  Pair not_needed(engine_of(has.client), engine_of(has.server));
  EXPECT_FALSE(not_needed.connected());
  const auto* told = Pair::find<AlertReceived>(not_needed.client_events);
  ASSERT_NE(told, nullptr);
  EXPECT_EQ(told->alert.description, alert::kInappropriateFallback);
}

TEST(Downgrade, is_marked_by_a_server_that_could_do_better) {
  // RFC 8446 §4.1.3.
  Ends12 has;
  EnginePair honest(has.client, has.server);
  EXPECT_EQ(downgrade_mark(honest.client.exchange().server_random), DowngradeMark::none);
  has.server.max_version = TlsVersion::tls13;
  EnginePair marked(has.client, has.server);
  EXPECT_TRUE(marked.pair.connected());
  EXPECT_EQ(downgrade_mark(marked.client.exchange().server_random), DowngradeMark::to_tls12);
}

TEST(Downgrade, by_libssl_is_marked_too) {
  Ends12 has;
  auto client = engine_of(has.client);
  const Engine& end = *client;
  const Pair pair(std::move(client), oracle_of(oracle_server()));
  ASSERT_TRUE(pair.connected());
  EXPECT_EQ(downgrade_mark(end.exchange().server_random), DowngradeMark::to_tls12);
}

}  // namespace
}  // namespace assay::engine
