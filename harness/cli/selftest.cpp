// `assay selftest`: shows that each check passes, fails and tolerates as its row declares.
#include "harness/check/selftest.h"

#include "clients/actions.h"
#include "clients/reference_client.h"
#include "harness/base/words.h"
#include "harness/cli/commands.h"
#include "reference_server/local_stage.h"
#include "suites/fault_matrix.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <map>

namespace assay {
namespace {

struct Bench {
  explicit Bench(Profile profile)
      : stage(loop, SelfTest::server_budget()),
        runner(loop, contexts, client_actions(), SelfTest::run_options(profile)) {}
  Loop loop;
  OracleContexts contexts;
  LocalStage stage;
  Runner runner;
  LocalClients clients{contexts, stage, stage.account(), suites::all_faults()};
};

Catalogue catalogue_of(const std::vector<const Check*>& checks) {
  return {checks, suites::all_faults(), suites::oracle_baseline()};
}

std::vector<SelfTest::MatrixRow> reviewed() { return from_tsv(suites::reviewed_fault_matrix()); }

std::vector<std::string> matrix_differences(std::string_view now, std::string_view golden) {
  std::map<std::string, int, std::less<>> lines;
  const auto count = [&](std::string_view text, int step) {
    while (!text.empty()) {
      const std::string_view line = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(line.size() + 1, text.size()));
      if (!line.empty() && line.front() != '#') lines[std::string(line)] += step;
    }
  };
  count(now, 1);
  count(golden, -1);
  std::vector<std::string> differences;
  for (const auto& [line, surplus] : lines) {
    if (surplus != 0)
      differences.push_back(
          (surplus > 0 ? "not in the reviewed table: " : "only in the reviewed table: ") + line);
  }
  return differences;
}

}  // namespace

int run_selftest(const SelftestOptions& options) {
  if (options.fault_matrix) {
    Bench bench(Profile::full_default);
    SelfTest self_test(bench.runner, bench.stage, bench.clients, suites::catalogue());
    fmt::print("{}", to_tsv(bench.loop.run_until_done(self_test.fault_matrix({}))));
    return exit_code::kFine;
  }
  std::vector<const Check*> checks;
  for (const Check* check : suites::all_checks()) {
    if (glob_matches(options.only, check->id)) checks.push_back(check);
  }
  if (checks.empty()) {
    return complain(
        exit_code::kUsage,
        fmt::format("no check is named \"{}\"; `assay list` has them all", options.only));
  }
  Bench bench(Profile::full);
  SelfTest self_test(bench.runner, bench.stage, bench.clients, catalogue_of(checks));
  std::vector<std::string> trouble;
  std::vector<Proof> proofs = self_test.plan(trouble);
  bench.loop.run_until_done(self_test.run(proofs));

  std::map<ProofKind, std::pair<std::size_t, std::size_t>> counts;
  for (const Proof& proof : proofs) {
    auto& [good, all] = counts[proof.kind];
    ++all;
    if (proof.failures.empty()) ++good;
    if (options.verbose) {
      fmt::print("{:<7} {:<9} {}{}{}{}\n", proof.failures.empty() ? "ok" : "FAILED",
                 name_of(proof.kind), proof.check->id, proof.peer == nullptr ? "" : " with ",
                 proof.peer == nullptr ? "" : proof.peer->name,
                 proof.on_engine ? " on our own engine" : "");
    }
    trouble.insert(trouble.end(), proof.failures.begin(), proof.failures.end());
  }
  for (const std::string& unseen : SelfTest::unseen_endings(proofs)) trouble.push_back(unseen);
  std::size_t matrix_rows = 0;
  if (options.only == "*") {
    for (const std::string& entry : self_test.unmatched()) trouble.push_back(entry);
    Bench matrix_bench(Profile::full_default);
    SelfTest matrix_test(matrix_bench.runner, matrix_bench.stage, matrix_bench.clients,
                         suites::catalogue());
    const auto rows = matrix_bench.loop.run_until_done(matrix_test.fault_matrix(reviewed()));
    matrix_rows = rows.size();
    for (const std::string& difference :
         matrix_differences(to_tsv(rows), suites::reviewed_fault_matrix())) {
      trouble.push_back("fault matrix: " + difference);
    }
  }
  for (const std::string& line : trouble) fmt::print("FAILED  {}\n", line);
  for (const auto& [kind, count] : counts) {
    fmt::print("{:<10} {} of {} hold\n", name_of(kind), count.first, count.second);
  }
  if (matrix_rows > 0) fmt::print("{:<10} {} rows of the fault matrix\n", "matrix", matrix_rows);
  fmt::print("{} checks, {}\n", checks.size(), trouble.empty() ? "all shown" : "not all shown");
  return trouble.empty() ? exit_code::kFine : exit_code::kUnexpected;
}

}  // namespace assay
