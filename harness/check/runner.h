// Runner: runs cases against one subject: facts first, then many cases in flight, controls,
// retries, exclusive cases last. It is the only place that turns an observation into a Result.
#pragma once

#include "harness/check/probe.h"

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace assay {

enum class Profile { quick, full_default, full };

/// What the rooms above lend the Runner: how to talk to an endpoint.
struct Actions {
  /// The honest dialogue of a shape; true when it succeeded, else probe.why() says what happened.
  Task<bool> (*control)(Probe& probe, Control shape) = nullptr;
  /// Finds out what there is to know of the probe's endpoint.
  Task<Facts> (*discover)(Probe& probe) = nullptr;
};

struct RunOptions {
  std::uint64_t seed = 1;
  std::size_t jobs = 8;  // cases in flight
  Budget budget;
  Profile profile = Profile::full_default;
  bool intrusive = true;  // may run rows with the trait intrusive or writes
  double rate = 0;        // connections a second; 0: as fast as it goes
};

class Progress {
 public:
  virtual ~Progress() = default;
  virtual void begun(std::size_t cases) = 0;
  virtual void finished(const Result& result) = 0;
};

struct SubjectRun {
  Subject subject;
  std::vector<Facts> facts;
  std::vector<Result> results;
  Counters counters;
  Milliseconds took{0};
  bool serial = false;
};

/// Why a control failed; empty where it did not. One that was told to come later accuses nobody.
struct ControlTrouble {
  std::string what;
  bool throttled = false;
  [[nodiscard]] bool empty() const { return what.empty(); }
};

class Runner {
 public:
  Runner(Loop& loop, OracleContexts& contexts, Actions actions, RunOptions options);

  /// Facts of each endpoint, in order. A part of run(); alone where only they are wanted.
  Task<std::vector<Facts>> discover(const Subject& subject);
  /// `subject`, `checks` and `progress` (which may be null) outlive the call.
  Task<SubjectRun> run(const Subject& subject, std::span<const Check* const> checks,
                       Progress* progress);

  [[nodiscard]] Loop& loop() { return loop_; }
  /// No new cases; those in flight end inconclusive. For SIGINT: call Loop::expire_all() after it.
  void interrupt() { interrupted_ = true; }
  [[nodiscard]] bool interrupted() const { return interrupted_; }

 private:
  struct Batch;

  Task<std::vector<Facts>> discover_in(Batch& batch);
  static void prime_controls(Batch& batch);
  Task<void> work(Batch& batch);
  Task<void> run_case(Batch& batch, std::size_t index);
  Task<Result> observe(Batch& batch, const Case& the_case, int patience);
  Task<Result> observe_unthrottled(Batch& batch, const Case& the_case);
  Task<void> run_alone(Batch& batch, std::size_t index);
  Task<ControlTrouble> control(Batch& batch, const Case& the_case, bool fresh);
  Task<ControlTrouble> try_control(Batch& batch, const Case& the_case);
  void suspect(Batch& batch, std::size_t endpoint, const ControlTrouble& why);
  static std::size_t teller(const Batch& batch, const Check& check, std::size_t endpoint,
                            TlsVersion version);
  static void judge_watched(Batch& batch, std::size_t index);
  static void finish(Batch& batch, std::size_t index);
  static void report(Batch& batch, std::size_t index);
  Task<bool> permit(Deadline deadline);
  [[nodiscard]] std::optional<std::string> not_run_because(const Batch& batch,
                                                           const Case& the_case) const;

  Loop& loop_;
  OracleContexts& contexts_;
  Actions actions_;
  RunOptions options_;
  Deadline next_connection_{};  // not before: the rate limit, and backing off
  bool interrupted_ = false;
};

}  // namespace assay
