// RFC 3207 §4.2: behind the handshake the client has forgotten what the server said before it.
#include "harness/check/encounter.h"
#include "suites/suites.h"

#include <algorithm>

namespace assay::suites {
namespace {

constexpr Ending kHelloAgain{"hello_again"};
constexpr Ending kOtherFirst{"other_command_first"};
constexpr Ending kWorkedWithout{"worked_without_hello"};

Task<Ending> re_ehlo(Probe& probe) {
  const Encounter met = co_await meet(probe);
  const auto inside = std::ranges::find_if(
      met.conversations, [](const Conversation& said) { return !said.secured.empty(); });
  if (inside == met.conversations.end())
    co_return probe.inconclusive("nothing was said inside TLS: " + met.end.said);
  const ClientCommand first = commands_of(met.protocol, inside->secured).front();
  if (first.verb == "EHLO") co_return kHelloAgain;
  probe.explain("the first command inside TLS is " + first.verb);
  co_return first.errand == Errand::working ? kWorkedWithout : kOtherFirst;
}

constexpr Check kChecks[] = {
    {.id = "integrity.client_state.re_ehlo",
     .title = "Inside TLS the client says hello again",
     .side = Side::client,
     .levels = {.smtp = Level::should},
     .component = Component::client,
     .sources = {"RFC 3207 §4.2"},
     .scope = {.protocols = {Protocol::smtp}, .access = {Access::upgrade}},
     .control = Control::none,  // a server that wants the hello again would fail the client's work
     .run = re_ehlo,
     .steps = "An honest server; the first command that comes inside TLS is read.",
     .accepts = {kHelloAgain},
     .weak = {kOtherFirst},
     .breakers = {{"no_hello_inside", kWorkedWithout}},
     .liberties = {{"asks_unlisted", kHelloAgain}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> client_state() { return kChecks; }

}  // namespace assay::suites
