// Engine: our own TLS 1.2 and 1.3, both roles, as a Channel. It can be wrong at every point that
// its configuration names, and tells everything that was said. Used by checks that libssl cannot
// serve, and by the reference peers.
#pragma once

#include "harness/channel/channel.h"
#include "harness/engine/config.h"
#include "harness/engine/exchange.h"

namespace assay::engine {

/// What an application asks of a connection that stands.
enum class Wish {
  update_keys,          // RFC 8446 §4.6.3, ours alone
  update_keys_of_both,  // and the peer's
  renegotiate,          // RFC 5246 §7.4.1.1
};

class Engine : public Channel {
 public:
  [[nodiscard]] virtual const Exchange& exchange() const = 0;
  /// Sessions that came since the last call (client).
  [[nodiscard]] virtual std::vector<Session> take_sessions() = 0;
  /// Says it now, whatever the state; hooks see it as any other flight.
  virtual void say(Flight flight) = 0;
  virtual void wish(const Wish& wish) = 0;
};

/// The configuration is shared: a connection may outlive its listener's next one.
[[nodiscard]] std::unique_ptr<Engine> make_engine(std::shared_ptr<const Config> config);

}  // namespace assay::engine
