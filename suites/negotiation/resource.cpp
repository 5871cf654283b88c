// RFC 5321 §4.5.3.2.7, RFC 1939 §3: a handshake that never begins does not hold a server for ever.
#include "clients/dialogue.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kClosedInTime{"closed_within_budget"};
constexpr Ending kClosedLate{"closed_late"};
constexpr Ending kNeverClosed{"never_closed"};

Task<Ending> stalled_handshake(Probe& probe) {
  const Milliseconds budget = probe.account().handshake_budget;
  probe.extend_deadline(budget * 2);
  const auto dialogue = co_await approached(probe);
  if (!dialogue) co_return probe.lost();
  const auto begin = Clock::now();
  for (;;) {
    const Event event = co_await dialogue->link().next(begin + budget * 2);
    if (std::holds_alternative<Received>(event)) continue;  // a last word before the close
    if (std::holds_alternative<TimedOut>(event)) co_return kNeverClosed;
    break;
  }
  const auto took = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - begin);
  probe.note("closed after " + std::to_string(took.count()) + " s");
  co_return Clock::now() - begin <= budget ? kClosedInTime : kClosedLate;
}

constexpr Check kChecks[] = {
    {.id = "negotiation.resource.stalled_handshake",
     .title = "A handshake that does not begin is cut within the server's budget",
     .levels = {.all = Level::bcp},
     .sources = {"RFC 5321 §4.5.3.2.7", "RFC 1939 §3", "CVE-2019-3883"},
     .scope = {.protocols = kApplications},
     .traits = {Trait::slow, Trait::exclusive},
     .control = Control::handshake,
     .run = stalled_handshake,
     .steps = "Up to where TLS may begin, then nothing. The budget is the account's "
              "handshake_budget_seconds (300 s "
              "unless told); twice of it is waited.",
     .accepts = {kClosedInTime},
     .weak = {kClosedLate},
     .breakers = {{"no_handshake_limit", kNeverClosed}},
     .liberties = {{"long_handshake_limit", kClosedLate}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> resource() { return kChecks; }

}  // namespace assay::suites
