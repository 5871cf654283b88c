// Pop3Service: the POP3 face of the reference server (RFC 1939, 2449, 2595, 3206, 5034). Ordinary
// clients collect with it what SMTP brought into the store.
// Driven by Session and by fuzzers.
#pragma once

#include "harness/protocol/pop3.h"
#include "reference_server/accounts.h"
#include "reference_server/command_line.h"
#include "reference_server/pop3_config.h"
#include "reference_server/pop3_login.h"
#include "reference_server/pop3_maildrop.h"
#include "reference_server/service.h"
#include "reference_server/store.h"

#include <string>
#include <string_view>

namespace assay {

class Pop3Service : public Service {
 public:
  /// Store and accounts outlive the service. Throws std::invalid_argument for a prefix that does
  /// not fit a unique-id, std::runtime_error where APOP is to be offered and OpenSSL has no MD5.
  Pop3Service(Pop3Config config, const Accounts& accounts, Store& store);
  // Its parts look into this object's configuration, so it stays where it is.
  Pop3Service(const Pop3Service&) = delete;
  Pop3Service& operator=(const Pop3Service&) = delete;

  [[nodiscard]] SessionState fresh(Security security) const override;
  [[nodiscard]] Bytes greeting(const SessionState& state) const override;
  /// Acts on a command line, or a line of an AUTH exchange. One reply a command; consumed == 0: the
  /// line is not whole yet. Where the session is to close, its maildrop is free again.
  [[nodiscard]] Step handle(SessionState& state, View input) const override;
  /// Never: a POP3 client sends commands alone.
  [[nodiscard]] bool receiving_content(const SessionState& state) const override;
  [[nodiscard]] Bytes farewell(Farewell why) const override;
  /// RFC 1939 §3: ten minutes at least, which is twice as long as the others.
  [[nodiscard]] Milliseconds silence(const ServerBudget& budget) const override {
    return 2 * budget.idle;
  }

 private:
  [[nodiscard]] Step take_line(SessionState& state, View input) const;
  [[nodiscard]] Step run_line(SessionState& state, View line) const;
  [[nodiscard]] Step overlong(SessionState& state, bool hopeless) const;
  [[nodiscard]] LineLimits line_limits(const SessionState& state) const;
  [[nodiscard]] Step counted(SessionState& state, Step step) const;

  [[nodiscard]] Step run(SessionState& state, const Pop3Command& command) const;
  [[nodiscard]] std::string refusal(const SessionState& state, const Pop3Command& command) const;
  [[nodiscard]] Bytes capa(const SessionState& state) const;
  [[nodiscard]] Step stls(const SessionState& state) const;
  [[nodiscard]] Step quit(SessionState& state) const;

  Pop3Config config_;
  Pop3Login login_;
  Pop3MaildropCommands commands_;
};

}  // namespace assay
