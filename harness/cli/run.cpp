#include "harness/cli/run.h"

#include "clients/actions.h"
#include "harness/base/entropy.h"
#include "harness/base/printable.h"
#include "harness/base/words.h"
#include "reports/console.h"
#include "reports/json.h"
#include "reports/junit.h"
#include "reports/progress_line.h"
#include "reports/write.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <unistd.h>

namespace assay {
namespace {

/// Ids of the checks whose duty it is that side's.
std::vector<std::string_view> ids_of(Side side) {
  std::vector<std::string_view> ids;
  for (const Check* check : suites::all_checks()) {
    if (check->side == side) ids.push_back(check->id);
  }
  return ids;
}

bool any_matches(const std::vector<std::string>& globs, std::string_view id) {
  return std::ranges::any_of(globs,
                             [&](const std::string& glob) { return glob_matches(glob, id); });
}

/// A glob that fits no check is a slip of the finger, whatever the others fit.
tl::expected<std::vector<const Check*>, std::string> wanted_checks(const RunWishes& options,
                                                                   Side side) {
  const auto ids = ids_of(side);
  for (const auto* globs : {&options.only, &options.skip}) {
    for (const std::string& glob : *globs) {
      if (std::ranges::any_of(ids, [&](std::string_view id) { return glob_matches(glob, id); }))
        continue;
      if (std::ranges::any_of(suites::all_checks(),
                              [&](const Check* check) { return glob_matches(glob, check->id); }))
        return tl::unexpected(
            fmt::format("{} is a check of a {}: assay {} runs it", printable(glob, 120),
                        name_of(side == Side::server ? Side::client : Side::server),
                        side == Side::server ? "client" : "check"));
      const auto meant = did_you_mean(glob, ids);
      return tl::unexpected(meant ? fmt::format("there is no check {}; did you mean {}?",
                                                printable(glob, 120), *meant)
                                  : fmt::format("there is no check {}; `assay list` has them all",
                                                printable(glob, 120)));
    }
  }
  std::vector<const Check*> wanted;
  for (const Check* check : suites::all_checks()) {
    if (check->side != side) continue;
    if (!options.only.empty() && !any_matches(options.only, check->id)) continue;
    if (any_matches(options.skip, check->id)) continue;
    wanted.push_back(check);
  }
  if (wanted.empty()) return tl::unexpected(std::string("--only and --skip leave no check"));
  return wanted;
}

tl::expected<std::vector<ReportWish>, std::string> report_wishes(
    const std::vector<std::string>& words) {
  constexpr std::string_view kFormats[] = {"json", "junit", "console"};
  std::vector<ReportWish> wishes;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    ReportWish wish{word.substr(0, equals),
                    equals == std::string::npos ? "-" : word.substr(equals + 1)};
    if (std::ranges::find(kFormats, wish.format) == std::end(kFormats)) {
      return tl::unexpected(fmt::format("--report {}: the formats are json, junit and console",
                                        printable(word, 120)));
    }
    wishes.push_back(std::move(wish));
  }
  return wishes;
}

Profile profile_of(const std::string& word) {
  return word == "quick" ? Profile::quick : word == "full" ? Profile::full : Profile::full_default;
}

bool counts_as_unexpected(const Result& result, const std::string& fail_on) {
  switch (result.outcome) {
    case Outcome::xpass:
      return true;
    case Outcome::fail:
      return result.severity == Severity::error ||
             (fail_on != "error" && result.severity == Severity::warning);
    case Outcome::weak:
      return fail_on == "weak";
    default:
      return false;
  }
}

/// One line for each endpoint that could not be tested: what, where, what to do.
std::vector<std::string> untestable(const SubjectRun& run) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < run.facts.size(); ++i) {
    const Facts& facts = run.facts[i];
    const std::string& url = run.subject.endpoints[i].url;
    if (!facts.reachable) {
      lines.push_back(
          run.subject.client
              ? fmt::format("{}: {}; does the command line go to {{host}} and {{port}}?", url,
                            facts.trouble)
              : fmt::format("{}: {}; is the server up, and are host and port right?", url,
                            facts.trouble));
    } else if (!facts.greeted) {
      lines.push_back(fmt::format("{}: {}; does this port speak {}?", url, facts.trouble,
                                  name_of(run.subject.endpoints[i].protocol)));
    } else if (!facts.tls) {
      lines.push_back(fmt::format(
          "{}: TLS never came up: {}; has the server a certificate, and is this the right scheme?",
          url, facts.trouble));
    }
  }
  return lines;
}

int exit_code_of(const RunReport& report, const RunWishes& options, std::size_t not_testable) {
  bool error = false;
  bool unexpected = !report.baseline.exceeded.empty();
  bool inconclusive = false;
  bool anything = false;
  for (const SubjectRun& run : report.subjects) {
    for (const Result& result : run.results) {
      error = error || result.outcome == Outcome::error;
      unexpected = unexpected || counts_as_unexpected(result, options.fail_on);
      inconclusive = inconclusive || result.outcome == Outcome::inconclusive;
      anything = anything || (result.outcome != Outcome::inapplicable &&
                              result.outcome != Outcome::inconclusive);
    }
  }
  if (error) return exit_code::kInternal;
  if (unexpected) return exit_code::kUnexpected;
  if (not_testable > 0 || !anything) return exit_code::kNotTestable;
  return inconclusive && options.fail_on == "inconclusive" ? exit_code::kInconclusive
                                                           : exit_code::kFine;
}

std::optional<std::string> write_wishes(const RunReport& report,
                                        const std::vector<ReportWish>& wishes,
                                        const RunWishes& options) {
  std::optional<std::string> error;
  for (const ReportWish& wish : wishes) {
    const std::string text = wish.format == "json"    ? run_json(report, options.stable)
                             : wish.format == "junit" ? junit_xml(report)
                                                      : console_text(report, {});
    auto failed = write_text(wish.path, text);
    if (failed && !error) error = std::move(failed);
  }
  return error;
}

}  // namespace

int complain(int code, const std::string& message) {
  fmt::print(stderr, "assay: {}\n", message);
  return code;
}

tl::expected<RunPlan, std::string> plan_run(const RunWishes& wishes, Side side) {
  RunPlan plan;
  auto checks = wanted_checks(wishes, side);
  if (!checks) return tl::unexpected(checks.error());
  plan.checks = std::move(*checks);
  auto reports = report_wishes(wishes.reports);
  if (!reports) return tl::unexpected(reports.error());
  plan.reports = std::move(*reports);
  if (!wishes.baseline.empty()) {
    const std::chrono::year_month_day today{
        std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())};
    auto loaded = load_baseline(wishes.baseline, ids_of(side), today);
    if (!loaded) return tl::unexpected(loaded.error());
    plan.baseline = std::move(*loaded);
  }
  plan.options.seed = wishes.seed.value_or(system_seed() & 0xffffffff);
  plan.options.jobs = wishes.jobs;
  plan.options.profile = profile_of(wishes.profile);
  return plan;
}

int run_plan(Loop& loop, OracleContexts& contexts, const RunWishes& wishes, RunPlan plan,
             const std::vector<Subject>& subjects, Again again) {
  RunReport report;
  report.version = ASSAY_VERSION;
  report.seed = plan.options.seed;
  report.profile = wishes.profile;
  report.started = std::chrono::system_clock::now();
  report.again = std::move(again);
  report.keeps_transcripts = !wishes.out.empty();
  const auto begin = Clock::now();

  Runner runner(loop, contexts, client_actions(), plan.options);
  int signal = 0;
  loop.on_signal([&](int number) {
    signal = number;
    runner.interrupt();
    loop.expire_all();
  });
  {
    ProgressLine progress(stderr, !wishes.quiet && ::isatty(STDERR_FILENO) == 1);
    for (const Subject& subject : subjects) {
      SubjectRun done = loop.run_until_done(runner.run(subject, plan.checks, &progress));
      if (plan.baseline) apply(*plan.baseline, done.results);
      report.subjects.push_back(std::move(done));
    }
  }
  if (plan.baseline) report.baseline = summary_of(*plan.baseline);
  report.interrupted = signal != 0;
  report.took = std::chrono::duration_cast<Milliseconds>(Clock::now() - begin);

  std::optional<std::string> failed = write_wishes(report, plan.reports, wishes);
  if (!wishes.out.empty()) {
    auto error = write_reports(wishes.out, report, wishes.stable);
    if (error && !failed) failed = std::move(error);
  }
  const bool stdout_is_a_report =
      std::ranges::any_of(plan.reports, [](const ReportWish& wish) { return wish.path == "-"; });
  if (!stdout_is_a_report) {
    ConsoleOptions console;
    console.colour =
        wishes.color == "always" || (wishes.color == "auto" && ::isatty(STDOUT_FILENO) == 1 &&
                                     std::getenv("NO_COLOR") == nullptr);
    console.detail = wishes.quiet     ? ConsoleOptions::Detail::quiet
                     : wishes.verbose ? ConsoleOptions::Detail::verbose
                                      : ConsoleOptions::Detail::normal;
    auto error = write_text("-", console_text(report, console));
    if (error && !failed) failed = std::move(error);
    if (!wishes.out.empty() && !wishes.quiet && !failed)
      fmt::print("The report is in {}\n", wishes.out);
  }
  std::size_t not_testable = 0;
  for (const SubjectRun& done : report.subjects) {
    for (const std::string& line : untestable(done)) {
      ++not_testable;
      if (signal == 0) complain(exit_code::kNotTestable, line);
    }
  }
  if (failed) return complain(exit_code::kUsage, *failed);
  if (signal != 0) return exit_code::kSignal + signal;
  return exit_code_of(report, wishes, not_testable);
}

}  // namespace assay
