// RFC 6066 §8, RFC 6960 §3.2: what a client makes of a stapled OCSP response that it asked for.
// Where one is missing is not judged: nothing tells a client that does not know RFC 7633 from one
// that does not care.
#include "suites/certificate/refusing.h"

namespace assay::suites {
namespace {

constexpr Setup kMustStaple{.must_staple = true};

/// Nothing where the client asks for a staple, as it does its work with this server.
std::optional<Ending> without_wish(Probe& probe, const Encounter& met) {
  if (!met.worked_inside())
    return probe.inconclusive("no work with a server that may be trusted: " + met.end.said);
  if (met.wants_staple()) return std::nullopt;
  return probe.inapplicable("the client's hello asks for no staple (status_request)");
}

Task<Ending> takes_good_staple(Probe& probe) {
  const Encounter bare = co_await meet_honest(probe);
  if (const auto none = without_wish(probe, bare)) co_return *none;
  const Encounter met = co_await meet(probe);
  co_return ending_with_honest(probe, met);
}

Task<Ending> heeds_revocation(Probe& probe) {
  const Encounter bare = co_await meet_honest(probe);
  if (const auto none = without_wish(probe, bare)) co_return *none;
  const Encounter met = co_await meet(probe);
  co_return ending_with_impostor(probe, met);
}

/// Many clients pass over a staple that says nothing to them, as if there were none. One that is
/// held to it by the certificate (RFC 7633 §4) cannot. Nothing where this is one.
Task<std::optional<Ending>> not_held(Probe& probe) {
  const Encounter good = co_await meet_with(probe, "good_staple");
  if (const auto none = without_wish(probe, good)) co_return *none;
  const Encounter missing = co_await meet_with(probe, "no_staple");
  if (missing.went_on_inside())
    co_return probe.inapplicable(
        "the client works with a server whose certificate demands a staple, and which has none: it "
        "does not ask for RFC 7633");
  co_return unjudged(probe, missing);
}

Task<Ending> refuses_staples(Probe& probe) {
  const auto none = co_await not_held(probe);
  if (none) co_return *none;
  co_return co_await meets_each_impostor(probe);
}

constexpr std::string_view kEarly = "early_staple";
constexpr Ending kTookEarly{"took_early"};

/// RFC 6960 §3.2 wants nextUpdate to lie ahead; that thisUpdate does not is a SHOULD of §4.2.2.1.
Task<Ending> refuses_other_times(Probe& probe) {
  const auto none = co_await not_held(probe);
  if (none) co_return *none;
  for (const std::string_view shown : probe.which().check->shows) {
    const Encounter met = co_await meet_with(probe, shown);
    const bool took = shown == kEarly && met.worked_inside();
    probe.part(std::string(shown), took ? kTookEarly : ending_with_impostor(probe, met));
  }
  co_return probe.worst();
}

constexpr Check for_wishes(Check row) {
  row.run = heeds_revocation;
  row.steps =
      "A client whose hello asks for a staple is sent to a server with a response by the issuer "
      "that says revoked: a command inside TLS is one too many.";
  return row;
}

constexpr Check held_to_staple(Check row) {
  row.setup = kMustStaple;
  row.run = refuses_staples;
  row.steps =
      "The certificate demands a staple (RFC 7633). The client, which works where there is a good "
      "one and leaves where there is none, is shown this: a command inside TLS is one too many.";
  return row;
}

constexpr Check of_other_times(Check row) {
  row = held_to_staple(row);
  row.run = refuses_other_times;
  row.weak = {kTookEarly, ending::turned_away_silently};
  row.liberties = {{"overlooks_early_staple", kTookEarly},
                   {"leaves_without_farewell", ending::turned_away},
                   {"reports_success", ending::turned_away_silently}};
  return row;
}

constexpr Check taking(Check row) {
  row.run = takes_good_staple;
  row.steps =
      "A client whose hello asks for a staple is sent to a server with a good response by the "
      "issuer: it must do its work inside TLS.";
  return row;
}

constexpr Check kChecks[] = {
    taking(accepting({.id = "certificate.revocation.staple_good",
                      .title = "A good staple is no reason to leave",
                      .levels = {.all = Level::must},
                      .sources = {"RFC 6960 §3.2", "RFC 6066 §8"},
                      .shows = {"good_staple"}},
                     "refuses_staples")),
    for_wishes(
        refusing({.id = "certificate.revocation.staple_revoked",
                  .title = "A certificate whose staple says that it is revoked is refused",
                  .levels = {.all = Level::must},
                  .sources = {"RFC 6066 §8", "RFC 6960 §2.2", "RFC 9325 §7.5", "RFC 8446 §4.4.2.1"},
                  .shows = {"revoked_staple"}},
                 "ignores_staple")),
    held_to_staple(refusing({.id = "certificate.revocation.staple_wrong_signer",
                             .title = "A staple by somebody whom the issuer did not authorise is "
                                      "none",
                             .levels = {.all = Level::must},
                             .sources = {"RFC 6960 §3.2", "RFC 6960 §4.2.2.2"},
                             .shows = {"unauthorised_staple", "strange_staple"}},
                            "overlooks_staple_signer")),
    held_to_staple(refusing({.id = "certificate.revocation.staple_other_cert",
                             .title = "A staple about another certificate is none",
                             .levels = {.all = Level::must},
                             .sources = {"RFC 6960 §3.2"},
                             .shows = {"foreign_staple"}},
                            "overlooks_staple_subject")),
    of_other_times(refusing({.id = "certificate.revocation.staple_expired",
                             .title = "A staple whose time is not now is none",
                             .levels = {.all = Level::must},
                             .sources = {"RFC 6960 §3.2", "RFC 6960 §4.2.2.1"},
                             .shows = {"stale_staple", kEarly}},
                            "overlooks_staple_time")),
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> client_staple() { return kChecks; }

}  // namespace assay::suites
