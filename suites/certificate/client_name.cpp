// RFC 9525 §6, RFC 7817 §3, RFC 4513 §3.1.3: the name that a certificate must prove is compared
// whole, octet for octet but for case, and with nothing but the names that stand for hosts.
#include "suites/certificate/refusing.h"

#include <array>

namespace assay::suites {
namespace {

/// The client is told to go to the address.
Task<Ending> meets_impostor_by_address(Probe& probe) {
  const Encounter met = co_await meet_by_address(probe);
  co_return ending_with_impostor(probe, met);
}

constexpr Ending kTook{"took_common_name"};
constexpr Ending kDiffers{"differs"};

/// RFC 7817 §3 and RFC 4513 §3.1.3 leave it to the client whether a common name counts where there
/// is nothing else; it counts on both ways to TLS, or on neither.
Task<Ending> common_name_alone(Probe& probe) {
  std::array<bool, 2> took{};
  bool silently = false;
  for (const Access access : {Access::upgrade, Access::implicit}) {
    const Encounter met = co_await meet_with(probe, "name_in_common_name_only", access);
    const Ending ending = met.worked_inside() ? kTook : ending_with_impostor(probe, met);
    const bool silent = ending == ending::turned_away_silently;
    if (ending != kTook && ending != ending::turned_away && !silent) co_return ending;
    silently = silently || silent;
    probe.note(std::string(name_of(access)) + ": " + std::string(ending.slug));
    took.at(access == Access::upgrade ? 0 : 1) = ending == kTook;
  }
  if (took[0] != took[1]) co_return kDiffers;
  if (took[0]) co_return kTook;
  co_return silently ? ending::turned_away_silently : ending::turned_away;
}

constexpr Ending kNoAddresses{"took_no_address"};

/// RFC 9525 §6.4 is for clients that support IP-IDs; in LDAP all do (RFC 4513 §3.1.3.2).
Task<Ending> goes_to_address(Probe& probe) {
  const Encounter met = co_await meet_by_address(probe);
  const Ending seen = ending_with_honest(probe, met);
  const bool may = probe.endpoint().protocol != Protocol::ldap;
  if (may && is_turning_away(seen)) co_return kNoAddresses;
  co_return seen;
}

constexpr Check by_address(Check row) {
  row.run = meets_impostor_by_address;
  row.steps =
      "The client is sent to 127.0.0.1, to a server that presents this, with a trust file that has "
      "the root of the honest one alone. A command inside TLS is one too many.";
  return row;
}

constexpr Check kChecks[] = {
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
    {.id = "certificate.name.cn_only",
     .title = "A common name counts on both ways to TLS, or better on neither",
     .side = Side::client,
     .levels = {.all = Level::bcp},
     .component = Component::library,
     .sources = {"RFC 9525 §2", "RFC 7817 §3", "RFC 4513 §3.1.3"},
     .scope = {.protocols = kApplications, .access = {Access::pair}},
     .needs = {Need::policy_required},
     .shows = {"name_in_common_name_only"},
     .run = common_name_alone,
     .steps = "A certificate without subjectAltName, with the host's name as its common name, "
              "behind the upgrade command and on the port that begins with TLS.",
     .accepts = {ending::turned_away},
     .weak = {kTook, ending::turned_away_silently},
     .breakers = {{"takes_common_name_after_upgrade", kDiffers}},
     .liberties = {{"takes_common_name", kTook},
                   {"leaves_without_farewell", ending::turned_away},
                   {"reports_success", ending::turned_away_silently}}},
    accepting({.id = "certificate.name.second_san_matches",
               .title = "Every name in a certificate counts, and not the first alone",
               .levels = {.all = Level::must},
               .sources = {"RFC 9525 §6.2", "RFC 9525 §7.5"},
               .shows = {"name_behind_others"}},
              "reads_first_name_alone"),
    accepting({.id = "certificate.name.case_insensitive",
               .title = "Names are the same in capitals and in small letters",
               .levels = {.all = Level::must},
               .sources = {"RFC 9525 §6.3", "RFC 5280 §7.2"},
               .shows = {"name_in_capitals"}},
              "compares_case"),
    refusing({.id = "certificate.name.wildcard_not_apex",
              .title = "A wildcard below a name does not stand for that name",
              .levels = {.all = Level::must},
              .sources = {"RFC 9525 §6.3", "RFC 7817 §3", "RFC 4513 §3.1.3.1", "RFC 4642 §5"},
              .shows = {"wildcard_below_host"}},
             "ignores_name"),
    by_address(refusing({.id = "certificate.name.ip_as_dns_text",
                         .title = "An address is not proved by a DNS name that looks like it",
                         .levels = {.all = Level::must},
                         .sources = {"RFC 9525 §6.4", "RFC 4513 §3.1.3.2"},
                         .shows = {"address_as_name"}},
                        "ignores_name")),
    {.id = "certificate.name.ip_san_match",
     .title = "An address is proved by an iPAddress that is the same",
     .side = Side::client,
     .levels =
         {.smtp = Level::should, .pop3 = Level::should, .nntp = Level::should, .ldap = Level::must},
     .component = Component::library,
     .sources = {"RFC 9525 §6.4", "RFC 5280 §4.2.1.6", "RFC 4513 §3.1.3.2"},
     .scope = {.protocols = kApplications},
     .needs = {Need::policy_required},
     .shows = {"address_only"},
     .run = goes_to_address,
     .steps =
         "The client is sent to 127.0.0.1, and the certificate has this as an iPAddress and no "
         "DNS name: it must do its work inside TLS.",
     .accepts = {ending::secured_first},
     .weak = {kNoAddresses},
     .breakers = {{"knows_no_addresses", ending::turned_away, {}, {}, {Protocol::ldap}}},
     .liberties = {{"knows_no_addresses", kNoAddresses, {}, {}, kLineProtocols}}},
    refusing({.id = "certificate.name.suffix_not_prefix",
              .title = "A name that begins or ends like the host's is another name",
              .levels = {.all = Level::must},
              .sources = {"RFC 9525 §6.3"},
              .shows = {"name_with_suffix", "name_with_prefix"}},
             "ignores_name"),
    refusing({.id = "certificate.name.nul_in_san",
              .title = "A name does not end at an octet of zero",
              .levels = {.all = Level::must},
              .sources = {"RFC 9525 §6.3", "RFC 5280 §4.2.1.6", "CVE-2009-3767", "CVE-2009-4565"},
              .shows = {"name_with_nul"}},
             "ignores_name"),
    refusing({.id = "certificate.name.dns_client_ip_san",
              .title = "The address that a name leads to does not prove the name",
              .levels = {.all = Level::must},
              .sources = {"RFC 9525 §6.3", "RFC 9525 §6.4"},
              .shows = {"address_only"}},
             "ignores_name"),
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> client_name() { return kChecks; }

}  // namespace assay::suites
