// Attribute descriptions (RFC 4512 §2.5): a type and its options, and which describes which.
// Used by filters, names and LDIF, and by the service when it selects attributes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// A name or a dotted OID (RFC 4512 §1.4: oid).
[[nodiscard]] bool is_attribute_type(std::string_view text);

/// A description as it is compared.
struct LdapDescription {
  std::string type;                    // as canonical_type() spells it
  std::vector<std::string> options{};  // in lower case
  bool operator==(const LdapDescription&) const = default;
};

/// A type, then any number of options, each behind a semicolon; nothing for what is neither.
[[nodiscard]] std::optional<LdapDescription> parse_attribute_description(std::string_view text);
/// Whether `given` is `wanted` or a subtype of it by options: the same type, and each option that
/// is wanted (RFC 4512 §2.5.2).
[[nodiscard]] bool describes(const LdapDescription& wanted, const LdapDescription& given);

}  // namespace assay
