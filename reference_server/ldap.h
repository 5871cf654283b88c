// LdapService: the LDAP face of the reference server (RFC 4511, 4512, 4513, 4532), a directory that
// is read, not written. Ordinary clients bind, search and compare with it.
// Driven by Session and by fuzzers.
#pragma once

#include "harness/protocol/ldap.h"
#include "reference_server/accounts.h"
#include "reference_server/directory.h"
#include "reference_server/ldap_bind.h"
#include "reference_server/ldap_config.h"
#include "reference_server/ldap_search.h"
#include "reference_server/service.h"

#include <optional>

namespace assay {

class LdapService : public Service {
 public:
  /// Accounts and directory outlive the service.
  LdapService(LdapConfig config, const Accounts& accounts, const Directory& directory);
  // Its parts look into this object's configuration, so it stays where it is.
  LdapService(const LdapService&) = delete;
  LdapService& operator=(const LdapService&) = delete;

  [[nodiscard]] SessionState fresh(Security security) const override;
  /// Empty: in LDAP the client speaks first.
  [[nodiscard]] Bytes greeting(const SessionState& state) const override;
  /// Acts on one LDAPMessage; consumed == 0: it is not whole yet. The responses are one result a
  /// request, behind the entries of a search; none for abandon and unbind.
  [[nodiscard]] Step handle(SessionState& state, View input) const override;
  [[nodiscard]] bool receiving_content(const SessionState& state) const override;
  /// A Notice of Disconnection.
  [[nodiscard]] Bytes farewell(Farewell why) const override;
  /// Twice as long as the others: directory clients keep connections for the next question.
  [[nodiscard]] Milliseconds silence(const ServerBudget& budget) const override {
    return 2 * budget.idle;
  }

 private:
  [[nodiscard]] Step run(SessionState& state, const LdapMessage& message) const;
  [[nodiscard]] std::optional<LdapResult> barred(const SessionState& state,
                                                 const LdapMessage& message) const;
  [[nodiscard]] Step answer(SessionState& state, const LdapMessage& message) const;
  [[nodiscard]] Step extended(SessionState& state, std::int32_t id,
                              const LdapExtendedRequest& request) const;
  [[nodiscard]] Step start_tls(SessionState& state, std::int32_t id,
                               const LdapExtendedRequest& request) const;
  [[nodiscard]] Step respond(SessionState& state, const LdapMessage& response,
                             Bytes before = {}) const;

  LdapConfig config_;
  LdapBind bind_;
  LdapSearch search_;
};

}  // namespace assay
