#include "harness/protocol/ldap_filter.h"

#include <utility>

namespace assay {
namespace {

using Kind = LdapFilterTerm::Kind;

// The choices of RFC 4511 §4.5.1.7.
constexpr std::uint8_t kAnd = 0xa0;
constexpr std::uint8_t kOr = 0xa1;
constexpr std::uint8_t kNot = 0xa2;
constexpr std::uint8_t kEquality = 0xa3;
constexpr std::uint8_t kSubstrings = 0xa4;
constexpr std::uint8_t kGreaterOrEqual = 0xa5;
constexpr std::uint8_t kLessOrEqual = 0xa6;
constexpr std::uint8_t kPresent = 0x87;
constexpr std::uint8_t kApproximate = 0xa8;
constexpr std::uint8_t kExtensible = 0xa9;

constexpr std::uint8_t kInitial = 0x80;
constexpr std::uint8_t kAny = 0x81;
constexpr std::uint8_t kFinal = 0x82;

constexpr std::uint8_t kMatchingRule = 0x81;
constexpr std::uint8_t kType = 0x82;
constexpr std::uint8_t kMatchValue = 0x83;
constexpr std::uint8_t kDnAttributes = 0x84;

constexpr std::string_view kField = "filter";

std::uint8_t tag_of(Kind kind) {
  switch (kind) {
    case Kind::conjunction:
      return kAnd;
    case Kind::disjunction:
      return kOr;
    case Kind::negation:
      return kNot;
    case Kind::equality:
      return kEquality;
    case Kind::substrings:
      return kSubstrings;
    case Kind::greater_or_equal:
      return kGreaterOrEqual;
    case Kind::less_or_equal:
      return kLessOrEqual;
    case Kind::present:
      return kPresent;
    case Kind::approximate:
      return kApproximate;
    case Kind::extensible:
      return kExtensible;
    case Kind::unknown:
      break;
  }
  return 0;
}

Kind kind_of(std::uint8_t tag) {
  for (const Kind kind : {Kind::conjunction, Kind::disjunction, Kind::negation, Kind::equality,
                          Kind::substrings, Kind::greater_or_equal, Kind::less_or_equal,
                          Kind::present, Kind::approximate, Kind::extensible}) {
    if (tag_of(kind) == tag) return kind;
  }
  return Kind::unknown;
}

bool has_children(Kind kind) {
  return kind == Kind::conjunction || kind == Kind::disjunction || kind == Kind::negation;
}

void read_substrings(BerReader& reader, LdapFilterTerm& term) {
  reader.open(kSubstrings, "substrings");
  term.attribute = reader.text(ber::kOctetString, "type");
  reader.open(ber::kSequence, "substrings");
  if (!reader.peek()) reader.fail("substrings");  // RFC 4511 §4.5.1.7: SIZE (1..MAX)
  while (const auto tag = reader.peek()) {
    // RFC 4511 §4.5.1.7.2: at most one initial, which is the first, and one final, the last.
    if (term.final_) return reader.fail("final");
    if (*tag == kInitial) {
      if (term.initial || !term.any.empty()) return reader.fail("initial");
      term.initial = reader.text(kInitial, "initial");
    } else if (*tag == kFinal) {
      term.final_ = reader.text(kFinal, "final");
    } else {
      term.any.emplace_back(reader.text(kAny, "any"));
    }
  }
  reader.close("substrings");
  reader.elements("SubstringFilter");
  reader.close("SubstringFilter");
}

void read_extensible(BerReader& reader, LdapFilterTerm& term) {
  reader.open(kExtensible, "extensibleMatch");
  if (reader.peek() == kMatchingRule) term.matching_rule = reader.text(kMatchingRule, "rule");
  if (reader.peek() == kType) term.attribute = reader.text(kType, "type");
  term.value = reader.text(kMatchValue, "matchValue");
  if (reader.peek() == kDnAttributes) term.dn_attributes = reader.boolean(kDnAttributes, "dn");
  // RFC 4511 §4.5.1.7.7: without a rule, the type must be there.
  if (term.matching_rule.empty() && term.attribute.empty()) reader.fail("matchingRule");
  reader.elements("MatchingRuleAssertion");
  reader.close("MatchingRuleAssertion");
}

void read_assertion(BerReader& reader, std::uint8_t tag, LdapFilterTerm& term) {
  reader.open(tag, "AttributeValueAssertion");
  term.attribute = reader.text(ber::kOctetString, "attributeDesc");
  term.value = reader.text(ber::kOctetString, "assertionValue");
  reader.elements("AttributeValueAssertion");
  reader.close("AttributeValueAssertion");
}

LdapFilterTerm read_leaf(BerReader& reader, std::uint8_t tag) {
  LdapFilterTerm term{.kind = kind_of(tag)};
  switch (term.kind) {
    case Kind::substrings:
      read_substrings(reader, term);
      break;
    case Kind::extensible:
      read_extensible(reader, term);
      break;
    case Kind::present:
      term.attribute = reader.text(kPresent, "present");
      break;
    case Kind::unknown:
      term.element = bytes_of(reader.element(kField));
      break;
    default:
      read_assertion(reader, tag, term);
  }
  return term;
}

void write_text(BerWriter& writer, std::uint8_t tag, const std::optional<std::string>& text) {
  if (text) writer.text(tag, *text);
}

void write_leaf(BerWriter& writer, const LdapFilterTerm& term) {
  if (term.kind == Kind::unknown) return writer.elements(term.element);
  if (term.kind == Kind::present) return writer.text(kPresent, term.attribute);
  writer.open(tag_of(term.kind));
  if (term.kind == Kind::extensible) {
    if (!term.matching_rule.empty()) writer.text(kMatchingRule, term.matching_rule);
    if (!term.attribute.empty()) writer.text(kType, term.attribute);
    writer.text(kMatchValue, term.value);
    // RFC 4511 §5.1: a value that is the default is absent.
    if (term.dn_attributes) writer.boolean(kDnAttributes, true);
  } else if (term.kind == Kind::substrings) {
    writer.text(ber::kOctetString, term.attribute);
    writer.open(ber::kSequence);
    write_text(writer, kInitial, term.initial);
    for (const std::string& any : term.any) writer.text(kAny, any);
    write_text(writer, kFinal, term.final_);
    writer.close();
  } else {
    writer.text(ber::kOctetString, term.attribute);
    writer.text(ber::kOctetString, term.value);
  }
  writer.close();
}

}  // namespace

LdapFilter ldap_present(std::string_view attribute) {
  return {{{.kind = Kind::present, .attribute = std::string(attribute)}}};
}

LdapFilter read_ldap_filter(BerReader& reader, bool& too_complex) {
  LdapFilter filter;
  std::vector<std::size_t> open;  // the operators whose operands are being read
  do {
    const auto tag = reader.peek();
    if (!tag) {
      if (open.empty()) reader.fail(kField);
      reader.close(kField);
      if (!reader.ok()) break;
      // RFC 4511 §4.5.1.7: not has one operand. RFC 4526 §2: and, or may have none.
      const LdapFilterTerm& done = filter.terms[open.back()];
      if (done.kind == Kind::negation && done.children != 1) reader.fail("not");
      open.pop_back();
      continue;
    }
    if (filter.terms.size() == kLdapFilterTerms) {
      too_complex = true;
      reader.fail(kField);
      break;
    }
    if (!open.empty()) ++filter.terms[open.back()].children;
    if (const Kind kind = kind_of(*tag); has_children(kind)) {
      reader.open(*tag, kField);
      open.push_back(filter.terms.size());
      filter.terms.push_back({.kind = kind});
    } else {
      filter.terms.push_back(read_leaf(reader, *tag));
    }
  } while (!open.empty() && reader.ok());
  too_complex = too_complex || reader.too_deep();
  return filter;
}

void write_ldap_filter(BerWriter& writer, const LdapFilter& filter) {
  std::vector<std::size_t> due;  // operands that the open operators still wait for
  for (const LdapFilterTerm& term : filter.terms) {
    if (has_children(term.kind)) {
      writer.open(tag_of(term.kind));
      due.push_back(term.children);
    } else {
      write_leaf(writer, term);
      if (!due.empty()) --due.back();
    }
    while (!due.empty() && due.back() == 0) {
      writer.close();
      due.pop_back();
      if (!due.empty()) --due.back();
    }
  }
}

}  // namespace assay
