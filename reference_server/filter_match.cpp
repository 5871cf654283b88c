#include "reference_server/filter_match.h"

#include "harness/base/words.h"

#include <algorithm>
#include <utility>

namespace assay {
namespace {

using Kind = LdapFilterTerm::Kind;

struct Rule {
  std::string_view name;
  std::string_view oid;
  LdapMatching matching;
};

// RFC 4517 §4.2: equality rules.
constexpr Rule kRules[] = {
    {"objectIdentifierMatch", "2.5.13.0", LdapMatching::case_ignore},
    {"distinguishedNameMatch", "2.5.13.1", LdapMatching::name},
    {"caseIgnoreMatch", "2.5.13.2", LdapMatching::case_ignore},
    {"caseExactMatch", "2.5.13.5", LdapMatching::case_exact},
    {"integerMatch", "2.5.13.14", LdapMatching::integer},
    {"octetStringMatch", "2.5.13.17", LdapMatching::octets},
    {"caseExactIA5Match", "1.3.6.1.4.1.1466.109.114.1", LdapMatching::case_exact},
    {"caseIgnoreIA5Match", "1.3.6.1.4.1.1466.109.114.2", LdapMatching::case_ignore},
};

std::optional<LdapMatching> find_rule(std::string_view name) {
  for (const Rule& rule : kRules) {
    if (equals_ignoring_case(name, rule.name) || name == rule.oid) return rule.matching;
  }
  return std::nullopt;
}

bool is_text(LdapMatching matching) {
  return matching == LdapMatching::case_ignore || matching == LdapMatching::case_exact;
}

/// Numbers as normal_value() spells them.
bool less_number(std::string_view a, std::string_view b) {
  const bool a_negative = a.starts_with('-');
  if (a_negative != b.starts_with('-')) return a_negative;
  const bool less = a.size() != b.size() ? a.size() < b.size() : a < b;
  return a_negative ? !less && a != b : less;
}

bool not_greater(LdapMatching matching, std::string_view a, std::string_view b) {
  return matching == LdapMatching::integer ? !less_number(b, a) : a <= b;
}

/// A piece of a text as it is compared; guards keep the spaces at the ends that are inner ones.
std::string normal_piece(LdapMatching matching, std::string_view piece, bool starts, bool ends) {
  const std::string guarded = (starts ? "" : "x") + std::string(piece) + (ends ? "" : "x");
  std::string normal = normal_value(matching, guarded).value_or("");
  if (!starts) normal.erase(0, 1);
  if (!ends) normal.pop_back();
  return normal;
}

/// RFC 4511 §4.5.1.7: and is the least of its operands, or the greatest.
Truth combined(Kind kind, std::vector<Truth>& operands, std::size_t count) {
  const auto first = operands.end() - static_cast<std::ptrdiff_t>(count);
  Truth truth = Truth::undefined;
  if (kind == Kind::negation) {
    truth = *first == Truth::is_true    ? Truth::is_false
            : *first == Truth::is_false ? Truth::is_true
                                        : Truth::undefined;
  } else if (count == 0) {
    // RFC 4526 §2: an empty and is true, an empty or false.
    truth = kind == Kind::conjunction ? Truth::is_true : Truth::is_false;
  } else {
    truth = kind == Kind::conjunction ? *std::min_element(first, operands.end())
                                      : *std::max_element(first, operands.end());
  }
  operands.erase(first, operands.end());
  return truth;
}

}  // namespace

FilterMatch::FilterMatch(const LdapFilter& filter, const Directory& directory) {
  for (const LdapFilterTerm& term : filter.terms) terms_.push_back(prepared(term, directory));
  std::ranges::reverse(terms_);
}

Truth FilterMatch::of(const DirectoryEntry& entry) const {
  std::vector<Truth> operands;
  for (const Term& term : terms_) {
    switch (term.kind) {
      case Kind::conjunction:
      case Kind::disjunction:
      case Kind::negation:
        operands.push_back(combined(term.kind, operands, term.children));
        break;
      default:
        operands.push_back(leaf(term, entry));
    }
  }
  return operands.back();
}

FilterMatch::Term FilterMatch::prepared(const LdapFilterTerm& given, const Directory& directory) {
  Term term{.kind = given.kind, .children = given.children};
  // RFC 4511 §4.5.1.7: undefined for a choice, a type or a rule that the server does not know, and
  // for an assertion that the rule cannot take.
  const bool any_type = given.kind == Kind::extensible && given.attribute.empty();
  if (!any_type) {
    term.wanted = parse_attribute_description(given.attribute);
    if (!term.wanted || !directory.knows_type(term.wanted->type)) return term;
    term.matching = matching_of(term.wanted->type);
  }
  switch (given.kind) {
    case Kind::present:
      term.decidable = true;
      break;
    case Kind::equality:
    case Kind::approximate:  // RFC 4511 §4.5.1.7.6: equality will do
      prepare_value(term, given);
      break;
    case Kind::greater_or_equal:
    case Kind::less_or_equal:
      if (is_text(term.matching) || term.matching == LdapMatching::integer) {
        prepare_value(term, given);
      }
      break;
    case Kind::substrings:
      if (is_text(term.matching)) prepare_substrings(term, given);
      break;
    case Kind::extensible:
      prepare_extensible(term, given);
      break;
    default:
      break;
  }
  return term;
}

void FilterMatch::prepare_value(Term& term, const LdapFilterTerm& given) {
  auto value = normal_value(term.matching, given.value);
  if (!value) return;
  term.value = std::move(*value);
  term.decidable = true;
}

void FilterMatch::prepare_substrings(Term& term, const LdapFilterTerm& given) {
  term.decidable = true;
  term.initial = normal_piece(term.matching, given.initial.value_or(""), true, false);
  for (const std::string& any : given.any) {
    term.any.push_back(normal_piece(term.matching, any, false, false));
  }
  term.final_ = normal_piece(term.matching, given.final_.value_or(""), false, true);
}

void FilterMatch::prepare_extensible(Term& term, const LdapFilterTerm& given) {
  term.dn_attributes = given.dn_attributes;
  if (!given.matching_rule.empty()) {
    const auto rule = find_rule(given.matching_rule);
    if (!rule) return;
    term.own_rule = false;
    term.matching = *rule;
  }
  prepare_value(term, given);
}

Truth FilterMatch::leaf(const Term& term, const DirectoryEntry& entry) {
  if (!term.decidable) return Truth::undefined;
  const bool found = term.kind == Kind::extensible
                         ? matches_by_rule(term, entry)
                         : std::ranges::any_of(entry.attributes, [&](const auto& attribute) {
                             return matches(term, attribute);
                           });
  return found ? Truth::is_true : Truth::is_false;
}

bool FilterMatch::matches(const Term& term, const DirectoryAttribute& attribute) {
  if (term.wanted && !describes(*term.wanted, attribute.description)) return false;
  if (term.kind == Kind::present) return true;
  if (term.own_rule) {
    return std::ranges::any_of(attribute.normal,
                               [&](const auto& value) { return compares(term, value); });
  }
  return std::ranges::any_of(attribute.shown.values, [&](const std::string& value) {
    return normal_value(term.matching, value) == term.value;
  });
}

bool FilterMatch::matches_by_rule(const Term& term, const DirectoryEntry& entry) {
  const auto match = [&](const DirectoryAttribute& attribute) { return matches(term, attribute); };
  if (std::ranges::any_of(entry.attributes, match)) return true;
  if (!term.dn_attributes) return false;
  // RFC 4511 §4.5.1.7.7: the attributes of the entry's name count too.
  return std::ranges::any_of(entry.name.rdns, [&](const LdapRdn& rdn) {
    return std::ranges::any_of(rdn, [&](const LdapAva& ava) {
      const auto attribute = directory_attribute({ava.type, {ava.value}});
      return attribute && match(*attribute);
    });
  });
}

bool FilterMatch::compares(const Term& term, const std::string& value) {
  switch (term.kind) {
    case Kind::greater_or_equal:
      return not_greater(term.matching, term.value, value);
    case Kind::less_or_equal:
      return not_greater(term.matching, value, term.value);
    case Kind::substrings:
      break;
    default:
      return value == term.value;
  }
  // RFC 4511 §4.5.1.7.2: the pieces in their order, none over another.
  if (!value.starts_with(term.initial)) return false;
  std::size_t at = term.initial.size();
  for (const std::string& any : term.any) {
    const std::size_t found = value.find(any, at);
    if (found == std::string::npos) return false;
    at = found + any.size();
  }
  return value.size() - at >= term.final_.size() && value.ends_with(term.final_);
}

}  // namespace assay
