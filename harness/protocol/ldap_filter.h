// Search filters (RFC 4511 §4.5.1.7) as a flat tree: read from and written to BER and the strings
// of RFC 4515, without recursion and within limits. Used by the LDAP codec, the service, which
// evaluates them, and by whoever writes a filter down.
#pragma once

#include "harness/protocol/ber.h"

#include <tl/expected.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// Terms of one filter: choices of RFC 4511's Filter, inner ones included.
inline constexpr std::size_t kLdapFilterTerms = 1024;
/// Filters within filters of the string form; BER is held to kBerDepthLimit.
inline constexpr std::size_t kLdapFilterDepth = 64;

struct LdapFilterTerm {
  enum class Kind {
    conjunction,  // and
    disjunction,  // or
    negation,     // not
    equality,
    substrings,
    greater_or_equal,
    less_or_equal,
    present,
    approximate,
    extensible,
    unknown,  // a choice that RFC 4511 does not have: `element` holds it
  };
  Kind kind = Kind::present;
  std::size_t children =
      0;  // conjunction, disjunction, negation: the terms directly below, which follow
  std::string attribute{};  // a description; empty where an extensible match names none
  std::string value{};      // equality, >=, <=, approximate and extensible

  std::optional<std::string> initial{};  // substrings, in RFC order
  std::vector<std::string> any{};
  std::optional<std::string> final_{};

  std::string matching_rule{};  // extensible; empty: the attribute's own equality
  bool dn_attributes = false;

  Bytes element{};
  bool operator==(const LdapFilterTerm&) const = default;
};

/// Each term before those below it. Read backwards, every operand comes before its operator.
struct LdapFilter {
  std::vector<LdapFilterTerm> terms;
  bool operator==(const LdapFilter&) const = default;
};

/// (attribute=*)
[[nodiscard]] LdapFilter ldap_present(std::string_view attribute);

/// Reads the filter that comes next. A fault is the reader's error; `too_complex` is set where the
/// filter has more terms, or stands deeper, than is taken.
[[nodiscard]] LdapFilter read_ldap_filter(BerReader& reader, bool& too_complex);
/// The filter must be whole: as many terms below each as it counts.
void write_ldap_filter(BerWriter& writer, const LdapFilter& filter);

enum class LdapFilterFault {
  unbalanced,     // parentheses
  empty_item,     // no attribute, or no "=" behind one
  bad_attribute,  // no attribute description (RFC 4512 §2.5)
  bad_value,      // a character that must be escaped, or an escape that is none
  trailing,       // octets behind the filter
  too_complex,
};

/// A sentence for a report.
[[nodiscard]] std::string_view to_string(LdapFilterFault fault);

/// The string form (RFC 4515 §3), the parentheses included.
[[nodiscard]] tl::expected<LdapFilter, LdapFilterFault> parse_ldap_filter(std::string_view text);
/// Whatever is not printable ASCII, or stands for something, is escaped (RFC 4515 §3). "(?)" stands
/// for a term without a string form: a choice that is unknown, an attribute or a rule that is not
/// named as one, a piece of a substring that is empty.
[[nodiscard]] std::string to_string(const LdapFilter& filter);

}  // namespace assay
