// How a fault or a liberty of our engine is written: which hook of its configuration says it. Used
// by the tables of such faults.
#pragma once

#include "harness/engine/config.h"
#include "harness/wire/alert.h"
#include "harness/wire/hello.h"
#include "suites/faults/faults.h"

namespace assay::faults {

inline void on_engine(Faults& faults, void (*change)(engine::Config& config)) {
  faults.engine.push_back(change);
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

/// The server's hello, as it goes out and as the transcript has it.
template <void (*change)(ServerHello& hello, const engine::Exchange& exchange)>
void says(Faults& faults) {
  on_engine(faults, [](engine::Config& config) {
    config.emission.message = [](Bytes& message, const engine::Exchange& exchange) {
      if (message[0] != static_cast<std::uint8_t>(HandshakeType::server_hello)) return;
      auto hello = decode<ServerHello>(View(message).subspan(4)).message;
      if (!hello) return;
      change(*hello, exchange);
      message = compose_handshake(HandshakeType::server_hello, encode(*hello));
    };
  });
}

inline bool is_fatal_alert(const engine::Step& step) {
  return step.kind == engine::Step::Kind::record && step.content_type == ContentType::alert &&
         step.body() != Bytes{1, alert::kCloseNotify};
}

/// Every fatal alert becomes that one.
template <std::uint8_t description>
void refuses_by(Faults& faults) {
  on_engine(faults, [](engine::Config& config) {
    config.emission.flight = [](engine::Flight& flight, const engine::Exchange&) {
      for (engine::Step& step : flight) {
        if (is_fatal_alert(step)) step.body = [] { return Bytes{2, description}; };
      }
    };
  });
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
