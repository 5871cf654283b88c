#include "harness/check/expectations.h"

#include "harness/base/printable.h"
#include "harness/base/words.h"
#include "harness/check/config_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace assay {
namespace {

using Date = std::chrono::year_month_day;

constexpr std::size_t kMostCases = 100'000;

constexpr auto kFileKeys = std::to_array<std::string_view>({"expect"});
constexpr auto kKeys =
    std::to_array<std::string_view>({"id", "max", "protocol", "access", "version", "case",
                                     "outcome", "reason", "issue", "expires"});
constexpr auto kProtocols =
    std::to_array<std::string_view>({"smtp", "pop3", "nntp", "ldap", "tls"});
constexpr auto kAccesses =
    std::to_array<std::string_view>({"clear", "upgrade", "implicit", "pair"});
constexpr auto kVersions =
    std::to_array<std::string_view>({"ssl3", "tls10", "tls11", "tls12", "tls13"});
constexpr auto kOutcomes = std::to_array<std::string_view>({"fail", "weak", "inconclusive"});

bool is_glob(std::string_view id) { return id.find_first_of("*?") != std::string_view::npos; }

std::string text_of(const Date& date) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

void require_known(ConfigReader& reader, const std::string& id,
                   std::span<const std::string_view> known_ids) {
  const bool known = std::ranges::any_of(
      known_ids, [&](std::string_view candidate) { return glob_matches(id, candidate); });
  if (known) return;
  const std::string shown = printable(id, 120);
  reader.refuse(
      "id", is_glob(id) ? fmt::format("no check fits \"{}\"", shown)
                        : fmt::format("unknown check \"{}\"{}", shown, suggestion(id, known_ids)));
}

tl::expected<Expectation, std::string> read_entry(const ConfigTable& table, std::string_view file,
                                                  std::span<const std::string_view> known_ids) {
  ConfigReader reader(table, file, kKeys);
  Expectation entry;
  entry.line = table.place.line;
  entry.id = reader.text("id");
  entry.case_glob = reader.text("case");
  entry.protocol = reader.word("protocol", kProtocols);
  entry.access = reader.word("access", kAccesses);
  entry.version = reader.word("version", kVersions);
  entry.outcome = outcome_named(reader.word("outcome", kOutcomes)).value_or(Outcome::fail);
  entry.reason = reader.text("reason");
  entry.issue = reader.text("issue");
  entry.expires = reader.date("expires");
  entry.max = reader.count("max", kMostCases);
  if (entry.id.empty()) reader.refuse("id", "an entry needs an `id`");
  require_known(reader, entry.id, known_ids);
  if (entry.reason.find_first_not_of(" \t\r\n") == std::string::npos) {
    reader.refuse("reason", "an entry needs a `reason`: why is this finding expected?");
  }
  if (is_glob(entry.id) && !reader.has("max")) {
    reader.refuse("id", "a glob needs `max = N`: how many cases may it stand for?");
  }
  if (!reader.error().empty()) return tl::make_unexpected(reader.error());
  return entry;
}

/// Protocol, access and version stand behind the @ of a case's name, in this order.
bool covers(const Expectation& entry, const Result& result) {
  const std::string_view name = result.which.name;
  const auto at = name.find('@');
  std::string_view rest = at == std::string_view::npos ? std::string_view() : name.substr(at + 1);
  if (!glob_matches(entry.id, name.substr(0, at))) return false;
  if (!entry.case_glob.empty() && !glob_matches(entry.case_glob, name)) return false;
  for (const std::string* wanted : {&entry.protocol, &entry.access, &entry.version}) {
    const auto end = std::min(rest.find('.'), rest.size());
    if (!wanted->empty() && *wanted != rest.substr(0, end)) return false;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return true;
}

std::string why(const Expectation& entry) {
  return entry.issue.empty() ? entry.reason : fmt::format("{} ({})", entry.reason, entry.issue);
}

std::string place(const Baseline& baseline, const Expectation& entry) {
  return fmt::format("{}:{}", printable(baseline.file), entry.line);
}

bool expired(const Baseline& baseline, const Expectation& entry) {
  return entry.expires && *entry.expires < baseline.today;
}

/// Why the entry cannot stand for what it finds; empty when it can.
std::string void_because(const Baseline& baseline, const Expectation& entry, std::size_t found) {
  if (expired(baseline, entry)) {
    return fmt::format("expected until {} ({}): {}", text_of(*entry.expires),
                       place(baseline, entry), why(entry));
  }
  if (entry.max && found > *entry.max) {
    return fmt::format("{} stands for {} cases at most and found {}", place(baseline, entry),
                       *entry.max, found);
  }
  return {};
}

struct Found {
  std::vector<Result*> as_expected;
  std::vector<Result*> passed;
};

Found found_by(Expectation& entry, std::vector<Result>& results) {
  Found found;
  for (Result& result : results) {
    if (result.outcome == Outcome::inapplicable || !covers(entry, result)) continue;
    ++entry.cases;
    if (result.outcome == entry.outcome) found.as_expected.push_back(&result);
    if (result.outcome == Outcome::pass) found.passed.push_back(&result);
  }
  entry.expected += found.as_expected.size();
  return found;
}

}  // namespace

tl::expected<Baseline, std::string> parse_baseline(std::string_view text, std::string_view file,
                                                   std::span<const std::string_view> known_ids,
                                                   Date today) {
  const auto table = parse_config(text, file, Privacy::open);
  if (!table) return tl::make_unexpected(table.error());
  Baseline baseline{std::string(file), today, {}};
  ConfigReader reader(*table, file, kFileKeys);
  const std::vector<ConfigTable>* entries = reader.tables("expect");
  if (!reader.error().empty()) return tl::make_unexpected(reader.error());
  if (entries == nullptr) return baseline;
  for (const ConfigTable& from : *entries) {
    auto entry = read_entry(from, file, known_ids);
    if (!entry) return tl::make_unexpected(std::move(entry.error()));
    baseline.entries.push_back(std::move(*entry));
  }
  return baseline;
}

tl::expected<Baseline, std::string> load_baseline(const std::filesystem::path& path,
                                                  std::span<const std::string_view> known_ids,
                                                  Date today) {
  const auto text = read_config_file(path, Privacy::open);
  if (!text) return tl::make_unexpected(text.error());
  return parse_baseline(*text, path.native(), known_ids, today);
}

void apply(Baseline& baseline, std::vector<Result>& results) {
  std::vector<std::pair<Result*, const Expectation*>> unexpected_passes;
  for (Expectation& entry : baseline.entries) {
    const Found found = found_by(entry, results);
    const std::string void_reason = void_because(baseline, entry, found.as_expected.size());
    if (!void_reason.empty()) {
      entry.exceeded = !expired(baseline, entry);
      for (Result* result : found.as_expected) result->notes.push_back("baseline: " + void_reason);
      continue;
    }
    for (Result* result : found.as_expected) {
      result->outcome = Outcome::xfail;
      result->baseline_reason = why(entry);
    }
    // What is inconclusive may pass the next time; and a glob does not promise that each of its
    // cases fails.
    const bool promises =
        entry.outcome != Outcome::inconclusive && (!is_glob(entry.id) || found.as_expected.empty());
    if (!promises) continue;
    for (Result* result : found.passed) unexpected_passes.emplace_back(result, &entry);
  }
  for (const auto& [result, entry] : unexpected_passes) {
    result->outcome = Outcome::xpass;
    result->baseline_reason = why(*entry);
  }
}

BaselineSummary summary_of(const Baseline& baseline) {
  BaselineSummary summary;
  for (const Expectation& entry : baseline.entries) {
    const std::string at = fmt::format("{}: {}", place(baseline, entry), entry.id);
    if (expired(baseline, entry)) {
      summary.expired.push_back(
          fmt::format("{} expired on {}: {}", at, text_of(*entry.expires), why(entry)));
    } else if (entry.cases == 0) {
      summary.unmatched.push_back(fmt::format("{} matched nothing that ran", at));
    } else if (entry.exceeded) {
      summary.exceeded.push_back(
          fmt::format("{} found more cases than its max = {}, and stood for none", at, *entry.max));
    }
  }
  return summary;
}

}  // namespace assay
