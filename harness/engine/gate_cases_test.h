// One row for each way to commit a Sin against the engine: who commits it and how, who has to
// refuse it, and by which alert. Used by gate_test.cpp, which runs the rows; they stand in
// gate_*_cases_test.cpp by topic.
#pragma once

#include "harness/engine/pair_fixture_test.h"
#include "harness/wire/handshake.h"

#include <functional>
#include <vector>

namespace assay::engine {

/// Two engines, and what a row does to them.
struct Ends {
  Engine* client = nullptr;
  Engine* server = nullptr;
  Pair* pair = nullptr;
};

struct GateCase {
  Sin sin;
  TlsVersion version;
  Role judge;                         // who has to refuse
  std::optional<std::uint8_t> alert;  // nothing: see `shows`
  std::function<void(Config& client, Config& server)> commit;
  std::function<void(Ends&)> then;  // behind the handshake
  /// What becomes of an end that tolerates it.
  enum class After {
    connects,
    goes_on
  } after = After::connects;  // goes_on: that alert is not sent
  Sins also;                  // tolerated in both runs: what the row cannot help committing as well
  /// Where the ending tells too little: false of an honest end, true of one that tolerates it.
  std::function<bool(Ends&)> shows;
};

[[nodiscard]] std::vector<GateCase> record_cases();
[[nodiscard]] std::vector<GateCase> client_hello_cases();
[[nodiscard]] std::vector<GateCase> psk_cases();
[[nodiscard]] std::vector<GateCase> server_hello_cases();
[[nodiscard]] std::vector<GateCase> proof_cases();

/// Has an end say every message of that type otherwise.
inline void edit_body(Config& config, HandshakeType type, std::function<void(Bytes&)> edit) {
  config.emission.message = [type, edit = std::move(edit)](Bytes& message, const Exchange&) {
    if (message[0] != static_cast<std::uint8_t>(type)) return;
    Bytes body(message.begin() + 4, message.end());
    edit(body);
    message = compose_handshake(type, body);
  };
}

template <typename Message>
void edit(Config& config, HandshakeType type, std::function<void(Message&)> change) {
  edit_body(config, type, [change = std::move(change)](Bytes& body) {
    auto message = *decode<Message>(body);
    change(message);
    body = encode(message);
  });
}

inline void edit_server_hello(Config& server, std::function<void(ServerHello&)> change) {
  edit<ServerHello>(server, HandshakeType::server_hello, std::move(change));
}

inline void edit_hello(Config& client, std::function<void(ClientHello&)> change) {
  client.emission.hello = [change = std::move(change)](ClientHello& hello, const Exchange&) {
    change(hello);
  };
}

inline Session external_psk(std::uint16_t suite = 0x1301) {
  Session psk;
  psk.suite = suite;
  psk.secret = Bytes(32, 0x5a);
  psk.ticket = bytes_of("an identity");
  psk.external = true;
  return psk;
}

inline void share_psk(Config& client, Config& server, const Session& psk = external_psk()) {
  client.sessions = {psk};
  server.external_psks = {psk};
}

/// Runs a handshake and has the client come back with what it was given.
inline void resume_later(Config& client, Config& server) {
  if (!server.store) server.store = std::make_shared<SessionStore>();
  auto first = engine_of(client);
  Engine& end = *first;
  const Pair pair(std::move(first), engine_of(server));
  client.sessions = end.take_sessions();
}

}  // namespace assay::engine
