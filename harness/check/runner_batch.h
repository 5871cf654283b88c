// Between the two files of the Runner: what one run() keeps while its workers are under way.
#pragma once

#include "harness/check/runner.h"

#include <map>

namespace assay {

/// Controls are alike when they need the same dialogue with the same endpoint at the same version.
struct ControlKey {
  std::size_t endpoint;
  std::optional<TlsVersion> version;
  Control shape;
  auto operator<=>(const ControlKey&) const = default;
};

struct ControlState {
  bool good = false;
  bool running = false;
  Deadline when{};         // of the last try
  std::size_t served = 0;  // cases since
  ControlTrouble trouble;  // why the last try failed
};

struct Runner::Batch {
  const Subject& subject;
  std::vector<Facts> facts;
  std::vector<Case> cases;
  std::vector<Result> results;
  std::vector<std::size_t> queue;  // cases to be run, the next one last
  Counters counters;
  std::vector<Witness> witnesses;  // one an endpoint
  RunContext context;
  Redactor redactor;
  Progress* progress = nullptr;
  Deadline deadline;
  std::map<ControlKey, ControlState> controls;
  std::vector<std::vector<std::size_t>>
      since_good;                     // per endpoint: cases since its last good control
  std::vector<std::size_t> suspects;  // one of them may have killed the subject
  std::vector<std::size_t> watching;  // cases that have run and have yet to hear of the others
  std::size_t evidence_left;

  Batch(const Subject& of, Runner& runner)
      : subject(of),
        witnesses(of.endpoints.size()),
        context{runner.loop_,
                runner.contexts_,
                counters,
                runner.options_.budget,
                [this, &runner] { return runner.permit(deadline); },
                witnesses},
        deadline(Clock::now() + runner.options_.budget.subject),
        since_good(of.endpoints.size()),
        evidence_left(runner.options_.budget.evidence_run) {
    // A client's is made for the run: where it shows, it is the evidence.
    if (!of.client) redactor.add(of.account.password);
  }
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  ~Batch() = default;
};

/// What is known of a case before it runs: whose it is, its level and severity.
[[nodiscard]] Result result_for(const Case& the_case, const Subject& subject);
void conclude(Result& result, Ending ending, std::string reason);

}  // namespace assay
