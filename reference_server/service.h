// Service: one application protocol of the reference server, without sockets, clocks or TLS:
// state and input in, replies out. Session drives it; fuzzers call it directly.
#pragma once

#include "harness/net/budget.h"
#include "harness/protocol/session_state.h"
#include "harness/protocol/step.h"

namespace assay {

/// Why the server ends a session by itself.
enum class Farewell { shutting_down, idle, too_many_errors, too_slow, too_many_connections };

class Service {
 public:
  virtual ~Service() = default;

  /// The state of a new session, before and after TLS came up.
  [[nodiscard]] virtual SessionState fresh(Security security) const = 0;
  /// The greeting; empty where the client speaks first, or after an upgrade.
  [[nodiscard]] virtual Bytes greeting(const SessionState& state) const = 0;
  /// Acts on one unit (a command line, a piece of a message) at the front of `input`.
  [[nodiscard]] virtual Step handle(SessionState& state, View input) const = 0;
  /// True while message content is under way: it has a rate to keep instead of a command's
  /// deadline.
  [[nodiscard]] virtual bool receiving_content(const SessionState& state) const = 0;
  /// The reply that announces an end (421, 400, Notice of Disconnection); may be empty.
  [[nodiscard]] virtual Bytes farewell(Farewell why) const = 0;
  /// How long a client may say nothing between commands.
  [[nodiscard]] virtual Milliseconds silence(const ServerBudget& budget) const {
    return budget.idle;
  }

 protected:
  /// A step whose output refuses is counted; the one beyond `limit` is answered by the farewell in
  /// its place, and ends the session.
  [[nodiscard]] Step counted(SessionState& state, Step step, bool refuses, std::size_t limit) const;
};

}  // namespace assay
