// Octets as no peer should send them: one at a time, altered, cut off, repeated. Nothing throws,
// and what is honest comes out the same however it is cut.
#include "harness/crypto/key_exchange.h"
#include "harness/engine/gate_cases_test.h"
#include "harness/wire/key_exchange.h"

#include <algorithm>

namespace assay::engine {
namespace {

struct Shape {
  std::string_view name;
  std::function<void(Config& client, Config& server)> prepare;
};

std::vector<Shape> shapes() {
  const auto at = [](TlsVersion version) {
    return [version](Config& client, Config& server) {
      client.max_version = server.max_version = version;
      server.client_authentication = ClientAuthentication::requested;
      client.credential = credential_of(KeyKind::p256);
      server.store = std::make_shared<SessionStore>();
      client.alpn = server.alpn = {"x"};
      client.record_size_limit = server.record_size_limit = 2000;
    };
  };
  const auto retry = [](Config& client, Config& server) {
    client.groups = {0x001d, 0x0018};
    server.groups = {0x0018};
    server.retry_with_cookie = true;
  };
  const auto early = [](Config& client, Config& server) {
    server.max_early_data = 100;
    resume_later(client, server);
    client.early_data = bytes_of("early");
  };
  const auto suite12 = [](std::uint16_t suite) {
    return [suite](Config& client, Config& server) {
      client.max_version = TlsVersion::tls12;
      client.suites = {suite};
      server.credential = credential_of(KeyKind::rsa2048);
    };
  };
  const auto resumed12 = [](Config& client, Config& server) {
    client.max_version = server.max_version = TlsVersion::tls12;
    resume_later(client, server);
  };
  return {{"tls13", at(TlsVersion::tls13)},
          {"tls12", at(TlsVersion::tls12)},
          {"retry", retry},
          {"early data", early},
          {"rsa", suite12(0x002f)},
          {"dhe", suite12(0x009e)},
          {"resumed tls12", resumed12}};
}

/// A word for each event, with what it carries; data that arrives in pieces is one.
std::vector<std::string> tell(const std::vector<Event>& events) {
  std::vector<std::string> told;
  std::string data;
  for (const Event& each : events) {
    if (const auto* received = std::get_if<Received>(&each)) {
      data += text_of(received->octets);
    } else if (std::holds_alternative<HandshakeDone>(each)) {
      told.emplace_back("done");
    } else if (const auto* failure = std::get_if<LocalFailure>(&each)) {
      told.push_back("failed: " + failure->reason);
    } else if (const auto* alert = std::get_if<AlertReceived>(&each)) {
      told.push_back("alert: " + alert_name(alert->alert.description));
    } else if (std::holds_alternative<CloseNotify>(each)) {
      told.emplace_back("closed");
    }
  }
  told.push_back(data);
  return told;
}

void collect(Engine& from, std::vector<Event>& to) {
  while (auto event = from.next_event()) to.push_back(std::move(*event));
}

/// Runs two ends until they rest; `carry` has the octets of each turn.
using Carry = std::function<void(Engine& to, Bytes octets, bool to_server)>;
std::pair<std::vector<std::string>, std::vector<std::string>> converse(const Shape& shape,
                                                                       const Carry& carry) {
  Config client = client_config();
  Config server = server_config();
  shape.prepare(client, server);
  auto one = engine_of(client);
  auto other = engine_of(server);
  other->start();
  one->start();
  one->send(view_of("from the client"));
  other->send(view_of("from the server"));
  for (int i = 0; i < 64; ++i) {
    Bytes to_server = one->take_output();
    Bytes to_client = other->take_output();
    if (to_server.empty() && to_client.empty()) break;
    carry(*other, std::move(to_server), true);
    carry(*one, std::move(to_client), false);
    if (i == 8) {
      one->close();
      other->close();
    }
  }
  std::vector<Event> of_client;
  std::vector<Event> of_server;
  collect(*one, of_client);
  collect(*other, of_server);
  return {tell(of_client), tell(of_server)};
}

TEST(Hostile, octets_one_at_a_time_give_the_same_events) {
  for (const Shape& shape : shapes()) {
    const auto whole =
        converse(shape, [](Engine& to, const Bytes& octets, bool) { to.feed(octets); });
    const auto pieces = converse(shape, [](Engine& to, const Bytes& octets, bool) {
      for (const std::uint8_t each : octets) to.feed(View(&each, 1));
    });
    EXPECT_EQ(whole, pieces) << shape.name;
    EXPECT_EQ(whole.first.front(), "done") << shape.name;
    EXPECT_EQ(whole.first.back(), "from the server") << shape.name;
  }
}

TEST(Hostile, altered_octets_throw_nothing) {
  for (const Shape& shape : shapes()) {
    for (std::uint64_t seed = 0; seed < 150; ++seed) {
      Entropy chance(stable_hash(shape.name, seed));
      const bool of_client = chance.below(2) == 0;
      std::uint64_t turn = chance.below(3);
      converse(shape, [&](Engine& to, Bytes octets, bool to_server) {
        if (to_server == of_client && !octets.empty() && turn-- == 0) {
          for (std::uint64_t i = 0; i <= chance.below(3); ++i) {
            octets[chance.below(octets.size())] = static_cast<std::uint8_t>(chance.next());
          }
          if (chance.below(4) == 0) octets.resize(chance.below(octets.size()));
        }
        to.feed(octets);
      });
    }
  }
}

/// A body that was cut, stretched, emptied or altered, in the clear or under keys.
void maul(Bytes& message, Entropy& chance) {
  Bytes body(message.begin() + 4, message.end());
  switch (chance.below(5)) {
    case 0:
      body.clear();
      break;
    case 1:
      body.resize(chance.below(body.size() + 1));
      break;
    case 2:
      append(body, chance.bytes(1 + chance.below(40)));
      break;
    case 3:
      if (!body.empty()) body[chance.below(std::min<std::size_t>(body.size(), 90))] ^= 0xff;
      break;
    default:
      for (int i = 0; i < 3 && !body.empty(); ++i) {
        body[chance.below(body.size())] = static_cast<std::uint8_t>(chance.next());
      }
  }
  message = compose_handshake(static_cast<HandshakeType>(message[0]), body);
}

TEST(Hostile, mauled_messages_throw_nothing_at_honest_and_at_lenient_ends) {
  Sins all;
  for (std::size_t i = 0; i < kSinCount; ++i) all.set(static_cast<Sin>(i));
  for (const bool lenient : {false, true}) {
    for (const Shape& shape : shapes()) {
      for (std::uint64_t seed = 0; seed < 150; ++seed) {
        const Shape mauled = {shape.name, [&](Config& client, Config& server) {
                                shape.prepare(client, server);
                                Entropy chance(stable_hash(shape.name, seed));
                                Config& liar = chance.below(2) == 0 ? client : server;
                                Config& judge = &liar == &client ? server : client;
                                if (lenient) judge.tolerated = all;
                                liar.emission.message = [chance, at = chance.below(5)](
                                                            Bytes& message,
                                                            const Exchange&) mutable {
                                  if (at-- == 0) maul(message, chance);
                                };
                              }};
        converse(mauled, [](Engine& to, const Bytes& octets, bool) { to.feed(octets); });
      }
    }
  }
}

TEST(Hostile, shares_of_any_shape_throw_nothing) {
  for (const NamedGroup& group : named_groups()) {
    const std::size_t sizes[] = {0, 1, group.client_share_size - 1, group.client_share_size,
                                 group.client_share_size + 1};
    for (const std::size_t size : sizes) {
      for (const std::uint8_t fill : std::initializer_list<std::uint8_t>{0, 4, 0xff}) {
        Config client = client_config();
        Config server = server_config();
        client.groups = server.groups = {group.value};
        edit_hello(client, [&](ClientHello& hello) {
          set_extension(hello.extensions, extension::kKeyShare,
                        encode(KeyShareList{{{group.value, Bytes(size, fill)}}}));
        });
        const Pair to_server(engine_of(client), engine_of(server));
        EXPECT_FALSE(to_server.connected());
        client.emission = {};
        edit_server_hello(server, [&](ServerHello& hello) {
          set_extension(hello.extensions, extension::kKeyShare,
                        encode(KeyShareEntry{group.value, Bytes(size, fill)}));
        });
        const Pair to_client(engine_of(client), engine_of(server));
        EXPECT_FALSE(to_client.connected());
      }
    }
  }
}

TEST(Hostile, parameters_of_any_field_throw_nothing) {
  const auto odd = [](std::size_t size) { return Bytes(size, 0xfb); };
  const DhParams cases[] = {{odd(256), {}, {4}},
                            {odd(256), {2}, {}},
                            {Bytes(256, 0xfe), {2}, {4}},
                            {Bytes(256, 0), {2}, {4}},
                            {{}, {}, {}},
                            {odd(4000), {2}, {4}},
                            {odd(256), odd(300), {4}},
                            {odd(256), {2}, odd(300)},
                            {Bytes(256, 0xfe), {0}, {0}},
                            {{4}, {2}, {3}},
                            {{7}, {2}, {3}}};
  for (const DhParams& each : cases) {
    Config client = client_config();
    Config server = server_config(KeyKind::rsa2048);
    client.max_version = TlsVersion::tls12;
    client.suites = {0x009e};
    client.tolerated = {Sin::signature_wrong, Sin::dh_small};
    edit<ServerKeyExchange<DhParams>>(server, HandshakeType::server_key_exchange,
                                      [&](ServerKeyExchange<DhParams>& it) { it.params = each; });
    const Pair pair(engine_of(client), engine_of(server));
    EXPECT_FALSE(pair.connected());
  }
}

TEST(Hostile, long_lengths_are_refused_before_they_are_waited_for) {
  auto server = engine_of(server_config());
  server->start();
  server->feed(Bytes{22, 3, 1, 0, 4, 1, 0xff, 0xff, 0xff});
  bool failed = false;
  while (auto event = server->next_event()) failed |= std::holds_alternative<LocalFailure>(*event);
  EXPECT_TRUE(failed);
}

}  // namespace
}  // namespace assay::engine
