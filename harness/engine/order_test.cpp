// Every message in every state of both roles and versions: refused with unexpected_message unless
// the table has it, and taken where a table has one row more.
#include "harness/engine/gate_cases_test.h"
#include "harness/wire/alert.h"
#include "harness/wire/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace assay::engine {
namespace {

constexpr TlsVersion k12 = TlsVersion::tls12;
constexpr TlsVersion k13 = TlsVersion::tls13;
constexpr auto kNever = static_cast<HandshakeType>(99);

constexpr HandshakeType kTypes[] = {HandshakeType::hello_request,
                                    HandshakeType::client_hello,
                                    HandshakeType::server_hello,
                                    HandshakeType::new_session_ticket,
                                    HandshakeType::end_of_early_data,
                                    HandshakeType::encrypted_extensions,
                                    HandshakeType::certificate,
                                    HandshakeType::server_key_exchange,
                                    HandshakeType::certificate_request,
                                    HandshakeType::server_hello_done,
                                    HandshakeType::certificate_verify,
                                    HandshakeType::client_key_exchange,
                                    HandshakeType::finished,
                                    HandshakeType::certificate_url,
                                    HandshakeType::certificate_status,
                                    HandshakeType::supplemental_data,
                                    HandshakeType::key_update,
                                    HandshakeType::compressed_certificate,
                                    HandshakeType::message_hash,
                                    kNever};

struct Scenario {
  TlsVersion version;
  std::function<void(Config& client, Config& server)> prepare;
};

void authenticate(Config& client, Config& server) {
  ServerIdentity stapled = identity_of(KeyKind::p256);
  stapled.staple = Bytes(20, 0x30);
  server.credential = std::make_shared<const Credential>(stapled);
  client.status_request = true;
  server.client_authentication = ClientAuthentication::requested;
  client.credential = credential_of(KeyKind::p256);
  server.store = std::make_shared<SessionStore>();
}

std::vector<Scenario> scenarios() {
  const auto plain = [](Config&, Config&) {};
  const auto early = [](Config& client, Config& server) {
    server.max_early_data = 100;
    resume_later(client, server);
    client.early_data = bytes_of("early");
  };
  const auto retry = [](Config& client, Config& server) {
    client.groups = {0x001d, 0x0018};
    server.groups = {0x0018};
  };
  return {{k13, plain}, {k13, authenticate}, {k13, early},       {k13, retry},
          {k12, plain}, {k12, authenticate}, {k12, resume_later}};
}

/// Where a step is put: in front of a step of a flight of the peer's, or behind the handshake.
struct Position {
  std::size_t flight = 0;
  std::size_t step = 0;
  bool connected = false;
};

/// What the judge made of a run in which its peer said one thing more.
struct Outcome {
  std::string reason;
  std::optional<Alert> sent;
  bool stands = false;
};

class Injection {
 public:
  Injection(const Scenario& scenario, Role judge) : judge_(judge) {
    client_ = client_config();
    server_ = server_config();
    client_.max_version = server_.max_version = scenario.version;
    client_.min_version = server_.min_version = scenario.version;
    scenario.prepare(client_, server_);
  }

  /// Every place where something can be said.
  std::vector<Position> positions() {
    std::vector<std::size_t> sizes;
    run([&sizes](Flight& flight, std::size_t) { sizes.push_back(flight.size()); }, nullptr, {});
    std::vector<Position> all = {{0, 0, true}};
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      for (std::size_t j = 0; j <= sizes[i]; ++j) all.push_back({i, j, false});
    }
    return all;
  }

  Outcome inject(Position at, const Step& step, Order order) {
    if (at.connected) return run({}, &step, order);
    return run(
        [at, step](Flight& flight, std::size_t number) {
          if (number != at.flight || at.step > flight.size()) return;
          flight.insert(flight.begin() + static_cast<std::ptrdiff_t>(at.step), step);
        },
        nullptr, order);
  }

 private:
  Outcome run(const std::function<void(Flight&, std::size_t)>& change, const Step* later,
              Order order) const {
    Config client = client_;
    Config server = server_;
    Config& judge = judge_ == Role::client ? client : server;
    Config& peer = judge_ == Role::client ? server : client;
    judge.order12 = judge.order13 = order;
    if (change) {
      peer.emission.flight = [change, number = std::size_t{0}](Flight& flight,
                                                               const Exchange&) mutable {
        change(flight, number++);
      };
    }
    auto one = engine_of(client);
    auto other = engine_of(server);
    Engine& says = judge_ == Role::client ? *other : *one;
    const Engine& hears = judge_ == Role::client ? *one : *other;
    Pair pair(std::move(one), std::move(other));
    if (later != nullptr) {
      EXPECT_TRUE(pair.connected()) << pair.why();
      says.say({*later});
      pair.settle();
    }
    const auto& events = judge_ == Role::client ? pair.client_events : pair.server_events;
    Outcome outcome;
    if (const auto* failure = Pair::find<LocalFailure>(events)) {
      outcome = {failure->reason, failure->sent, false};
    }
    outcome.stands = hears.established();
    return outcome;
  }

  Role judge_;
  Config client_;
  Config server_;
};

Step message(HandshakeType type) {
  return say_record(ContentType::handshake, compose_handshake(type, Bytes(3)));
}

/// The state that a judge is in when that place comes, told by its refusal of what never may come.
std::optional<State> state_at(Injection& injection, Position at) {
  const std::string reason = injection.inject(at, message(kNever), {}).reason;
  for (int i = 0; i <= static_cast<int>(State::connected); ++i) {
    const auto state = static_cast<State>(i);
    if (reason == fmt::format("{} where {} was awaited", name_of(kNever), slug_of(state))) {
      return state;
    }
  }
  return std::nullopt;
}

struct Table {
  TlsVersion version;
  Role judge;
  Order order;
};
const Table kTables[] = {{k13, Role::client, client_order13()},
                         {k13, Role::server, server_order13()},
                         {k12, Role::client, client_order12()},
                         {k12, Role::server, server_order12()}};

/// What can be said out of turn, each under the name that a refusal gives it.
std::map<Token, std::pair<std::string, Step>> things(TlsVersion version) {
  std::map<Token, std::pair<std::string, Step>> all;
  for (const HandshakeType type : kTypes) {
    all[token_of(type)] = {name_of(type), message(type)};
  }
  all[Token::application_data] = {"application data",
                                  say_record(ContentType::application_data, {1})};
  if (version == k12) all[Token::change_cipher_spec] = {"ChangeCipherSpec", change_cipher_spec()};
  return all;
}

class OrderWalk {
 public:
  explicit OrderWalk(const Table& table) : table_(table), things_(things(table.version)) {}

  void walk() {
    for (const Scenario& scenario : scenarios()) {
      if (scenario.version != table_.version) continue;
      Injection injection(scenario, table_.judge);
      for (const Position at : injection.positions()) {
        const auto state = state_at(injection, at);
        if (state && seen_.insert(*state).second) judge(injection, at, *state);
      }
    }
    for (const Turn& turn : table_.order) {
      if (turn.at == State::renegotiating) continue;  // has its own tests
      EXPECT_TRUE(seen_.contains(turn.at)) << slug_of(turn.at);
    }
  }

 private:
  void judge(Injection& injection, Position at, State state) {
    for (const auto& [token, thing] : things_) {
      const std::string refusal =
          fmt::format("{} where {} was awaited", thing.first, slug_of(state));
      const std::string name =
          fmt::format("{}, {}: {}", slug_of(table_.version),
                      table_.judge == Role::client ? "client" : "server", refusal);
      const Outcome honest = injection.inject(at, thing.second, {});
      if (allows(table_.order, state, token)) {
        EXPECT_NE(honest.reason, refusal) << name;
        continue;
      }
      EXPECT_EQ(honest.reason, refusal) << name;
      EXPECT_FALSE(honest.stands) << name;
      ASSERT_TRUE(honest.sent) << name;
      EXPECT_EQ(honest.sent->description, alert::kUnexpectedMessage) << name;
      std::vector<Turn> more(table_.order.begin(), table_.order.end());
      more.push_back({state, token});
      EXPECT_NE(injection.inject(at, thing.second, more).reason, refusal) << name;
    }
  }

  const Table& table_;
  std::map<Token, std::pair<std::string, Step>> things_;
  std::set<State> seen_;
};

TEST(Order, of_a_client_of_tls13_has_every_message_in_its_place) { OrderWalk(kTables[0]).walk(); }
TEST(Order, of_a_server_of_tls13_has_every_message_in_its_place) { OrderWalk(kTables[1]).walk(); }
TEST(Order, of_a_client_of_tls12_has_every_message_in_its_place) { OrderWalk(kTables[2]).walk(); }
TEST(Order, of_a_server_of_tls12_has_every_message_in_its_place) { OrderWalk(kTables[3]).walk(); }

TEST(Order, lets_no_table_of_any_row_break_an_end) {
  // Whatever comes, whenever it comes: nothing throws, and both ends come to rest.
  std::vector<Turn> everything;
  for (int i = 0; i <= static_cast<int>(State::connected); ++i) {
    for (const auto& [token, thing] : things(k12)) {
      everything.push_back({static_cast<State>(i), token});
    }
  }
  for (const Scenario& scenario : scenarios()) {
    for (const Role judge : {Role::client, Role::server}) {
      Injection injection(scenario, judge);
      for (const Position at : injection.positions()) {
        for (const auto& [token, thing] : things(k12)) {
          static_cast<void>(injection.inject(at, thing.second, everything));
        }
      }
    }
  }
}

TEST(Order, passes_over_a_hello_request_in_a_handshake_of_tls12) {
  // RFC 5246 §7.4.1.1.
  for (const Scenario& scenario : scenarios()) {
    if (scenario.version != k12) continue;
    Injection injection(scenario, Role::client);
    const Step request =
        say_record(ContentType::handshake, compose_handshake(HandshakeType::hello_request, {}));
    for (const Position at : injection.positions()) {
      const auto state = state_at(injection, at);
      if (!state) continue;
      EXPECT_TRUE(injection.inject(at, request, {}).stands) << slug_of(*state);
    }
  }
}

TEST(Order, passes_over_change_cipher_spec_in_a_handshake_of_tls13) {
  // RFC 8446 §5: from the first hello to the peer's Finished; not before, and not behind.
  for (const Role judge : {Role::client, Role::server}) {
    for (const Scenario& scenario : scenarios()) {
      if (scenario.version != k13) continue;
      Injection injection(scenario, judge);
      for (const Position at : injection.positions()) {
        const auto state = state_at(injection, at);
        if (!state) continue;
        const Outcome outcome = injection.inject(at, change_cipher_spec(), {});
        const bool within = *state != State::client_hello && *state != State::connected;
        EXPECT_EQ(outcome.stands, within) << slug_of(*state) << ": " << outcome.reason;
        if (!within && outcome.sent) {
          EXPECT_EQ(outcome.sent->description, alert::kUnexpectedMessage);
        }
      }
    }
  }
}

}  // namespace
}  // namespace assay::engine
