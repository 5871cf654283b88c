#include "harness/channel/oracle.h"

#include "harness/pki/authority.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

ServerIdentity identity(const ChainSpec& spec = {}) {
  static KeyRing keys;
  static const Authority kAuthority(std::chrono::system_clock::now(), keys);
  const std::vector<std::string> names = {"localhost"};
  const Identity issued = kAuthority.issue(spec, names);
  return {issued.chain, issued.key.private_der(), issued.staple};
}

OracleConfig server_config(const ChainSpec& spec = {}) {
  OracleConfig config;
  config.role = Role::server;
  config.identity = identity(spec);
  return config;
}

/// Two ends and what happened to each.
struct Ends {
  explicit Ends(const OracleConfig& client_config, const OracleConfig& server_config_of)
      : client(make_oracle(std::make_shared<const OracleContext>(client_config), "localhost")),
        server(make_oracle(std::make_shared<const OracleContext>(server_config_of))) {
    server->start();
    client->start();
    exchange();
  }

  /// Moves octets, `chunk` at a time, until both are silent.
  void exchange(std::size_t chunk = 100'000) {
    bool moved = true;
    while (moved) {
      moved = move(*client, *server, chunk);
      moved = move(*server, *client, chunk) || moved;
    }
    collect(*client, client_events);
    collect(*server, server_events);
  }

  static bool move(Channel& from, Channel& to, std::size_t chunk) {
    const Bytes output = from.take_output();
    for (std::size_t at = 0; at < output.size(); at += chunk) {
      to.feed(View(output).subspan(at, std::min(chunk, output.size() - at)));
    }
    return !output.empty();
  }
  static void collect(Channel& channel, std::vector<Event>& events) {
    while (auto event = channel.next_event()) events.push_back(std::move(*event));
  }

  std::unique_ptr<Channel> client;
  std::unique_ptr<Channel> server;
  std::vector<Event> client_events;
  std::vector<Event> server_events;
};

template <typename T>
const T* first_of(const std::vector<Event>& events) {
  for (const Event& event : events) {
    if (const auto* found = std::get_if<T>(&event)) return found;
  }
  return nullptr;
}

OracleConfig only(TlsVersion version) {
  OracleConfig config;
  config.min_version = config.max_version = version;
  return config;
}

TEST(Oracle, agrees_on_each_version_and_says_on_what) {
  for (const TlsVersion version : {TlsVersion::tls12, TlsVersion::tls13}) {
    const OracleConfig served = server_config();
    Ends ends(only(version), served);
    const auto* done = first_of<HandshakeDone>(ends.client_events);
    ASSERT_NE(done, nullptr);
    EXPECT_EQ(done->agreement.version, version);
    EXPECT_EQ(done->agreement.peer_chain, served.identity.chain);
    EXPECT_EQ(done->agreement.group, "x25519");
    EXPECT_NE(first_of<HandshakeDone>(ends.server_events), nullptr);
  }
}

TEST(Oracle, carries_data_that_was_sent_before_the_handshake_ended_byte_by_byte) {
  const OracleConfig config;
  auto client = make_oracle(std::make_shared<const OracleContext>(config));
  client->send(view_of("early bird"));
  EXPECT_FALSE(client->established());
  Ends ends(config, server_config());
  ends.client->send(view_of("hello"));
  ends.exchange(1);
  const auto* received = first_of<Received>(ends.server_events);
  ASSERT_NE(received, nullptr);
  EXPECT_EQ(text_of(received->octets), "hello");
}

TEST(Oracle, says_close_notify_once_and_tells_a_clean_end_from_a_cut) {
  Ends ends(OracleConfig{}, server_config());
  ends.client->close();
  ends.exchange();
  ends.server->end_of_input(EndOfInput::finished);
  ends.client->end_of_input(EndOfInput::finished);
  ends.exchange();
  EXPECT_NE(first_of<CloseNotify>(ends.server_events), nullptr);
  EXPECT_TRUE(first_of<InputEnded>(ends.server_events)->clean);
  EXPECT_FALSE(first_of<InputEnded>(ends.client_events)->clean);
}

TEST(Oracle, sends_bad_record_mac_for_an_altered_record_and_the_peer_sees_it) {
  Ends ends(OracleConfig{}, server_config());
  ends.client->send(view_of("NOOP\r\n"));
  Bytes record = ends.client->take_output();
  record.back() ^= 1;
  ends.server->feed(record);
  ends.exchange();
  const auto* failure = first_of<LocalFailure>(ends.server_events);
  ASSERT_NE(failure, nullptr);
  EXPECT_EQ(failure->sent, (Alert{true, alert::kBadRecordMac}));
  const auto* alert = first_of<AlertReceived>(ends.client_events);
  ASSERT_NE(alert, nullptr);
  EXPECT_EQ(alert->alert.description, alert::kBadRecordMac);
  EXPECT_EQ(first_of<Received>(ends.server_events), nullptr);
}

TEST(Oracle, refuses_what_is_no_handshake_with_a_reason) {
  auto server = make_oracle(std::make_shared<const OracleContext>(server_config()));
  server->start();
  server->feed(view_of("EHLO there\r\n"));
  const auto event = server->next_event();
  ASSERT_TRUE(event);
  EXPECT_TRUE(std::holds_alternative<LocalFailure>(*event));
}

TEST(Oracle, refuses_an_old_version_with_protocol_version) {
  OracleConfig old = only(TlsVersion::tls10);
  old.ciphers = "ALL:@SECLEVEL=0";
  Ends ends(old, server_config());
  const auto* alert = first_of<AlertReceived>(ends.client_events);
  ASSERT_NE(alert, nullptr);
  EXPECT_EQ(alert->alert.description, alert::kProtocolVersion);
}

TEST(Oracle, serves_a_chain_in_the_wrong_order_when_told_to) {
  ChainSpec wrong;
  wrong.order = ServedOrder::issuer_first;
  Ends ends(OracleConfig{}, server_config(wrong));
  const auto* failure = first_of<LocalFailure>(ends.client_events);
  ASSERT_NE(failure, nullptr);
  EXPECT_EQ(failure->sent, (Alert{true, alert::kDecryptError})) << failure->reason;
}

TEST(Oracle, staples_what_it_was_given_when_asked) {
  ChainSpec stapled;
  stapled.staple = StapleKind::good;
  OracleConfig asking;
  asking.status_request = true;
  Ends ends(asking, server_config(stapled));
  EXPECT_TRUE(first_of<HandshakeDone>(ends.client_events)->agreement.stapled_ocsp);
  EXPECT_TRUE(first_of<HandshakeDone>(ends.server_events)->agreement.staple_wanted);
  Ends silent(OracleConfig{}, server_config(stapled));
  EXPECT_FALSE(first_of<HandshakeDone>(silent.client_events)->agreement.stapled_ocsp);
  EXPECT_FALSE(first_of<HandshakeDone>(silent.server_events)->agreement.staple_wanted);
}

TEST(Oracle, chooses_its_identity_by_the_name_that_is_asked_for) {
  ChainSpec other;
  other.leaf_label = "other";
  OracleConfig config = server_config();
  config.identities_by_name.emplace("localhost", identity(other));
  Ends ends(OracleConfig{}, config);
  EXPECT_EQ(first_of<HandshakeDone>(ends.client_events)->agreement.peer_chain.front(),
            config.identities_by_name.at("localhost").chain.front());
}

TEST(Oracle, selects_the_first_of_the_clients_protocol_names_that_is_its_own) {
  OracleConfig client;
  client.alpn = {"h2", "nntp", "pop3"};
  OracleConfig server = server_config();
  for (const TlsVersion version : {TlsVersion::tls12, TlsVersion::tls13}) {
    client.min_version = client.max_version = version;
    server.alpn = {"pop3", "nntp"};
    EXPECT_EQ(std::get<HandshakeDone>(Ends(client, server).client_events.at(0)).agreement.alpn,
              "nntp");
    server.alpn = {};
    EXPECT_EQ(std::get<HandshakeDone>(Ends(client, server).client_events.at(0)).agreement.alpn, "");
    server.alpn = {"imap"};
    EXPECT_EQ(std::get<AlertReceived>(Ends(client, server).client_events.at(0)).alert.description,
              alert::kNoApplicationProtocol);
  }
}

TEST(OracleContext, says_what_openssl_refuses) {
  OracleConfig config;
  config.ciphers = "NO-SUCH-CIPHER";
  EXPECT_THROW(OracleContext{config}, std::runtime_error);
}

/// An authority's leaf for a client, and that authority's root.
std::pair<ServerIdentity, Bytes> client_identity() {
  static KeyRing keys;
  static const Authority kAuthority(std::chrono::system_clock::now(), keys);
  const Identity issued = kAuthority.issue_client("ann");
  return {{issued.chain, issued.key.private_der(), {}}, kAuthority.root()};
}

TEST(Oracle, a_client_that_is_asked_for_a_certificate_shows_it) {
  const auto [who, root] = client_identity();
  for (const TlsVersion version : {TlsVersion::tls12, TlsVersion::tls13}) {
    OracleConfig server = server_config();
    OracleConfig client = only(version);
    client.identity = who;
    const auto shown = [&] {
      const Ends ends(client, server);
      EXPECT_NE(first_of<HandshakeDone>(ends.client_events), nullptr);
      const auto* done = first_of<HandshakeDone>(ends.server_events);
      return done == nullptr ? std::vector<Bytes>{{}} : done->agreement.peer_chain;
    };
    EXPECT_EQ(shown(), std::vector<Bytes>{});  // nobody has asked
    server.client_authorities = {root};
    EXPECT_EQ(shown(), who.chain);
    client.identity = {};
    EXPECT_EQ(shown(), std::vector<Bytes>{});
    // One of another authority is shown, too, and ends nothing: the server above judges it.
    client.identity = identity();
    server.client_authorities = {server.identity.chain.back()};
    EXPECT_EQ(shown(), client.identity.chain);
  }
}

}  // namespace
}  // namespace assay
