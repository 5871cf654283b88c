// Baseline: the findings that a product is known to have. The checks still run; what was expected
// becomes xfail, a pass where a fail was expected becomes xpass, and nothing disappears from a
// report. Used by the commands that test a peer, after the Runner and before the reports.
#pragma once

#include "harness/check/verdict.h"

#include <tl/expected.hpp>

#include <chrono>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// One [[expect]] entry. Empty scopes hold everything.
struct Expectation {
  std::string id;         // of a check, or a glob
  std::string case_glob;  // of case names
  std::string protocol;
  std::string access;
  std::string version;              // tls12, tls13
  Outcome outcome = Outcome::fail;  // or weak, inconclusive
  std::string reason;
  std::string issue;
  std::optional<std::chrono::year_month_day> expires;  // the last day on which it holds
  std::optional<std::size_t> max;                      // cases of one subject that it may stand for
  std::size_t line = 0;

  // What apply() found.
  std::size_t cases = 0;     // in its scope, of those that applied
  std::size_t expected = 0;  // that ended as it says
  bool exceeded = false;     // more than `max`: it stood for none of them
};

struct Baseline {
  std::string file;
  std::chrono::year_month_day today;
  std::vector<Expectation> entries;
};

/// The error names file, line and column. An id that no check has is an error, and so is a glob
/// that fits none or has no `max`.
[[nodiscard]] tl::expected<Baseline, std::string> load_baseline(
    const std::filesystem::path& path, std::span<const std::string_view> known_ids,
    std::chrono::year_month_day today);
[[nodiscard]] tl::expected<Baseline, std::string> parse_baseline(
    std::string_view text, std::string_view file, std::span<const std::string_view> known_ids,
    std::chrono::year_month_day today);

/// Judges the results of one subject anew; called once a subject.
void apply(Baseline& baseline, std::vector<Result>& results);

/// What a report says of the baseline itself, a line an entry: "FILE:LINE: …".
struct BaselineSummary {
  std::vector<std::string> unmatched;
  std::vector<std::string> expired;
  std::vector<std::string> exceeded;
};
/// After the last apply().
[[nodiscard]] BaselineSummary summary_of(const Baseline& baseline);

}  // namespace assay
