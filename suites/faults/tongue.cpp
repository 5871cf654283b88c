#include "suites/faults/tongue.h"

#include "suites/faults/faults.h"

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

}  // namespace

const Tongue& tongue_of(const SessionState& /*state*/) { return kSmtp; }

bool lists_capabilities(View unit, const SessionState& state) {
  return is_command(unit, tongue_of(state).capabilities);
}

}  // namespace assay::faults
