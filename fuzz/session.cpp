#include "fuzz/session.h"

#include "fuzz/conversation.h"
#include "fuzz/target.h"

#include <algorithm>

namespace assay::fuzz {
namespace {

constexpr Farewell kFarewells[] = {Farewell::shutting_down, Farewell::idle,
                                   Farewell::too_many_errors, Farewell::too_slow,
                                   Farewell::too_many_connections};

/// What the client heard is the greeting, the answers in their order, and one farewell at most.
void examine_said(const Said& said, const Served& served, bool farewell_allowed) {
  served.examine_unasked(view_of(said.greeting));
  std::string_view rest = said.heard;
  require(rest.starts_with(said.greeting), "the greeting comes first");
  rest.remove_prefix(said.greeting.size());
  require(rest.starts_with(said.answered), "then every answer, in the order of the commands");
  rest.remove_prefix(said.answered.size());
  if (rest.empty()) return;
  served.examine_unasked(view_of(rest));
  const bool known = std::ranges::any_of(
      kFarewells, [&](Farewell why) { return text_of(served.service().farewell(why)) == rest; });
  require(farewell_allowed && known, "then nothing but a farewell");
}

void examine_tls(const Scenario& scenario, const Dialect& dialect, const Outcome& outcome) {
  const bool refused = scenario.opening != Opening::flipped && outcome.client_refused;
  require(!refused, "an honest TLS client objects to nothing");
  require(outcome.established || outcome.inside.heard.empty(), "nothing is said before TLS is up");
  if (!outcome.behind_go_ahead.empty()) {
    // RFC 3207 §4, RFC 2595 §4, RFC 4642 §2.2, RFC 4511 §4.14.2: behind the go-ahead there is TLS,
    // or nothing; records of alert or handshake.
    const std::uint8_t type = outcome.behind_go_ahead.front();
    require(type == 0x15 || type == 0x16, "nothing is said in the clear behind the go-ahead");
  }
  const bool first_is_first = outcome.first_inside.empty() ||
                              text_of(outcome.first_inside) == dialect.first_inside ||
                              scenario.moment == Moment::within_handshake;
  require(first_is_first, "what is acted on first inside TLS was said first inside TLS");
}

void examine_outcome(const Scenario& scenario, const Dialect& dialect, const Outcome& outcome,
                     const Served& served) {
  require(outcome.over, "a session is over when its client is gone");
  require(outcome.closed || scenario.ending == Ending::drop, "and its end is closed");
  require(!scenario.implicit || outcome.clear.heard.empty(), "an implicit session is never clear");
  examine_said(outcome.clear, served, !outcome.went_ahead);
  // Where the server ends within a handshake, what it would have said behind it is not sent.
  const bool cut_short =
      scenario.ending == Ending::shut_down && scenario.moment == Moment::within_handshake;
  if (outcome.established && !cut_short) examine_said(outcome.inside, served, true);
  require(!cut_short || outcome.inside.heard.empty(), "a server that has ended says nothing");
  examine_tls(scenario, dialect, outcome);
  require(outcome.held <= served.longest_wait(), "what waits for its rest is bounded");
}

Outcome play(const Scenario& scenario, const Dialect& dialect, Delivery delivery) {
  const auto served = dialect.serve(scenario.listener, accounts());
  Outcome outcome = converse(scenario, dialect, *served, delivery);
  examine_outcome(scenario, dialect, outcome, *served);
  return outcome;
}

}  // namespace

int examine_session(const Dialect& dialect, View input) {
  const auto scenario = read_scenario(input, dialect.begin_tls, view_of(dialect.upgrade));
  if (!scenario) return -1;
  const Outcome whole = play(*scenario, dialect, Delivery::whole);
  const Outcome cut = play(*scenario, dialect, Delivery::cut);
  require(whole.clear.heard == cut.clear.heard, "replies do not depend on the cuts");
  require(whole.went_ahead == cut.went_ahead && whole.established == cut.established,
          "nor does the upgrade");
  require(whole.inside.heard == cut.inside.heard,
          "nor do replies inside TLS, or on what came before it");
  require(whole.kept == cut.kept, "nor does what is kept");
  return 0;
}

}  // namespace assay::fuzz
