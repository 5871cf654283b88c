// The Runner's schedule: facts, the queue of cases in flight, exclusive cases last. What happens to
// one case stands in runner_case.cpp.
#include "harness/check/runner.h"

#include "harness/check/matrix.h"
#include "harness/check/runner_batch.h"
#include "harness/net/together.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace assay {

Result result_for(const Case& the_case, const Subject& subject) {
  const Endpoint& endpoint = subject.endpoints[the_case.endpoint];
  Result result;
  result.which = the_case;
  result.subject = subject.name;
  result.endpoint = endpoint.url;
  result.level = the_case.check->levels.of(endpoint.protocol);
  result.severity =
      severity_for(result.level, the_case.check->severity, the_case.check->roles, endpoint.role);
  return result;
}

void conclude(Result& result, Ending ending, std::string reason) {
  result.ending = ending.slug;
  result.outcome = judge_ending(*result.which.check, ending);
  result.reason = std::move(reason);
}

Runner::Runner(Loop& loop, OracleContexts& contexts, Actions actions, RunOptions options)
    : loop_(loop), contexts_(contexts), actions_(actions), options_(options) {}

Task<bool> Runner::permit(Deadline deadline) {
  const Deadline slot = std::max(next_connection_, Clock::now());
  if (slot > deadline || interrupted_) co_return false;
  if (options_.rate > 0) {
    const std::chrono::duration<double> gap(1 / options_.rate);
    next_connection_ = slot + std::chrono::duration_cast<Clock::duration>(gap);
  }
  if (slot > Clock::now()) co_await loop_.sleep_until(slot);
  co_return !interrupted_;
}

Task<std::vector<Facts>> Runner::discover(const Subject& subject) {
  Batch batch(subject, *this);
  std::vector<Facts> facts = co_await discover_in(batch);
  co_return facts;
}

Task<std::vector<Facts>> Runner::discover_in(Batch& batch) {
  static constexpr Check kDiscovery{.id = "discovery"};
  const std::vector<Endpoint>& endpoints = batch.subject.endpoints;
  // Its connections are no check's; what watches a run sees them all the same.
  Counters counters;
  RunContext context = batch.context.counted_by(counters);
  std::vector<Facts> facts(endpoints.size());
  for (std::size_t i = 0; i < endpoints.size() && !interrupted_; ++i) {
    const Case the_case{&kDiscovery, i, endpoints[i].access, std::nullopt, "discovery"};
    Probe probe(context, batch.subject, facts, the_case, options_.seed, 1);
    Facts found = co_await actions_.discover(probe);
    facts[i] = std::move(found);
  }
  co_return facts;
}

Task<SubjectRun> Runner::run(const Subject& subject, std::span<const Check* const> checks,
                             Progress* progress) {
  const auto begin = Clock::now();
  Batch batch(subject, *this);
  batch.progress = progress;
  std::vector<Facts> facts = co_await discover_in(batch);
  batch.facts = std::move(facts);
  batch.cases = expand(checks, subject, batch.facts);
  prime_controls(batch);
  batch.results.resize(batch.cases.size());
  if (progress != nullptr) progress->begun(batch.cases.size());

  std::vector<std::size_t> alone;
  for (std::size_t i = batch.cases.size(); i > 0; --i) {
    const bool exclusive = batch.cases[i - 1].check->traits.contains(Trait::exclusive);
    (exclusive ? alone : batch.queue).push_back(i - 1);
  }
  const bool serial =
      std::ranges::any_of(batch.facts, [](const Facts& known) { return known.serial; });
  const std::size_t workers = serial ? 1 : std::clamp<std::size_t>(options_.jobs, 1, 256);
  co_await run_together(loop_, workers, [&] { return work(batch); });

  std::ranges::reverse(alone);
  const std::vector<std::size_t> suspects = std::exchange(batch.suspects, {});
  alone.insert(alone.begin(), suspects.begin(), suspects.end());
  for (const std::size_t index : alone) co_await run_alone(batch, index);

  for (const std::size_t index : batch.watching) {
    judge_watched(batch, index);
    report(batch, index);
  }

  SubjectRun done;
  done.subject = subject;
  done.facts = std::move(batch.facts);
  done.results = std::move(batch.results);
  done.counters = batch.counters;
  done.serial = serial;
  done.took = std::chrono::duration_cast<Milliseconds>(Clock::now() - begin);
  co_return done;
}

/// Discovery has just done the honest dialogue at each version: that is the first control.
void Runner::prime_controls(Batch& batch) {
  const auto now = Clock::now();
  for (std::size_t i = 0; i < batch.facts.size(); ++i) {
    const Facts& known = batch.facts[i];
    if (!known.tls) continue;
    for (const Control shape : {Control::connect, Control::handshake, Control::secured}) {
      if (shape != Control::handshake && !known.served) continue;
      batch.controls[{i, std::nullopt, shape}] = {true, false, now, 0, {}};
      for (const auto& [version, agreement] : known.agreements) {
        batch.controls[{i, version, shape}] = {true, false, now, 0, {}};
      }
    }
  }
}

Task<void> Runner::work(Batch& batch) {
  while (!batch.queue.empty()) {
    const std::size_t index = batch.queue.back();
    batch.queue.pop_back();
    co_await run_case(batch, index);
    finish(batch, index);
  }
}

/// A row that watches has its verdict when there is nothing more to be seen.
void Runner::finish(Batch& batch, std::size_t index) {
  if (!batch.cases[index].check->watches.empty()) return batch.watching.push_back(index);
  report(batch, index);
}

void Runner::report(Batch& batch, std::size_t index) {
  Result& result = batch.results[index];
  std::size_t size = 0;
  for (const TranscriptEntry& entry : result.transcript)
    size += entry.octets.size() + entry.note.size();
  if (size > batch.evidence_left) {
    result.transcript.clear();
    result.notes.emplace_back("the transcript was left out: the run's evidence budget is spent");
  } else {
    batch.evidence_left -= size;
  }
  if (batch.progress != nullptr) batch.progress->finished(result);
}

std::optional<std::string> Runner::not_run_because(const Batch& batch, const Case& the_case) const {
  const Check& check = *the_case.check;
  if (check.traits.contains(Trait::slow) && options_.profile != Profile::full) {
    return "waits longer than 2 s in silence: runs with --profile full";
  }
  if (options_.profile == Profile::quick && check.traits.contains(Trait::exclusive)) {
    return "runs alone: left out by --profile quick";
  }
  if (!options_.intrusive &&
      (check.traits.contains(Trait::intrusive) || check.traits.contains(Trait::writes))) {
    return "not in the safe set against a peer that is not on loopback: runs with --intrusive";
  }
  return unmet_need(the_case, batch.subject, batch.facts);
}

}  // namespace assay
