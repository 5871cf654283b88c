// What a server of TLS 1.2 decides at the ClientHello: suite, certificate, group, resumption. Used
// by server12.
#pragma once

#include "harness/engine/choice.h"
#include "harness/engine/keys12.h"

namespace assay::engine {

struct HelloChoice12 {
  Terms12 terms;
  Wanted wanted;
  const Credential* credential = nullptr;
  std::uint16_t group = 0;
  std::uint16_t scheme = 0;  // of ServerKeyExchange
  std::optional<Session> resumed;
  bool tickets = false;             // the client takes them (RFC 5077 §3.2)
  bool renegotiation_info = false;  // it was offered, by extension or by suite (RFC 5746 §3.6)
  Agreement agreement;
};

/// Nothing: the handshake has failed.
[[nodiscard]] std::optional<HelloChoice12> choose12(Core& core, const ClientHello& hello);

}  // namespace assay::engine
