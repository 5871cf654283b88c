// Search and compare, and the root DSE that tells what the server can do (RFC 4511 §4.5 and §4.10,
// RFC 4512 §5.1). Part of LdapService; knows the entries.
#pragma once

#include "harness/protocol/ldap.h"
#include "reference_server/directory.h"
#include "reference_server/ldap_config.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace assay {

class LdapSearch {
 public:
  /// Both outlive the search.
  LdapSearch(const LdapConfig& config, const Directory& directory)
      : config_(config), directory_(directory) {}

  /// Writes the entries found to `output`; the result ends the search.
  [[nodiscard]] LdapResult run(const SessionState& state, std::int32_t id,
                               const LdapSearchRequest& request, Bytes& output) const;
  [[nodiscard]] LdapResult compare(const LdapCompareRequest& request) const;

 private:
  [[nodiscard]] DirectoryEntry root_dse(const SessionState& state) const;
  [[nodiscard]] LdapResult list(const std::vector<const DirectoryEntry*>& candidates,
                                std::int32_t id, const LdapSearchRequest& request,
                                Bytes& output) const;
  [[nodiscard]] LdapResult no_such_object(const std::string& normal) const;

  const LdapConfig& config_;
  const Directory& directory_;
};

/// Whether a request reads the root DSE (RFC 4512 §5.1).
[[nodiscard]] bool reads_root_dse(const LdapSearchRequest& request);

}  // namespace assay
