// Faults of a client: what it takes for a server that it may trust.
#include "suites/faults/faults.h"
#include "suites/faults/trust.h"

namespace assay::faults {
namespace {

/// Asks for a path, but not for this of it.
template <PathGrade kOverlooked>
bool overlooks_in_path(const ChainVerdict& verdict, Access) {
  Met met = met_by(verdict);
  met.path = met.path || verdict.path.grade == kOverlooked;
  return met.all();
}

/// Asks for a staple where one is due, but not for this of it.
template <StapleGrade... kOverlooked>
bool overlooks_in_staple(const ChainVerdict& verdict, Access) {
  Met met = met_by(verdict);
  met.staple = met.staple || ((verdict.staple.grade == kOverlooked) || ...);
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
    {.name = "ignores_purpose",
     .side = Side::client,
     .summary = "The extended key usage of a certificate is not looked at",
     .apply = [](Faults& faults) { faults.client.trusts = overlooks<&Met::purpose>; }},
    {.name = "works_before_verifying",
     .side = Side::client,
     .summary = "The certificate is looked at after the login",
     .apply = [](Faults& faults) { faults.client.works_unverified = true; }},
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
    {.name = "takes_what_is_weak",
     .side = Side::client,
     .summary = "Small keys and broken digests are as good as others",
     .apply = [](Faults& faults) { faults.client.trusts = overlooks<&Met::strength>; }},
    {.name = "ignores_staple",
     .side = Side::client,
     .summary = "A stapled OCSP response is asked for, and not looked at",
     .apply = [](Faults& faults) { faults.client.trusts = overlooks<&Met::staple>; }},
    {.name = "overlooks_staple_signer",
     .side = Side::client,
     .summary = "Who signed a stapled OCSP response is not looked at",
     .apply =
         [](Faults& faults) {
           faults.client.trusts =
               overlooks_in_staple<StapleGrade::signer_unauthorised, StapleGrade::signer_unknown>;
         }},
    {.name = "overlooks_staple_subject",
     .side = Side::client,
     .summary = "Which certificate a stapled OCSP response is about is not looked at",
     .apply =
         [](Faults& faults) { faults.client.trusts = overlooks_in_staple<StapleGrade::foreign>; }},
    {.name = "overlooks_early_staple",
     .kind = NamedFault::Kind::liberty,
     .side = Side::client,
     .summary = "A stapled OCSP response whose time has not come is as good as any",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = overlooks_in_staple<StapleGrade::not_yet_valid>;
         }},
    {.name = "overlooks_staple_time",
     .side = Side::client,
     .summary = "The time of a stapled OCSP response is not looked at",
     .apply =
         [](Faults& faults) {
           faults.client.trusts =
               overlooks_in_staple<StapleGrade::stale, StapleGrade::not_yet_valid>;
         }},
};

}  // namespace

std::span<const NamedFault> client_trust() { return kFaults; }

}  // namespace assay::faults
