// RFC 5280 §4.2 and §6.1.4: what the certificates of a chain may be used for. A verifying client
// holds them to it: who may issue, how deep, for which names, for which purpose.
#include "suites/certificate/refusing.h"

namespace assay::suites {
namespace {

/// Each of the authorities allows for exactly those that stand below it.
Task<Ending> uses_path_lengths_up(Probe& probe) {
  const Encounter one = co_await meet_honest(probe);
  probe.part("one_intermediate", ending_with_honest(probe, one));
  const Encounter two = co_await meet_with(probe, "two_intermediates");
  probe.part("two_intermediates", ending_with_honest(probe, two));
  co_return probe.worst();
}

constexpr Ending kRefusedCritical{"refused_critical"};

/// RFC 5280 §4.2.1.10: who cannot process constraints for DNS names must refuse critical ones, and
/// has no reason to refuse others.
Task<Ending> takes_permitted_names(Probe& probe) {
  const Encounter uncritical = co_await meet_with(probe, "name_permitted_uncritically");
  probe.part("not_critical", ending_with_honest(probe, uncritical));
  const Encounter critical = co_await meet_with(probe, "name_permitted");
  const Ending seen = ending_with_honest(probe, critical);
  probe.part("critical", is_turning_away(seen) ? kRefusedCritical : seen);
  co_return probe.worst();
}

/// A client that takes common names is as right as one that does not.
constexpr Check constrained(Check row) {
  row.liberties = {{"takes_common_name", ending::turned_away},
                   {"leaves_without_farewell", ending::turned_away},
                   {"reports_success", ending::turned_away_silently}};
  return row;
}

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
    {.id = "certificate.ca.pathlen_leaf_not_counted",
     .title = "The server's own certificate does not count in the path length of an authority",
     .side = Side::client,
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 5280 §4.2.1.9"},
     .scope = {.protocols = kApplications},
     .needs = {Need::policy_required},
     .shows = {"two_intermediates"},
     .control = Control::none,  // the control's own chain is like this
     .run = uses_path_lengths_up,
     .steps = "An intermediate with path length 0 stands directly above the certificate; then one "
              "with path length 1 stands above that. The client must do its work inside TLS.",
     .accepts = {ending::secured_first},
     .breakers = {{"counts_leaf_in_path_length", ending::turned_away}}},
    // For which names.
    {.id = "certificate.nc.permitted_dns_ok",
     .title = "A name that the intermediate is permitted is taken",
     .side = Side::client,
     .levels = {.all = Level::should},
     .component = Component::library,
     .sources = {"RFC 5280 §4.2.1.10"},
     .scope = {.protocols = kApplications},
     .needs = {Need::policy_required},
     .shows = {"name_permitted", "name_permitted_uncritically"},
     .run = takes_permitted_names,
     .steps = "The intermediate is permitted names in the host's domain alone: by an extension "
              "that is not critical, then by one that is. The client must do its work inside TLS; "
              "one that cannot process such constraints refuses the second.",
     .accepts = {ending::secured_first},
     .weak = {kRefusedCritical},
     .breakers = {{"refuses_name_constraints", ending::turned_away}},
     .liberties = {{"knows_no_name_constraints", kRefusedCritical}}},
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
    constrained(refusing({.id = "certificate.nc.cn_fallback_constrained",
                          .title = "A common name that counts is held to name constraints, too",
                          .levels = {.all = Level::bcp},
                          .severity = Severity::error,
                          .sources = {"RFC 5280 §4.2.1.10"},
                          .shows = {"common_name_excluded"},
                          .host_labels = 2},  // one label may be any word
                         "takes_common_name_unconstrained")),
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
    accepting({.id = "certificate.ext.unknown_noncritical",
               .title = "An extension that nobody knows and that is not critical is passed over",
               .levels = {.all = Level::bcp},
               .severity = Severity::error,
               .sources = {"RFC 5280 §4.2"},
               .shows = {"unknown_extension"}},
              "refuses_unknown_extensions"),
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
