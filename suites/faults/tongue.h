// Tongue: how the protocol of a session says what faults and liberties say, so that each of them is
// one row whatever the protocol. Empty where the protocol has no lines.
#pragma once

#include "harness/protocol/session_state.h"

#include <string_view>

namespace assay::faults {

struct Tongue {
  std::string_view upgrade;       // the command that asks for TLS, and the capability of that name
  std::string_view capabilities;  // the command that lists capabilities
  std::string_view go_ahead;      // to a session that says yes whenever it is asked
  // Refusals of the upgrade.
  std::string_view no_such_command;
  std::string_view not_now;         // inside TLS, by a code for what passes
  std::string_view tls_active;      // inside TLS, as the texts want it
  std::string_view unnamed;         // inside TLS, by a code that no text names for it
  std::string_view nothing_behind;  // because octets came behind it
  std::string_view handshake_failed;
  // Other lines.
  std::string_view unknown_command;
  std::string_view no_greeting;  // positive, and no greeting
};

[[nodiscard]] const Tongue& tongue_of(const SessionState& state);

/// Whether `unit` is the command that lists capabilities.
[[nodiscard]] bool lists_capabilities(View unit, const SessionState& state);

}  // namespace assay::faults
