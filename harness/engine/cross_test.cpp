// Engine and Oracle against each other, and the Engine against itself: suite × group × signature ×
// version × resumption × client certificate.
#include "harness/base/hex.h"
#include "harness/crypto/key_exchange.h"
#include "harness/engine/pair_fixture_test.h"

namespace assay::engine {
namespace {

enum class Ends { engine_client, engine_server, both };
constexpr Ends kEnds[] = {Ends::engine_client, Ends::engine_server, Ends::both};

std::string_view name_of(Ends ends) {
  return ends == Ends::engine_client   ? "engine client, libssl server"
         : ends == Ends::engine_server ? "libssl client, engine server"
                                       : "engine on both ends";
}

Pair pair_of(Ends ends, const Config& client, const Config& server,
             const OracleConfig& oracle_client, const OracleConfig& oracle_server) {
  return {ends == Ends::engine_server ? oracle_of(oracle_client)
                                      : std::unique_ptr<Channel>(engine_of(client)),
          ends == Ends::engine_client ? oracle_of(oracle_server)
                                      : std::unique_ptr<Channel>(engine_of(server))};
}

struct Suite {
  std::uint16_t value;
  const char* openssl;
  KeyKind key;
  TlsVersion version;
};
constexpr TlsVersion k12 = TlsVersion::tls12;
constexpr TlsVersion k13 = TlsVersion::tls13;
constexpr Suite kSuites[] = {
    {0x1301, "TLS_AES_128_GCM_SHA256", KeyKind::p256, k13},
    {0x1302, "TLS_AES_256_GCM_SHA384", KeyKind::p256, k13},
    {0x1303, "TLS_CHACHA20_POLY1305_SHA256", KeyKind::p256, k13},
    {0x1304, "TLS_AES_128_CCM_SHA256", KeyKind::p256, k13},
    {0x1305, "TLS_AES_128_CCM_8_SHA256", KeyKind::p256, k13},
    {0xc02b, "ECDHE-ECDSA-AES128-GCM-SHA256", KeyKind::p256, k12},
    {0xc02c, "ECDHE-ECDSA-AES256-GCM-SHA384", KeyKind::p256, k12},
    {0xcca9, "ECDHE-ECDSA-CHACHA20-POLY1305", KeyKind::p256, k12},
    {0xc0ac, "ECDHE-ECDSA-AES128-CCM", KeyKind::p256, k12},
    {0xc0ae, "ECDHE-ECDSA-AES128-CCM8", KeyKind::p256, k12},
    {0xc009, "ECDHE-ECDSA-AES128-SHA", KeyKind::p256, k12},
    {0xc024, "ECDHE-ECDSA-AES256-SHA384", KeyKind::p256, k12},
    {0xc006, "ECDHE-ECDSA-NULL-SHA", KeyKind::p256, k12},
    {0xc02f, "ECDHE-RSA-AES128-GCM-SHA256", KeyKind::rsa2048, k12},
    {0xc013, "ECDHE-RSA-AES128-SHA", KeyKind::rsa2048, k12},
    {0x009e, "DHE-RSA-AES128-GCM-SHA256", KeyKind::rsa2048, k12},
    {0x0067, "DHE-RSA-AES128-SHA256", KeyKind::rsa2048, k12},
    {0x009c, "AES128-GCM-SHA256", KeyKind::rsa2048, k12},
    {0x002f, "AES128-SHA", KeyKind::rsa2048, k12},
    {0x003d, "AES256-SHA256", KeyKind::rsa2048, k12},
    {0x003b, "NULL-SHA256", KeyKind::rsa2048, k12},
};

TEST(Cross, every_suite_connects_and_carries_data) {
  for (const Suite& suite : kSuites) {
    for (const Ends ends : kEnds) {
      Config client = client_config();
      Config server = server_config(suite.key);
      client.suites = server.suites = {suite.value};
      client.max_version = suite.version;
      OracleConfig oracle_c = oracle_client();
      OracleConfig oracle_s = oracle_server(suite.key);
      for (OracleConfig* each : {&oracle_c, &oracle_s}) {
        each->max_version = suite.version;
        (suite.version == k13 ? each->suites13 : each->ciphers) =
            std::string(suite.openssl) + (suite.version == k13 ? "" : ":@SECLEVEL=0");
      }
      Pair pair = pair_of(ends, client, server, oracle_c, oracle_s);
      ASSERT_TRUE(pair.connected()) << suite.openssl << ", " << name_of(ends) << ": " << pair.why();
      EXPECT_EQ(pair.agreement().suite, suite.value) << suite.openssl;
      EXPECT_EQ(pair.agreement().version, suite.version) << suite.openssl;
      pair.expect_to_talk();
    }
  }
}

struct Group {
  std::uint16_t value;
  const char* openssl;  // null: libssl 3.0 does not have it
};
constexpr Group kGroups[] = {
    {0x001d, "X25519"}, {0x0017, "P-256"},     {0x0018, "P-384"},     {0x0019, "P-521"},
    {0x001e, "X448"},   {0x0100, "ffdhe2048"}, {0x0101, "ffdhe3072"}, {0x11ec, nullptr},
};

TEST(Cross, every_group_agrees_in_each_version) {
  for (const Group& group : kGroups) {
    for (const TlsVersion version : {k12, k13}) {
      // RFC 8422 and RFC 7919 give TLS 1.2 its curves and fields; the latter belong to DHE suites.
      if (version == k12 && group.value >= 0x0100) continue;
      for (const Ends ends : kEnds) {
        if (group.openssl == nullptr && ends != Ends::both) continue;
        // RFC 8422 §5.3: in TLS 1.2 the curve of an ECDSA key has to be offered as well.
        const KeyKind key = version == k12 ? KeyKind::rsa2048 : KeyKind::p256;
        Config client = client_config();
        Config server = server_config(key);
        client.groups = server.groups = {group.value};
        client.max_version = version;
        OracleConfig oracle_c = oracle_client();
        OracleConfig oracle_s = oracle_server(key);
        for (OracleConfig* each : {&oracle_c, &oracle_s}) {
          each->groups = group.openssl == nullptr ? "" : group.openssl;
          each->max_version = version;
        }
        Pair pair = pair_of(ends, client, server, oracle_c, oracle_s);
        ASSERT_TRUE(pair.connected()) << find_group(group.value)->name << ", " << name_of(version)
                                      << ", " << name_of(ends) << ": " << pair.why();
        pair.expect_to_talk();
      }
    }
  }
}

constexpr KeyKind kKeys[] = {KeyKind::p256,    KeyKind::p384,    KeyKind::p521,
                             KeyKind::rsa2048, KeyKind::ed25519, KeyKind::ed448};

TEST(Cross, every_kind_of_key_proves_a_server_and_a_client) {
  for (const KeyKind key : kKeys) {
    for (const TlsVersion version : {k12, k13}) {
      for (const Ends ends : kEnds) {
        Config client = client_config();
        client.max_version = version;
        client.credential = credential_of(key);
        Config server = server_config(key);
        server.client_authentication = ClientAuthentication::required;
        OracleConfig oracle_c = oracle_client();
        oracle_c.identity = identity_of(key);
        oracle_c.max_version = version;
        OracleConfig oracle_s = oracle_server(key);
        oracle_s.client_authorities = {identity_of(key).chain.back()};
        Pair pair = pair_of(ends, client, server, oracle_c, oracle_s);
        ASSERT_TRUE(pair.connected()) << slug_of(key) << ", " << name_of(version) << ", "
                                      << name_of(ends) << ": " << pair.why();
        EXPECT_EQ(pair.agreement().peer_chain, identity_of(key).chain);
        const auto* at_server = Pair::find<HandshakeDone>(pair.server_events);
        ASSERT_FALSE(at_server->agreement.peer_chain.empty()) << name_of(ends);
        EXPECT_EQ(at_server->agreement.peer_chain.front(), identity_of(key).chain.front());
        pair.expect_to_talk();
      }
    }
  }
}

TEST(Cross, a_retry_changes_the_group_with_and_without_a_cookie) {
  for (const Ends ends : kEnds) {
    for (const bool cookie : {false, true}) {
      Config client = client_config();
      client.groups = {0x001d, 0x0018};
      Config server = server_config();
      server.groups = {0x0018};
      server.retry_with_cookie = cookie;
      OracleConfig oracle_c = oracle_client();
      oracle_c.groups = "X25519:P-384";
      OracleConfig oracle_s = oracle_server();
      oracle_s.groups = "P-384";
      Pair pair = pair_of(ends, client, server, oracle_c, oracle_s);
      ASSERT_TRUE(pair.connected()) << name_of(ends) << ": " << pair.why();
      pair.expect_to_talk();
    }
  }
  // A retry for its cookie alone.
  Config server = server_config();
  server.retry_always = server.retry_with_cookie = true;
  Pair pair(engine_of(client_config()), engine_of(server));
  EXPECT_TRUE(pair.connected()) << pair.why();
}

TEST(Cross, a_session_is_resumed_in_each_version) {
  for (const TlsVersion version : {k12, k13}) {
    Config client = client_config();
    client.max_version = version;
    Config server = server_config();
    server.store = std::make_shared<SessionStore>();
    auto first = engine_of(client);
    Engine& end = *first;
    Pair pair(std::move(first), engine_of(server));
    ASSERT_TRUE(pair.connected()) << pair.why();
    client.sessions = end.take_sessions();
    ASSERT_EQ(client.sessions.size(), 1U) << name_of(version);
    Pair again(engine_of(client), engine_of(server));
    ASSERT_TRUE(again.connected()) << again.why();
    EXPECT_TRUE(again.agreement().resumed) << name_of(version);
    again.expect_to_talk();
  }
}

TEST(Cross, the_engine_resumes_what_libssl_gave_it) {
  for (const TlsVersion version : {k12, k13}) {
    Config client = client_config();
    client.max_version = version;
    OracleConfig server = oracle_server();
    const auto context = std::make_shared<const OracleContext>(server);
    auto first = engine_of(client);
    Engine& end = *first;
    Pair pair(std::move(first), make_oracle(context));
    ASSERT_TRUE(pair.connected()) << pair.why();
    pair.expect_to_talk();
    client.sessions = end.take_sessions();
    ASSERT_FALSE(client.sessions.empty()) << name_of(version);
    Pair again(engine_of(client), make_oracle(context));
    ASSERT_TRUE(again.connected()) << name_of(version) << ": " << again.why();
    EXPECT_TRUE(again.agreement().resumed) << name_of(version);
    again.expect_to_talk();
  }
}

}  // namespace
}  // namespace assay::engine
