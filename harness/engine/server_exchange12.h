// The server's half of a key exchange of TLS 1.2: its parameters, and the premaster secret that
// follows from the client's answer (RFC 5246 §7.4.3 and §7.4.7, RFC 8422 §5.4 and §5.7). Used by
// server12.
#pragma once

#include "harness/crypto/finite_field.h"
#include "harness/crypto/key_exchange.h"
#include "harness/engine/hello_choice12.h"

namespace assay::engine {

/// One handshake's. Each function may be called in a state that only another order has: a half that
/// is not there agrees on nothing.
class ServerExchange12 {
 public:
  /// A ServerKeyExchange with a fresh key, signed; the suite is one of ECDHE or DHE.
  [[nodiscard]] Bytes body(Core& core, const HelloChoice12& choice);
  /// Of a ClientKeyExchange; `offered` is the version of the hello. Nothing: failed.
  [[nodiscard]] std::optional<Bytes> premaster(Core& core, const HelloChoice12& choice,
                                               std::uint16_t offered, View client_body) const;

 private:
  [[nodiscard]] std::optional<Bytes> over_field(Core& core, View value) const;

  std::optional<KeyShare> share_;
  std::optional<FiniteFieldKey> field_key_;
};

}  // namespace assay::engine
