// SessionState: everything that a server session knows, as a value, so that an honest upgrade is
// `state = SessionState::secured_by_upgrade()` and a fault may keep what an honest server forgets.
// Used by the reference server's services and by the session hooks of faults.
#pragma once

#include "harness/protocol/ldap_state.h"
#include "harness/protocol/nntp_state.h"
#include "harness/protocol/pop3_state.h"
#include "harness/protocol/smtp_state.h"

#include <cstddef>
#include <string>
#include <variant>

namespace assay {

/// How the octets of a session travel.
enum class Security { clear, upgraded, implicit };

struct SessionState {
  Security security = Security::clear;
  std::string user;                // authenticated identity; empty before authentication
  std::string certified_user;      // the account that the client's certificate proves; may be empty
  std::size_t errors = 0;          // negative replies so far
  bool quitting = false;           // QUIT was answered
  std::size_t discarded_line = 0;  // octets thrown away of a line that is too long
  std::variant<std::monostate, SmtpState, Pop3State, NntpState, LdapState> protocol;

  [[nodiscard]] bool secured() const { return security != Security::clear; }
  [[nodiscard]] SmtpState& smtp() { return std::get<SmtpState>(protocol); }
  [[nodiscard]] const SmtpState& smtp() const { return std::get<SmtpState>(protocol); }
  [[nodiscard]] Pop3State& pop3() { return std::get<Pop3State>(protocol); }
  [[nodiscard]] const Pop3State& pop3() const { return std::get<Pop3State>(protocol); }
  [[nodiscard]] NntpState& nntp() { return std::get<NntpState>(protocol); }
  [[nodiscard]] const NntpState& nntp() const { return std::get<NntpState>(protocol); }
  [[nodiscard]] LdapState& ldap() { return std::get<LdapState>(protocol); }
  [[nodiscard]] const LdapState& ldap() const { return std::get<LdapState>(protocol); }
};

}  // namespace assay
