// Login: AUTH from the command to its last reply (RFC 4954), PLAIN and LOGIN alike.
// Part of SmtpService; knows the accounts and the exchange, no other command.
#pragma once

#include "harness/protocol/sasl.h"
#include "reference_server/accounts.h"
#include "reference_server/smtp_config.h"

#include <string>
#include <string_view>

namespace assay {

class SmtpLogin {
 public:
  /// Both outlive the login.
  SmtpLogin(const SmtpConfig& config, const Accounts& accounts)
      : config_(config), accounts_(accounts) {}

  /// The reply to AUTH; the phase is `auth` after a 334.
  [[nodiscard]] std::string begin(SessionState& state, std::string_view argument) const;
  /// The reply to a line of the exchange.
  [[nodiscard]] std::string go_on(SessionState& state, std::string_view line) const;

 private:
  [[nodiscard]] std::string settle(SessionState& state, const SaslOutcome& outcome) const;

  const SmtpConfig& config_;
  const Accounts& accounts_;
};

}  // namespace assay
