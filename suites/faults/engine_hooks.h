// How a fault or a liberty of our engine is written as a value: what of its configuration says it.
// Used by the tables of such faults.
#pragma once

#include "harness/engine/config.h"
#include "harness/wire/alert.h"
#include "harness/wire/hello.h"
#include "suites/faults/faults.h"

namespace assay::faults {

inline void on_engine(Faults& faults, void (*change)(engine::Config& config)) {
  faults.engine.push_back(change);
}
template <void (*change)(engine::Config& config)>
void configures(Faults& faults) {
  on_engine(faults, change);
}

/// What it should refuse, it takes.
template <Sin... sins>
void takes(Faults& faults) {
  on_engine(faults, [](engine::Config& config) { (config.tolerated.set(sins), ...); });
}

/// What the server reads of a hello, otherwise than it came.
template <void (*change)(ClientHello& hello)>
void reads(Faults& faults) {
  on_engine(faults, [](engine::Config& config) {
    config.reception.hello = [](ClientHello& hello, const engine::Exchange&) { change(hello); };
  });
}

/// A hello like that has no suite that the server knows: handshake_failure.
template <bool (*when)(const ClientHello& hello)>
void lose_suites(ClientHello& hello) {
  if (when(hello)) hello.cipher_suites.clear();
}
template <bool (*when)(const ClientHello& hello)>
void refuses(Faults& faults) {
  reads<lose_suites<when>>(faults);
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
template <Rewrite<ServerHello> change>
void says(Faults& faults) {
  on_engine(faults, rewrite_hello<change>);
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
template <std::uint8_t description>
void refuses_by(Faults& faults) {
  on_engine(faults, refuse_by<description>);
}

/// No alert at all.
inline void refuses_by_close(Faults& faults) {
  on_engine(faults, [](engine::Config& config) {
    config.emission.flight = [](engine::Flight& flight, const engine::Exchange&) {
      std::erase_if(flight, is_fatal_alert);
    };
  });
}

}  // namespace assay::faults
