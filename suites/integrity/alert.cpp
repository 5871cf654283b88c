// RFC 8446 §6.2, RFC 5246 §7.2.2: a fatal alert ends the connection.
#include "suites/craft.h"
#include "suites/observe.h"
#include "suites/suites.h"

#include <utility>

namespace assay::suites {
namespace {

constexpr Ending kActedOn{"acted_on"};
constexpr Ending kEnded{"ended"};
constexpr std::uint8_t kFatal = 2;
constexpr std::uint8_t kInternalErrorAlert = 80;

engine::Step fatal_alert() {
  return engine::say_record(ContentType::alert, {kFatal, kInternalErrorAlert});
}

Task<Ending> in_handshake(Probe& probe) {
  engine::Config offer = probe.engine_offer();
  on_second_flight(offer, [](engine::Flight& flight, const engine::Exchange&) {
    flight.insert(flight.begin(), fatal_alert());
  });
  const Tried tried = co_await try_engine(probe, std::move(offer));
  co_return is_refusal(tried.ending) ? kEnded : tried.ending;
}

Task<Ending> inside(Probe& probe) {
  const Engaged met = co_await settled(probe, probe.engine_offer());
  if (!met.secured) co_return probe.lost();
  met.end->say({fatal_alert()});
  const Answer answer = co_await met.dialogue->ask(met.dialogue->unknown_command());
  if (answer.came()) co_return kActedOn;
  if (answer.stop == Stop::closed || answer.stop == Stop::reset) co_return kEnded;
  if (answer.stop == Stop::timed_out) co_return ending::hang;
  const Remainder rest = co_await read_remainder(met.dialogue->link(), probe.reply_deadline());
  co_return rest.ended ? kEnded : ending::hang;
}

Task<Ending> fatal_ends(Probe& probe) {
  const auto lacking = co_await without_control(probe, probe.engine_offer());
  if (lacking) co_return *lacking;
  const Ending early = co_await in_handshake(probe);
  probe.part("in_handshake", early);
  const Ending late = co_await inside(probe);
  probe.part("inside", late);
  co_return probe.worst();
}

constexpr Check kChecks[] = {
    {.id = "integrity.alert.fatal_ends",
     .title = "Behind a fatal alert nothing is acted on, and the connection ends",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §6.2", "RFC 5246 §7.2.2", "RFC 9846 §6.2"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = fatal_ends,
     .steps = "A fatal internal_error before the client's second flight, which follows all the "
              "same; one inside TLS with a command right behind it.",
     .accepts = {kEnded},
     .breakers = {{"takes_fatal_alert_for_warning", ending::carried_on}},
     .liberties = {{"many_tickets", kEnded}, {"split_replies", kEnded}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> alert() { return kChecks; }

}  // namespace assay::suites
