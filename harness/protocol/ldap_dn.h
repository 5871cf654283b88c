// Distinguished names (RFC 4512 §2.3) and their strings (RFC 4514): read, written, compared.
// Used by the service for what clients name and by the directory for what it holds.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// An attribute type and a value, escapes undone.
struct LdapAva {
  std::string type;
  std::string value;
  bool operator==(const LdapAva&) const = default;
};

/// More than one where they are joined by "+".
using LdapRdn = std::vector<LdapAva>;

/// The entry's own RDN first. None: the root.
struct LdapDn {
  std::vector<LdapRdn> rdns;
  bool operator==(const LdapDn&) const = default;
};

/// RFC 4514 §3; spaces around separators are passed over, as RFC 2253 §4 had it. Nothing for what
/// is no name.
[[nodiscard]] std::optional<LdapDn> parse_dn(std::string_view text);
/// RFC 4514 §2, types as they were given.
[[nodiscard]] std::string to_string(const LdapDn& dn);

/// The one spelling that all strings of a name share: types by their short names, values as they
/// are compared, the parts of an RDN sorted. The name of a superior is the end of its
/// subordinates'.
[[nodiscard]] std::string normal_name(const LdapDn& dn);
/// The normal name of the superior of a normal name, that of the root being empty.
[[nodiscard]] std::string_view superior_of(std::string_view normal);
/// Whether the normal name `normal` is `base` or below it.
[[nodiscard]] bool is_within(std::string_view normal, std::string_view base);

}  // namespace assay
