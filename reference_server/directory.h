// Directory: the entries of the reference server, in memory, from LDIF. It knows names, values as
// they are compared and what is below what; filters and requests are dealt with above it.
// Built by the composition root; read by LdapService.
#pragma once

#include "harness/protocol/ldap.h"
#include "harness/protocol/ldap_attribute.h"
#include "harness/protocol/ldap_dn.h"
#include "harness/protocol/ldap_schema.h"
#include "reference_server/ldif.h"

#include <tl/expected.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

struct DirectoryAttribute {
  LdapAttribute shown;  // as the LDIF spells it
  LdapDescription description;
  LdapMatching matching = LdapMatching::case_ignore;
  std::vector<std::string>
      normal{};  // values as they are compared; those without the syntax left out
};

struct DirectoryEntry {
  std::string dn;      // as the LDIF spells it
  std::string normal;  // normal_name() of it
  LdapDn name;
  std::vector<DirectoryAttribute> attributes;
};

/// An attribute ready to be matched; nothing where its type is no description.
[[nodiscard]] std::optional<DirectoryAttribute> directory_attribute(LdapAttribute attribute);

class Directory {
 public:
  /// A directory without entries.
  Directory() = default;
  /// Passwords (userPassword) are left out: who may bind is the business of Accounts, and what is
  /// not there cannot be shown. An error for a malformed text or name, and for a name that comes
  /// twice.
  [[nodiscard]] static tl::expected<Directory, LdifError> from_ldif(std::string_view text);

  /// Null when there is no such entry, and for the root. Takes a normal name.
  [[nodiscard]] const DirectoryEntry* find(std::string_view normal) const;
  /// The first entry that holds the value, in any case where the type says so; null if none does.
  [[nodiscard]] const DirectoryEntry* find_by_value(std::string_view type,
                                                    std::string_view value) const;
  /// The name of the nearest superior that exists, as it is spelled (RFC 4511 §4.1.9: matchedDN).
  [[nodiscard]] std::string matched_dn(std::string_view normal) const;
  /// Entries in the scope of a base that exists or is the root, in the order of the LDIF.
  [[nodiscard]] std::vector<const DirectoryEntry*> within(std::string_view normal_base,
                                                          LdapScope scope) const;
  /// Names of the entries that have no superior here (RFC 4512 §5.1.2).
  [[nodiscard]] std::vector<std::string> naming_contexts() const;
  /// Whether the type is of the schema or occurs in an entry. Takes a canonical type.
  [[nodiscard]] bool knows_type(std::string_view type) const;

 private:
  [[nodiscard]] bool is_context(const DirectoryEntry& entry) const;

  std::vector<DirectoryEntry> entries_;
  std::map<std::string, std::size_t, std::less<>> by_name_;  // places in entries_
  std::set<std::string, std::less<>> types_;
};

}  // namespace assay
