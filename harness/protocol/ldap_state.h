// LdapState: what an LDAP session knows beside what every session knows, as a plain value: copied
// at an upgrade, compared in tests, edited by faults. Included by SessionState; written by
// LdapService.
#pragma once

#include "harness/protocol/sasl.h"

#include <string>

namespace assay {

/// The authorisation state (RFC 4513 §4). Anonymous while both names are empty.
struct LdapState {
  std::string bound_dn{};  // as the entry spells it; empty where the identity has no entry
  std::string authz_id{};  // RFC 4513 §5.2.1.8: "dn:..." or "u:..."
  /// Of a bind that got saslBindInProgress (RFC 4511 §4.2.2).
  SaslExchange sasl{};
  bool operator==(const LdapState&) const = default;
};

}  // namespace assay
