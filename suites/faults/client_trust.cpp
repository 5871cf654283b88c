// Faults of a client: what it takes for a server that it may trust.
#include "harness/base/words.h"
#include "suites/faults/faults.h"

#include <algorithm>

namespace assay::faults {
namespace {

/// What an honest client asks of a certificate, and whether it has it.
struct Met {
  bool path = false;
  bool time = false;
  bool name = false;
  bool purpose = false;
  bool strength = false;

  [[nodiscard]] bool all() const { return path && time && name && purpose && strength; }
};

Met met_by(const ChainVerdict& verdict) {
  return {.path = verdict.path.found,
          .time = verdict.out_of_validity() == nullptr,
          .name = verdict.name.grade == NameGrade::matched,
          .purpose = verdict.purpose.grade == PurposeGrade::permitted,
          .strength = verdict.strong()};
}

/// Asks for all but this.
template <bool Met::*kOverlooked>
bool overlooks(const ChainVerdict& verdict, Access) {
  Met met = met_by(verdict);
  met.*kOverlooked = true;
  return met.all();
}

/// Asks for a path, but not for this of it.
template <PathGrade kOverlooked>
bool overlooks_in_path(const ChainVerdict& verdict, Access) {
  Met met = met_by(verdict);
  met.path = met.path || verdict.path.grade == kOverlooked;
  return met.all();
}

/// RFC 6125 §6.4.4.
bool takes_common_name(const ChainVerdict& verdict) {
  Met met = met_by(verdict);
  met.name = met.name ||
             (verdict.name.grade == NameGrade::only_common_name && verdict.name.presented.empty());
  return met.all();
}

constexpr NamedFault kFaults[] = {
    {.name = "trusts_everybody",
     .side = Side::client,
     .summary = "No certificate is verified",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = [](const ChainVerdict&, Access) { return true; };
         }},
    {.name = "trusts_everybody_after_upgrade",
     .side = Side::client,
     .summary = "No certificate is verified behind the upgrade command",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = [](const ChainVerdict& verdict, Access access) {
             return access == Access::upgrade || met_by(verdict).all();
           };
         }},
    {.name = "trusts_any_issuer",
     .side = Side::client,
     .summary = "A path to a trust anchor is not asked for",
     .apply = [](Faults& faults) { faults.client.trusts = overlooks<&Met::path>; }},
    {.name = "ignores_time",
     .side = Side::client,
     .summary = "The time of a certificate is not looked at",
     .apply = [](Faults& faults) { faults.client.trusts = overlooks<&Met::time>; }},
    {.name = "ignores_name",
     .side = Side::client,
     .summary = "The name in a certificate is not compared",
     .apply = [](Faults& faults) { faults.client.trusts = overlooks<&Met::name>; }},
    {.name = "ignores_purpose",
     .side = Side::client,
     .summary = "The extended key usage of a certificate is not looked at",
     .apply = [](Faults& faults) { faults.client.trusts = overlooks<&Met::purpose>; }},
    {.name = "takes_name_from_greeting",
     .side = Side::client,
     .summary = "The certificate is to prove the name that the greeting says",
     .apply =
         [](Faults& faults) {
           faults.client.reference_name = [](const std::string& given, std::string_view greeting) {
             return greeting.find("other.test") == std::string_view::npos ? given : "other.test";
           };
         }},
    {.name = "works_before_verifying",
     .side = Side::client,
     .summary = "The certificate is looked at after the login",
     .apply = [](Faults& faults) { faults.client.works_unverified = true; }},
    {.name = "trusts_nobody",
     .side = Side::client,
     .summary = "Every server is refused",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = [](const ChainVerdict&, Access) { return false; };
         }},
    {.name = "believes_sent_root",
     .side = Side::client,
     .summary = "A root is trusted because it was sent",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = overlooks_in_path<PathGrade::untrusted_root>;
         }},
    {.name = "overlooks_signatures",
     .side = Side::client,
     .summary = "Signatures in a chain are not verified",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = overlooks_in_path<PathGrade::signature_invalid>;
         }},
    {.name = "takes_anybody_for_an_authority",
     .side = Side::client,
     .summary = "Whether an issuer is an authority is not looked at",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = overlooks_in_path<PathGrade::not_an_authority>;
         }},
    {.name = "overlooks_path_length",
     .side = Side::client,
     .summary = "The path length of an authority is not looked at",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = overlooks_in_path<PathGrade::path_too_long>;
         }},
    {.name = "overlooks_name_constraints",
     .side = Side::client,
     .summary = "The name constraints of an authority are not looked at",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = overlooks_in_path<PathGrade::names_not_permitted>;
         }},
    {.name = "overlooks_critical_extensions",
     .side = Side::client,
     .summary = "A critical extension that is not known is passed over",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = overlooks_in_path<PathGrade::critical_extension_unknown>;
         }},
    {.name = "looks_at_leaf_time_alone",
     .side = Side::client,
     .summary = "The time of the server's own certificate is looked at, and no other",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = [](const ChainVerdict& verdict, Access) {
             const ValidityFinding* const out = verdict.out_of_validity();
             Met met = met_by(verdict);
             met.time = out == nullptr || out->depth > 0;
             return met.all();
           };
         }},
    {.name = "looks_at_leaf_purpose_alone",
     .side = Side::client,
     .summary = "The purposes of the server's own certificate are looked at, and no others",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = [](const ChainVerdict& verdict, Access) {
             Met met = met_by(verdict);
             met.purpose =
                 met.purpose || verdict.purpose.grade == PurposeGrade::intermediate_forbids;
             return met.all();
           };
         }},
    {.name = "takes_common_name",
     .kind = NamedFault::Kind::liberty,
     .side = Side::client,
     .summary = "Where a certificate has no other name, the common name counts",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = [](const ChainVerdict& verdict, Access) {
             return takes_common_name(verdict);
           };
         }},
    {.name = "takes_common_name_after_upgrade",
     .side = Side::client,
     .summary = "Behind the upgrade command the common name counts where a certificate has no "
                "other name",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = [](const ChainVerdict& verdict, Access access) {
             return access == Access::upgrade ? takes_common_name(verdict) : met_by(verdict).all();
           };
         }},
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
    {.name = "refuses_sent_root",
     .side = Side::client,
     .summary = "A chain with its root in it is refused, whoever signed that",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = [](const ChainVerdict& verdict, Access) {
             // A path ends at its anchor: as many are served only with that one.
             return met_by(verdict).all() && verdict.keys.size() < verdict.path.subjects.size();
           };
         }},
    {.name = "takes_what_is_weak",
     .side = Side::client,
     .summary = "Small keys and broken digests are as good as others",
     .apply = [](Faults& faults) { faults.client.trusts = overlooks<&Met::strength>; }},
};

}  // namespace

std::span<const NamedFault> client_trust() { return kFaults; }

}  // namespace assay::faults
