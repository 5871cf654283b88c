// RFC 9525 §6.1.1, RFC 4513 §3.1.3, RFC 8461 §4: where the name comes from that a certificate must
// prove, and what a client does about one that does not prove it.
#include "suites/certificate/refusing.h"

namespace assay::suites {
namespace {

constexpr Ending kRefusedRightServer{"refused_right_server"};

/// A sender may keep the message for later and say nothing of it, where it must not send it. The
/// right server must get it.
Task<Ending> enforces_name(Probe& probe) {
  const Encounter right = co_await meet_honest(probe);
  const Ending sent = ending_with_honest(probe, right);
  probe.part("right", is_turning_away(sent) ? kRefusedRightServer : sent);
  for (const std::string_view shown : probe.which().check->shows) {
    const Encounter met = co_await meet_with(probe, shown);
    probe.part(std::string(shown), ending_with_impostor(probe, met));
  }
  co_return probe.worst();
}

/// Of one protocol, and the program's finding.
constexpr Check of_ldap(Check row) {
  row.component = Component::client;
  row.scope = {.protocols = {Protocol::ldap}};
  return row;
}

constexpr Check without_wildcards(Check row) {
  row.host_labels = 3;
  row.liberties = {{"takes_common_name", ending::turned_away},
                   {"leaves_without_farewell", ending::turned_away},
                   {"reports_success", ending::turned_away_silently}};
  return row;
}

constexpr Check kChecks[] = {
    of_ldap(refusing({.id = "certificate.identity.ldap_mismatch_action",
                      .title = "A client whose server proves another name ends the connection and "
                               "tells of it",
                      .levels = {.ldap = Level::should},
                      .sources = {"RFC 4513 §3.1.3"},
                      .shows = {"other_name"}},
                     "ignores_name")),
    without_wildcards(of_ldap(refusing({.id = "certificate.identity.ldap_cn_no_wildcard",
                                        .title = "A wildcard in a common name stands for nothing",
                                        .levels = {.ldap = Level::must},
                                        .sources = {"RFC 4513 §3.1.3"},
                                        .shows = {"wildcard_in_common_name"}},
                                       "takes_wildcard_in_common_name"))),
    // What a name server says of the host (an alias, the name of its address) is the other half of
    // the rule. It is not tried: the client's name server is not ours. Nobody greets in LDAP.
    {.id = "certificate.identity.rfc9525_reference_source",
     .title = "The name that a certificate must prove is the one that the client was given",
     .side = Side::client,
     .levels = {.smtp = Level::must, .pop3 = Level::must, .nntp = Level::must},
     .component = Component::client,
     .sources = {"RFC 9525 §6.1.1", "RFC 7817 §3", "RFC 4642 §5", "RFC 4954 §14"},
     .scope = {.protocols = kLineProtocols, .access = {Access::implicit}},
     .needs = {Need::policy_required},
     .shows = {"names_another_host"},
     .run = meets_impostor,
     .steps = "The certificate proves other.test alone, and the greeting inside TLS names that, "
              "too; the "
              "client was told to go to another host.",
     .accepts = {ending::turned_away},
     .weak = {ending::turned_away_silently},
     .breakers = {{"takes_name_from_greeting_inside", ending::leaked_to_impostor}},
     .liberties = {{"leaves_without_farewell", ending::turned_away},
                   {"reports_success", ending::turned_away_silently}}},
    {.id = "certificate.identity.mtasts_dns_id",
     .title = "Mail under a policy in mode enforce goes to a host that proves its name, and to no "
              "other",
     .side = Side::client,
     .levels = {.all = Level::must},
     .component = Component::client,
     .sources = {"RFC 8461 §4.1", "RFC 8461 §4.2", "RFC 8461 §5"},
     .scope = {.protocols = {Protocol::smtp}, .access = {Access::upgrade}},
     .needs = {Need::policy_mta_sts},
     .setup = {.clear_auth = true},
     .shows = {"expired_leaf", "self_signed", "other_name"},
     .run = enforces_name,
     .steps =
         "The client knows of a policy for the host, in mode enforce. The host's certificate is "
         "right, then expired, its own issuer, another host's; it would take mail in the clear.",
     .accepts = {ending::secured_first, ending::turned_away, ending::turned_away_silently},
     .breakers = {{"trusts_everybody", ending::leaked_to_impostor},
                  {"ignores_name", ending::leaked_to_impostor},
                  {"clear_where_untrusted", ending::leaked_in_clear}},
     .liberties = {{"leaves_without_farewell", ending::secured_first},
                   {"reports_success", ending::secured_first}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> client_reference() { return kChecks; }

}  // namespace assay::suites
