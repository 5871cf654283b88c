// Fuzz target ldap_filter: search filters in both forms. The first octet names the form that the
// rest is in: T for text (RFC 4515), B for BER (RFC 4511 §4.5.1.7).
#include "harness/protocol/ldap_filter.h"

#include "fuzz/lber_comparison.h"
#include "fuzz/target.h"
#include "harness/protocol/ldap_attribute.h"

#include <algorithm>
#include <string>
#include <vector>

namespace assay::fuzz {
namespace {

using Kind = LdapFilterTerm::Kind;

bool has_children(Kind kind) {
  return kind == Kind::conjunction || kind == Kind::disjunction || kind == Kind::negation;
}

/// Every operator has the terms below it that it counts, and one term has nothing above it.
void require_whole(const LdapFilter& filter) {
  require(!filter.terms.empty() && filter.terms.size() <= kLdapFilterTerms, "filters are bounded");
  std::vector<std::size_t> due = {1};
  for (const LdapFilterTerm& term : filter.terms) {
    while (!due.empty() && due.back() == 0) due.pop_back();
    require(!due.empty(), "no term stands below nothing");
    --due.back();
    require(has_children(term.kind) || term.children == 0, "a leaf has nothing below it");
    require(term.kind != Kind::negation || term.children == 1, "not has one operand");
    if (has_children(term.kind)) due.push_back(term.children);
  }
  require(std::ranges::all_of(due, [](std::size_t left) { return left == 0; }),
          "no operand is missing");
}

/// What RFC 4515 §3 can write so that it reads as the same term.
bool has_string_form(const LdapFilterTerm& term) {
  if (has_children(term.kind)) return true;
  if (term.kind == Kind::unknown) return false;
  const bool any_type = term.kind == Kind::extensible && term.attribute.empty();
  if (!any_type && !parse_attribute_description(term.attribute)) return false;
  const std::string& rule = term.matching_rule;
  // ":dn" says something else where a rule of that name would stand.
  const bool taken_for_another =
      !term.dn_attributes && (rule == "dn" || rule == "dN" || rule == "Dn" || rule == "DN");
  if (!rule.empty() && (!is_attribute_type(rule) || taken_for_another)) return false;
  return term.initial != "" && term.final_ != "" &&
         std::ranges::none_of(term.any, [](const std::string& piece) { return piece.empty(); });
}

struct Read {
  LdapFilter filter;
  bool ok = false;
  bool too_complex = false;
};

Read read_ber(View octets) {
  BerReader reader(octets);
  Read read;
  read.filter = read_ldap_filter(reader, read.too_complex);
  read.ok = reader.ok() && !reader.peek();
  require(!read.too_complex || !read.ok, "what is too complex is not taken");
  return read;
}

Bytes write_ber(const LdapFilter& filter) {
  BerWriter writer;
  write_ldap_filter(writer, filter);
  return writer.take();
}

void examine_text_of(const LdapFilter& filter) {
  const std::string text = to_string(filter);
  require(std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; }),
          "the string form is printable ASCII");
  const auto again = parse_ldap_filter(text);
  if (std::ranges::all_of(filter.terms, has_string_form)) {
    require(again.has_value() && *again == filter, "a filter survives its string form");
    require(to_string(*again) == text, "and has one string form");
  } else {
    require(text.find("(?)") != std::string::npos && !again, "what has no string form is seen");
  }
}

void examine_text(std::string_view text) {
  const auto filter = parse_ldap_filter(text);
  if (!filter) return require(!to_string(filter.error()).empty(), "a fault has a sentence");
  require_whole(*filter);
  require(std::ranges::all_of(filter->terms, has_string_form), "what text says text can say");
  examine_text_of(*filter);
  const Bytes written = write_ber(*filter);
  compare_elements(written);
  const Read read = read_ber(written);
  // BER counts the elements within a term as deep, too.
  require(read.too_complex || (read.ok && read.filter == *filter), "a filter survives BER");
}

void examine_ber(View octets) {
  compare_elements(octets);
  const Read read = read_ber(octets);
  if (!read.ok) return;
  require_whole(read.filter);
  const Bytes written = write_ber(read.filter);
  require(written.size() <= octets.size(), "what is read is written no longer than it came");
  const Read again = read_ber(written);
  require(again.ok && again.filter == read.filter, "a filter survives a round trip");
  require(write_ber(again.filter) == written, "and it is written as before");
  examine_text_of(read.filter);
}

}  // namespace
}  // namespace assay::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return -1;
  const assay::View rest(data + 1, size - 1);
  if (data[0] == 'T') {
    assay::fuzz::examine_text(assay::text_of(rest));
  } else if (data[0] == 'B') {
    assay::fuzz::examine_ber(rest);
  } else {
    return -1;
  }
  return 0;
}
