#include "harness/protocol/ldap_schema.h"

#include "harness/base/words.h"
#include "harness/protocol/ldap_dn.h"

#include <algorithm>

namespace assay {
namespace {

using enum LdapMatching;

constexpr LdapAttributeType kTypes[] = {
    // RFC 4519 §2, and RFC 4524 §2 for mail.
    {.name = "cn", .oid = "2.5.4.3", .long_name = "commonname"},
    {.name = "sn", .oid = "2.5.4.4", .long_name = "surname"},
    {.name = "c", .oid = "2.5.4.6", .long_name = "countryname"},
    {.name = "l", .oid = "2.5.4.7", .long_name = "localityname"},
    {.name = "st", .oid = "2.5.4.8", .long_name = "stateorprovincename"},
    {.name = "street", .oid = "2.5.4.9", .long_name = "streetaddress"},
    {.name = "o", .oid = "2.5.4.10", .long_name = "organizationname"},
    {.name = "ou", .oid = "2.5.4.11", .long_name = "organizationalunitname"},
    {.name = "dc", .oid = "0.9.2342.19200300.100.1.25", .long_name = "domaincomponent"},
    {.name = "uid", .oid = "0.9.2342.19200300.100.1.1", .long_name = "userid"},
    {.name = "mail", .oid = "0.9.2342.19200300.100.1.3", .long_name = "rfc822mailbox"},
    {.name = "objectclass", .oid = "2.5.4.0"},
    {.name = "member", .oid = "2.5.4.31", .matching = name},
    {.name = "owner", .oid = "2.5.4.32", .matching = name},
    {.name = "seealso", .oid = "2.5.4.34", .matching = name},
    {.name = "manager", .oid = "0.9.2342.19200300.100.1.10", .matching = name},
    {.name = "userpassword", .oid = "2.5.4.35", .matching = octets},
    {.name = "usercertificate", .oid = "2.5.4.36", .matching = octets},
    {.name = "jpegphoto", .oid = "0.9.2342.19200300.100.1.60", .matching = octets},
    {.name = "labeleduri", .oid = "1.3.6.1.4.1.250.1.57", .matching = case_exact},
    {.name = "uidnumber", .oid = "1.3.6.1.1.1.1.0", .matching = integer},
    {.name = "gidnumber", .oid = "1.3.6.1.1.1.1.1", .matching = integer},
    {.name = "homedirectory", .oid = "1.3.6.1.1.1.1.3", .matching = case_exact},
    // RFC 4512 §3.4 and §5.1.
    {.name = "createtimestamp", .oid = "2.5.18.1", .operational = true},
    {.name = "modifytimestamp", .oid = "2.5.18.2", .operational = true},
    {.name = "creatorsname", .oid = "2.5.18.3", .matching = name, .operational = true},
    {.name = "modifiersname", .oid = "2.5.18.4", .matching = name, .operational = true},
    {.name = "subschemasubentry", .oid = "2.5.18.10", .matching = name, .operational = true},
    {.name = "structuralobjectclass", .oid = "2.5.21.9", .operational = true},
    {.name = "entryuuid", .oid = "1.3.6.1.1.16.4", .operational = true},
    {.name = "namingcontexts",
     .oid = "1.3.6.1.4.1.1466.101.120.5",
     .matching = name,
     .operational = true},
    {.name = "altserver", .oid = "1.3.6.1.4.1.1466.101.120.6", .operational = true},
    {.name = "supportedextension", .oid = "1.3.6.1.4.1.1466.101.120.7", .operational = true},
    {.name = "supportedcontrol", .oid = "1.3.6.1.4.1.1466.101.120.13", .operational = true},
    {.name = "supportedsaslmechanisms", .oid = "1.3.6.1.4.1.1466.101.120.14", .operational = true},
    {.name = "supportedldapversion",
     .oid = "1.3.6.1.4.1.1466.101.120.15",
     .matching = integer,
     .operational = true},
    {.name = "supportedfeatures", .oid = "1.3.6.1.4.1.4203.1.3.5", .operational = true},
    {.name = "vendorname", .oid = "1.3.6.1.1.4", .operational = true},
};

std::string with_single_spaces(std::string_view text) {
  std::string result;
  for (const std::string_view word : split_words(text)) {
    if (!result.empty()) result += ' ';
    result += word;
  }
  return result;
}

/// RFC 4517 §3.3.16: digits behind at most one minus sign, no zeros before others.
bool is_integer(std::string_view text) {
  if (text == "0") return true;
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.front() != '0' &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

const LdapAttributeType* find_attribute_type(std::string_view type) {
  const auto* found = std::ranges::find_if(kTypes, [&](const LdapAttributeType& known) {
    return equals_ignoring_case(type, known.name) || type == known.oid ||
           (!known.long_name.empty() && equals_ignoring_case(type, known.long_name));
  });
  return found == std::end(kTypes) ? nullptr : found;
}

std::string canonical_type(std::string_view type) {
  const LdapAttributeType* known = find_attribute_type(type);
  return known == nullptr ? to_lower(type) : std::string(known->name);
}

LdapMatching matching_of(std::string_view type) {
  const LdapAttributeType* known = find_attribute_type(type);
  return known == nullptr ? case_ignore : known->matching;
}

bool is_operational(std::string_view type) {
  const LdapAttributeType* known = find_attribute_type(type);
  return known != nullptr && known->operational;
}

std::optional<std::string> normal_value(LdapMatching matching, std::string_view value) {
  switch (matching) {
    case case_ignore:
      return with_single_spaces(to_lower(value));
    case case_exact:
      return with_single_spaces(value);
    case octets:
      return std::string(value);
    case integer:
      return is_integer(value) ? std::optional(std::string(value)) : std::nullopt;
    case name: {
      const auto dn = parse_dn(value);
      return dn ? std::optional(normal_name(*dn)) : std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace assay
