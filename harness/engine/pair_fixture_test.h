// Two ends of TLS in memory, each an Engine or an Oracle, talked through to the end. Used by the
// tests of the engine.
#pragma once

#include "harness/channel/oracle.h"
#include "harness/engine/engine.h"
#include "harness/pki/authority.h"

#include <gtest/gtest.h>

#include <map>

namespace assay::engine {

/// Minted once a process: keys cost.
inline const ServerIdentity& identity_of(KeyKind kind) {
  static std::map<KeyKind, ServerIdentity> made;
  static KeyRing keys;
  static const Authority kAuthority(std::chrono::system_clock::now(), keys);
  auto found = made.find(kind);
  if (found == made.end()) {
    ChainSpec chain;
    chain.leaf_key = kind;
    const std::vector<std::string> names = {"localhost"};
    const Identity issued = kAuthority.issue(chain, names);
    found = made.emplace(kind, ServerIdentity{issued.chain, issued.key.private_der(), {}}).first;
  }
  return found->second;
}

inline std::shared_ptr<const Credential> credential_of(KeyKind kind) {
  static std::map<KeyKind, std::shared_ptr<const Credential>> made;
  auto& credential = made[kind];
  if (!credential) credential = std::make_shared<const Credential>(identity_of(kind));
  return credential;
}

/// A client and a server, and what each of them was told.
class Pair {
 public:
  Pair(std::unique_ptr<Channel> client, std::unique_ptr<Channel> server)
      : client_(std::move(client)), server_(std::move(server)) {
    server_->start();
    client_->start();
    settle();
  }

  /// Hands octets over until nobody has any.
  void settle() {
    for (int i = 0; i < 64; ++i) {
      const Bytes to_server = client_->take_output();
      const Bytes to_client = server_->take_output();
      if (to_server.empty() && to_client.empty()) break;
      if (!to_server.empty()) server_->feed(to_server);
      if (!to_client.empty()) client_->feed(to_client);
    }
    while (auto event = client_->next_event()) client_events.push_back(std::move(*event));
    while (auto event = server_->next_event()) server_events.push_back(std::move(*event));
  }

  [[nodiscard]] Channel& client() { return *client_; }
  [[nodiscard]] Channel& server() { return *server_; }

  template <typename T>
  static const T* find(const std::vector<Event>& events) {
    for (const Event& each : events) {
      if (const auto* found = std::get_if<T>(&each)) return found;
    }
    return nullptr;
  }

  [[nodiscard]] bool connected() const {
    return find<HandshakeDone>(client_events) != nullptr &&
           find<HandshakeDone>(server_events) != nullptr;
  }
  [[nodiscard]] const Agreement& agreement() const {
    return find<HandshakeDone>(client_events)->agreement;
  }

  /// A few octets each way, once the handshake is done.
  void expect_to_talk() {
    client_->send(view_of("from the client"));
    settle();
    server_->send(view_of("from the server"));
    settle();
    const auto* at_server = find<Received>(server_events);
    const auto* at_client = find<Received>(client_events);
    ASSERT_NE(at_server, nullptr) << why();
    ASSERT_NE(at_client, nullptr) << why();
    EXPECT_EQ(text_of(at_server->octets), "from the client");
    EXPECT_EQ(text_of(at_client->octets), "from the server");
  }

  /// What went wrong, for messages of tests.
  [[nodiscard]] std::string why() const {
    std::string text;
    const auto add = [&](std::string_view who, const std::vector<Event>& events) {
      if (const auto* failure = find<LocalFailure>(events)) {
        text += std::string(who) + " refuses: " + failure->reason + "; ";
      }
      if (const auto* alert = find<AlertReceived>(events)) {
        text += std::string(who) + " is told " + alert_name(alert->alert.description) + "; ";
      }
    };
    add("client", client_events);
    add("server", server_events);
    return text;
  }

  std::vector<Event> client_events;
  std::vector<Event> server_events;

 private:
  std::unique_ptr<Channel> client_;
  std::unique_ptr<Channel> server_;
};

/// What arrived, as one.
inline std::string received(const std::vector<Event>& events) {
  std::string all;
  for (const Event& each : events) {
    if (const auto* data = std::get_if<Received>(&each)) all += text_of(data->octets);
  }
  return all;
}

inline Config client_config() {
  Config config;
  config.server_name = "localhost";
  config.seed = 7;
  return config;
}

inline Config server_config(KeyKind kind = KeyKind::p256) {
  Config config;
  config.role = Role::server;
  config.credential = credential_of(kind);
  config.seed = 8;
  return config;
}

inline std::unique_ptr<Engine> engine_of(Config config) {
  return make_engine(std::make_shared<const Config>(std::move(config)));
}

/// Two engines that can be asked for more than a channel can.
struct EnginePair {
  EnginePair(Config client_has, Config server_has)
      : EnginePair(engine_of(std::move(client_has)), engine_of(std::move(server_has))) {}
  EnginePair(std::unique_ptr<Engine> one, std::unique_ptr<Engine> other)
      : client(*one), server(*other), pair(std::move(one), std::move(other)) {}

  Engine& client;
  Engine& server;
  Pair pair;
};

inline std::unique_ptr<Channel> oracle_of(OracleConfig config) {
  return make_oracle(std::make_shared<const OracleContext>(std::move(config)), "localhost");
}

inline OracleConfig oracle_server(KeyKind kind = KeyKind::p256) {
  OracleConfig config;
  config.role = Role::server;
  config.identity = identity_of(kind);
  return config;
}

inline OracleConfig oracle_client() {
  OracleConfig config;
  config.role = Role::client;
  return config;
}

}  // namespace assay::engine
