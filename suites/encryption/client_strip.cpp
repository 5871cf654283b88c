// RFC 3207 §6, RFC 2595 §2.2 and §2.3, RFC 8314 §5.2, RFC 4513 §2: a client that was told to work
// inside TLS alone does so whatever stands between it and the server.
#include "harness/check/encounter.h"
#include "suites/observe.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

/// What rows about an upgrade that does not come about have in common.
constexpr Check insisting(Check row) {
  row.side = Side::client;
  row.component = Component::client;
  row.levels = {
      .smtp = Level::must, .pop3 = Level::must, .nntp = Level::should, .ldap = Level::should};
  row.roles = {.public_mx = Severity::note};
  row.scope = {.protocols = kApplications, .access = {Access::upgrade}};
  row.needs = {Need::policy_required};
  row.setup = {.clear_auth = true};
  row.run = meets_honest_server;
  return row;
}

constexpr std::string_view kNoHandshake = "handshake_refused_then_clear";

/// A sender under MTA-STS may keep the message for later and say nothing of it, or get TLS all the
/// same. One that turns away from a handshake must have begun it.
Task<Ending> enforces_policy(Probe& probe) {
  for (const std::string_view shown : probe.which().check->shows) {
    const Encounter met = co_await meet_with(probe, shown);
    Ending seen = ending_with_honest(probe, met);
    if (shown == kNoHandshake && is_turning_away(seen) && !met.began_tls())
      seen = probe.inconclusive("the client never began TLS: " + met.end.said);
    probe.part(std::string(shown), seen);
  }
  co_return probe.worst();
}

constexpr Check kChecks[] = {
    insisting(
        {.id = "encryption.client_strip.capability_removed",
         .title = "A list without the upgrade is no reason to work in the clear",
         .sources = {"RFC 3207 §6", "RFC 2595 §2.2", "RFC 2595 §2.3", "RFC 8314 §5.2",
                     "RFC 4513 §2"},
         .shows = {"unlisted_upgrade"},
         .steps =
             "The list of capabilities has no upgrade, and offers logins in the clear; the upgrade "
             "would work. All that the client says outside TLS is read.",
         .accepts = {ending::secured_first, ending::turned_away},
         .weak = {ending::turned_away_silently},
         .breakers = {{"clear_where_not_listed", ending::leaked_in_clear}},
         .liberties = {{"asks_unlisted", ending::secured_first},
                       {"leaves_without_farewell", ending::turned_away},
                       {"reports_success", ending::turned_away_silently}}}),
    insisting({.id = "encryption.client_strip.upgrade_refused_permanent",
               .title = "An upgrade that is refused is no reason to work in the clear",
               .sources = {"RFC 3207 §4", "RFC 3207 §6", "RFC 2595 §2.2", "RFC 2595 §2.3",
                           "RFC 4642 §2.2.2", "RFC 4511 §4.14.2", "RFC 4513 §2"},
               .shows = {"listed_but_refused"},
               .steps =
                   "The upgrade is listed and refused for good; the connection goes on and takes "
                   "logins in the clear.",
               .accepts = {ending::turned_away},
               .weak = {ending::turned_away_silently},
               .breakers = {{"clear_where_refused", ending::leaked_in_clear}},
               .liberties = {{"leaves_without_farewell", ending::turned_away},
                             {"reports_success", ending::turned_away_silently}}}),
    insisting({.id = "encryption.client_strip.list_fails",
               .title = "A list that does not come is no reason to work in the clear",
               .sources = {"RFC 2595 §2.2", "RFC 8314 §5.2"},
               .shows = {"list_refused"},
               .steps =
                   "The command that lists capabilities is refused in the clear; older ways to go "
                   "on are open, and logins are taken.",
               .accepts = {ending::secured_first, ending::turned_away},
               .weak = {ending::turned_away_silently},
               .breakers = {{"clear_where_not_listed", ending::leaked_in_clear}},
               .liberties = {{"asks_unlisted",
                              ending::secured_first,
                              {},
                              {},
                              {Protocol::pop3, Protocol::nntp, Protocol::ldap}},
                             {"leaves_without_farewell", ending::turned_away},
                             {"reports_success", ending::turned_away_silently}}}),
    insisting({.id = "encryption.client_strip.greeting_suggests_authenticated",
               .title = "A greeting as to somebody who has logged in does not replace TLS",
               .sources = {"RFC 2595 §2.2", "RFC 2595 §2.3", "RFC 3207 §6", "RFC 4513 §2"},
               .shows = {"greets_as_known_user"},
               .steps =
                   "The greeting in the clear says that the client has logged in (in LDAP: an "
                   "answer to a bind that nobody asked for); the upgrade is offered and works.",
               .accepts = {ending::secured_first, ending::turned_away},
               .weak = {ending::turned_away_silently},
               .breakers = {{"believes_greeting", ending::leaked_in_clear, {}, {}, kLineProtocols},
                            {"works_before_upgrade", ending::leaked_in_clear}}}),
    insisting({.id = "encryption.client_leak.no_credentials_before_tls",
               .title = "The login comes behind the upgrade, also where it is offered before",
               .sources = {"RFC 2595 §2.2", "RFC 2595 §2.3", "RFC 3207 §6", "RFC 4643 §2.3.2",
                           "RFC 4513 §2", "RFC 4513 §3.1.1"},
               .steps = "An honest server that offers logins in the clear and the upgrade.",
               .accepts = {ending::secured_first},
               .breakers = {{"works_before_upgrade", ending::leaked_in_clear}},
               .liberties = {{"asks_unlisted", ending::secured_first}}}),
    {.id = "encryption.client_policy.mta_sts_enforce",
     .title = "Mail for a host whose policy is in mode enforce does not go out in the clear",
     .side = Side::client,
     .levels = {.all = Level::must},
     .component = Component::client,
     .sources = {"RFC 8461 §5"},
     .scope = {.protocols = {Protocol::smtp}, .access = {Access::upgrade}},
     .needs = {Need::policy_mta_sts},
     .setup = {.clear_auth = true},
     .shows = {"unlisted_upgrade", "upgrade_put_off", kNoHandshake},
     .run = enforces_policy,
     .steps = "The client knows of a policy for the host, in mode enforce. The host does not list "
              "STARTTLS, refuses it by 454, fails the handshake; it would take mail in the clear.",
     .accepts = {ending::turned_away, ending::turned_away_silently, ending::secured_first},
     .breakers = {{"clear_where_not_listed", ending::leaked_in_clear},
                  {"clear_where_refused", ending::leaked_in_clear},
                  {"clear_after_failed_handshake", ending::leaked_in_clear}},
     .liberties = {{"asks_unlisted", ending::secured_first},
                   {"leaves_without_farewell", ending::turned_away},
                   {"reports_success", ending::turned_away_silently}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> client_strip() { return kChecks; }

}  // namespace assay::suites
