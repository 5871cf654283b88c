// RFC 3207 §4, RFC 2595 §2.3, RFC 4642 §2.2.2, RFC 8314 §5.2: what a client does behind a handshake
// that failed.
#include "harness/check/encounter.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

Task<Ending> no_fallback_after_alert(Probe& probe) {
  const Encounter met = co_await meet(probe);
  const Ending seen = ending_with_honest(probe, met);
  if (seen == ending::turned_away && !met.began_tls())
    co_return probe.inconclusive("the client never began TLS: " + met.end.said);
  co_return seen;
}

constexpr Check kChecks[] = {
    {.id = "negotiation.client_failure.no_fallback_after_alert",
     .title = "A handshake that the server refused is no reason to work in the clear",
     .side = Side::client,
     .levels =
         {.smtp = Level::must, .pop3 = Level::must, .nntp = Level::should, .ldap = Level::should},
     .roles = {.public_mx = Severity::note},
     .component = Component::client,
     .sources = {"RFC 3207 §4", "RFC 3207 §6", "RFC 2595 §2.2", "RFC 2595 §2.3", "RFC 4642 §2.2.2",
                 "RFC 4513 §2", "RFC 8314 §5.2"},
     .scope = {.protocols = kApplications, .access = {Access::upgrade}},
     .needs = {Need::policy_required},
     .setup = {.clear_auth = true},
     .shows = {"handshake_refused_then_clear"},
     .run = no_fallback_after_alert,
     .steps = "After the go-ahead the ClientHello is answered by the alert handshake_failure; the "
              "connection stays open, and commands in the clear are answered.",
     .accepts = {ending::turned_away},
     .weak = {ending::turned_away_silently},
     .breakers = {{"clear_after_failed_handshake", ending::leaked_in_clear}},
     .liberties = {{"leaves_without_farewell", ending::turned_away},
                   {"reports_success", ending::turned_away_silently}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> client_failure() { return kChecks; }

}  // namespace assay::suites
