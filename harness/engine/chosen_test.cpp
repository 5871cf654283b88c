// What a configuration changes of an end: binders by their places in the hello, another premaster
// secret, nonces that come again, fewer identities looked at.
#include "harness/crypto/finite_field.h"
#include "harness/engine/pair_fixture_test.h"
#include "harness/wire/hello.h"
#include "harness/wire/key_exchange.h"

#include <set>

namespace assay::engine {
namespace {

/// A server that keeps sessions, and one session of it.
struct Resumable {
  explicit Resumable(Config with = server_config()) : server(std::move(with)) {
    server.store = std::make_shared<SessionStore>();
    auto client = engine_of(client_config());
    Engine& end = *client;
    Pair pair(std::move(client), engine_of(server));
    session = end.take_sessions().at(0);
  }

  Config server;
  Session session;
};

void change_psks(Config& client, void (*change)(OfferedPsks& psks)) {
  client.emission.hello = [change](ClientHello& hello, const Exchange&) {
    const Extension* psks = hello.find(extension::kPreSharedKey);
    if (psks == nullptr) return;
    auto offered = decode<OfferedPsks>(psks->extension_data);
    change(*offered.message);
    set_extension(hello.extensions, extension::kPreSharedKey, encode(*offered.message));
  };
}

TEST(Hooks, leave_a_binder_as_long_as_its_place) {
  Resumable with;
  Config client = client_config();
  client.sessions = {with.session};
  change_psks(client, [](OfferedPsks& psks) { psks.binders[0].binder.resize(31); });
  Pair pair(engine_of(client), engine_of(with.server));
  const auto* refused = Pair::find<AlertReceived>(pair.client_events);
  ASSERT_NE(refused, nullptr) << pair.why();
  EXPECT_EQ(refused->alert.description, 51) << "decrypt_error";
}

TEST(Hooks, leave_a_binder_that_no_psk_belongs_to) {
  Resumable with;
  Config client = client_config();
  client.sessions = {with.session};
  with.server.tolerated = {Sin::psk_binder_count};
  change_psks(client, [](OfferedPsks& psks) { psks.binders.push_back({Bytes(32)}); });
  Pair pair(engine_of(client), engine_of(with.server));
  ASSERT_TRUE(pair.connected()) << pair.why();
  EXPECT_TRUE(pair.agreement().resumed);
}

TEST(Hooks, go_on_with_another_premaster_secret) {
  Config client = client_config();
  client.suites = {0x009e};
  client.max_version = TlsVersion::tls12;
  client.emission.key_exchange = [](Bytes& body, Bytes& premaster, const Exchange&) {
    body = encode(LongPublic{Bytes{1}});
    premaster = {1};
  };
  Config server = server_config(KeyKind::rsa2048);
  Pair refused(engine_of(client), engine_of(server));
  EXPECT_FALSE(refused.connected());
  server.tolerated = {Sin::key_share_invalid};
  Pair taken(engine_of(client), engine_of(server));
  EXPECT_TRUE(taken.connected()) << taken.why();
}

TEST(Hooks, seal_under_a_nonce_that_was_used) {
  Config client = client_config();
  client.max_version = TlsVersion::tls12;
  client.suites = {0xc02b};
  std::multiset<std::string> nonces;
  client.reception.sealed = [&nonces](std::vector<Bytes>& records, const Exchange&) {
    for (const Bytes& each : records) {
      if (each[0] == 23) nonces.emplace(text_of(View(each).subspan(5, 8)));
    }
  };
  Config server = server_config();
  server.emission.records = [](std::vector<PlainRecord>& records, const Exchange&) {
    for (PlainRecord& each : records) each.explicit_nonce = 9;
  };
  Pair pair(engine_of(client), engine_of(server));
  ASSERT_TRUE(pair.connected()) << pair.why();
  pair.expect_to_talk();
  pair.server().send(view_of("again"));
  pair.settle();
  EXPECT_EQ(nonces.size(), 2U);
  EXPECT_EQ(nonces.count(*nonces.begin()), 2U);
}

TEST(Hooks, look_at_as_few_identities_as_they_are_told) {
  for (const bool all : {true, false}) {
    Resumable with;
    Config client = client_config();
    Session unknown = with.session;
    unknown.ticket = Bytes(16, 7);
    client.sessions = {unknown, with.session};
    if (!all) with.server.identities_tried = 1;
    Pair pair(engine_of(client), engine_of(with.server));
    ASSERT_TRUE(pair.connected()) << pair.why();
    EXPECT_EQ(pair.agreement().resumed, all);
  }
}

TEST(Hooks, open_under_old_keys_where_that_is_tolerated) {
  for (const bool tolerated : {false, true}) {
    Config server = server_config();
    if (tolerated) server.tolerated = {Sin::old_keys_kept};
    auto client = engine_of(client_config());
    Engine& end = *client;
    Pair pair(std::move(client), engine_of(server));
    Flight update;
    update.push_back(say(HandshakeType::key_update, [] { return Bytes{0}; }));
    end.say(std::move(update));
    end.send(view_of("under the old key"));
    pair.settle();
    EXPECT_EQ(Pair::find<Received>(pair.server_events) != nullptr, tolerated) << pair.why();
  }
}

TEST(Hooks, find_a_limit_of_nothing_to_be_one_octet) {
  Config client = client_config();
  client.record_size_limit = 1;
  client.tolerated = {Sin::plaintext_too_long};
  Config server = server_config();
  server.record_size_limit = kMaxPlaintext;
  server.tolerated = {Sin::record_size_limit_small};
  Pair pair(engine_of(client), engine_of(server));
  EXPECT_TRUE(pair.connected()) << pair.why();
}

}  // namespace
}  // namespace assay::engine
