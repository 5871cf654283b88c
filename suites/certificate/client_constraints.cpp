// RFC 5280 §4.2 and §6.1.4: what the certificates of a chain may be used for. A verifying client
// holds them to it: who may issue, how deep, for which names, for which purpose.
#include "suites/certificate/refusing.h"

namespace assay::suites {
namespace {

constexpr Check kChecks[] = {
    // Who may issue.
    refusing({.id = "certificate.ca.intermediate_is_leaf",
              .title = "A certificate that is no authority's issues none",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §4.2.1.9", "RFC 5280 §6.1.4(k)"},
              .shows = {"issued_by_leaf"}},
             "takes_anybody_for_an_authority"),
    refusing({.id = "certificate.ca.intermediate_no_bc",
              .title = "An intermediate without basicConstraints is no authority",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §4.2.1.9", "RFC 5280 §6.1.4(k)"},
              .shows = {"intermediate_without_constraints"}},
             "takes_anybody_for_an_authority"),
    refusing({.id = "certificate.ca.intermediate_v1",
              .title = "An intermediate of version 1 is no authority",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §6.1.4(k)"},
              .shows = {"intermediate_of_version_1"}},
             "takes_anybody_for_an_authority"),
    refusing({.id = "certificate.ca.intermediate_no_keycertsign",
              .title = "An intermediate whose key is not for signing certificates issues none",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §4.2.1.3", "RFC 5280 §6.1.4(n)"},
              .shows = {"intermediate_without_certificate_signing"}},
             "takes_anybody_for_an_authority"),
    refusing({.id = "certificate.ca.pathlen_zero_violated",
              .title = "Below an authority with path length 0 there is no further one",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §4.2.1.9", "RFC 5280 §6.1.4(l)", "RFC 5280 §6.1.4(m)"},
              .shows = {"path_too_long"}},
             "overlooks_path_length"),
    // For which names.
    refusing({.id = "certificate.nc.permitted_dns_violated",
              .title = "A name outside what the intermediate is permitted is refused",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §4.2.1.10", "RFC 5280 §6.1.3(b)"},
              .shows = {"name_not_permitted"}},
             "overlooks_name_constraints"),
    refusing({.id = "certificate.nc.excluded_dns_hit",
              .title = "A name that is excluded for the intermediate is refused",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §4.2.1.10", "RFC 5280 §6.1.3(c)"},
              .shows = {"name_excluded"}},
             "overlooks_name_constraints"),
    refusing({.id = "certificate.nc.excluded_beats_permitted",
              .title = "A name that is excluded and permitted at once is refused",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §4.2.1.10"},
              .shows = {"name_excluded_and_permitted"}},
             "overlooks_name_constraints"),
    refusing({.id = "certificate.nc.non_critical_still_enforced",
              .title = "Name constraints hold without being critical",
              .levels = {.all = Level::should},
              .severity = Severity::error,
              .sources = {"RFC 5280 §4.2.1.10", "RFC 5280 §6.1.3(b)"},
              .shows = {"name_not_permitted_uncritically"}},
             "overlooks_name_constraints"),
    // For which purpose.
    refusing({.id = "certificate.eku.leaf_clientauth_only",
              .title = "A certificate that is for clients alone is refused",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §4.2.1.12"},
              .shows = {"client_purpose_only"}},
             "ignores_purpose"),
    refusing({.id = "certificate.eku.leaf_codesigning_emailprotection",
              .title = "A certificate for mail and code alone is refused",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §4.2.1.12"},
              .shows = {"mail_purpose_only"}},
             "ignores_purpose"),
    refusing({.id = "certificate.eku.intermediate_clientauth_only",
              .title = "Below an intermediate for clients there is no server",
              .levels = {.all = Level::bcp},
              .severity = Severity::error,
              .sources = {"RFC 5280 §4.2.1.12"},
              .shows = {"client_purpose_intermediate"}},
             "looks_at_leaf_purpose_alone"),
    // What is not understood.
    refusing({.id = "certificate.ext.unknown_critical_leaf",
              .title = "A critical extension that nobody knows is no reason to go on",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §4.2", "RFC 5280 §6.1.5(f)"},
              .shows = {"unknown_critical_extension"}},
             "overlooks_critical_extensions"),
    refusing(
        {.id = "certificate.ext.unknown_critical_intermediate",
         .title = "A critical extension of an intermediate that nobody knows is no reason to go on",
         .levels = {.all = Level::must},
         .sources = {"RFC 5280 §4.2", "RFC 5280 §6.1.4(o)"},
         .shows = {"unknown_critical_extension_above"}},
        "overlooks_critical_extensions"),
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> client_constraints() { return kChecks; }

}  // namespace assay::suites
