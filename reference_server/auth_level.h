// AuthLevel: what a listener of the reference server asks of those who log in.
// Set by the composition root or a setup; read by every service.
#pragma once

#include "harness/protocol/session_state.h"

namespace assay {

/// Where authentication is offered: nowhere, everywhere, or behind TLS alone.
enum class AuthLevel { none, clear, tls_only };

/// Whether authentication is to be had in this state.
[[nodiscard]] inline bool offers_auth(AuthLevel level, const SessionState& state) {
  return level == AuthLevel::clear || (level == AuthLevel::tls_only && state.secured());
}

}  // namespace assay
