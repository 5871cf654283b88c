// RFC 5802 §6: a mechanism that binds to the channel is for a channel that there is.
#include "clients/dialogue.h"
#include "harness/base/words.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kAbsentInClear{"absent_in_clear"};
constexpr Ending kFreeInside{"free_inside_tls"};
constexpr Ending kListedInClear{"listed_in_clear"};

bool lists_plus(const Dialogue& dialogue) {
  for (const std::string& line : dialogue.capabilities()) {
    if (to_upper(line).find("-PLUS") != std::string::npos) return true;
  }
  return false;
}

Task<Ending> plus_needs_tls(Probe& probe) {
  if (probe.which().access == Access::clear) {
    const auto dialogue = co_await greeted(probe);
    if (!dialogue) co_return probe.lost();
    co_return lists_plus(*dialogue) ? kListedInClear : kAbsentInClear;
  }
  const auto dialogue = co_await secured(probe);
  if (!dialogue) co_return probe.lost();
  probe.note(lists_plus(*dialogue) ? "-PLUS is listed inside TLS"
                                   : "-PLUS is not listed inside TLS");
  co_return kFreeInside;
}

constexpr Check kChecks[] = {
    {.id = "certificate.binding.plus_needs_tls",
     .title = "SCRAM-*-PLUS is not offered in the clear",
     .levels = {.all = Level::bcp},
     .sources = {"RFC 5802 §6", "RFC 5056"},
     .scope = {.protocols = kApplications,
               .access = {Access::clear, Access::upgrade, Access::implicit}},
     .needs = {Need::scram_plus},
     .setup = {.scram_plus = true},
     .run = plus_needs_tls,
     .steps = "The list of mechanisms in the clear, and inside TLS.",
     .accepts = {kAbsentInClear, kFreeInside},
     .breakers = {{"list_plus_in_clear", kListedInClear, {Access::clear}}},
     .liberties = {{"reversed_capabilities", kAbsentInClear, {Access::clear}}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> binding() { return kChecks; }

}  // namespace assay::suites
