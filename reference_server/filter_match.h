// FilterMatch: a search filter against entries, by the three-valued logic of RFC 4511 §4.5.1.7.
// What the filter asserts is prepared once, then compared with each entry. Part of LdapService.
#pragma once

#include "harness/protocol/ldap_filter.h"
#include "reference_server/directory.h"

#include <optional>
#include <string>
#include <vector>

namespace assay {

enum class Truth { is_false, undefined, is_true };

class FilterMatch {
 public:
  /// The directory says which types are known; it outlives the match.
  FilterMatch(const LdapFilter& filter, const Directory& directory);

  [[nodiscard]] Truth of(const DirectoryEntry& entry) const;

 private:
  struct Term {
    LdapFilterTerm::Kind kind = LdapFilterTerm::Kind::present;
    std::size_t children = 0;
    bool decidable = false;                   // false: undefined, whatever the entry
    std::optional<LdapDescription> wanted{};  // nothing: every attribute
    LdapMatching matching = LdapMatching::case_ignore;
    bool own_rule = true;  // the rule is that of the type
    bool dn_attributes = false;
    std::string value{};
    std::string initial{};
    std::vector<std::string> any{};
    std::string final_{};
  };

  [[nodiscard]] static Term prepared(const LdapFilterTerm& term, const Directory& directory);
  static void prepare_value(Term& term, const LdapFilterTerm& given);
  static void prepare_substrings(Term& term, const LdapFilterTerm& given);
  static void prepare_extensible(Term& term, const LdapFilterTerm& given);
  [[nodiscard]] static Truth leaf(const Term& term, const DirectoryEntry& entry);
  [[nodiscard]] static bool matches(const Term& term, const DirectoryAttribute& attribute);
  [[nodiscard]] static bool matches_by_rule(const Term& term, const DirectoryEntry& entry);
  [[nodiscard]] static bool compares(const Term& term, const std::string& value);

  std::vector<Term> terms_;  // operands before their operators
};

}  // namespace assay
