// How a table says what our own engine does wrong as a server: sins that it tolerates, messages
// that it rewrites, words of its refusals. Used by the tables of this folder.
#pragma once

#include "harness/engine/config.h"
#include "harness/wire/alert.h"
#include "suites/faults/faults.h"

namespace assay::faults {

inline void by_engine(Faults& faults, void (*change)(engine::Config& config)) {
  faults.engine.push_back(change);
}
template <void (*change)(engine::Config& config)>
void configures(Faults& faults) {
  by_engine(faults, change);
}

template <Sin... sins>
void tolerates(Faults& faults) {
  by_engine(faults, [](engine::Config& config) { (config.tolerated.set(sins), ...); });
}

[[nodiscard]] inline bool is_message(View message, HandshakeType type) {
  return !message.empty() && message[0] == static_cast<std::uint8_t>(type);
}

template <typename Message>
using Rewrite = void (*)(Message& message, const engine::Exchange& exchange);

/// What the server says in messages of that type, rewritten before the transcript takes it.
template <typename Message, HandshakeType type, Rewrite<Message> change>
void rewrite(engine::Config& config) {
  config.emission.message = [](Bytes& message, const engine::Exchange& exchange) {
    if (!is_message(message, type)) return;
    auto read = decode<Message>(View(message).subspan(4));
    if (!read) return;
    change(*read.message, exchange);
    message = compose_handshake(type, encode(*read.message));
  };
}
template <Rewrite<ServerHello> change>
void rewrite_hello(engine::Config& config) {
  rewrite<ServerHello, HandshakeType::server_hello, change>(config);
}

/// The client's last hello; there is one.
[[nodiscard]] inline ClientHello hello_of(const engine::Exchange& exchange) {
  return *decode<ClientHello>(exchange.last(HandshakeType::client_hello)->body()).message;
}

[[nodiscard]] inline bool is_fatal_alert(const engine::Step& step) {
  return step.kind == engine::Step::Kind::record && step.content_type == ContentType::alert &&
         step.body() != Bytes{1, alert::kCloseNotify};
}

/// Every fatal alert becomes that one.
template <std::uint8_t description>
void refuse_by(engine::Config& config) {
  config.emission.flight = [](engine::Flight& flight, const engine::Exchange&) {
    for (engine::Step& step : flight) {
      if (is_fatal_alert(step)) step.body = [] { return Bytes{2, description}; };
    }
  };
}

}  // namespace assay::faults
