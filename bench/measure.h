// How the benchmarks count: interleaved pairs, medians with quartiles, one row a measure. A row is
// one line on stdout (scripts/bench puts them under one heading); what explains it goes to stderr.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace assay::bench {

inline constexpr std::size_t kPairs = 11;

struct Quartiles {
  double low = 0;
  double median = 0;
  double high = 0;
};
[[nodiscard]] Quartiles quartiles_of(std::vector<double> values);

/// Runs ours and the baseline `pairs` times each, in the order ABBA, so that a drift of the machine
/// hits both alike.
void interleave(std::size_t pairs, const std::function<void()>& ours,
                const std::function<void()>& baseline);

/// Each of `ours` over the one of `baseline` that ran beside it.
[[nodiscard]] std::vector<double> ratios(const std::vector<double>& ours,
                                         const std::vector<double>& baseline);

struct Row {
  std::string measure;
  std::string ours;
  std::string baseline;
  std::string ratio;
  std::string quartiles;
  std::string limit;
  std::string verdict;  // met, missed; empty where nothing is asked
  std::string others;   // share of the machine that other processes took
};
/// Prints the columns, at the widths that scripts/bench prints their heading.
void print(const Row& row);

[[nodiscard]] std::string text_of(const Quartiles& values);
[[nodiscard]] std::string verdict_of(bool met);

}  // namespace assay::bench
