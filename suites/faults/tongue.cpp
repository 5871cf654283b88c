#include "suites/faults/tongue.h"

#include "suites/faults/faults.h"

#include <variant>

namespace assay::faults {
namespace {

constexpr Tongue kSmtp{
    .upgrade = "STARTTLS",
    .capabilities = "EHLO",
    .go_ahead = "220 2.0.0 Ready to start TLS\r\n",
    .no_such_command = "502 5.5.1 No such command\r\n",
    .not_now = "454 4.7.0 TLS not available\r\n",
    .tls_active = "503 5.5.1 TLS is active\r\n",
    .unnamed = "550 5.7.0 No\r\n",
    .nothing_behind = "503 5.5.1 Nothing may follow STARTTLS\r\n",
    .handshake_failed = "554 5.7.0 TLS handshake failed\r\n",
    .unknown_command = "500 5.5.2 Not recognized\r\n",
    .no_greeting = "250 2.0.0 Hello\r\n",
};

// RFC 2595 §4 knows one refusal, whatever the reason; RFC 3206 §4 has a code for what passes.
constexpr Tongue kPop3{
    .upgrade = "STLS",
    .capabilities = "CAPA",
    .go_ahead = "+OK Begin TLS\r\n",
    .no_such_command = "-ERR No such command\r\n",
    .not_now = "-ERR [SYS/TEMP] TLS not available\r\n",
    .tls_active = "-ERR TLS is active\r\n",
    .unnamed = "-ERR No\r\n",
    .nothing_behind = "-ERR Nothing may follow STLS\r\n",
    .handshake_failed = "-ERR TLS handshake failed\r\n",
    .unknown_command = "-ERR Not recognized\r\n",
    .no_greeting = "+ Hello\r\n",
};

// RFC 4642 §2.2.1: 382, 502 and 580.
constexpr Tongue kNntp{
    .upgrade = "STARTTLS",
    .capabilities = "CAPABILITIES",
    .go_ahead = "382 Continue with TLS negotiation\r\n",
    .no_such_command = "500 No such command\r\n",
    .not_now = "580 Can not initiate TLS negotiation\r\n",
    .tls_active = "502 TLS is active\r\n",
    .unnamed = "503 No\r\n",
    .nothing_behind = "502 Nothing may follow STARTTLS\r\n",
    .handshake_failed = "400 TLS handshake failed\r\n",
    .unknown_command = "500 Not recognized\r\n",
    .no_greeting = "205 Hello\r\n",
};

// LDAP has no lines: what a fault would say in one is left unsaid.
constexpr Tongue kNone{};

}  // namespace

const Tongue& tongue_of(const SessionState& state) {
  if (std::holds_alternative<Pop3State>(state.protocol)) return kPop3;
  if (std::holds_alternative<NntpState>(state.protocol)) return kNntp;
  if (std::holds_alternative<LdapState>(state.protocol)) return kNone;
  return kSmtp;
}

bool lists_capabilities(View unit, const SessionState& state) {
  return is_command(unit, tongue_of(state).capabilities);
}

}  // namespace assay::faults
