#include "bench/measure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace assay::bench {

Quartiles quartiles_of(std::vector<double> values) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  const auto at = [&](double share) {
    const double place = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    const double rest = place - static_cast<double>(below);
    return values[below] * (1 - rest) + values[above] * rest;
  };
  return {at(0.25), at(0.5), at(0.75)};
}

void interleave(std::size_t pairs, const std::function<void()>& ours,
                const std::function<void()>& baseline) {
  for (std::size_t i = 0; i < pairs; ++i) {
    const bool ours_first = i % 2 == 0;
    if (ours_first) ours();
    baseline();
    if (!ours_first) ours();
  }
}

std::vector<double> ratios(const std::vector<double>& ours, const std::vector<double>& baseline) {
  std::vector<double> quotients;
  for (std::size_t i = 0; i < std::min(ours.size(), baseline.size()); ++i) {
    quotients.push_back(ours[i] / baseline[i]);
  }
  return quotients;
}

void print(const Row& row) {
  fmt::print("{:<44} {:>14} {:>14} {:>7} {:>13} {:>9} {:>7} {:>7}\n", row.measure, row.ours,
             row.baseline, row.ratio, row.quartiles, row.limit, row.verdict, row.others);
  std::fflush(stdout);
}

std::string text_of(const Quartiles& values) {
  return fmt::format("{:.2f}..{:.2f}", values.low, values.high);
}

std::string verdict_of(bool met) { return met ? "met" : "missed"; }

}  // namespace assay::bench
