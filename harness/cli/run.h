// What the commands that run checks have in common: which checks, against a baseline, with which
// reports, and what the exit code says in the end.
#pragma once

#include "harness/check/expectations.h"
#include "harness/check/runner.h"
#include "harness/cli/commands.h"
#include "reports/report.h"

#include <tl/expected.hpp>

#include <optional>
#include <string>
#include <vector>

namespace assay {

/// FORMAT[=PATH] of --report.
struct ReportWish {
  std::string format;
  std::string path;
};

/// What the wishes for a run came to.
struct RunPlan {
  std::vector<const Check*> checks;
  std::vector<ReportWish> reports;
  std::optional<Baseline> baseline;
  RunOptions options;  // seed, jobs, profile; the rest is the command's
};
/// `side` says whose checks. What is wrong with a wish, in one line.
[[nodiscard]] tl::expected<RunPlan, std::string> plan_run(const RunWishes& wishes, Side side);

/// Runs the plan against each subject, writes the reports, says what could not be tested; the exit
/// code.
int run_plan(Loop& loop, OracleContexts& contexts, const RunWishes& wishes, RunPlan plan,
             const std::vector<Subject>& subjects, Again again);

}  // namespace assay
