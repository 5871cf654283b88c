// The second half of the console report: counts, whose the findings are, what did not run and why.
#include "harness/base/words.h"
#include "reports/console.h"
#include "reports/legible.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace assay {
namespace {

constexpr std::size_t kWidth = 100;

constexpr Outcome kColumns[] = {Outcome::pass,         Outcome::weak,        Outcome::fail,
                                Outcome::xfail,        Outcome::xpass,       Outcome::error,
                                Outcome::inconclusive, Outcome::inapplicable};

/// Columns that nothing fell into are left out, but for the first three.
std::vector<Outcome> columns_of(const Counts& total) {
  std::vector<Outcome> columns;
  for (const Outcome outcome : kColumns) {
    const bool always = columns.size() < 3;
    if (always || total.of(outcome) > 0) columns.push_back(outcome);
  }
  return columns;
}

std::string table_row(std::string_view name, const Counts& counts,
                      const std::vector<Outcome>& columns, bool colour) {
  std::string text = fmt::format("  {:<14}", name);
  for (const Outcome outcome : columns) {
    const std::string number = fmt::format("{:>{}}", counts.of(outcome),
                                           std::max<std::size_t>(name_of(outcome).size(), 4));
    const Tint tint = counts.of(outcome) > 0 ? tint_of(outcome) : Tint::none;
    text += "  " + tinted(number, tint, colour);
  }
  return text + "\n";
}

std::string table(const RunReport& report, bool colour) {
  const Counts total = count(report);
  const std::vector<Outcome> columns = columns_of(total);
  std::string text = fmt::format("  {:<14}", "");
  for (const Outcome outcome : columns) {
    text += fmt::format("  {:>4}", name_of(outcome));
  }
  text += "\n";
  for (const auto& [suite, counts] : count_by_suite(report))
    text += table_row(suite, counts, columns, colour);
  return text + table_row("total", total, columns, colour);
}

/// Words behind one another, broken before kWidth, each line behind `margin` spaces.
std::string wrapped(const std::vector<std::string>& words, std::size_t margin) {
  std::string text;
  std::string line;
  for (const std::string& word : words) {
    if (!line.empty() && margin + line.size() + 2 + word.size() > kWidth) {
      text += std::string(margin, ' ') + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : "  ") + word;
  }
  return line.empty() ? text : text + std::string(margin, ' ') + line + "\n";
}

bool is_finding(Outcome outcome) { return outcome == Outcome::fail || outcome == Outcome::weak; }

std::string owned_findings(const RunReport& report, bool configuration) {
  std::string text;
  for (const FiledCase& filed : filed_cases(report)) {
    const Result& result = *filed.result;
    const Component component = result.which.check->component;
    if (!is_finding(result.outcome) || (component == Component::configuration) != configuration)
      continue;
    text += fmt::format("  {:<8} {}   {}", name_of(result.severity), result.which.name,
                        one_line(result.ending));
    if (!configuration) text += fmt::format("   ({})", name_of(component));
    text += "\n";
  }
  if (text.empty()) return {};
  return (configuration ? "\nWhat you can change (configuration):\n"
                        : "\nWhat your vendor can change (server, library):\n") +
         text;
}

/// Cases of one outcome under the reason that they share, the most frequent reason first.
std::string by_reason(const RunReport& report, Outcome outcome, std::string_view title) {
  struct Group {
    std::size_t cases = 0;
    std::set<std::string, std::less<>> ids;
  };
  std::map<std::string, Group> groups;
  std::size_t cases = 0;
  for (const FiledCase& filed : filed_cases(report)) {
    const Result& result = *filed.result;
    if (result.outcome != outcome) continue;
    Group& group = groups[result.reason.empty() ? "no reason was given" : one_line(result.reason)];
    ++group.cases;
    group.ids.emplace(result.which.check->id);
    ++cases;
  }
  if (groups.empty()) return {};
  std::vector<std::pair<std::string, Group>> sorted(groups.begin(), groups.end());
  std::ranges::sort(sorted, [](const auto& a, const auto& b) {
    return std::tie(b.second.cases, a.first) < std::tie(a.second.cases, b.first);
  });
  std::string text = fmt::format("\n{} ({}):\n", title, number_of(cases, "case"));
  for (const auto& [reason, group] : sorted) {
    text += fmt::format("  {} ({})\n", reason, number_of(group.cases, "case"));
    text += wrapped({group.ids.begin(), group.ids.end()}, 6);
  }
  return text;
}

std::string troubles(const RunReport& report) {
  std::string text;
  for (const SubjectRun& run : report.subjects) {
    for (std::size_t i = 0; i < run.facts.size() && i < run.subject.endpoints.size(); ++i) {
      const Facts& facts = run.facts[i];
      if (facts.reachable && facts.tls) continue;
      text += fmt::format("  {}: {}{}{}\n", one_line(run.subject.endpoints[i].url),
                          facts.reachable ? "TLS never came up" : "not reachable",
                          facts.trouble.empty() ? "" : ": ", one_line(facts.trouble));
    }
  }
  return text.empty() ? text : "\nNot testable:\n" + text;
}

std::string baseline(const BaselineSummary& summary) {
  std::string text;
  for (const auto* lines : {&summary.unmatched, &summary.expired, &summary.exceeded}) {
    for (const std::string& line : *lines) text += fmt::format("  {}\n", one_line(line));
  }
  return text.empty() ? text : "\nThe baseline itself:\n" + text;
}

std::string totals(const RunReport& report) {
  std::size_t connections = 0;
  std::size_t handshakes = 0;
  for (const SubjectRun& run : report.subjects) {
    connections += run.counters.connections;
    handshakes += run.counters.handshakes;
  }
  return fmt::format("{}, {}, {} s, seed {}\n", number_of(connections, "connection"),
                     number_of(handshakes, "handshake"), seconds(report.took),
                     seed_text(report.seed));
}

std::string one_line_of_counts(const RunReport& report, bool colour) {
  const Counts total = count(report);
  std::string text;
  for (const Outcome outcome : columns_of(total)) {
    text += text.empty() ? "" : ", ";
    const Tint tint = total.of(outcome) > 0 ? tint_of(outcome) : Tint::none;
    text += tinted(fmt::format("{} {}", total.of(outcome), name_of(outcome)), tint, colour);
  }
  return text + "\n";
}

}  // namespace

std::string summary_text(const RunReport& report, const ConsoleOptions& options) {
  if (options.detail == ConsoleOptions::Detail::quiet)
    return one_line_of_counts(report, options.colour);
  std::string text = table(report, options.colour);
  text += owned_findings(report, true) + owned_findings(report, false);
  text += troubles(report);
  text += by_reason(report, Outcome::inconclusive, "Not decided");
  text += by_reason(report, Outcome::inapplicable, "Not run");
  text += baseline(report.baseline);
  if (report.interrupted) text += "\nInterrupted: what had not begun was not run.\n";
  return text + "\n" + totals(report);
}

}  // namespace assay
