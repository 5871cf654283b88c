// SmtpService: the SMTP face of the reference server (RFC 5321, 1870, 2034, 2920, 3030, 3207, 4954,
// 6152). Ordinary clients send and submit mail with it; what it stores is there for POP3 and tests.
// Driven by Session and by fuzzers.
#pragma once

#include "harness/protocol/smtp.h"
#include "reference_server/accounts.h"
#include "reference_server/command_line.h"
#include "reference_server/service.h"
#include "reference_server/smtp_config.h"
#include "reference_server/smtp_login.h"
#include "reference_server/smtp_transfer.h"
#include "reference_server/store.h"

#include <string>

namespace assay {

class SmtpService : public Service {
 public:
  /// Store and accounts outlive the service.
  SmtpService(SmtpConfig config, const Accounts& accounts, Store& store);
  // Its parts look into this object's configuration, so it stays where it is.
  SmtpService(const SmtpService&) = delete;
  SmtpService& operator=(const SmtpService&) = delete;

  [[nodiscard]] SessionState fresh(Security security) const override;
  [[nodiscard]] Bytes greeting(const SessionState& state) const override;
  /// Acts on a command line, a line of an AUTH exchange, or all the content that is there. One
  /// reply a command; consumed == 0: the line is not whole yet.
  [[nodiscard]] Step handle(SessionState& state, View input) const override;
  [[nodiscard]] bool receiving_content(const SessionState& state) const override;
  [[nodiscard]] Bytes farewell(Farewell why) const override;

 private:
  [[nodiscard]] Step take_line(SessionState& state, View input) const;
  [[nodiscard]] Step run_line(SessionState& state, View line) const;
  [[nodiscard]] Step overlong(SessionState& state, bool hopeless) const;
  [[nodiscard]] LineLimits line_limits(const SessionState& state) const;
  [[nodiscard]] Step counted(SessionState& state, Step step) const;

  [[nodiscard]] Step run(SessionState& state, const SmtpCommand& command) const;
  [[nodiscard]] std::string answer(SessionState& state, const SmtpCommand& command) const;
  [[nodiscard]] std::string hello(SessionState& state, const SmtpCommand& command) const;
  [[nodiscard]] std::string mail(SessionState& state, const SmtpCommand& command) const;
  [[nodiscard]] std::string rcpt(SessionState& state, const SmtpCommand& command) const;
  [[nodiscard]] Step bdat(SessionState& state, const SmtpCommand& command) const;
  [[nodiscard]] Step starttls(const SessionState& state) const;
  [[nodiscard]] bool barred(const SessionState& state, SmtpVerb verb) const;
  [[nodiscard]] bool takes_mail_for(const SessionState& state, const SmtpPath& path) const;

  SmtpConfig config_;
  SmtpLogin login_;
  SmtpTransfer transfer_;
};

}  // namespace assay
