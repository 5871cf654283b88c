// Faults and liberties of a client that compares the name which a certificate must prove.
#include "harness/base/words.h"
#include "suites/faults/faults.h"
#include "suites/faults/trust.h"

#include <algorithm>

namespace assay::faults {
namespace {

/// RFC 4513 §3.1.3, RFC 6125 §6.4.4: where there is no other name, and without wildcards.
bool is_common_name(const NameFinding& name) {
  return name.grade == NameGrade::only_common_name && name.presented.empty() &&
         to_lower(name.common_name) == to_lower(name.wanted.front());
}

bool is_wildcard_in_common_name(const NameFinding& name) {
  return name.grade == NameGrade::only_common_name && name.presented.empty();
}

/// A star is any run of characters, also of none and of dots.
bool fits(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() != '*')
    return !text.empty() && pattern.front() == text.front() &&
           fits(pattern.substr(1), text.substr(1));
  for (std::size_t taken = 0; taken <= text.size(); ++taken) {
    if (fits(pattern.substr(1), text.substr(taken))) return true;
  }
  return false;
}

bool fits_like_a_file(const NameFinding& name) {
  return std::ranges::any_of(name.presented, [&](const std::string& one) {
    // A dot at the end is the root's, and stands for nothing.
    const std::string_view pattern = one;
    return fits(pattern.ends_with('.') ? pattern.substr(0, pattern.size() - 1) : pattern,
                name.wanted.front());
  });
}

bool is_below(const NameFinding& name) {
  return std::ranges::any_of(name.presented, [&](const std::string& one) {
    return name.wanted.front().ends_with("." + one);
  });
}

bool stands_behind_first(const NameFinding& name) { return name.behind_first; }

bool is_by_wildcard(const ChainVerdict& verdict) {
  return verdict.name.grade == NameGrade::matched && !address_octets(verdict.name.matched) &&
         std::ranges::none_of(verdict.name.presented, [&](const std::string& one) {
           return to_lower(one) == to_lower(verdict.name.matched);
         });
}

bool is_by_address(const ChainVerdict& verdict) {
  return address_octets(verdict.name.matched).has_value();
}

std::string name_in_greeting(const std::string& given, std::string_view greeting) {
  return greeting.find("other.test") == std::string_view::npos ? given : "other.test";
}

constexpr NamedFault kFaults[] = {
    {.name = "ignores_name",
     .side = Side::client,
     .summary = "The name in a certificate is not compared",
     .apply = [](Faults& faults) { faults.client.trusts = overlooks<&Met::name>; }},
    {.name = "takes_name_from_greeting",
     .side = Side::client,
     .summary = "The certificate is to prove the name that the greeting says",
     .apply = [](Faults& faults) { faults.client.reference_name = name_in_greeting; }},
    {.name = "takes_name_from_greeting_inside",
     .side = Side::client,
     .summary = "The certificate is to prove the name that the greeting says, also inside TLS",
     .apply =
         [](Faults& faults) {
           faults.client.waits_for_greeting = true;
           faults.client.reference_name = name_in_greeting;
         }},
    {.name = "takes_common_name",
     .kind = NamedFault::Kind::liberty,
     .side = Side::client,
     .summary = "Where a certificate has no other name, the common name counts",
     .apply = [](Faults& faults) { faults.client.trusts = takes_name<is_common_name>; }},
    {.name = "takes_common_name_after_upgrade",
     .side = Side::client,
     .summary = "Behind the upgrade command the common name counts where a certificate has no "
                "other name",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = [](const ChainVerdict& verdict, Access access) {
             return access == Access::upgrade ? takes_name<is_common_name>(verdict, access)
                                              : met_by(verdict).all();
           };
         }},
    {.name = "takes_wildcard_in_common_name",
     .side = Side::client,
     .summary = "Where a certificate has no other name, the common name counts, and its wildcards",
     .apply =
         [](Faults& faults) { faults.client.trusts = takes_name<is_wildcard_in_common_name>; }},
    {.name = "takes_common_name_unconstrained",
     .side = Side::client,
     .summary = "Where a certificate has no other name, the common name counts, whatever the name "
                "constraints of its authority are",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = [](const ChainVerdict& verdict, Access) {
             Met met = met_by(verdict);
             if (is_common_name(verdict.name)) {
               met.name = true;
               met.path = met.path || verdict.path.grade == PathGrade::names_not_permitted;
             }
             return met.all();
           };
         }},
    {.name = "takes_name_like_a_glob",
     .side = Side::client,
     .summary = "A star in a certificate's name stands for any characters, wherever it is",
     .apply = [](Faults& faults) { faults.client.trusts = takes_name<fits_like_a_file>; }},
    {.name = "takes_parent_for_child",
     .side = Side::client,
     .summary = "A certificate for a domain counts for every host below it",
     .apply = [](Faults& faults) { faults.client.trusts = takes_name<is_below>; }},
    {.name = "searches_chain_for_name",
     .side = Side::client,
     .summary = "A certificate behind the first counts, too, where it proves the name",
     .apply = [](Faults& faults) { faults.client.trusts = takes_name<stands_behind_first>; }},
    {.name = "reads_first_name_alone",
     .side = Side::client,
     .summary = "Of the names in a certificate the first is compared, and no other",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = [](const ChainVerdict& verdict, Access) {
             const NameFinding& name = verdict.name;
             return met_by(verdict).all() && to_lower(name.presented.front()) == name.matched;
           };
         }},
    {.name = "compares_case",
     .side = Side::client,
     .summary = "Names are compared octet for octet",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = [](const ChainVerdict& verdict, Access) {
             const auto& presented = verdict.name.presented;
             return met_by(verdict).all() &&
                    std::ranges::find(presented, verdict.name.matched) != presented.end();
           };
         }},
    {.name = "knows_no_wildcards",
     .kind = NamedFault::Kind::liberty,
     .side = Side::client,
     .summary = "A wildcard in a certificate stands for nothing",
     .apply = [](Faults& faults) { faults.client.trusts = minds<is_by_wildcard>; }},
    {.name = "dies_of_wildcards",
     .side = Side::client,
     .summary = "A wildcard in a certificate brings it down",
     .apply = [](Faults& faults) { faults.client.dies_of = is_by_wildcard; }},
    {.name = "knows_no_addresses",
     .side = Side::client,
     .summary = "An address in a certificate stands for nothing",
     .apply = [](Faults& faults) { faults.client.trusts = minds<is_by_address>; }},
};

}  // namespace

std::span<const NamedFault> client_name() { return kFaults; }

}  // namespace assay::faults
