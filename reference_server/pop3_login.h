// Login: USER and PASS, APOP (RFC 1939 §7), AUTH (RFC 5034 §4) from the command to the maildrop
// that is opened, or not. Part of Pop3Service; knows accounts and exchange, no command of the
// TRANSACTION state.
#pragma once

#include "harness/protocol/pop3.h"
#include "reference_server/pop3_config.h"
#include "reference_server/sasl_login.h"
#include "reference_server/store.h"

#include <string>
#include <string_view>

namespace assay {

class Pop3Login {
 public:
  /// All three outlive the login.
  Pop3Login(const Pop3Config& config, const Accounts& accounts, Store& store);

  /// What stands behind SASL in the reply to CAPA; empty where it is not offered.
  [[nodiscard]] std::string mechanisms(const SessionState& state) const {
    return offers_login(config_, state) ? sasl_.mechanism_list(state) : std::string();
  }
  /// The reply to USER, PASS, APOP or AUTH; the phase is `auth` after a challenge, and
  /// `transaction` when somebody was let in.
  [[nodiscard]] std::string begin(SessionState& state, const Pop3Command& command) const;
  /// The reply to a line of an exchange.
  [[nodiscard]] std::string go_on(SessionState& state, std::string_view line) const;

 private:
  [[nodiscard]] std::string refusal() const;
  [[nodiscard]] std::string user(SessionState& state, const Pop3Argument& argument) const;
  [[nodiscard]] std::string pass(SessionState& state, const Pop3Argument& argument) const;
  [[nodiscard]] std::string apop(SessionState& state, const Pop3Argument& argument) const;
  [[nodiscard]] std::string auth(SessionState& state, const Pop3Argument& argument) const;
  [[nodiscard]] std::string settle(SessionState& state, const SaslReply& reply) const;
  /// Lets the owner of the account in; a null one is nobody.
  [[nodiscard]] std::string enter(SessionState& state, std::string_view name,
                                  const UserAccount* account) const;

  const Pop3Config& config_;
  const Accounts& accounts_;
  SaslLogin sasl_;
  Store& store_;
};

}  // namespace assay
