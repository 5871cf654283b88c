#include "suites/engine_talk.h"

#include <utility>

namespace assay::suites {
namespace {

/// Why our own end refused, for the report.
void explain_refusal(Probe& probe, const Event& event) {
  if (const auto* failure = std::get_if<LocalFailure>(&event)) {
    probe.explain("our end refused: " + failure->reason);
  }
}

}  // namespace

Task<Engaged> engaged(Probe& probe, engine::Config offer, Probe::Wrap wrap) {
  Engaged result;
  result.dialogue = co_await approached(probe, std::move(wrap));
  if (!result.dialogue) co_return result;
  auto client = probe.engine_client(std::move(offer));
  result.end = client.get();
  result.secured = co_await result.dialogue->secure(std::move(client));
  co_return result;
}

Task<Ending> carries_on(Dialogue& dialogue) {
  // Behind TLS that came first the greeting may be under way before the subject has judged us.
  if (dialogue.probe().endpoint().access == Access::implicit && dialogue.greets()) {
    const Answer greeting = co_await dialogue.answer();
    if (!greeting.came()) co_return ending_of(greeting);
  }
  const MarkerResult marker = co_await dialogue.marker();
  if (marker.answered) co_return ending::carried_on;
  co_return marker.first.came() ? ending::unexpected_reply : ending_of(marker.first);
}

Task<Tried> try_engine(Probe& probe, engine::Config offer, Probe::Wrap wrap) {
  Tried tried;
  const Engaged met = co_await engaged(probe, std::move(offer), std::move(wrap));
  if (!met.dialogue) {
    tried.ending = probe.lost();
    co_return tried;
  }
  tried.began = true;
  if (met.secured) {
    tried.agreement = *met.dialogue->link().agreement();
    tried.ending = co_await carries_on(*met.dialogue);
  } else {
    explain_refusal(probe, met.dialogue->handshake_event());
    tried.ending = ending_of(met.dialogue->handshake_event());
  }
  tried.exchange = met.end->exchange();
  if (tried.ending == ending::carried_on) met.dialogue->leave();
  co_return tried;
}

bool is_refusal(Ending ending) {
  return is_alert(ending) || ending == ending::closed_without_alert;
}

}  // namespace assay::suites
