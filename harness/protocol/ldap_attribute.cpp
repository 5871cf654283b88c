#include "harness/protocol/ldap_attribute.h"

#include "harness/base/words.h"
#include "harness/protocol/ldap_schema.h"

#include <algorithm>

namespace assay {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_keychar(char c) { return is_letter(c) || is_digit(c) || c == '-'; }

/// Takes the part before the next `separator` and the separator off the front of `rest`.
std::string_view take_part(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return part;
}

bool is_number(std::string_view text) {
  // RFC 4512 §1.4: number = DIGIT / ( LDIGIT 1*DIGIT ).
  return !text.empty() && std::ranges::all_of(text, is_digit) &&
         (text.size() == 1 || text.front() != '0');
}

bool is_numeric_oid(std::string_view text) {
  std::size_t numbers = 0;
  if (text.empty() || text.back() == '.') return false;
  for (std::string_view rest = text; !rest.empty(); ++numbers) {
    if (!is_number(take_part(rest, '.'))) return false;
  }
  return numbers > 1;
}

}  // namespace

bool is_attribute_type(std::string_view text) {
  if (text.empty()) return false;
  if (is_digit(text.front())) return is_numeric_oid(text);
  return is_letter(text.front()) && std::ranges::all_of(text, is_keychar);
}

std::optional<LdapDescription> parse_attribute_description(std::string_view text) {
  if (text.ends_with(';')) return std::nullopt;
  const std::string_view type = take_part(text, ';');
  if (!is_attribute_type(type)) return std::nullopt;
  LdapDescription description{.type = canonical_type(type)};
  while (!text.empty()) {
    const std::string_view option = take_part(text, ';');
    if (option.empty() || !std::ranges::all_of(option, is_keychar)) return std::nullopt;
    description.options.push_back(to_lower(option));
  }
  return description;
}

bool describes(const LdapDescription& wanted, const LdapDescription& given) {
  return wanted.type == given.type &&
         std::ranges::all_of(wanted.options, [&](const std::string& option) {
           return std::ranges::find(given.options, option) != given.options.end();
         });
}

}  // namespace assay
