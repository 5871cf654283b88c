// RFC 9525 §6.3, RFC 4513 §3.1.3.1: a wildcard is the whole left-most label of a name, stands for
// one label, and nothing else stands for what is above or below it. The client is sent to a name of
// several labels.
#include "suites/certificate/refusing.h"

namespace assay::suites {
namespace {

constexpr Ending kTookOneLabel{"took_one_label"};

/// RFC 9525 §6.3: a client without wildcards refuses the name.
Task<Ending> takes_wildcard(Probe& probe) {
  const Encounter met = co_await meet(probe);
  if (met.end.how == ClientEnd::How::died) co_return ending::died;
  co_return ending_with_honest(probe, met);
}

/// By the letter a lone star is the whole left-most label of a name of one label.
Task<Ending> refuses_lone_star(Probe& probe) {
  for (const std::string_view shown : probe.which().check->shows) {
    const Encounter met = co_await meet_as_localhost(probe, shown);
    const Ending one = met.worked_inside() ? kTookOneLabel : ending_with_impostor(probe, met);
    probe.part(std::string(shown) + ", one label", one);
    if (labels_of(probe.subject().client->host) < 2) {
      probe.note("with several labels: needs --host NAME with at least 2 labels");
      continue;
    }
    const Encounter several = co_await meet_with(probe, shown);
    probe.part(std::string(shown) + ", several labels", ending_with_impostor(probe, several));
  }
  co_return probe.worst();
}

constexpr Check of_labels(std::size_t labels, Check row) {
  row.host_labels = labels;
  return row;
}

constexpr Check kChecks[] = {
    of_labels(2, refusing({.id = "certificate.name.parent_does_not_cover_child",
                           .title = "A certificate for a domain does not count for a host below it",
                           .levels = {.all = Level::must},
                           .sources = {"RFC 9525 §6.3"},
                           .shows = {"parent_of_host"}},
                          "takes_parent_for_child")),
    {.id = "certificate.name.wildcard_one_label",
     .title = "A wildcard stands for the left-most label",
     .side = Side::client,
     .levels = {.all = Level::should},
     .component = Component::library,
     .sources = {"RFC 9525 §6.3", "RFC 7817 §3", "RFC 4513 §3.1.3.1", "RFC 4642 §5"},
     .scope = {.protocols = kApplications},
     .needs = {Need::policy_required},
     .shows = {"wildcard_for_host"},
     .host_labels = 3,
     .run = takes_wildcard,
     .steps = "The certificate is for every host of the domain that the client is sent to: it must "
              "do its work inside TLS, or refuse, where it knows no wildcards.",
     .accepts = {ending::secured_first},
     .weak = {ending::turned_away, ending::turned_away_silently},
     .breakers = {{"dies_of_wildcards", ending::died}},
     .liberties = {{"knows_no_wildcards", ending::turned_away}}},
    of_labels(4, refusing({.id = "certificate.name.wildcard_not_two_labels",
                           .title = "A wildcard does not stand for two labels",
                           .levels = {.all = Level::must},
                           .sources = {"RFC 9525 §6.3", "RFC 4513 §3.1.3.1"},
                           .shows = {"wildcard_for_two_labels"}},
                          "takes_name_like_a_glob")),
    of_labels(3, refusing({.id = "certificate.name.wildcard_not_leftmost",
                           .title = "A wildcard that is not the left-most label stands for nothing",
                           .levels = {.all = Level::must},
                           .sources = {"RFC 9525 §6.3", "RFC 4513 §3.1.3.1"},
                           .shows = {"wildcard_behind_label", "wildcard_twice"}},
                          "takes_name_like_a_glob")),
    of_labels(3, refusing({.id = "certificate.name.wildcard_partial",
                           .title = "A wildcard is a whole label, and no part of one",
                           .levels = kComparison,
                           .sources = {"RFC 9525 §6.3", "RFC 7817 §3", "RFC 4513 §3.1.3.1",
                                       "RFC 6125 §6.4.3"},
                           .shows = {"wildcard_behind_letter", "wildcard_before_letter",
                                     "wildcard_between_letters"}},
                          "takes_name_like_a_glob")),
    {.id = "certificate.name.wildcard_bare",
     .title = "A wildcard alone stands for no host",
     .side = Side::client,
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 9525 §6.3", "RFC 9525 §7.1"},
     .scope = {.protocols = kApplications},
     .needs = {Need::policy_required},
     .shows = {"wildcard_alone", "wildcard_and_dot"},
     .run = refuses_lone_star,
     .steps =
         "The certificate's name is a star alone, then a star and a dot. The client is sent to "
         "localhost, and to a name of several labels, where it has one: a command inside TLS "
         "is one too many.",
     .accepts = {ending::turned_away},
     .weak = {kTookOneLabel, ending::turned_away_silently},
     .breakers = {{"takes_name_like_a_glob", ending::leaked_to_impostor}},
     .liberties = {{"leaves_without_farewell", ending::turned_away},
                   {"reports_success", ending::turned_away_silently}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> client_wildcard() { return kChecks; }

}  // namespace assay::suites
