// The attribute types whose rules differ from "compare as text, in any case", or that bear several
// names (RFC 4512, 4519, 4524, 2307): enough schema to match names and filters. Used by
// distinguished names and by the directory.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay {

/// How values compare (RFC 4517 §4.2).
enum class LdapMatching { case_ignore, case_exact, octets, integer, name };

struct LdapAttributeType {
  std::string_view name;         // in lower case
  std::string_view oid;          // empty: not told apart by OID here
  std::string_view long_name{};  // in lower case
  LdapMatching matching = LdapMatching::case_ignore;
  bool operational = false;  // only there for those who ask (RFC 4512 §3.4)
};

/// By name or OID, in any case, without options; null for a type that is not in the table.
[[nodiscard]] const LdapAttributeType* find_attribute_type(std::string_view type);
/// The one spelling of a type: its short name, or itself in lower case.
[[nodiscard]] std::string canonical_type(std::string_view type);
/// case_ignore for a type that is not in the table.
[[nodiscard]] LdapMatching matching_of(std::string_view type);
[[nodiscard]] bool is_operational(std::string_view type);

/// A value as it is compared: case ignored where the rule says so, spaces at the ends dropped and
/// inner runs made one (RFC 4518 §2.6.1; ASCII alone). Nothing where it has not the rule's syntax.
[[nodiscard]] std::optional<std::string> normal_value(LdapMatching matching,
                                                      std::string_view value);

}  // namespace assay
