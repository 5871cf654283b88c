// Bind: who a session is (RFC 4511 §4.2, RFC 4513 §5): simple and SASL PLAIN.
// Part of LdapService; knows the accounts and the entries that bear their names.
#pragma once

#include "harness/protocol/ldap.h"
#include "reference_server/accounts.h"
#include "reference_server/directory.h"
#include "reference_server/ldap_config.h"

#include <string>
#include <string_view>

namespace assay {

class LdapBind {
 public:
  /// All outlive the bind.
  LdapBind(const LdapConfig& config, const Accounts& accounts, const Directory& directory)
      : config_(config), accounts_(accounts), directory_(directory) {}

  /// The response; the session is anonymous unless it is success.
  [[nodiscard]] LdapBindResponse answer(SessionState& state, const LdapBindRequest& request) const;

 private:
  [[nodiscard]] LdapResult simple(SessionState& state, std::string_view name,
                                  std::string_view password) const;
  [[nodiscard]] LdapBindResponse sasl(SessionState& state, SaslMechanism before,
                                      const LdapSaslBind& request) const;
  [[nodiscard]] LdapResult plain(SessionState& state, std::string_view message) const;
  [[nodiscard]] const DirectoryEntry* entry_of(std::string_view account) const;
  [[nodiscard]] bool is_oneself(const SaslCredentials& given) const;
  void settle(SessionState& state, const std::string& account, const DirectoryEntry* entry) const;

  const LdapConfig& config_;
  const Accounts& accounts_;
  const Directory& directory_;
};

}  // namespace assay
