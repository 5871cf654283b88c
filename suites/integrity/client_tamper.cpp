// RFC 4511 §4.1.10 and §6, RFC 4513 §2 and §3.1.3: a referral leads nobody out of TLS.
#include "harness/check/encounter.h"
#include "suites/observe.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

/// What rows about referrals have in common.
constexpr Check referring(Check row) {
  row.side = Side::client;
  row.component = Component::client;
  row.severity = Severity::error;
  row.needs = {Need::policy_required};
  row.setup = {.clear_auth = true};
  row.run = meets_honest_server;
  row.breakers = {
      {"follows_referral_in_clear", ending::leaked_in_clear, {Access::upgrade}, {}, {}}};
  return row;
}

constexpr Check kChecks[] = {
    referring({.id = "integrity.client_tamper.ldap_referral_on_starttls",
               .title = "A referral in answer to StartTLS is not followed in the clear",
               .levels = {.ldap = Level::should},
               .sources = {"RFC 4511 §4.1.10", "RFC 4511 §6", "RFC 4513 §2"},
               .scope = {.protocols = {Protocol::ldap}, .access = {Access::upgrade}},
               .shows = {"refer_upgrade"},
               .steps =
                   "StartTLS is answered by referral (10) to an ldap:// URL of the same server, "
                   "which takes binds in the clear, on this connection and on others.",
               .accepts = {ending::turned_away},
               .weak = {ending::turned_away_silently},
               .liberties = {{"leaves_without_farewell", ending::turned_away},
                             {"reports_success", ending::turned_away_silently}}}),
    referring({.id = "integrity.client_tamper.referral_keeps_tls",
               .title = "A referral that came inside TLS is not followed in the clear",
               .levels = {.ldap = Level::bcp},
               .sources = {"RFC 4511 §4.1.10", "RFC 4511 §6", "RFC 4513 §3.1.3", "CVE-2005-2069"},
               .scope = {.protocols = {Protocol::ldap}},
               .shows = {"refer_search"},
               .steps =
                   "Inside TLS, behind the login, the search is answered by referral (10) to an "
                   "ldap:// URL of the same server, which takes binds in the clear.",
               .accepts = {ending::secured_first},
               .liberties = {{"reports_success", ending::secured_first}}}),
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> client_tamper() { return kChecks; }

}  // namespace assay::suites
