// Faults and liberties of a client that minds what is right, or that its chain may bring down.
#include "suites/faults/faults.h"
#include "suites/faults/trust.h"

#include <algorithm>
#include <array>
#include <limits>

namespace assay::faults {
namespace {

constexpr std::size_t kManyCertificates = 128;
constexpr std::chrono::sys_seconds kLastOf32Bits{
    std::chrono::seconds(std::numeric_limits<std::int32_t>::max())};
constexpr std::chrono::sys_seconds kFirstGeneralized =  // RFC 5280 §4.1.2.5
    std::chrono::sys_days(std::chrono::year(2050) / 1 / 1);

bool any_lasts_until(const ChainVerdict& verdict, std::chrono::sys_seconds end) {
  return std::ranges::any_of(verdict.validity, [&](const ValidityFinding& one) {
    return one.not_after && *one.not_after >= end;
  });
}
bool lasts_beyond_32_bits(const ChainVerdict& verdict) {
  return any_lasts_until(verdict, kLastOf32Bits);
}
bool has_generalized_time(const ChainVerdict& verdict) {
  return any_lasts_until(verdict, kFirstGeneralized);
}

bool uses_up_path_length(const ChainVerdict& verdict) { return verdict.path.length_used_up; }

bool has_name_constraints(const ChainVerdict& verdict) {
  return std::ranges::any_of(verdict.path.extensions, [](const PathExtension& extension) {
    return extension.oid == extension_oid::kNameConstraints;
  });
}
bool has_critical_name_constraints(const ChainVerdict& verdict) {
  return std::ranges::any_of(verdict.path.extensions, [](const PathExtension& extension) {
    return extension.critical && extension.oid == extension_oid::kNameConstraints;
  });
}

bool has_unknown_extension(const ChainVerdict& verdict) {
  constexpr std::array<std::string_view, 8> kKnown = {
      extension_oid::kSubjectKeyId,     extension_oid::kKeyUsage,
      extension_oid::kAlternativeNames, extension_oid::kBasicConstraints,
      extension_oid::kNameConstraints,  extension_oid::kAuthorityKeyId,
      extension_oid::kExtendedKeyUsage, extension_oid::kTlsFeature};
  return std::ranges::any_of(verdict.path.extensions, [&](const PathExtension& extension) {
    return std::ranges::find(kKnown, extension.oid) == kKnown.end();
  });
}

/// A path ends at its anchor: as many are served only with that one.
bool has_its_root(const ChainVerdict& verdict) {
  return verdict.keys.size() >= verdict.path.subjects.size();
}

bool has_staple(const ChainVerdict& verdict) { return verdict.staple.grade != StapleGrade::absent; }

bool is_too_long(const ChainVerdict& verdict) {
  return verdict.parse.grade == ParseGrade::too_many;
}

constexpr NamedFault kFaults[] = {
    {.name = "trusts_nobody",
     .side = Side::client,
     .summary = "Every server is refused",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = [](const ChainVerdict&, Access) { return false; };
         }},
    {.name = "refuses_sent_root",
     .side = Side::client,
     .summary = "A chain with its root in it is refused, whoever signed that",
     .apply = [](Faults& faults) { faults.client.trusts = minds<has_its_root>; }},
    {.name = "counts_seconds_in_32_bits",
     .side = Side::client,
     .summary = "A certificate that lasts beyond the end of 32-bit seconds is refused",
     .apply = [](Faults& faults) { faults.client.trusts = minds<lasts_beyond_32_bits>; }},
    {.name = "reads_utc_time_alone",
     .side = Side::client,
     .summary = "A certificate whose time is a GeneralizedTime is refused",
     .apply = [](Faults& faults) { faults.client.trusts = minds<has_generalized_time>; }},
    {.name = "counts_leaf_in_path_length",
     .side = Side::client,
     .summary = "The server's own certificate is counted in the path length of an authority",
     .apply = [](Faults& faults) { faults.client.trusts = minds<uses_up_path_length>; }},
    {.name = "refuses_name_constraints",
     .side = Side::client,
     .summary = "A chain with name constraints is refused, whatever they are",
     .apply = [](Faults& faults) { faults.client.trusts = minds<has_name_constraints>; }},
    {.name = "knows_no_name_constraints",
     .kind = NamedFault::Kind::liberty,
     .side = Side::client,
     .summary = "A chain with critical name constraints is refused, since it cannot process them",
     .apply = [](Faults& faults) { faults.client.trusts = minds<has_critical_name_constraints>; }},
    {.name = "refuses_unknown_extensions",
     .side = Side::client,
     .summary = "A chain with an extension that it does not know is refused",
     .apply = [](Faults& faults) { faults.client.trusts = minds<has_unknown_extension>; }},
    {.name = "refuses_staples",
     .side = Side::client,
     .summary = "A stapled OCSP response is asked for, and refused whatever it says",
     .apply = [](Faults& faults) { faults.client.trusts = minds<has_staple>; }},
    {.name = "takes_long_chains",
     .kind = NamedFault::Kind::liberty,
     .side = Side::client,
     .summary = "A chain of many certificates is looked at like any other",
     .apply = [](Faults& faults) { faults.client.longest_chain = kManyCertificates; }},
    {.name = "dies_of_long_chains",
     .side = Side::client,
     .summary = "A chain of many certificates brings it down",
     .apply = [](Faults& faults) { faults.client.dies_of = is_too_long; }},
};

}  // namespace

std::span<const NamedFault> client_care() { return kFaults; }

}  // namespace assay::faults
