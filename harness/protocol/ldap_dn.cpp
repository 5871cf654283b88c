#include "harness/protocol/ldap_dn.h"

#include "harness/base/hex.h"
#include "harness/protocol/ber.h"
#include "harness/protocol/ldap_attribute.h"
#include "harness/protocol/ldap_schema.h"
#include "harness/protocol/ldap_text.h"

#include <algorithm>
#include <utility>

namespace assay {
namespace {

// RFC 4514 §3: what may follow a backslash, and what may not stand without one.
constexpr std::string_view kEscapable = "\"+,;<>\\ #=";
constexpr std::string_view kSpecial{"\"+,;<>\\\0", 8};

void skip_spaces(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
}

void drop_spaces_at_end(std::string_view& text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
}

/// RFC 4514 §2.4: "#" and the BER encoding of the value in hex; its content is the value.
std::optional<std::string> take_hex(std::string_view& rest) {
  std::string_view digits = rest.substr(1, rest.find_first_of(",+") - 1);
  rest.remove_prefix(1 + digits.size());
  drop_spaces_at_end(digits);
  if (digits.find(' ') != std::string_view::npos) return std::nullopt;
  const auto octets = from_hex(digits);
  if (!octets || octets->empty()) return std::nullopt;
  BerReader reader(*octets);
  std::string value(reader.text(octets->front(), "value"));
  if (!reader.ok() || reader.peek()) return std::nullopt;
  return value;
}

/// The value at the front, up to a separator that is not escaped.
std::optional<std::string> take_value(std::string_view& rest) {
  if (rest.starts_with('#')) return take_hex(rest);
  std::string value;
  std::size_t kept = 0;  // spaces beyond it are at the end, unless something follows
  while (!rest.empty() && rest.front() != ',' && rest.front() != '+') {
    char octet = rest.front();
    std::size_t size = 1;
    if (octet == '\\') {
      if (const auto hex = hex_octet(rest.substr(1))) {
        octet = *hex;
        size = 3;
      } else if (rest.size() > 1 && kEscapable.find(rest[1]) != std::string_view::npos) {
        octet = rest[1];
        size = 2;
      } else {
        return std::nullopt;
      }
    } else if (kSpecial.find(octet) != std::string_view::npos) {
      return std::nullopt;
    }
    value += octet;
    if (octet != ' ' || size > 1) kept = value.size();
    rest.remove_prefix(size);
  }
  value.resize(kept);
  return value;
}

std::optional<LdapAva> take_ava(std::string_view& rest) {
  const std::size_t equals = rest.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  std::string_view type = rest.substr(0, equals);
  skip_spaces(type);
  drop_spaces_at_end(type);
  // RFC 4514 §3: a type stands without options.
  if (!is_attribute_type(type)) return std::nullopt;
  rest.remove_prefix(equals + 1);
  skip_spaces(rest);
  auto value = take_value(rest);
  if (!value) return std::nullopt;
  return LdapAva{std::string(type), std::move(*value)};
}

/// RFC 4514 §2.4: specials anywhere, "#" and a space at the front, a space at the end.
std::string escape(std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool at_end = i + 1 == value.size();
    if (c < ' ' || c > '~') {
      text += escaped_octet(c);
      continue;
    }
    const bool special = kSpecial.find(c) != std::string_view::npos || (c == '#' && i == 0) ||
                         (c == ' ' && (i == 0 || at_end));
    if (special) text += '\\';
    text += c;
  }
  return text;
}

std::string normal_ava(const LdapAva& ava) {
  // A value that is a name is compared as text within a name: names do not nest without end.
  LdapMatching matching = matching_of(ava.type);
  if (matching == LdapMatching::name) matching = LdapMatching::case_ignore;
  return canonical_type(ava.type) + "=" +
         escape(normal_value(matching, ava.value).value_or(ava.value));
}

template <typename Part>
std::string join(const LdapDn& dn, Part part, bool sorted) {
  std::string text;
  for (const LdapRdn& rdn : dn.rdns) {
    std::vector<std::string> parts;
    for (const LdapAva& ava : rdn) parts.push_back(part(ava));
    if (sorted) std::ranges::sort(parts);
    if (!text.empty()) text += ',';
    for (const std::string& each : parts) text += (&each == parts.data() ? "" : "+") + each;
  }
  return text;
}

}  // namespace

std::optional<LdapDn> parse_dn(std::string_view text) {
  LdapDn dn;
  skip_spaces(text);
  if (text.empty()) return dn;
  dn.rdns.emplace_back();
  for (;;) {
    auto ava = take_ava(text);
    if (!ava) return std::nullopt;
    dn.rdns.back().push_back(std::move(*ava));
    if (text.empty()) return dn;
    if (text.front() == ',') dn.rdns.emplace_back();
    text.remove_prefix(1);
  }
}

std::string to_string(const LdapDn& dn) {
  return join(
      dn, [](const LdapAva& ava) { return ava.type + "=" + escape(ava.value); }, false);
}

std::string normal_name(const LdapDn& dn) { return join(dn, normal_ava, true); }

std::string_view superior_of(std::string_view normal) {
  for (std::size_t i = 0; i < normal.size(); ++i) {
    if (normal[i] == '\\') {
      ++i;
    } else if (normal[i] == ',') {
      return normal.substr(i + 1);
    }
  }
  return {};
}

bool is_within(std::string_view normal, std::string_view base) {
  if (base.empty() || normal == base) return true;
  if (!normal.ends_with(base)) return false;
  // The comma before `base` must be a separator, not part of a value.
  while (normal.size() > base.size()) normal = superior_of(normal);
  return normal == base;
}

}  // namespace assay
