// LDIF (RFC 2849) as far as it holds entries: what a directory is filled from. Records of changes
// and values by URL are refused. Read by Directory.
#pragma once

#include "harness/protocol/ldap.h"

#include <tl/expected.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// An entry as the text spells it: values of one description together, in the order of the text.
struct LdifEntry {
  std::string dn;
  std::vector<LdapAttribute> attributes{};
  std::size_t line = 0;  // of its "dn:", counted from 1
};

struct LdifError {
  std::size_t line = 0;  // counted from 1
  std::string what;      // a sentence
};

[[nodiscard]] tl::expected<std::vector<LdifEntry>, LdifError> parse_ldif(std::string_view text);

}  // namespace assay
