// The string form of filters, RFC 4515 §3.
#include "harness/base/words.h"
#include "harness/protocol/ldap_attribute.h"
#include "harness/protocol/ldap_filter.h"
#include "harness/protocol/ldap_text.h"

#include <algorithm>
#include <utility>

namespace assay {
namespace {

using Kind = LdapFilterTerm::Kind;
using Fault = LdapFilterFault;
template <typename T>
using Parsed = tl::expected<T, Fault>;

constexpr auto kNone = std::string_view::npos;
constexpr std::string_view kDn = "dn";  // in any case (RFC 4515 §4, RFC 5234 §2.3)

std::optional<Kind> operator_of(char c) {
  switch (c) {
    case '&':
      return Kind::conjunction;
    case '|':
      return Kind::disjunction;
    case '!':
      return Kind::negation;
    default:
      return std::nullopt;
  }
}

char sign_of(Kind kind) {
  return kind == Kind::conjunction ? '&' : kind == Kind::disjunction ? '|' : '!';
}

bool is_operator(Kind kind) {
  return kind == Kind::conjunction || kind == Kind::disjunction || kind == Kind::negation;
}

/// RFC 4515 §3: NUL, parentheses, the asterisk and the backslash stand for themselves escaped only.
Parsed<std::string> unescape(std::string_view text) {
  std::string value;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\0' || text[i] == '(' || text[i] == ')' || text[i] == '*') {
      return tl::unexpected(Fault::bad_value);
    }
    if (text[i] != '\\') {
      value += text[i];
      continue;
    }
    const auto octet = hex_octet(text.substr(i + 1));
    if (!octet) return tl::unexpected(Fault::bad_value);
    value += *octet;
    i += 2;
  }
  return value;
}

std::string escape(std::string_view value) {
  std::string text;
  for (const char c : value) {
    const bool plain = c >= ' ' && c <= '~' && c != '(' && c != ')' && c != '*' && c != '\\';
    text += plain ? std::string(1, c) : escaped_octet(c);
  }
  return text;
}

Parsed<LdapFilterTerm> with_value(LdapFilterTerm term, std::string_view value) {
  auto octets = unescape(value);
  if (!octets) return tl::unexpected(octets.error());
  term.value = std::move(*octets);
  return term;
}

Parsed<LdapFilterTerm> parse_substrings(LdapFilterTerm term, std::string_view value) {
  term.kind = Kind::substrings;
  for (bool first = true;; first = false) {
    const std::size_t star = value.find('*');
    auto part = unescape(value.substr(0, star));
    if (!part) return tl::unexpected(part.error());
    if (star == kNone) {
      if (!part->empty()) term.final_ = std::move(*part);
      return term;
    }
    value.remove_prefix(star + 1);
    if (!first) {
      if (part->empty()) return tl::unexpected(Fault::bad_value);
      term.any.push_back(std::move(*part));
    } else if (!part->empty()) {
      term.initial = std::move(*part);
    }
  }
}

/// What stands before ":=": [attr] [":dn"] [":" rule].
Parsed<LdapFilterTerm> parse_extensible(std::string_view left, std::string_view value) {
  LdapFilterTerm term{.kind = Kind::extensible};
  const std::size_t colon = left.find(':');
  term.attribute = left.substr(0, colon);
  if (!term.attribute.empty() && !parse_attribute_description(term.attribute)) {
    return tl::unexpected(Fault::bad_attribute);
  }
  std::string_view rest = colon == kNone ? std::string_view() : left.substr(colon);
  if (!rest.empty()) {
    const std::string_view first = rest.substr(1, rest.find(':', 1) - 1);
    term.dn_attributes = equals_ignoring_case(first, kDn);
    if (term.dn_attributes) rest.remove_prefix(1 + first.size());
  }
  if (!rest.empty()) {
    if (!is_attribute_type(rest.substr(1))) return tl::unexpected(Fault::bad_attribute);
    term.matching_rule = rest.substr(1);
  }
  if (term.attribute.empty() && term.matching_rule.empty()) {
    return tl::unexpected(Fault::empty_item);
  }
  return with_value(std::move(term), value);
}

Parsed<LdapFilterTerm> parse_item(std::string_view item) {
  const std::size_t equals = item.find('=');
  if (equals == kNone || equals == 0) return tl::unexpected(Fault::empty_item);
  std::string_view left = item.substr(0, equals);
  const std::string_view value = item.substr(equals + 1);
  LdapFilterTerm term{.kind = Kind::equality};
  const char sign = left.back();
  if (sign == '~') term.kind = Kind::approximate;
  if (sign == '>') term.kind = Kind::greater_or_equal;
  if (sign == '<') term.kind = Kind::less_or_equal;
  if (sign == ':') return parse_extensible(left.substr(0, equals - 1), value);
  const bool plain = term.kind == Kind::equality;
  if (!plain) left.remove_suffix(1);
  if (!parse_attribute_description(left)) return tl::unexpected(Fault::bad_attribute);
  term.attribute = left;
  if (!plain || value.find('*') == kNone) return with_value(std::move(term), value);
  if (value != "*") return parse_substrings(std::move(term), value);
  term.kind = Kind::present;
  return term;
}

/// Whether there is a text that reads as this item: BER carries more than RFC 4515 §3 can write.
bool has_string_form(const LdapFilterTerm& term) {
  const bool any_type = term.kind == Kind::extensible && term.attribute.empty();
  if (!any_type && !parse_attribute_description(term.attribute)) return false;
  const std::string& rule = term.matching_rule;
  // Alone, a rule of this name would be read as dnAttributes.
  const bool misread = !term.dn_attributes && equals_ignoring_case(rule, kDn);
  if (!rule.empty() && (misread || !is_attribute_type(rule))) return false;
  // An empty piece would vanish between its asterisks.
  return term.initial != "" && term.final_ != "" &&
         std::ranges::find(term.any, "") == term.any.end();
}

std::string item_text(const LdapFilterTerm& term) {
  if (!has_string_form(term)) return "?";
  switch (term.kind) {
    case Kind::present:
      return term.attribute + "=*";
    case Kind::substrings: {
      std::string text = term.attribute + "=" + escape(term.initial.value_or("")) + "*";
      for (const std::string& any : term.any) text += escape(any) + "*";
      return text + escape(term.final_.value_or(""));
    }
    case Kind::extensible:
      return term.attribute + (term.dn_attributes ? ":dn" : "") +
             (term.matching_rule.empty() ? "" : ":" + term.matching_rule) +
             ":=" + escape(term.value);
    case Kind::greater_or_equal:
      return term.attribute + ">=" + escape(term.value);
    case Kind::less_or_equal:
      return term.attribute + "<=" + escape(term.value);
    case Kind::approximate:
      return term.attribute + "~=" + escape(term.value);
    case Kind::equality:
      return term.attribute + "=" + escape(term.value);
    default:
      return "?";
  }
}

/// The parser between two steps: what is read, and the operators that wait for operands.
class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  Parsed<LdapFilter> run() {
    do {
      const auto fault = rest_.starts_with(')') ? leave() : enter();
      if (fault) return tl::unexpected(*fault);
    } while (!open_.empty());
    if (!rest_.empty()) return tl::unexpected(Fault::trailing);
    return std::move(filter_);
  }

 private:
  std::optional<Fault> leave() {
    if (open_.empty()) return Fault::unbalanced;
    const LdapFilterTerm& done = filter_.terms[open_.back()];
    if (done.kind == Kind::negation && done.children != 1) return Fault::unbalanced;
    open_.pop_back();
    rest_.remove_prefix(1);
    return std::nullopt;
  }

  std::optional<Fault> enter() {
    if (rest_.size() < 2 || rest_.front() != '(') return Fault::unbalanced;
    if (filter_.terms.size() == kLdapFilterTerms) return Fault::too_complex;
    rest_.remove_prefix(1);
    if (!open_.empty()) ++filter_.terms[open_.back()].children;
    const auto kind = operator_of(rest_.front());
    if (!kind) return enter_item();
    if (open_.size() == kLdapFilterDepth) return Fault::too_complex;
    rest_.remove_prefix(1);
    open_.push_back(filter_.terms.size());
    filter_.terms.push_back({.kind = *kind});
    return std::nullopt;
  }

  std::optional<Fault> enter_item() {
    const std::size_t end = rest_.find(')');
    if (end == kNone) return Fault::unbalanced;
    auto item = parse_item(rest_.substr(0, end));
    if (!item) return item.error();
    filter_.terms.push_back(std::move(*item));
    rest_.remove_prefix(end + 1);
    return std::nullopt;
  }

  std::string_view rest_;
  LdapFilter filter_;
  std::vector<std::size_t> open_;
};

}  // namespace

std::string_view to_string(LdapFilterFault fault) {
  switch (fault) {
    case Fault::unbalanced:
      return "the parentheses do not pair";
    case Fault::empty_item:
      return "an item has no attribute or no \"=\"";
    case Fault::bad_attribute:
      return "an attribute description is malformed";
    case Fault::bad_value:
      return "a value has a character that must be escaped";
    case Fault::trailing:
      return "something follows the filter";
    case Fault::too_complex:
      return "the filter has too many terms, or too many within each other";
  }
  return "";
}

tl::expected<LdapFilter, LdapFilterFault> parse_ldap_filter(std::string_view text) {
  return Parser(text).run();
}

std::string to_string(const LdapFilter& filter) {
  std::string text;
  std::vector<std::size_t> due;
  for (const LdapFilterTerm& term : filter.terms) {
    text += '(';
    if (is_operator(term.kind)) {
      text += sign_of(term.kind);
      due.push_back(term.children);
    } else {
      text += item_text(term) + ")";
      if (!due.empty()) --due.back();
    }
    while (!due.empty() && due.back() == 0) {
      text += ')';
      due.pop_back();
      if (!due.empty()) --due.back();
    }
  }
  return text;
}

}  // namespace assay
