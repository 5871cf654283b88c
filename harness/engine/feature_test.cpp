// What both versions have beside their handshakes: sizes of records, names, protocols, staples,
// GREASE, the key log, and the ways to end.
#include "harness/base/hex.h"
#include "harness/engine/gate_cases_test.h"
#include "harness/wire/alert.h"
#include "harness/wire/record.h"

#include <algorithm>
#include <set>

namespace assay::engine {
namespace {

constexpr TlsVersion kVersions[] = {TlsVersion::tls12, TlsVersion::tls13};

/// Notes the size of each record of an end: of its content, as its limits count it.
void measure(Config& config, std::vector<std::size_t>& sizes, bool guarded_alone) {
  config.emission.records = [&sizes, guarded_alone](std::vector<PlainRecord>& records,
                                                    const Exchange& told) {
    const bool guarded = !told.secrets.server_handshake.empty() || !told.server_verify_data.empty();
    if (guarded_alone && !guarded) return;
    for (const PlainRecord& each : records) sizes.push_back(each.content.size());
  };
}

TEST(RecordSizeLimit, holds_for_each_direction_of_each_version) {
  for (const TlsVersion version : kVersions) {
    Config client = client_config();
    Config server = server_config();
    client.max_version = version;
    client.record_size_limit = 64;
    server.record_size_limit = 100;
    std::vector<std::size_t> of_client;
    std::vector<std::size_t> of_server;
    measure(client, of_client, false);
    measure(server, of_server, true);
    EnginePair ends(client, server);
    ASSERT_TRUE(ends.pair.connected()) << ends.pair.why();
    ends.client.send(Bytes(1000, 'c'));
    ends.server.send(Bytes(1000, 's'));
    ends.pair.settle();
    EXPECT_EQ(received(ends.pair.server_events), std::string(1000, 'c'));
    EXPECT_EQ(received(ends.pair.client_events), std::string(1000, 's'));
    // RFC 8449 §4: in TLS 1.3 the type counts.
    const std::size_t type = version == TlsVersion::tls13 ? 1 : 0;
    of_client.erase(of_client.begin());  // the hello, before anything was agreed on
    EXPECT_EQ(std::ranges::max(of_client), 100 - type) << name_of(version);
    EXPECT_EQ(std::ranges::max(of_server), 64 - type) << name_of(version);
  }
}

TEST(RecordSizeLimit, leaves_out_what_is_in_the_clear) {
  // RFC 8449 §4: unprotected messages are not subject to it, so a Certificate may come whole.
  Config client = client_config();
  Config server = server_config();
  client.max_version = TlsVersion::tls12;
  client.record_size_limit = server.record_size_limit = 64;
  server.emission.records = [](std::vector<PlainRecord>& records, const Exchange& told) {
    if (!told.server_verify_data.empty()) return;
    for (std::size_t i = 1; i < records.size(); ++i) {
      if (records[i].type == ContentType::handshake) {
        append(records.front().content, records[i].content);
      }
    }
    if (records.front().type == ContentType::handshake) records.resize(1);
  };
  Pair pair(engine_of(client), engine_of(server));
  EXPECT_TRUE(pair.connected()) << pair.why();
}

TEST(RecordSizeLimit, is_not_answered_where_it_is_not_known) {
  for (const TlsVersion version : kVersions) {
    Config client = client_config();
    client.max_version = version;
    client.record_size_limit = 200;
    Pair pair(engine_of(client), oracle_of(oracle_server()));  // libssl 3.0 passes over it
    ASSERT_TRUE(pair.connected()) << pair.why();
    pair.server().send(Bytes(5000, 'x'));
    pair.settle();
    EXPECT_EQ(received(pair.client_events).size(), 5000U) << pair.why();
  }
}

TEST(MaxFragmentLength, holds_for_both_ends_of_each_version) {
  for (const TlsVersion version : kVersions) {
    for (const std::uint8_t code : std::initializer_list<std::uint8_t>{1, 2, 3, 4}) {
      Config client = client_config();
      Config server = server_config();
      client.max_version = version;
      client.max_fragment_length = code;
      server.max_fragment_length = 1;
      std::vector<std::size_t> sizes;
      measure(client, sizes, false);
      measure(server, sizes, false);
      EnginePair ends(client, server);
      ASSERT_TRUE(ends.pair.connected()) << ends.pair.why();
      ends.client.send(Bytes(9000, 'c'));
      ends.server.send(Bytes(9000, 's'));
      ends.pair.settle();
      EXPECT_EQ(received(ends.pair.server_events).size(), 9000U) << ends.pair.why();
      EXPECT_EQ(received(ends.pair.client_events).size(), 9000U) << ends.pair.why();
      EXPECT_EQ(std::ranges::max(sizes), std::size_t{256} << code) << name_of(version);
    }
  }
}

TEST(MaxFragmentLength, is_agreed_on_with_libssl) {
  for (const TlsVersion version : kVersions) {
    Config client = client_config();
    client.max_version = version;
    client.max_fragment_length = 1;
    auto end = engine_of(client);
    const Engine& engine = *end;
    Pair pair(std::move(end), oracle_of(oracle_server()));
    ASSERT_TRUE(pair.connected()) << pair.why();
    pair.server().send(Bytes(5000, 'x'));
    pair.settle();
    EXPECT_EQ(received(pair.client_events).size(), 5000U) << pair.why();
    const auto carries = version == TlsVersion::tls13 ? HandshakeType::encrypted_extensions
                                                      : HandshakeType::server_hello;
    EXPECT_NE(find(engine.exchange().last(carries)->body(), std::string_view("\0\1\0\1\1", 5)),
              npos);
  }
}

TEST(MaxFragmentLength, yields_to_record_size_limit) {
  // RFC 8449 §5.
  for (const TlsVersion version : kVersions) {
    Config client = client_config();
    Config server = server_config();
    client.max_version = version;
    client.max_fragment_length = server.max_fragment_length = 1;
    client.record_size_limit = server.record_size_limit = 300;
    Pair pair(engine_of(client), engine_of(server));
    ASSERT_TRUE(pair.connected()) << pair.why();
    pair.expect_to_talk();
  }
}

TEST(Alpn, is_the_first_of_the_server_that_the_client_has) {
  for (const TlsVersion version : kVersions) {
    Config client = client_config();
    Config server = server_config();
    client.max_version = version;
    client.alpn = {"one", "two", "three"};
    server.alpn = {"none", "three", "two"};
    Pair pair(engine_of(client), engine_of(server));
    ASSERT_TRUE(pair.connected()) << pair.why();
    EXPECT_EQ(pair.agreement().alpn, "three");
    EXPECT_EQ(Pair::find<HandshakeDone>(pair.server_events)->agreement.alpn, "three");
    server.alpn = {"none"};
    Pair none(engine_of(client), engine_of(server));
    EXPECT_EQ(Pair::find<LocalFailure>(none.server_events)->sent->description,
              alert::kNoApplicationProtocol);  // RFC 7301 §3.2
    server.alpn = {};
    Pair silent(engine_of(client), engine_of(server));
    ASSERT_TRUE(silent.connected());
    EXPECT_EQ(silent.agreement().alpn, "");
  }
}

TEST(ServerName, chooses_the_certificate_and_is_answered) {
  for (const TlsVersion version : kVersions) {
    Config client = client_config();
    Config server = server_config(KeyKind::p256);
    client.max_version = version;
    server.credentials_by_name["mail.test"] = credential_of(KeyKind::p384);
    for (const bool known : {true, false}) {
      client.server_name = known ? "mail.test" : "news.test";
      EnginePair ends(client, server);
      ASSERT_TRUE(ends.pair.connected()) << ends.pair.why();
      EXPECT_EQ(ends.pair.agreement().peer_chain,
                identity_of(known ? KeyKind::p384 : KeyKind::p256).chain);
      const auto carries = version == TlsVersion::tls13 ? HandshakeType::encrypted_extensions
                                                        : HandshakeType::server_hello;
      const View answer = ends.client.exchange().last(carries)->body();
      // RFC 6066 §3: an empty server_name, where it was made use of.
      const Extension* found = nullptr;
      const auto hello = decode<ServerHello>(answer);
      const auto extensions = decode<EncryptedExtensions>(answer);
      if (version == TlsVersion::tls12) found = hello->find(extension::kServerName);
      if (version == TlsVersion::tls13) {
        found = find_extension(extensions->extensions, extension::kServerName);
      }
      EXPECT_EQ(found != nullptr, known);
    }
  }
}

TEST(Staple, goes_to_those_who_ask_for_it) {
  ServerIdentity identity = identity_of(KeyKind::p256);
  identity.staple = bytes_of("a response of sorts");
  for (const TlsVersion version : kVersions) {
    for (const bool asks : {true, false}) {
      Config client = client_config();
      Config server = server_config();
      client.max_version = version;
      client.status_request = asks;
      server.credential = std::make_shared<const Credential>(identity);
      Pair pair(engine_of(client), engine_of(server));
      ASSERT_TRUE(pair.connected()) << pair.why();
      EXPECT_EQ(pair.agreement().stapled_ocsp, asks ? identity.staple : std::nullopt);
      OracleConfig oracle = oracle_client();
      oracle.max_version = version;
      oracle.status_request = asks;
      Pair other(oracle_of(oracle), engine_of(server));
      ASSERT_TRUE(other.connected()) << other.why();
      EXPECT_EQ(other.agreement().stapled_ocsp, asks ? identity.staple : std::nullopt);
    }
  }
}

TEST(Grease, is_borne_by_libssl_and_by_the_engine) {
  // RFC 8701 §3 and RFC 9849 §6.2: whoever does not know a value passes over it.
  for (std::uint64_t seed = 1; seed < 8; ++seed) {
    for (const TlsVersion version : kVersions) {
      Config client = client_config();
      client.max_version = version;
      client.grease = true;
      client.seed = seed;
      Pair pair(engine_of(client), oracle_of(oracle_server()));
      ASSERT_TRUE(pair.connected()) << pair.why();
      pair.expect_to_talk();
      Config server = server_config();
      client.groups = {0x001d, 0x0018};
      server.groups = {0x0018};  // a retry in TLS 1.3
      EnginePair ends(client, server);
      ASSERT_TRUE(ends.pair.connected()) << ends.pair.why();
      const auto hello = decode<ClientHello>(ends.server.exchange().messages.front().body());
      EXPECT_TRUE(is_grease(hello->cipher_suites.front()));
      EXPECT_TRUE(is_grease(hello->extensions.front().extension_type));
      EXPECT_EQ(hello->find(extension::kEncryptedClientHello) != nullptr,
                version == TlsVersion::tls13);
    }
  }
}

TEST(Grease, of_encrypted_hellos_bears_configurations_to_retry_with) {
  // RFC 9849 §6.2: a client that only greases passes over retry_configs.
  Config client = client_config();
  client.grease = true;
  Config server = server_config();
  edit<EncryptedExtensions>(server, HandshakeType::encrypted_extensions,
                            [](EncryptedExtensions& it) {
                              it.extensions.push_back({extension::kEncryptedClientHello, {0, 0}});
                            });
  Pair pair(engine_of(client), engine_of(server));
  EXPECT_TRUE(pair.connected()) << pair.why();
}

std::set<std::string> lines_of(Channel& end) {
  const auto lines = end.take_key_log();
  return {lines.begin(), lines.end()};
}

TEST(KeyLog, says_the_same_on_both_ends_and_in_libssl) {
  for (const TlsVersion version : kVersions) {
    Config client = client_config();
    Config server = server_config();
    client.max_version = version;
    client.key_log = server.key_log = true;
    EnginePair ends(client, server);
    const auto of_client = lines_of(ends.client);
    EXPECT_EQ(of_client, lines_of(ends.server));
    EXPECT_EQ(of_client.size(), version == TlsVersion::tls13 ? 5U : 1U);
    for (const std::string& each : of_client) {
      EXPECT_NE(each.find(to_hex(ends.client.exchange().client_random)), std::string::npos);
    }
    EXPECT_TRUE(lines_of(ends.client).empty());
    OracleConfig oracle = oracle_server();
    oracle.key_log = true;
    Pair pair(engine_of(client), oracle_of(oracle));
    ASSERT_TRUE(pair.connected());
    EXPECT_EQ(lines_of(pair.client()), lines_of(pair.server()));
  }
}

TEST(Ending, by_close_notify_is_clean) {
  for (const TlsVersion version : kVersions) {
    Config client = client_config();
    client.max_version = version;
    EnginePair ends(client, server_config());
    ends.client.close();
    ends.client.close();  // once is enough
    ends.client.send(view_of("too late"));
    ends.pair.settle();
    EXPECT_NE(Pair::find<CloseNotify>(ends.pair.server_events), nullptr);
    ends.server.send(view_of("still to be said"));  // RFC 8446 §6.1: one direction at a time
    ends.pair.settle();
    EXPECT_EQ(received(ends.pair.client_events), "still to be said");
    EXPECT_EQ(received(ends.pair.server_events), "");
    ends.server.end_of_input(EndOfInput::finished);
    ends.pair.settle();
    EXPECT_TRUE(Pair::find<InputEnded>(ends.pair.server_events)->clean);
  }
}

TEST(Ending, without_close_notify_is_none) {
  for (const TlsVersion version : kVersions) {
    for (const EndOfInput how : {EndOfInput::finished, EndOfInput::reset}) {
      Config client = client_config();
      client.max_version = version;
      EnginePair ends(client, server_config());
      ends.server.end_of_input(how);
      ends.server.end_of_input(how);
      ends.pair.settle();
      const auto* ended = Pair::find<InputEnded>(ends.pair.server_events);
      ASSERT_NE(ended, nullptr);
      EXPECT_FALSE(ended->clean);
      EXPECT_EQ(ended->how, how);
      ends.server.feed(Bytes{1, 2, 3});  // nobody listens any more
      EXPECT_FALSE(ends.server.next_event());
    }
  }
}

TEST(Ending, before_the_handshake_is_done_is_told) {
  auto client = engine_of(client_config());
  client->start();
  client->send(view_of("waiting"));
  client->close();  // nothing to close yet
  client->end_of_input(EndOfInput::reset);
  const auto event = client->next_event();
  ASSERT_TRUE(event);
  EXPECT_TRUE(std::holds_alternative<InputEnded>(*event));
  EXPECT_FALSE(client->established());
}

}  // namespace
}  // namespace assay::engine
