// RFC 5280 §6.1, RFC 9525 §6, RFC 7817 §3: the chain and the name that a verifying client takes,
// and those that it must refuse.
#include "harness/check/encounter.h"
#include "suites/observe.h"
#include "suites/suites.h"

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

constexpr Levels kComparison{
    .smtp = Level::must, .pop3 = Level::must, .nntp = Level::should, .ldap = Level::should};

/// What rows that refuse have in common.
constexpr Check refusing(Check row, std::string_view breaker) {
  row.side = Side::client;
  row.component = Component::library;
  row.scope = {.protocols = kApplications};
  row.needs = {Need::policy_required};
  row.run = meets_impostor;
  row.steps =
      "The client is sent to a server that presents this, with a trust file that has the root "
      "of the honest one alone. It may end the handshake, or leave behind it; a command "
      "inside TLS is one too many.";
  row.accepts = {ending::turned_away};
  row.weak = {ending::turned_away_silently};
  row.breakers = {{breaker, ending::leaked_to_impostor}};
  row.liberties = {{"leaves_without_farewell", ending::turned_away},
                   {"reports_success", ending::turned_away_silently}};
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
    refusing({.id = "certificate.trust.self_signed_leaf",
              .title = "A certificate that is its own issuer, and not trusted, is refused",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §6.1", "RFC 7817 §3", "RFC 4513 §3.1.3"},
              .shows = {"self_signed"}},
             "trusts_any_issuer"),
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
    refusing({.id = "certificate.name.san_mismatch",
              .title = "A certificate for another host is refused",
              .levels = kComparison,
              .sources = {"RFC 9525 §6.3", "RFC 7817 §3", "RFC 4513 §3.1.3", "RFC 4642 §5",
                          "RFC 4954 §14"},
              .shows = {"other_name"}},
             "ignores_name"),
    refusing({.id = "certificate.name.cn_ignored_when_san_present",
              .title = "A common name does not stand in for a subjectAltName of another host",
              .levels = {.smtp = Level::must,
                         .pop3 = Level::must,
                         .nntp = Level::should,
                         .ldap = Level::info},
              .sources = {"RFC 6125 §6.4.4", "RFC 4642 §5", "RFC 4513 §3.1.3"},
              .shows = {"name_in_common_name_beside_another"}},
             "ignores_name"),
    refusing({.id = "certificate.eku.leaf_clientauth_only",
              .title = "A certificate that is for clients alone is refused",
              .levels = {.all = Level::must},
              .sources = {"RFC 5280 §4.2.1.12"},
              .shows = {"client_purpose_only"}},
             "ignores_purpose"),
    refusing({.id = "certificate.chain.intermediate_missing",
              .title = "A chain with a gap that the client cannot close is refused",
              .levels = {.all = Level::must},
              .sources = {"RFC 8446 §4.4.2", "RFC 5280 §6.1"},
              .shows = {"no_intermediate"}},
             "trusts_any_issuer"),
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> client_chain() { return kChecks; }

}  // namespace assay::suites
