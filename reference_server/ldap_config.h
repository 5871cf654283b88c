// LdapConfig: what an LDAP listener of the reference server offers, demands and bears.
// Filled by the composition root or a setup; read by LdapService and its parts.
#pragma once

#include "reference_server/auth_level.h"

#include <cstddef>
#include <functional>
#include <string>

namespace assay {

struct LdapLimits {
  std::size_t message = 1024UL * 1024;  // octets of an LDAPMessage; a longer one ends the session
  std::size_t entries = 1000;           // of one search, whatever the client asks for
  std::size_t comparisons = 200'000;    // of one search: entries times terms and attributes
  std::size_t errors = 20;              // refusals answered; the next one ends the session
};

struct LdapConfig {
  std::string hostname = "ldap.assay.test";
  AuthLevel auth = AuthLevel::tls_only;
  bool starttls = true;       // there is a key, and this is no implicit listener
  bool tls_required = false;  // nothing of substance in the clear: confidentialityRequired
  /// The attribute of an entry whose value is the name of the account that binds as that entry.
  std::string account_attribute = "uid";
  std::function<std::string()> nonce{};  // a new word each time; AuthLevel::challenge needs it
  std::vector<std::string> further_mechanisms{};  // listed inside TLS beside our own, refused
  LdapLimits limits{};
};

}  // namespace assay
