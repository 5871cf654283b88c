// `assay check`: a server against the suites; the embedded reference server where no URL is given.
#include "clients/actions.h"
#include "clients/sinks.h"
#include "harness/base/printable.h"
#include "harness/base/words.h"
#include "harness/check/account.h"
#include "harness/check/expectations.h"
#include "harness/cli/commands.h"
#include "harness/cli/target.h"
#include "harness/pki/pem.h"
#include "reference_server/local_stage.h"
#include "reports/console.h"
#include "reports/json.h"
#include "reports/junit.h"
#include "reports/progress_line.h"
#include "reports/report.h"
#include "reports/write.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace assay {
namespace {

constexpr double kStrangersRate = 2;  // connections a second, off loopback

std::vector<std::string_view> all_ids() {
  std::vector<std::string_view> ids;
  for (const Check* check : suites::all_checks()) ids.push_back(check->id);
  return ids;
}

bool any_matches(const std::vector<std::string>& globs, std::string_view id) {
  return std::ranges::any_of(globs,
                             [&](const std::string& glob) { return glob_matches(glob, id); });
}

/// A glob that fits no check is a slip of the finger, whatever the others fit.
tl::expected<std::vector<const Check*>, std::string> wanted_checks(const CheckOptions& options) {
  const auto ids = all_ids();
  for (const auto* globs : {&options.only, &options.skip}) {
    for (const std::string& glob : *globs) {
      if (std::ranges::any_of(ids, [&](std::string_view id) { return glob_matches(glob, id); }))
        continue;
      const auto meant = did_you_mean(glob, ids);
      return tl::unexpected(meant ? fmt::format("there is no check {}; did you mean {}?",
                                                printable(glob, 120), *meant)
                                  : fmt::format("there is no check {}; `assay list` has them all",
                                                printable(glob, 120)));
    }
  }
  std::vector<const Check*> wanted;
  for (const Check* check : suites::all_checks()) {
    if (!options.only.empty() && !any_matches(options.only, check->id)) continue;
    if (any_matches(options.skip, check->id)) continue;
    wanted.push_back(check);
  }
  if (wanted.empty()) return tl::unexpected(std::string("--only and --skip leave no check"));
  return wanted;
}

tl::expected<std::vector<Bytes>, std::string> read_anchors(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))  // opens, but throws when it is read
    return tl::unexpected(fmt::format("--ca {}: cannot be read: it is a directory", path));
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return tl::unexpected(fmt::format("--ca {}: cannot be read: {}", path, std::strerror(errno)));
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (file.bad()) return tl::unexpected(fmt::format("--ca {}: cannot be read", path));
  auto anchors = certificates_from_pem(text);
  if (anchors.empty())
    return tl::unexpected(fmt::format("--ca {}: there is no PEM certificate in it", path));
  return anchors;
}

/// FORMAT[=PATH] of --report.
struct ReportWish {
  std::string format;
  std::string path;
};
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

tl::expected<Account, std::string> read_account(Loop& loop, const std::string& path) {
  auto file = load_account(path);
  if (!file) return tl::unexpected(file.error());
  Account account = file->account;
  if (!file->sink_read.empty()) {
    auto sink = open_sink(loop, file->sink_read);
    if (!sink) return tl::unexpected(fmt::format("{}: {}", path, sink.error()));
    account.sink_read = std::move(*sink);
  }
  return account;
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
      lines.push_back(fmt::format("{}: {}; is the server up, and are host and port right?", url,
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

int exit_code_of(const RunReport& report, const CheckOptions& options, std::size_t not_testable) {
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

Again again_with(const CheckOptions& options) {
  Again again;
  again.names_targets = !options.targets.empty();
  const auto add = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    again.options.emplace_back(name);
    again.options.push_back(value);
  };
  add("--account", options.account);
  add("--ca", options.ca);
  if (options.profile != "default") add("--profile", options.profile);
  if (options.intrusive) again.options.emplace_back("--intrusive");
  return again;
}

std::optional<std::string> write_wishes(const RunReport& report,
                                        const std::vector<ReportWish>& wishes,
                                        const CheckOptions& options) {
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

int run_check(const CheckOptions& options) {
  const auto checks = wanted_checks(options);
  if (!checks) return complain(exit_code::kUsage, checks.error());
  const auto wishes = report_wishes(options.reports);
  if (!wishes) return complain(exit_code::kUsage, wishes.error());
  std::optional<Baseline> baseline;
  if (!options.baseline.empty()) {
    const std::chrono::year_month_day today{
        std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())};
    auto loaded = load_baseline(options.baseline, all_ids(), today);
    if (!loaded) return complain(exit_code::kUsage, loaded.error());
    baseline = std::move(*loaded);
  }

  Loop loop;
  OracleContexts contexts;
  std::vector<Subject> subjects;
  std::unique_ptr<LocalStage> stage;
  std::unique_ptr<StagedServer> embedded;
  bool strangers = false;
  if (options.targets.empty()) {
    if (!options.account.empty() || !options.ca.empty()) {
      return complain(exit_code::kUsage,
                      "--account and --ca are for a server of yours: give its URL, too");
    }
    stage = std::make_unique<LocalStage>(loop, ServerBudget{});
    embedded = stage->serve(Setup{}, {});
    subjects.push_back(embedded->subject());
  } else {
    std::vector<Endpoint> endpoints;
    for (const std::string& target : options.targets) {
      auto endpoint = parse_target(target);
      if (!endpoint) return complain(exit_code::kUsage, endpoint.error());
      strangers = strangers || !is_loopback(endpoint->address.host);
      endpoints.push_back(std::move(*endpoint));
    }
    subjects = group_by_host(endpoints);
    Account account;
    if (!options.account.empty()) {
      auto read = read_account(loop, options.account);
      if (!read) return complain(exit_code::kUsage, read.error());
      account = std::move(*read);
    }
    std::vector<Bytes> anchors;
    if (!options.ca.empty()) {
      auto read = read_anchors(options.ca);
      if (!read) return complain(exit_code::kUsage, read.error());
      anchors = std::move(*read);
    }
    for (Subject& subject : subjects) {
      subject.account = account;
      subject.anchors = anchors;
      for (Endpoint& endpoint : subject.endpoints) {
        endpoint.role = account.role.value_or(endpoint.role);
        if (!options.quiet) fmt::print(stderr, "{} as {}\n", endpoint.url, name_of(endpoint.role));
      }
    }
  }

  RunOptions run;
  run.seed = options.seed.value_or(system_seed() & 0xffffffff);
  run.jobs = options.jobs;
  run.profile = profile_of(options.profile);
  run.intrusive = options.intrusive || !strangers;
  run.rate = options.rate > 0 ? options.rate : strangers ? kStrangersRate : 0;

  RunReport report;
  report.version = ASSAY_VERSION;
  report.seed = run.seed;
  report.profile = options.profile;
  report.started = std::chrono::system_clock::now();
  report.again = again_with(options);
  report.keeps_transcripts = !options.out.empty();
  const auto begin = Clock::now();

  Runner runner(loop, contexts, client_actions(), run);
  int signal = 0;
  loop.on_signal([&](int number) {
    signal = number;
    runner.interrupt();
    loop.expire_all();
  });
  {
    ProgressLine progress(stderr, !options.quiet && ::isatty(STDERR_FILENO) == 1);
    for (const Subject& subject : subjects) {
      SubjectRun done = loop.run_until_done(runner.run(subject, *checks, &progress));
      if (baseline) apply(*baseline, done.results);
      report.subjects.push_back(std::move(done));
    }
  }
  if (baseline) report.baseline = summary_of(*baseline);
  report.interrupted = signal != 0;
  report.took = std::chrono::duration_cast<Milliseconds>(Clock::now() - begin);

  std::optional<std::string> failed = write_wishes(report, *wishes, options);
  if (!options.out.empty()) {
    auto error = write_reports(options.out, report, options.stable);
    if (error && !failed) failed = std::move(error);
  }
  const bool stdout_is_a_report =
      std::ranges::any_of(*wishes, [](const ReportWish& wish) { return wish.path == "-"; });
  if (!stdout_is_a_report) {
    ConsoleOptions console;
    console.colour =
        options.color == "always" || (options.color == "auto" && ::isatty(STDOUT_FILENO) == 1 &&
                                      std::getenv("NO_COLOR") == nullptr);
    console.detail = options.quiet     ? ConsoleOptions::Detail::quiet
                     : options.verbose ? ConsoleOptions::Detail::verbose
                                       : ConsoleOptions::Detail::normal;
    auto error = write_text("-", console_text(report, console));
    if (error && !failed) failed = std::move(error);
    if (!options.out.empty() && !options.quiet && !failed)
      fmt::print("The report is in {}\n", options.out);
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
  return exit_code_of(report, options, not_testable);
}

}  // namespace assay
