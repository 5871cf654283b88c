// The whole suite beside the same number of bare handshakes: S1, wall; S1b, handshakes a check; S2,
// what the silences add; S4 and S5, time a check; S6, one command-injection check.
//
// usage: bench_suite [ASSAY]
#include "bench/bare.h"
#include "bench/measure.h"
#include "bench/subject.h"
#include "clients/actions.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <set>

namespace assay::bench {
namespace {

constexpr std::size_t kJobs = 8;
constexpr std::size_t kRuns = 3;  // of the suite in one slice, so that it takes 0.3 s at least
constexpr double kSuiteLimit = 1.5;
constexpr double kHandshakesLimit = 1.3;
constexpr double kWaitsLimit = 1.25;
constexpr Milliseconds kInjectionLimit{50};
constexpr Milliseconds kWaits{80};  // a case alone that takes longer has a silence in it
constexpr std::string_view kInjection = "integrity.injection.";

using Checks = std::vector<const Check*>;

/// Wall and CPU of one run, slice by slice.
struct Slices {
  std::vector<double> wall;
  std::vector<double> client;
  std::vector<double> server;

  template <typename Work>
  void take(const Child& peer, Work work) {
    const Seconds own = own_cpu();
    const Seconds theirs = peer.cpu();
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < kRuns; ++i) work();
    const auto mean = [](Seconds whole) { return whole.count() / static_cast<double>(kRuns); };
    wall.push_back(mean(std::chrono::steady_clock::now() - begin));
    client.push_back(mean(own_cpu() - own));
    server.push_back(mean(peer.cpu() - theirs));
  }
};

/// As `assay check` does it, contexts made anew.
SubjectRun run_suite(const Subject& subject, const Checks& checks, std::size_t jobs) {
  Loop loop;
  OracleContexts contexts;
  RunOptions options;
  options.jobs = jobs;
  Runner runner(loop, contexts, client_actions(), options);
  return loop.run_until_done(runner.run(subject, checks, nullptr));
}

/// Bare handshakes in the proportions of accesses and versions that the suite has.
Load same_handshakes(const SubjectRun& run, const ReferenceServer& server) {
  Load load{.in_flight = kJobs, .connections = run.counters.handshakes, .sources = 20};
  for (const Access access : {Access::upgrade, Access::implicit}) {
    for (const bool tls12 : {false, true}) {
      Target target{.port = server.port(access),
                    .upgrade = access == Access::upgrade,
                    .tls12 = tls12,
                    .answered = false,
                    .count = 0};
      for (const Result& result : run.results) {
        if (result.which.access == Access::clear) continue;
        if (run.subject.endpoints[result.which.endpoint].access != access) continue;
        if ((result.which.version == TlsVersion::tls12) == tls12)
          target.count += result.connections;
      }
      if (target.count > 0) load.targets.push_back(target);
    }
  }
  return load;
}

/// Checks that wait for silence, by what their cases take when nobody else is under way.
struct Calibration {
  std::set<const Check*> waiting;
  std::size_t windows = 0;
  Milliseconds sum{0};
  Milliseconds longest{0};
  Milliseconds slowest_injection{0};
  std::size_t injections = 0;
};

Calibration calibrate(const Subject& subject, const Checks& checks) {
  Calibration found;
  const SubjectRun alone = run_suite(subject, checks, 1);
  fmt::print(stderr, "S6: each case alone\n");
  for (const Result& result : alone.results) {
    if (result.took >= kWaits) {
      found.waiting.insert(result.which.check);
      ++found.windows;
      found.sum += result.took;
      found.longest = std::max(found.longest, result.took);
    }
    if (!result.which.check->id.starts_with(kInjection) || result.connections == 0) continue;
    fmt::print(stderr, "  {:>4} ms  {}\n", result.took.count(), result.which.name);
    ++found.injections;
    found.slowest_injection = std::max(found.slowest_injection, result.took);
  }
  for (const Result& result : alone.results) {
    if (result.took < kWaits) continue;
    fmt::print(stderr, "waits: {:>4} ms  {}\n", result.took.count(), result.which.name);
  }
  return found;
}

void tell_unexpected(const SubjectRun& run) {
  for (const Result& result : run.results) {
    if (result.outcome != Outcome::fail && result.outcome != Outcome::error &&
        result.outcome != Outcome::inconclusive)
      continue;
    fmt::print(stderr, "unexpected: {} {} {}\n", result.which.name, result.ending, result.reason);
  }
}

struct Comparison {
  Slices suite;
  Slices bare;
  SubjectRun last;
  std::size_t errors = 0;
  std::string others;
};

Comparison compare(const ReferenceServer& server, const Checks& checks) {
  Comparison seen;
  Bare client;
  // Warm-up, and the number of handshakes.
  seen.last = run_suite(server.subject(), checks, kJobs);
  const Load load = same_handshakes(seen.last, server);
  client.run(load);
  const Others others(server.process());
  interleave(
      kPairs,
      [&] {
        seen.suite.take(server.process(),
                        [&] { seen.last = run_suite(server.subject(), checks, kJobs); });
      },
      [&] { seen.bare.take(server.process(), [&] { seen.errors += client.run(load).errors; }); });
  seen.others = others.share();
  return seen;
}

std::string seconds(const std::vector<double>& values) {
  return fmt::format("{:.3f} s", quartiles_of(values).median);
}

Row ratio_row(std::string measure, const std::vector<double>& ours,
              const std::vector<double>& baseline, const Comparison& seen) {
  const Quartiles ratio = quartiles_of(ratios(ours, baseline));
  return {std::move(measure),
          seconds(ours),
          seconds(baseline),
          fmt::format("{:.2f}", ratio.median),
          text_of(ratio),
          {},
          {},
          seen.others};
}

bool print_suite(const Comparison& seen) {
  Row wall =
      ratio_row("S1 suite without waits / bare, wall", seen.suite.wall, seen.bare.wall, seen);
  const bool met = quartiles_of(ratios(seen.suite.wall, seen.bare.wall)).median <= kSuiteLimit &&
                   seen.errors == 0;
  wall.limit = "<= 1.5";
  wall.verdict = verdict_of(met);
  print(wall);
  print(ratio_row("   the same, CPU of the client", seen.suite.client, seen.bare.client, seen));
  print(ratio_row("   the same, CPU of the server", seen.suite.server, seen.bare.server, seen));
  return met;
}

bool print_waits(const Comparison& with, const Comparison& without, const Calibration& found) {
  const double longest = Seconds(found.longest).count();
  const double whole = quartiles_of(with.suite.wall).median;
  const double limit = quartiles_of(without.suite.wall).median + kWaitsLimit * longest;
  fmt::print(stderr, "S2: {} cases with a silence, {} ms in a row, the longest {} ms\n",
             found.windows, found.sum.count(), found.longest.count());
  const bool met = whole <= limit;
  print({"S2 whole suite / its limit, waits included", seconds(with.suite.wall),
         fmt::format("{:.3f} s", limit), fmt::format("{:.2f}", whole / limit), "-", "<= 1",
         verdict_of(met), with.others});
  return met;
}

bool print_counters(const SubjectRun& run) {
  const auto handshakes = static_cast<double>(run.counters.handshakes);
  const double a_check = handshakes / static_cast<double>(run.counters.checks);
  const bool met = a_check <= kHandshakesLimit;
  print({"S1b handshakes a check", fmt::format("{}", run.counters.handshakes),
         fmt::format("{}", run.counters.checks), fmt::format("{:.2f}", a_check), "-", "<= 1.3",
         verdict_of(met), "-"});
  return met;
}

/// Time a check, waits included, beside what other testers were measured to take. S4: a
/// general-purpose TLS tester in Python, 36 ms for a conversation, which is a check as S1b counts
/// them. S5: testssl.sh 3.0.8, 0.5 s for a line of results, which is a case.
bool print_times(const Comparison& seen) {
  constexpr double kOfTester = 0.036;
  constexpr double kOfScript = 0.5;
  const double wall = quartiles_of(seen.suite.wall).median;
  const auto row = [&](std::string measure, std::size_t count, double theirs, double times) {
    const double a_check = wall / static_cast<double>(count);
    const bool met = theirs / a_check >= times;
    print({std::move(measure), fmt::format("{:.2f} ms", a_check * 1000),
           fmt::format("{:.0f} ms", theirs * 1000), fmt::format("{:.3f}", a_check / theirs), "-",
           fmt::format("<= {:.2g}", 1 / times), verdict_of(met), seen.others});
    return met;
  };
  const bool tester =
      row("S4 time a check / a TLS tester in Python", seen.last.counters.checks, kOfTester, 10);
  const bool script =
      row("S5 time a case / testssl.sh 3.0.8, a line", seen.last.results.size(), kOfScript, 100);
  return tester && script;
}

bool print_injection(const Calibration& found) {
  const bool met = found.injections > 0 && found.slowest_injection <= kInjectionLimit;
  print({"S6 slowest injection case", fmt::format("{} ms", found.slowest_injection.count()), "-",
         "-", "-", "<= 50 ms", verdict_of(met), "-"});
  return met;
}

int run(const std::string& program) {
  const ReferenceServer server(program);
  const Checks& all = suites::all_checks();
  const Calibration found = calibrate(server.subject(), all);
  Checks swift;
  std::ranges::copy_if(all, std::back_inserter(swift),
                       [&](const Check* check) { return !found.waiting.contains(check); });

  const Comparison without = compare(server, swift);
  // Where no check waits, the two are the same.
  const Comparison with = found.waiting.empty() ? without : compare(server, all);
  tell_unexpected(with.last);
  fmt::print(stderr,
             "S1: {} pairs ABBA, {} runs a slice, {} in flight; {} cases, {} connections, {} "
             "handshakes without the "
             "{} checks that wait; {} cases, {} connections, {} handshakes with them; {} errors\n",
             kPairs, kRuns, kJobs, without.last.results.size(), without.last.counters.connections,
             without.last.counters.handshakes, found.waiting.size(), with.last.results.size(),
             with.last.counters.connections, with.last.counters.handshakes,
             without.errors + with.errors);
  bool met = print_suite(without);
  met = print_counters(with.last) && met;
  met = print_waits(with, without, found) && met;
  met = print_times(with) && met;
  met = print_injection(found) && met;
  return met ? 0 : 1;
}

}  // namespace
}  // namespace assay::bench

int main(int argc, char** argv) {
  try {
    return assay::bench::run(argc > 1 ? argv[1] : assay::bench::sibling("assay"));
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_suite: {}\n", error.what());
    return 1;
  }
}
