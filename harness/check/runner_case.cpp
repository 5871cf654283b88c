// What the Runner does with one case: controls before a refusal counts, a second try for a hang,
// backing off from a throttle, and finding out who killed a subject that stopped answering
// (docs/verdicts.md).
#include "harness/base/printable.h"
#include "harness/check/runner_batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

namespace assay {
namespace {

constexpr Milliseconds kControlLives{2'000};
constexpr std::size_t kControlServes = 50;
constexpr Milliseconds kControlPause{200};
constexpr int kControlTries = 3;
constexpr int kThrottleRetries = 2;
constexpr int kHangPatience = 3;

}  // namespace

Task<void> Runner::run_case(Batch& batch, std::size_t index) {
  const Case& the_case = batch.cases[index];
  Result& result = batch.results[index];
  result = result_for(the_case, batch.subject);
  const Facts& known = batch.facts[the_case.endpoint];
  if (auto reason = not_run_because(batch, the_case)) {
    conclude(result, ending::inapplicable, std::move(*reason));
    co_return;
  }
  if (interrupted_ || Clock::now() >= batch.deadline) {
    conclude(result, ending::inconclusive,
             interrupted_ ? "interrupted" : "the subject's time is spent");
    co_return;
  }
  const Control shape = the_case.check->control;
  if (!known.reachable || !known.greeted || (shape == Control::handshake && !known.tls) ||
      (shape == Control::secured && !known.served)) {
    conclude(result, ending::inconclusive, known.trouble);
    co_return;
  }

  const ControlTrouble before = co_await control(batch, the_case, false);
  if (!before.empty()) {
    conclude(result, ending::inconclusive, fmt::format("the control failed: {}", before.what));
    co_return;
  }
  batch.since_good[the_case.endpoint].push_back(index);
  Result seen = co_await observe_unthrottled(batch, the_case);
  result = std::move(seen);
  if (result.outcome != Outcome::fail) co_return;

  const ControlTrouble after = co_await control(batch, the_case, true);
  if (after.throttled) {
    conclude(result, ending::inconclusive, fmt::format("throttled behind it: {}", after.what));
    co_return;
  }
  if (!after.empty()) {
    suspect(batch, the_case.endpoint, after);
    co_return;
  }
  if (result.ending != ending::hang.slug) co_return;
  Result again = co_await observe(batch, the_case, kHangPatience);
  const bool hangs = again.ending == ending::hang.slug;
  result = std::move(again);
  if (!hangs) {
    result.second_try = true;
    co_return;
  }
  const ControlTrouble still = co_await control(batch, the_case, true);
  if (!still.empty())
    conclude(result, ending::inconclusive,
             fmt::format("hung, but so did the control: {}", still.what));
}

/// For exclusive cases and suspects: a control before, the case, a control after; nobody else is
/// under way.
Task<void> Runner::run_alone(Batch& batch, std::size_t index) {
  const Case& the_case = batch.cases[index];
  std::vector<std::size_t>& since_good = batch.since_good[the_case.endpoint];
  since_good.clear();
  // What an earlier control has found speaks for neither side of this case.
  for (auto& [key, state] : batch.controls) {
    if (key.endpoint == the_case.endpoint) state.when = {};
  }
  co_await run_case(batch, index);
  if (!since_good.empty() && !interrupted_) {
    const ControlTrouble after = co_await control(batch, the_case, true);
    if (!after.empty()) suspect(batch, the_case.endpoint, after);
  }
  finish(batch, index);
}

Task<Result> Runner::observe_unthrottled(Batch& batch, const Case& the_case) {
  Result seen = co_await observe(batch, the_case, 1);
  for (int retry = 0; retry < kThrottleRetries && seen.ending == ending::throttled.slug; ++retry) {
    next_connection_ = Clock::now() + std::chrono::seconds(1 << retry);
    Result again = co_await observe(batch, the_case, 1);
    seen = std::move(again);
  }
  co_return seen;
}

Task<Result> Runner::observe(Batch& batch, const Case& the_case, int patience) {
  const auto begin = Clock::now();
  Result result = result_for(the_case, batch.subject);
  Probe probe(batch.context, batch.subject, batch.facts, the_case, options_.seed, patience);
  Ending seen = ending::inconclusive;
  try {
    seen = co_await the_case.check->run(probe);
    conclude(result, seen, batch.redactor.redacted(probe.why()));
    // A part that failed while there was time stands, whatever came after it.
    const bool proven =
        std::ranges::find(probe.parts(), Outcome::fail, &Part::outcome) != probe.parts().end();
    if (!proven && probe.cut_off(seen))
      conclude(result, ending::inconclusive, "the check's time was spent");
    if (interrupted_) conclude(result, ending::inconclusive, "interrupted");
    // A pass needs no reason: how it came about may depend on who was faster, and is in the
    // transcript.
    if (result.outcome == Outcome::pass) result.reason.clear();
  } catch (const std::exception& error) {
    result.outcome = Outcome::error;
    result.ending = "error";
    result.reason = printable(error.what());
  }
  Facts& known = batch.facts[the_case.endpoint];
  known.reaction = std::max(known.reaction, probe.slowest_reaction());
  for (const std::string& note : probe.notes())
    result.notes.push_back(batch.redactor.redacted(note));
  result.parts = probe.parts();
  // A sub-case is a stimulus of its own, with a connection of its own.
  batch.counters.checks += std::max<std::size_t>(1, result.parts.size());
  result.connections = probe.transcript().connections();
  result.transcript = probe.transcript().finish(batch.redactor);
  result.took = std::chrono::duration_cast<Milliseconds>(Clock::now() - begin);
  co_return result;
}

/// Empty when the endpoint does the honest dialogue; else what went wrong. `fresh` asks for one
/// now.
Task<ControlTrouble> Runner::control(Batch& batch, const Case& the_case, bool fresh) {
  const Control shape = the_case.check->control;
  if (shape == Control::none) co_return ControlTrouble();
  ControlState& state = batch.controls[{the_case.endpoint, the_case.version, shape}];
  const bool stale = Clock::now() - state.when > kControlLives || state.served >= kControlServes;
  // One refresh at a time: whoever finds it under way goes on with what was known.
  if (!fresh && ((state.good && !stale) || (state.running && state.good))) {
    ++state.served;
    co_return ControlTrouble();
  }
  if (!fresh && !state.good && !stale && !state.trouble.empty()) co_return state.trouble;
  state.running = true;
  ControlTrouble trouble = co_await try_control(batch, the_case);
  state.running = false;
  state.when = Clock::now();
  state.served = 0;
  state.good = trouble.empty();
  state.trouble = trouble;
  if (state.good) {
    batch.since_good[the_case.endpoint].clear();
  } else if (!fresh && !batch.since_good[the_case.endpoint].empty()) {
    suspect(batch, the_case.endpoint, trouble);
  }
  co_return trouble;
}

Task<ControlTrouble> Runner::try_control(Batch& batch, const Case& the_case) {
  ControlTrouble trouble;
  for (int attempt = 0; attempt < kControlTries && !interrupted_; ++attempt) {
    if (attempt > 0) co_await loop_.sleep_until(Clock::now() + kControlPause * attempt);
    Probe probe(batch.context, batch.subject, batch.facts, the_case, options_.seed, 1);
    bool good = false;
    try {
      good = co_await actions_.control(probe, the_case.check->control);
    } catch (const std::exception& error) {
      probe.explain(printable(error.what()));
    }
    Facts& known = batch.facts[the_case.endpoint];
    known.reaction = std::max(known.reaction, probe.slowest_reaction());
    if (good) co_return ControlTrouble();
    trouble.what = batch.redactor.redacted(probe.why());
    trouble.throttled = probe.lost() == ending::throttled;
  }
  if (trouble.empty()) trouble.what = "interrupted";
  co_return trouble;
}

/// The endpoint stopped answering. One case since its last good control: that one killed it.
/// Several: each runs again alone, to find out which. One that says "later" answers.
void Runner::suspect(Batch& batch, std::size_t endpoint, const ControlTrouble& why) {
  if (why.throttled) return;
  const std::vector<std::size_t> candidates = std::exchange(batch.since_good[endpoint], {});
  for (const std::size_t index : candidates) {
    Result& result = batch.results[index];
    if (candidates.size() == 1) {
      conclude(result, ending::died,
               fmt::format("after this the subject stopped answering: {}", why.what));
    } else {
      conclude(result, ending::inconclusive,
               fmt::format("the subject stopped answering after this or one of {} other checks: {}",
                           candidates.size() - 1, why.what));
      batch.suspects.push_back(index);
    }
  }
}

/// Whose case tells of what connections to that endpoint showed at that version: the row's own
/// there, else one at that endpoint, else the row's first.
std::size_t Runner::teller(const Batch& batch, const Check& check, std::size_t endpoint,
                           TlsVersion version) {
  const auto distance = [&](const Case& each) {
    if (each.check != &check) return 3;
    if (each.endpoint != endpoint) return 2;
    return each.version.value_or(version) == version ? 0 : 1;
  };
  return static_cast<std::size_t>(std::ranges::min_element(batch.cases, {}, distance) -
                                  batch.cases.begin());
}

void Runner::judge_watched(Batch& batch, std::size_t index) {
  const Check& check = *batch.cases[index].check;
  Result& result = batch.results[index];
  if (result.outcome == Outcome::error) return;
  for (const Watch& watch : check.watches) {
    for (std::size_t endpoint = 0; endpoint < batch.witnesses.size(); ++endpoint) {
      for (const TlsVersion version : {TlsVersion::tls12, TlsVersion::tls13}) {
        const Sighting* seen = batch.witnesses[endpoint].first(watch.flaw, version);
        if (seen == nullptr || teller(batch, check, endpoint, version) != index) continue;
        const Outcome outcome = judge_ending(check, watch.ending);
        if (worse(result.outcome, outcome) == result.outcome) continue;
        conclude(result, watch.ending, fmt::format("seen in {}: {}", seen->where, seen->what));
      }
    }
  }
}

}  // namespace assay
