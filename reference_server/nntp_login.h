// Login: AUTHINFO from the command to its last reply (RFC 4643), USER and PASS, and SASL. Part of
// NntpService; knows the accounts and the exchange, no other command.
#pragma once

#include "harness/protocol/nntp.h"
#include "reference_server/nntp_config.h"
#include "reference_server/sasl_login.h"

#include <string>
#include <string_view>
#include <vector>

namespace assay {

class NntpLogin {
 public:
  /// Both outlive the login.
  NntpLogin(const NntpConfig& config, const Accounts& accounts);

  /// The reply to AUTHINFO; the phase is `auth` after a 383.
  [[nodiscard]] std::string begin(SessionState& state, const NntpCommand& command) const;
  /// The reply to a line of a SASL exchange.
  [[nodiscard]] std::string go_on(SessionState& state, std::string_view line) const;

  /// The lines that CAPABILITIES has on authentication in this state; may be none.
  [[nodiscard]] std::vector<std::string> capabilities(const SessionState& state) const;

 private:
  [[nodiscard]] std::string pass(SessionState& state, std::string_view password) const;
  [[nodiscard]] std::string sasl(SessionState& state, const AuthinfoCommand& command) const;
  [[nodiscard]] std::string settle(SessionState& state, const SaslReply& reply) const;

  const NntpConfig& config_;
  const Accounts& accounts_;
  SaslLogin sasl_;
};

}  // namespace assay
