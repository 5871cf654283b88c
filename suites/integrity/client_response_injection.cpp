// RFC 3207 §4.2, RFC 2595 §4, RFC 4642 §2.2.2, RFC 4513 §3.1.5, CVE-2021-22947: what was read in
// the clear behind the go-ahead is no answer inside TLS.
#include "harness/check/encounter.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kActedOn{"acted_on_injected_answer"};
constexpr Ending kActedOnFragment{"acted_on_injected_fragment"};

/// Inside TLS nothing is answered. A client that says more there than it says to a server that is
/// as silent, and said nothing beforehand, has taken what it read in the clear for an answer.
Task<Ending> capability(Probe& probe) {
  const Encounter silent = co_await meet_with(probe, "silent_inside");
  const Encounter met = co_await meet_with(probe, "answers_behind_go_ahead");
  if (met.leaked_in_clear()) co_return ending::leaked_in_clear;
  if (met.worked_in_clear()) co_return ending::went_on_in_clear;
  if (met.unanswered_inside() > silent.unanswered_inside()) co_return kActedOn;
  if (met.end.how == ClientEnd::How::timed_out)
    co_return probe.inconclusive("the client did not end in time");
  // One that gives up before the handshake has not acted on it either.
  if (!silent.began_tls())
    co_return probe.inconclusive("the client never began TLS: " + silent.end.said);
  co_return ending::not_acted_on;
}

/// Inside TLS the server answers as ever: a client that says something there and then does not do
/// its work has read the fragment as a part of an answer.
Task<Ending> partial_line(Probe& probe) {
  const Encounter met = co_await meet(probe);
  if (met.leaked_in_clear()) co_return ending::leaked_in_clear;
  if (met.worked_in_clear()) co_return ending::went_on_in_clear;
  if (met.worked_inside()) co_return ending::not_acted_on;
  if (met.end.how == ClientEnd::How::timed_out)
    co_return probe.inconclusive("the client did not end in time");
  co_return met.unanswered_inside() > 0 ? kActedOnFragment : ending::not_acted_on;
}

constexpr Check kChecks[] = {
    {.id = "integrity.client_response_injection.partial_line",
     .title = "The beginning of an answer, read in the clear, is no part of one inside TLS",
     .side = Side::client,
     .levels =
         {.smtp = Level::must, .pop3 = Level::must, .nntp = Level::must, .ldap = Level::should},
     .roles = {.public_mx = Severity::note},
     .component = Component::client,
     .sources = {"RFC 3207 §4.2", "RFC 3207 §6", "RFC 2595 §4", "RFC 4642 §2.2.2", "RFC 4642 §5",
                 "RFC 4513 §3.1.5", "CVE-2021-22947"},
     .scope = {.protocols = kApplications, .access = {Access::upgrade}},
     .shows = {"fragment_behind_go_ahead"},
     .run = partial_line,
     .steps =
         "One segment: the go-ahead, and octets that would turn the next answer into another one. "
         "Then TLS, and answers as ever: a client that has kept the octets cannot go on.",
     .accepts = {ending::not_acted_on},
     .breakers = {{"keeps_clear_answers", kActedOnFragment}},
     .liberties = {{"drops_clear_answers", ending::not_acted_on}}},
    {.id = "integrity.client_response_injection.capability",
     .title = "An answer read in the clear behind the go-ahead is not taken for one inside TLS",
     .side = Side::client,
     .levels =
         {.smtp = Level::must, .pop3 = Level::must, .nntp = Level::must, .ldap = Level::should},
     .roles = {.public_mx = Severity::note},
     .component = Component::client,
     .sources = {"RFC 3207 §4.2", "RFC 3207 §6", "RFC 2595 §4", "RFC 4642 §2.2.2",
                 "RFC 4513 §3.1.5", "CVE-2021-22947"},
     .scope = {.protocols = kApplications, .access = {Access::upgrade}},
     .shows = {"silent_inside", "answers_behind_go_ahead"},
     .run = capability,
     .steps =
         "First a server that does not answer inside TLS, and closes after a second; then one that "
         "does the same, with the answer to what the client will ask next in one segment with the "
         "go-ahead.",
     .accepts = {ending::not_acted_on},
     .breakers = {{"keeps_clear_answers", kActedOn}},
     .liberties = {{"drops_clear_answers", ending::not_acted_on}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> client_response_injection() { return kChecks; }

}  // namespace assay::suites
