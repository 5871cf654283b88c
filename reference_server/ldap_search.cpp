#include "reference_server/ldap_search.h"

#include "reference_server/filter_match.h"
#include "reference_server/ldap_bind.h"

#include <algorithm>
#include <utility>

namespace assay {
namespace {

using Code = LdapResultCode;

constexpr std::int32_t kDerefAlways = 3;

LdapResult refused(Code code, std::string_view diagnostic) {
  return {.code = code, .diagnostic = std::string(diagnostic)};
}

LdapResult no_name() {
  return refused(Code::invalid_dn_syntax, "The name is no distinguished name");
}

/// Which attributes a request wants (RFC 4511 §4.5.1.8).
class Selection {
 public:
  explicit Selection(const std::vector<std::string>& wanted) {
    if (wanted.empty()) users_ = true;
    for (const std::string& each : wanted) {
      // "1.1" alone asks for nothing; beside others it names an attribute that nobody has. RFC 3673
      // §2: "+" is all operational ones. What is no description is passed over.
      if (each == "*") {
        users_ = true;
      } else if (each == "+") {
        operational_ = true;
      } else if (auto description = parse_attribute_description(each)) {
        named_.push_back(std::move(*description));
      }
    }
  }

  [[nodiscard]] bool wants(const DirectoryAttribute& attribute) const {
    if (is_operational(attribute.description.type) ? operational_ : users_) return true;
    return std::ranges::any_of(named_, [&](const LdapDescription& wanted) {
      return describes(wanted, attribute.description);
    });
  }

 private:
  bool users_ = false;
  bool operational_ = false;
  std::vector<LdapDescription> named_;
};

LdapSearchEntry shown(const DirectoryEntry& entry, const Selection& selection, bool types_only) {
  LdapSearchEntry result{.name = entry.dn};
  for (const DirectoryAttribute& attribute : entry.attributes) {
    if (!selection.wants(attribute)) continue;
    result.attributes.push_back({.type = attribute.shown.type});
    if (!types_only) result.attributes.back().values = attribute.shown.values;
  }
  return result;
}

/// What one entry costs: comparisons of the filter, and of the attributes that are asked for.
std::size_t work_of(const LdapSearchRequest& request) {
  std::size_t work = request.filter.terms.size() + request.attributes.size();
  for (const LdapFilterTerm& term : request.filter.terms) work += term.any.size();
  return work;
}

bool is_scope(LdapScope scope) {
  return scope == LdapScope::base_object || scope == LdapScope::single_level ||
         scope == LdapScope::whole_subtree;
}

}  // namespace

bool reads_root_dse(const LdapSearchRequest& request) {
  return request.base.empty() && request.scope == LdapScope::base_object;
}

LdapResult LdapSearch::run(const SessionState& state, std::int32_t id,
                           const LdapSearchRequest& request, Bytes& output) const {
  // RFC 4511 §4.1.1: what can be read but has no meaning is a protocolError.
  if (!is_scope(request.scope) || request.deref_aliases < 0 ||
      request.deref_aliases > kDerefAlways) {
    return refused(Code::protocol_error, "Unknown scope or dereferencing");
  }
  if (reads_root_dse(request)) {
    const DirectoryEntry root = root_dse(state);
    return list({&root}, id, request, output);
  }
  const auto dn = parse_dn(request.base);
  if (!dn) return no_name();
  const std::string base = normal_name(*dn);
  if (!base.empty() && directory_.find(base) == nullptr) return no_such_object(base);
  // RFC 4512 §5.1: a search below the root does not show the root DSE.
  return list(directory_.within(base, request.scope), id, request, output);
}

LdapResult LdapSearch::list(const std::vector<const DirectoryEntry*>& candidates, std::int32_t id,
                            const LdapSearchRequest& request, Bytes& output) const {
  if (candidates.size() * work_of(request) > config_.limits.comparisons) {
    return refused(Code::admin_limit_exceeded, "The search asks for too much work");
  }
  const FilterMatch match(request.filter, directory_);
  const Selection selection(request.attributes);
  const auto size_limit = static_cast<std::size_t>(request.size_limit);
  std::size_t found = 0;
  for (const DirectoryEntry* entry : candidates) {
    // RFC 4511 §4.5.1.7: an entry is returned where the filter is true, not where it is undefined.
    if (match.of(*entry) != Truth::is_true) continue;
    // RFC 4511 §4.5.1.4: 0 is no limit. What fits into it is returned first.
    if (size_limit != 0 && found == size_limit) return {.code = Code::size_limit_exceeded};
    if (found == config_.limits.entries) {
      return refused(Code::admin_limit_exceeded, "More entries match than one search returns");
    }
    ++found;
    append(output, encode_ldap({.id = id, .op = shown(*entry, selection, request.types_only)}));
  }
  return {};
}

LdapResult LdapSearch::no_such_object(const std::string& normal) const {
  return {.code = Code::no_such_object, .matched_dn = directory_.matched_dn(normal)};
}

LdapResult LdapSearch::compare(const LdapCompareRequest& request) const {
  const auto dn = parse_dn(request.entry);
  if (!dn) return no_name();
  const std::string name = normal_name(*dn);
  const DirectoryEntry* entry = directory_.find(name);
  if (entry == nullptr) return no_such_object(name);
  // RFC 4511 §4.10: undefinedAttributeType, noSuchAttribute and invalidAttributeSyntax tell why
  // there is neither compareTrue nor compareFalse.
  const auto wanted = parse_attribute_description(request.attribute);
  if (!wanted || !directory_.knows_type(wanted->type)) {
    return refused(Code::undefined_attribute_type, "Unknown attribute type");
  }
  const bool there = std::ranges::any_of(entry->attributes, [&](const auto& attribute) {
    return describes(*wanted, attribute.description);
  });
  if (!there) return {.code = Code::no_such_attribute};
  const LdapFilter equality{{{.kind = LdapFilterTerm::Kind::equality,
                              .attribute = request.attribute,
                              .value = request.value}}};
  switch (FilterMatch(equality, directory_).of(*entry)) {
    case Truth::is_true:
      return {.code = Code::compare_true};
    case Truth::is_false:
      return {.code = Code::compare_false};
    case Truth::undefined:
      break;
  }
  return refused(Code::invalid_attribute_syntax, "The value has not the attribute's syntax");
}

DirectoryEntry LdapSearch::root_dse(const SessionState& state) const {
  // RFC 4512 §5.1: operational attributes, all but objectClass.
  std::vector<LdapAttribute> attributes = {
      {"objectClass", {"top"}},
      {"namingContexts", directory_.naming_contexts()},
      {"supportedLDAPVersion", {"3"}},
      {"supportedExtension", {std::string(ldap::kWhoAmI)}},
      {"supportedControl", {std::string(ldap::kManageDsaIt)}},
      // RFC 3673 §2: "+"; RFC 4526 §2: (&) and (|).
      {"supportedFeatures", {"1.3.6.1.4.1.4203.1.5.1", "1.3.6.1.4.1.4203.1.5.3"}},
      {"supportedSASLMechanisms", {}},
      {"vendorName", {"Assay"}}};
  // RFC 4513 §3.1.5: what the server can do differs with TLS, and so does what it says.
  if (config_.starttls && !state.secured()) {
    attributes[3].values.emplace_back(ldap::kStartTls);
  }
  for (const SaslMechanism mechanism : ldap_mechanisms(config_.auth, state)) {
    attributes[6].values.emplace_back(to_string(mechanism));
  }
  if (state.secured()) {
    attributes[6].values.insert(attributes[6].values.end(), config_.further_mechanisms.begin(),
                                config_.further_mechanisms.end());
  }
  DirectoryEntry root;
  for (LdapAttribute& attribute : attributes) {
    if (attribute.values.empty()) continue;
    if (auto ready = directory_attribute(std::move(attribute))) {
      root.attributes.push_back(std::move(*ready));
    }
  }
  return root;
}

}  // namespace assay
