// Bind: who a session is (RFC 4511 §4.2, RFC 4513 §5): simple, and SASL.
// Part of LdapService; knows the accounts and the entries that bear their names.
#pragma once

#include "harness/protocol/ldap.h"
#include "reference_server/accounts.h"
#include "reference_server/directory.h"
#include "reference_server/ldap_config.h"
#include "reference_server/sasl_login.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

class LdapBind {
 public:
  /// All outlive the bind.
  LdapBind(const LdapConfig& config, const Accounts& accounts, const Directory& directory);

  /// The response; the session is anonymous unless it is success.
  [[nodiscard]] LdapBindResponse answer(SessionState& state, const LdapBindRequest& request) const;

 private:
  [[nodiscard]] LdapResult simple(SessionState& state, std::string_view name,
                                  std::string_view password) const;
  [[nodiscard]] LdapBindResponse sasl(SessionState& state, SaslExchange exchange,
                                      const LdapSaslBind& request) const;
  [[nodiscard]] std::optional<LdapResult> barred(const SessionState& state,
                                                 std::optional<SaslMechanism> mechanism) const;
  [[nodiscard]] LdapBindResponse concluded(SessionState& state, SaslOutcome outcome) const;
  [[nodiscard]] const DirectoryEntry* entry_of(std::string_view account) const;
  [[nodiscard]] bool is_oneself(const SaslCredentials& given) const;
  void settle(SessionState& state, const std::string& account, const DirectoryEntry* entry) const;

  const LdapConfig& config_;
  SaslTerms terms_;
  const Accounts& accounts_;
  const Directory& directory_;
};

/// The mechanisms to be had in this state, the best first; LOGIN, which is not registered for LDAP,
/// is not among them.
[[nodiscard]] std::vector<SaslMechanism> ldap_mechanisms(AuthLevel level,
                                                         const SessionState& state);

}  // namespace assay
