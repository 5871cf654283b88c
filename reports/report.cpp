#include "reports/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>

namespace assay {
namespace {

constexpr std::size_t kLongestFileName = 200;

}  // namespace

std::string seed_text(std::uint64_t seed) { return fmt::format("{:x}", seed); }

std::size_t Counts::of(Outcome outcome) const {
  return by_outcome.at(static_cast<std::size_t>(outcome));
}

std::size_t Counts::total() const {
  return std::accumulate(by_outcome.begin(), by_outcome.end(), std::size_t{0});
}

void Counts::add(Outcome outcome) { ++by_outcome.at(static_cast<std::size_t>(outcome)); }

Counts count(const RunReport& report) {
  Counts counts;
  for (const SubjectRun& run : report.subjects) {
    for (const Result& result : run.results) counts.add(result.outcome);
  }
  return counts;
}

std::map<std::string, Counts, std::less<>> count_by_suite(const RunReport& report) {
  std::map<std::string, Counts, std::less<>> suites;
  for (const SubjectRun& run : report.subjects) {
    for (const Result& result : run.results) {
      suites[std::string(suite_of(result.which.check->id))].add(result.outcome);
    }
  }
  return suites;
}

std::string file_name_of(std::string_view name) {
  std::string safe(name.substr(0, kLongestFileName));
  for (char& c : safe) {
    const bool legal = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
                       c == '@' || c == '-';
    if (!legal) c = '_';
  }
  if (safe.empty() || safe.front() == '.') safe.insert(0, 1, '_');
  return safe;
}

std::vector<FiledCase> filed_cases(const RunReport& report) {
  std::vector<FiledCase> cases;
  for (const SubjectRun& run : report.subjects) {
    for (const Result& result : run.results) cases.push_back({&run, &result, {}});
  }
  // Both pointers go into vectors, so that their order is that of the subjects and of the table.
  std::ranges::sort(cases, [](const FiledCase& a, const FiledCase& b) {
    return std::tie(a.result->which.name, a.run, a.result) <
           std::tie(b.result->which.name, b.run, b.result);
  });
  // Two endpoints of one protocol and access, or two subjects, have cases of the same name.
  std::set<std::string> taken;
  for (FiledCase& filed : cases) {
    const std::string base = file_name_of(filed.result->which.name);
    std::string name = base;
    for (std::size_t n = 2; !taken.insert(name).second; ++n) name = fmt::format("{}.{}", base, n);
    const bool kept = report.keeps_transcripts && !filed.result->transcript.empty();
    if (kept) filed.transcript = fmt::format("transcripts/{}.txt", name);
  }
  return cases;
}

const Endpoint& endpoint_of(const SubjectRun& run, const Result& result) {
  return run.subject.endpoints.at(result.which.endpoint);
}

}  // namespace assay
