// RFC 2595 §2.4, RFC 7817 §3, RFC 4513 §3.1.3, RFC 4954 §14: what a client does about a server that
// is not who it should be: nothing, on either way to TLS.
#include "suites/certificate/refusing.h"

#include <array>

namespace assay::suites {
namespace {

constexpr Ending kSame{"same_on_both"};
constexpr Ending kDiffers{"differs"};

struct Impostor {
  std::string_view name;
  std::string_view fault;
};
constexpr std::array<Impostor, 3> kImpostors = {
    {{"unknown_root", "unknown_root"}, {"expired", "expired_leaf"}, {"other_name", "other_name"}}};

/// A hello inside TLS gives nothing away: it is left to the rows that speak of the chain.
Task<Ending> verify_before_credentials(Probe& probe) {
  for (const Impostor& impostor : kImpostors) {
    const Encounter met = co_await meet_with(probe, impostor.fault);
    Ending seen = ending_with_impostor(probe, met);
    const bool said_hello_alone = seen == ending::trusted_impostor && !met.worked_inside();
    if (said_hello_alone || seen == ending::turned_away_silently) seen = ending::turned_away;
    probe.part(std::string(impostor.name), seen);
  }
  co_return probe.worst();
}

Task<Ending> on_both(Probe& probe, std::string_view fault, std::string_view name) {
  std::array<Ending, 2> seen;
  for (const Access access : {Access::upgrade, Access::implicit}) {
    const Encounter met = co_await meet_with(probe, fault, access);
    const Ending ending = ending_with_impostor(probe, met);
    if (ending == ending::inconclusive) co_return ending;
    probe.note(std::string(name) + ", " + std::string(name_of(access)) + ": " +
               std::string(ending.slug));
    seen.at(access == Access::upgrade ? 0 : 1) = ending;
  }
  co_return is_turning_away(seen[0]) == is_turning_away(seen[1]) ? kSame : kDiffers;
}

Task<Ending> starttls_same_rules(Probe& probe) {
  for (const Impostor& impostor : kImpostors) {
    const Ending seen = co_await on_both(probe, impostor.fault, impostor.name);
    probe.part(std::string(impostor.name), seen);
  }
  co_return probe.worst();
}

Task<Ending> wrong_host(Probe& probe) {
  for (const Access access : {Access::upgrade, Access::implicit}) {
    const Encounter met = co_await meet_with(probe, "other_name", access);
    probe.part(std::string(name_of(access)), ending_with_impostor(probe, met));
  }
  co_return probe.worst();
}

constexpr Check kChecks[] = {
    {.id = "certificate.tls.verify_before_credentials",
     .title = "Nothing that is for the server alone is said before its certificate is verified",
     .side = Side::client,
     .levels = kComparison,
     .component = Component::client,
     .sources = {"RFC 7817 §3", "RFC 4513 §3.1.3", "RFC 4954 §14", "RFC 4642 §5", "RFC 2595 §2.4"},
     .scope = {.protocols = kApplications},
     .needs = {Need::policy_required},
     .shows = {"unknown_root", "expired_leaf", "other_name"},
     .run = verify_before_credentials,
     .steps =
         "The client is sent to servers with an unknown root, an expired certificate and another "
         "host's; what it says inside TLS is read.",
     .accepts = {ending::turned_away},
     .breakers = {{"works_before_verifying", ending::leaked_to_impostor}}},
    {.id = "certificate.tls.other_host_after_upgrade",
     .title = "The name that a certificate must prove is not taken from the greeting",
     .side = Side::client,
     .levels = {.all = Level::must},
     .component = Component::client,
     .sources = {"RFC 7817 §3", "RFC 4642 §5", "RFC 4954 §14"},
     .scope = {.protocols = kLineProtocols, .access = {Access::upgrade}},
     .needs = {Need::policy_required},
     .shows = {"names_another_host"},
     .run = meets_impostor,
     .steps =
         "The greeting in the clear names other.test, and the certificate proves other.test alone; "
         "the client was told to go to another host.",
     .accepts = {ending::turned_away},
     .weak = {ending::turned_away_silently},
     .breakers = {{"takes_name_from_greeting", ending::leaked_to_impostor}},
     .liberties = {{"leaves_without_farewell", ending::turned_away},
                   {"reports_success", ending::turned_away_silently}}},
    {.id = "certificate.tls.fallback_to_plaintext",
     .title = "A certificate that was refused is no reason to go on in the clear",
     .side = Side::client,
     .levels =
         {.smtp = Level::must, .pop3 = Level::must, .nntp = Level::must, .ldap = Level::should},
     .component = Component::client,
     .sources = {"RFC 8314 §5.2", "RFC 4513 §3.1.3"},
     .scope = {.protocols = kApplications, .access = {Access::upgrade}},
     .needs = {Need::policy_required},
     .setup = {.clear_auth = true},
     .shows = {"unknown_root"},
     .run = meets_impostor,
     .steps =
         "A chain under an unknown root after the upgrade command; the same server takes logins in "
         "the clear, on this connection and on later ones.",
     .accepts = {ending::turned_away},
     .weak = {ending::turned_away_silently},
     .breakers = {{"clear_where_untrusted", ending::leaked_in_clear}},
     .liberties = {{"leaves_without_farewell", ending::turned_away},
                   {"reports_success", ending::turned_away_silently}}},
    {.id = "certificate.tls.starttls_same_rules",
     .title = "Certificates are held to the same rules behind the upgrade command",
     .side = Side::client,
     .levels = {.all = Level::must},
     .component = Component::client,
     .sources = {"RFC 7817 §3", "RFC 8314 §5.3"},
     .scope = {.protocols = kApplications, .access = {Access::pair}},
     .needs = {Need::policy_required},
     .shows = {"unknown_root", "expired_leaf", "other_name"},
     .run = starttls_same_rules,
     .steps =
         "Three certificates that must be refused, each behind the upgrade command and on the port "
         "that begins with TLS.",
     .accepts = {kSame},
     .breakers = {{"trusts_everybody_after_upgrade", kDiffers}}},
    {.id = "certificate.client_identity.wrong_host",
     .title = "A server of another name is left, on both ways to TLS",
     .side = Side::client,
     .levels = {.all = Level::must},
     .roles = {.public_mx = Severity::note},
     .component = Component::client,
     .sources = {"RFC 7817 §3", "RFC 2595 §2.4", "RFC 9525 §6", "RFC 4642 §5", "RFC 4513 §3.1.3"},
     .scope = {.protocols = kApplications, .access = {Access::pair}},
     .needs = {Need::policy_required},
     .shows = {"other_name"},
     .run = wrong_host,
     .steps = "A valid chain for other.test alone, behind the upgrade command and on the port that "
              "begins with TLS; the client was told to go to another host.",
     .accepts = {ending::turned_away},
     .weak = {ending::turned_away_silently},
     .breakers = {{"trusts_everybody_after_upgrade", ending::leaked_to_impostor},
                  {"trusts_everybody", ending::leaked_to_impostor}},
     .liberties = {{"leaves_without_farewell", ending::turned_away},
                   {"reports_success", ending::turned_away_silently}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> client_identity() { return kChecks; }

}  // namespace assay::suites
