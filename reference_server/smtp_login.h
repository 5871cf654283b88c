// Login: AUTH from the command to its last reply (RFC 4954), whatever the mechanism.
// Part of SmtpService; knows the exchange, no other command.
#pragma once

#include "reference_server/sasl_login.h"
#include "reference_server/smtp_config.h"

#include <string>
#include <string_view>

namespace assay {

class SmtpLogin {
 public:
  /// Both outlive the login.
  SmtpLogin(const SmtpConfig& config, const Accounts& accounts);

  /// What stands behind AUTH in the reply to EHLO; empty where it is not offered.
  [[nodiscard]] std::string mechanisms(const SessionState& state) const {
    return sasl_.mechanism_list(state);
  }
  /// The reply to AUTH; the phase is `auth` after a 334.
  [[nodiscard]] std::string begin(SessionState& state, std::string_view argument) const;
  /// The reply to a line of the exchange.
  [[nodiscard]] std::string go_on(SessionState& state, std::string_view line) const;

 private:
  [[nodiscard]] std::string settle(SessionState& state, const SaslReply& reply) const;

  const SmtpConfig& config_;
  SaslLogin sasl_;
};

}  // namespace assay
