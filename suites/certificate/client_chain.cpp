// RFC 5280 §6.1: the chain that a verifying client takes, and those that it must refuse: whose root
// is not the client's, whose signatures are not what they claim, whose time is not now.
#include "suites/certificate/refusing.h"

namespace assay::suites {
namespace {

/// With a chain of either kind of key.
Task<Ending> accepts(Probe& probe) {
  const Encounter ecdsa = co_await meet_honest(probe);
  probe.part("p256", ending_with_honest(probe, ecdsa));
  const Encounter rsa = co_await meet_with(probe, "rsa_leaf");
  probe.part("rsa2048", ending_with_honest(probe, rsa));
  co_return probe.worst();
}

/// Whether a client takes so many certificates is left to it; that it comes out of it is not.
Ending ending_of_long_chain(Probe& probe, const Encounter& met) {
  if (met.end.how == ClientEnd::How::died) return ending::died;
  return ending_with_honest(probe, met);
}

Task<Ending> meets_long_chains(Probe& probe) { return meets_each(probe, ending_of_long_chain); }

/// Another client that refuses it.
constexpr Check with_breaker(Check row, std::string_view second) {
  row.breakers = {*row.breakers.begin(), {second, ending::turned_away}};
  return row;
}

constexpr Check kChecks[] = {
    {.id = "certificate.trust.baseline_accept",
     .title = "A client works with a server whose chain and name are right",
     .side = Side::client,
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 5280 §6.1", "RFC 8446 §4.4.2", "RFC 4513 §3.1.3.1", "RFC 4642 §5"},
     .scope = {.protocols = kApplications},
     .shows = {"rsa_leaf"},
     .control = Control::none,  // it is the control itself
     .run = accepts,
     .steps =
         "The client is sent to the honest server, once with a certificate for a P-256 key, once "
         "for RSA 2048: it must do its work inside TLS.",
     .accepts = {ending::secured_first},
     .breakers = {{"trusts_nobody", ending::turned_away}}},
    refusing({.id = "certificate.trust.unknown_root",
              .title = "A chain under a root that is not trusted is refused",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §6.1.1(d)", "RFC 5280 §6.1.3(a)(1)", "RFC 2595 §2.4"},
              .shows = {"unknown_root"}},
             "trusts_any_issuer"),
    refusing({.id = "certificate.trust.same_name_other_key",
              .title = "A root is not known by its name and its key identifier, but by its key",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §6.1.3(a)(1)"},
              .shows = {"twin_root"}},
             "overlooks_signatures"),
    refusing({.id = "certificate.trust.self_signed_leaf",
              .title = "A certificate that is its own issuer, and not trusted, is refused",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §6.1", "RFC 7817 §3", "RFC 4513 §3.1.3"},
              .shows = {"self_signed"}},
             "trusts_any_issuer"),
    refusing({.id = "certificate.trust.self_signed_leaf_ca_true",
              .title = "A certificate that calls itself an authority is not one for that",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §6.1"},
              .shows = {"self_signed_authority"}},
             "believes_sent_root"),
    refusing({.id = "certificate.trust.server_sends_untrusted_root",
              .title = "A root does not become trusted by being sent",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §6.1.1(d)", "RFC 8446 §4.4.2"},
              .shows = {"unknown_root_served"}},
             "believes_sent_root"),
    refusing({.id = "certificate.trust.leaf_bad_signature",
              .title = "A certificate whose signature does not verify is refused",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §6.1.3(a)(1)"},
              .shows = {"forged_leaf"}},
             "overlooks_signatures"),
    refusing({.id = "certificate.trust.leaf_tbs_altered",
              .title = "A certificate whose name was changed after it was signed is refused",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §6.1.3(a)(1)"},
              .shows = {"renamed_leaf"}},
             "overlooks_signatures"),
    refusing({.id = "certificate.trust.intermediate_bad_signature",
              .title = "An intermediate whose signature does not verify is refused",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §6.1.3(a)(1)"},
              .shows = {"forged_intermediate"}},
             "overlooks_signatures"),
    refusing({.id = "certificate.validity.leaf_expired",
              .title = "A certificate whose time has passed is refused",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §4.1.2.5", "RFC 5280 §6.1.3(a)(2)"},
              .shows = {"expired_leaf"}},
             "ignores_time"),
    refusing({.id = "certificate.validity.leaf_not_yet_valid",
              .title = "A certificate whose time has not come is refused",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §4.1.2.5", "RFC 5280 §6.1.3(a)(2)"},
              .shows = {"leaf_not_yet_valid"}},
             "ignores_time"),
    refusing({.id = "certificate.validity.expired_seconds",
              .title = "A certificate whose time has passed two seconds ago is refused",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §4.1.2.5"},
              .shows = {"just_expired_leaf"}},
             "ignores_time"),
    refusing({.id = "certificate.validity.intermediate_expired",
              .title = "An intermediate whose time has passed is refused",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §6.1.3(a)(2)"},
              .shows = {"expired_intermediate"}},
             "looks_at_leaf_time_alone"),
    with_breaker(
        accepting({.id = "certificate.validity.generalizedtime_2050",
                   .title = "A certificate lasts until the day it says, however far away that is",
                   .levels = {.all = Level::must},
                   .sources = {"RFC 5280 §4.1.2.5"},
                   .shows = {"leaf_until_2050", "leaf_until_2039"}},
                  "reads_utc_time_alone"),
        "counts_seconds_in_32_bits"),
    refusing({.id = "certificate.chain.intermediate_missing",
              .title = "A chain with a gap that the client cannot close is refused",
              .levels = {.all = Level::must},
              .sources = {"RFC 8446 §4.4.2", "RFC 5280 §6.1"},
              .shows = {"no_intermediate"}},
             "trusts_any_issuer"),
    accepting({.id = "certificate.chain.root_included",
               .title = "A chain that comes with its root is taken",
               .levels = {.all = Level::must},
               .sources = {"RFC 8446 §4.4.2"},
               .shows = {"serve_root"}},
              "refuses_sent_root"),
    refusing({.id = "certificate.chain.loop",
              .title = "Authorities that vouch for each other alone vouch for nobody",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §6.1"},
              .shows = {"authorities_in_a_loop"}},
             "trusts_any_issuer"),
    refusing({.id = "certificate.chain.leaf_not_first",
              .title = "The first certificate is the server's, whatever stands behind it",
              .levels = {.all = Level::must},
              .sources = {"RFC 8446 §4.4.2", "RFC 8446 §4.4.3", "RFC 5246 §7.4.2"},
              .shows = {"issuer_first", "other_leaf_in_front", "other_name_in_front"}},
             "searches_chain_for_name"),
    {.id = "certificate.limits.long_chain",
     .title = "A chain of many certificates is taken or refused, and brings nobody down",
     .side = Side::client,
     .levels = {.all = Level::bcp},
     .severity = Severity::error,
     .component = Component::library,
     .sources = {"CVE-2024-28835"},
     .scope = {.protocols = kApplications},
     .needs = {Need::policy_required},
     .shows = {"twenty_intermediates", "hundred_intermediates"},
     .run = meets_long_chains,
     .steps = "Between the certificate and the trusted root stand 20 intermediates, then 100. "
              "The client may work inside TLS or leave; it may not end by SIGSEGV, SIGABRT or "
              "their kin, which a shell tells by a code above 128.",
     .accepts = {ending::secured_first, ending::turned_away},
     .weak = {ending::turned_away_silently},
     .breakers = {{"dies_of_long_chains", ending::died}},
     .liberties = {{"takes_long_chains", ending::secured_first},
                   {"leaves_without_farewell", ending::turned_away},
                   {"reports_success", ending::turned_away_silently}}},
    accepting({.id = "certificate.chain.cross_sign_expired_root",
               .title = "A way to a trusted root is found beside one to a root that has expired",
               .levels = {.all = Level::bcp},
               .sources = {"RFC 8446 §4.4.2"},
               .shows = {"cross_root"}},
              "refuses_sent_root"),
    refusing({.id = "certificate.chain.issuer_name_mismatch",
              .title = "An issuer is not known by its key alone, but by its name, too",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §6.1.3(a)(4)"},
              .shows = {"other_issuer_name"}},
             "trusts_any_issuer"),
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> client_chain() { return kChecks; }

}  // namespace assay::suites
