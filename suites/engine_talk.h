// A handshake with our own engine, and what came of it: what the checks of TLS itself do alike.
#pragma once

#include "harness/crypto/suites.h"
#include "harness/engine/engine.h"
#include "harness/wire/hello.h"
#include "suites/observe.h"

namespace assay::suites {

/// A connection whose client end is an engine: `end` lives as long as the dialogue's link.
struct Engaged {
  std::unique_ptr<Dialogue> dialogue;  // null where TLS could not begin: probe.lost()
  engine::Engine* end = nullptr;
  bool secured = false;  // our end is done; in TLS 1.3 the subject may yet refuse
};
Task<Engaged> engaged(Probe& probe, engine::Config offer, Probe::Wrap wrap = {});
/// The handshake on a dialogue that has been approached already; `end` lives as long as its link.
struct Secured {
  engine::Engine* end = nullptr;
  bool secured = false;
};
Task<Secured> secure_by_engine(Dialogue& dialogue, engine::Config offer);

/// As engaged(), and `secured` only when it was greeted and listed its capabilities inside TLS, so
/// that nothing is under way: else probe.lost().
Task<Engaged> settled(Probe& probe, engine::Config offer);

/// What an engine's handshake and a marker behind it came to.
struct Tried {
  Ending ending;              // carried_on, an alert, closed_without_alert, hang; probe.lost()
  Agreement agreement;        // where our end was done
  engine::Exchange exchange;  // all that was said
  std::vector<engine::Session> sessions;  // that came
  bool began = false;                     // TLS could begin
};
Task<Tried> try_engine(Probe& probe, engine::Config offer, Probe::Wrap wrap = {});

/// The marker on a connection that is secured on our side: carried_on when the service answers.
/// In TLS 1.3 a client is done before it hears a refusal; only the answer counts.
Task<Ending> carries_on(Dialogue& dialogue);

/// The same dialogue without the stimulus: a refusal means something only where it is taken.
/// Nothing when the subject carries on; else the row's ending. Where our plain offer is not taken
/// nothing can be said; where an offer of `what` is not, the row does not apply.
Task<std::optional<Ending>> without_control(Probe& probe, engine::Config offer);
Task<std::optional<Ending>> unless_carries_on(Probe& probe, engine::Config offer, std::string what);

/// The last ServerHello that is no HelloRetryRequest.
[[nodiscard]] std::optional<ServerHello> server_hello(const engine::Exchange& exchange);
/// In the message that answers extensions in that version; null where it is not.
[[nodiscard]] std::optional<Extension> answered_extension(const engine::Exchange& exchange,
                                                          std::uint16_t type);
/// Those of the engine's suites of TLS 1.2 that agree on keys in this way.
[[nodiscard]] std::vector<std::uint16_t> suites_by(KeyExchangeKind kind);

/// Fatal alert of any kind, or a close without one: what rows mean by "refused".
[[nodiscard]] bool is_refusal(Ending ending);

}  // namespace assay::suites
