// What a start costs: S7, CPU time from the start to the first octet sent, beside `openssl
// s_client`; and the most memory that a whole run holds.
//
// usage: bench_start [ASSAY]
#include "bench/measure.h"
#include "bench/process.h"
#include "bench/subject.h"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <functional>
#include <string>
#include <vector>

namespace assay::bench {
namespace {

constexpr double kCpuLimit = 0.015;
constexpr std::size_t kMemoryLimit = 20U << 20;

/// Until a program that is told where to connect, and speaks first, has spoken.
double cpu_until_heard(
    const std::function<std::vector<std::string>(const std::string& address)>& command) {
  Door door;
  const Child child(command(fmt::format("127.0.0.1:{}", door.port())));
  door.hear();
  return child.cpu().count();
}

bool print_start(const std::string& program, const Scratch& scratch) {
  const auto ours = [&](const std::string& address) {
    return std::vector<std::string>{program,
                                    "check",
                                    "tls://" + address + "?name=localhost",
                                    "--only",
                                    "negotiation.version.*",
                                    "--out",
                                    scratch.file("report")};
  };
  const auto theirs = [](const std::string& address) {
    return std::vector<std::string>{"openssl", "s_client", "-quiet", "-connect", address};
  };
  std::vector<double> took;
  std::vector<double> baseline;
  interleave(
      kPairs, [&] { took.push_back(cpu_until_heard(ours)); },
      [&] { baseline.push_back(cpu_until_heard(theirs)); });
  const auto milliseconds = [](const std::vector<double>& values) {
    return fmt::format("{:.1f} ms", quartiles_of(values).median * 1000);
  };
  const Quartiles ratio = quartiles_of(ratios(took, baseline));
  const bool met = quartiles_of(took).median <= kCpuLimit;
  print({"S7 CPU to the first octet / s_client", milliseconds(took), milliseconds(baseline),
         fmt::format("{:.2f}", ratio.median), text_of(ratio), "<= 15 ms", verdict_of(met), "-"});
  return met;
}

bool print_memory(const std::string& program, const Scratch& scratch) {
  const ReferenceServer server(program);
  const auto url = [&](std::string_view scheme, Access access) {
    return fmt::format("{}://127.0.0.1:{}", scheme, server.port(access));
  };
  Child run({program, "check", url("smtp", Access::upgrade), url("smtps", Access::implicit),
             "--out", scratch.file("whole")});
  const std::size_t peak = run.peak_at_end();
  const bool met = peak <= kMemoryLimit;
  print({"S7 memory of a whole run, two endpoints",
         fmt::format("{:.1f} MiB", static_cast<double>(peak) / (1 << 20)), "-", "-", "-",
         "<= 20 MiB", verdict_of(met), "-"});
  return met;
}

int run(const std::string& program) {
  const Scratch scratch;
  bool met = print_start(program, scratch);
  met = print_memory(program, scratch) && met;
  return met ? 0 : 1;
}

}  // namespace
}  // namespace assay::bench

int main(int argc, char** argv) {
  try {
    return assay::bench::run(argc > 1 ? argv[1] : assay::bench::sibling("assay"));
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_start: {}\n", error.what());
    return 1;
  }
}
