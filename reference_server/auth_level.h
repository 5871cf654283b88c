// AuthLevel: what a listener of the reference server asks of those who log in.
// Set by the composition root or a setup; read by every service.
#pragma once

#include "harness/protocol/session_state.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace assay {

/// Where authentication is offered, and how. none: nowhere. clear: everywhere, by password.
/// tls_only: by password, behind TLS alone. challenge: as tls_only, and everywhere by what does not
/// show the password. certificate: as tls_only, and behind TLS by the client's certificate.
enum class AuthLevel { none, clear, tls_only, challenge, certificate };

/// As options and files spell them, in the order of the enumerators.
inline constexpr std::array<std::string_view, 5> kAuthLevelNames = {"none", "clear", "tls-only",
                                                                    "challenge", "certificate"};

[[nodiscard]] inline std::optional<AuthLevel> auth_level_named(std::string_view name) {
  for (std::size_t i = 0; i < kAuthLevelNames.size(); ++i) {
    if (kAuthLevelNames[i] == name) return static_cast<AuthLevel>(i);
  }
  return std::nullopt;
}

/// Whether what shows the password to whoever reads along is to be had in this state.
[[nodiscard]] inline bool offers_passwords(AuthLevel level, const SessionState& state) {
  return level == AuthLevel::clear || (level != AuthLevel::none && state.secured());
}

/// Whether any authentication is to be had in this state.
[[nodiscard]] inline bool offers_auth(AuthLevel level, const SessionState& state) {
  return level == AuthLevel::challenge || offers_passwords(level, state);
}

}  // namespace assay
