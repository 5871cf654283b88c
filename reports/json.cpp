#include "reports/json.h"

#include "harness/base/words.h"
#include "reports/certificate_line.h"
#include "reports/legible.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

namespace assay {
namespace {

using Json = nlohmann::json;

constexpr int kSchema = 1;

std::string text_of(const Json& json) {
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

/// Takes the subjects' ports out of a text, so that a server on an ephemeral port reads the same
/// twice.
class Stabilizer {
 public:
  Stabilizer(const RunReport& report, bool stable) {
    if (!stable) return;
    for (const SubjectRun& run : report.subjects) {
      for (const Endpoint& endpoint : run.subject.endpoints) {
        if (endpoint.address.port != 0) ports_.insert(fmt::format(":{}", endpoint.address.port));
      }
    }
  }

  [[nodiscard]] std::string operator()(std::string text) const {
    for (const std::string& port : ports_) {
      std::size_t at = 0;
      while ((at = text.find(port, at)) != std::string::npos) {
        const std::size_t end = at + port.size();
        if (end < text.size() && is_digit(text[end])) {
          at = end;
        } else {
          text.erase(at, port.size());
        }
      }
    }
    return text;
  }

  [[nodiscard]] Json operator()(const std::vector<std::string>& texts) const {
    Json list = Json::array();
    for (const std::string& text : texts) list.push_back((*this)(text));
    return list;
  }

 private:
  std::set<std::string> ports_;
};

template <typename Range>
Json list_of(const Range& texts) {
  Json list = Json::array();
  for (const auto& text : texts) list.push_back(std::string(text));
  return list;
}

Json text_or_null(std::string_view text) { return text.empty() ? Json() : Json(std::string(text)); }

/// Connections a second that the endpoint was given during the run.
Json rate_of(const SubjectRun& run, std::size_t endpoint) {
  std::size_t connections = 0;
  for (const Result& result : run.results) {
    if (result.which.endpoint == endpoint) connections += result.connections;
  }
  if (run.took.count() <= 0) return {};
  const double rate =
      static_cast<double>(connections) * 1000 / static_cast<double>(run.took.count());
  return std::round(rate * 100) / 100;
}

Json chain_of(const Agreement* agreement, bool stable) {
  Json chain = Json::array();
  if (agreement == nullptr) return chain;
  for (const Bytes& der : agreement->peer_chain) {
    CertificateLine line = certificate_line(der);
    Json entry{{"subject", std::move(line.subject)}};
    if (!stable) entry["sha256"] = std::move(line.sha256);
    chain.push_back(std::move(entry));
  }
  return chain;
}

Json endpoint_json(const SubjectRun& run, std::size_t index, const Stabilizer& stabilized,
                   bool stable) {
  const Endpoint& endpoint = run.subject.endpoints[index];
  const Facts facts = index < run.facts.size() ? run.facts[index] : Facts();
  Json versions = Json::array();
  Json agreements = Json::object();
  std::set<std::string> suites;
  std::set<std::string> groups;
  for (const auto& [version, agreement] : facts.agreements) {
    versions.push_back(std::string(slug_of(version)));
    suites.insert(agreement.suite_name);
    if (!agreement.group.empty()) groups.insert(agreement.group);
    agreements[std::string(slug_of(version))] = {{"suite", agreement.suite_name},
                                                 {"group", text_or_null(agreement.group)}};
  }
  Json json{{"url", stabilized(endpoint.url)},
            {"protocol", name_of(endpoint.protocol)},
            {"access", name_of(endpoint.access)},
            {"role", name_of(endpoint.role)},
            {"reachable", facts.reachable},
            {"tls", facts.tls},
            {"trouble", text_or_null(stabilized(facts.trouble))},
            {"capabilities", stabilized(facts.capabilities)},
            {"capabilities_secured", stabilized(facts.capabilities_secured)},
            {"versions", std::move(versions)},
            {"suites", list_of(suites)},
            {"groups", list_of(groups)},
            {"agreements", std::move(agreements)},
            {"chain", chain_of(facts.best(), stable)}};
  if (!stable) {
    json["banner"] = facts.banner;
    json["rate"] = rate_of(run, index);
    json["reaction_ms"] = facts.reaction.count();
  }
  return json;
}

Json subject_json(const SubjectRun& run, const Stabilizer& stabilized, bool stable) {
  Json endpoints = Json::array();
  for (std::size_t i = 0; i < run.subject.endpoints.size(); ++i) {
    endpoints.push_back(endpoint_json(run, i, stabilized, stable));
  }
  Json json{{"name", stabilized(run.subject.name)}, {"endpoints", std::move(endpoints)}};
  if (!stable) {
    json["serial"] = run.serial;
    json["connections"] = run.counters.connections;
    json["handshakes"] = run.counters.handshakes;
    json["ms"] = run.took.count();
  }
  return json;
}

Json case_json(const FiledCase& filed, const Stabilizer& stabilized, bool stable) {
  const Result& result = *filed.result;
  const Check& check = *result.which.check;
  Json parts = Json::array();
  for (const Part& part : result.parts) {
    parts.push_back({{"name", stabilized(part.name)},
                     {"ending", part.ending},
                     {"outcome", name_of(part.outcome)}});
  }
  const auto& version = result.which.version;
  Json json{{"subject", stabilized(result.subject)},
            {"endpoint", stabilized(result.endpoint)},
            {"case", result.which.name},
            {"id", check.id},
            {"suite", suite_of(check.id)},
            {"topic", topic_of(check.id)},
            {"protocol", name_of(endpoint_of(*filed.run, result).protocol)},
            {"access", name_of(result.which.access)},
            {"version", version ? Json(slug_of(*version)) : Json()},
            {"level", name_of(result.level)},
            {"severity", name_of(result.severity)},
            {"component", name_of(check.component)},
            {"sources", list_of(check.sources)},
            {"title", check.title},
            {"outcome", name_of(result.outcome)},
            {"ending", result.ending},
            {"reason", stabilized(result.reason)},
            {"notes", stabilized(stable ? result.notes : notes_of(result))},
            {"parts", std::move(parts)},
            {"baseline", text_or_null(result.baseline_reason)},
            {"transcript", text_or_null(filed.transcript)}};
  if (!stable) {
    json["ms"] = result.took.count();
    json["connections"] = result.connections;
  }
  return json;
}

Json counts_json(const Counts& counts) {
  Json json{{"total", counts.total()}};
  for (std::size_t i = 0; i < counts.by_outcome.size(); ++i) {
    json[std::string(name_of(static_cast<Outcome>(i)))] = counts.by_outcome[i];
  }
  return json;
}

template <typename E>
Json names_in(const EnumSet<E>& members, E last) {
  Json names = Json::array();
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (members.contains(static_cast<E>(i))) names.push_back(name_of(static_cast<E>(i)));
  }
  return names;
}

Json slugs_of(const FixedList<Ending, 8>& endings) {
  Json slugs = Json::array();
  for (const Ending& ending : endings) slugs.push_back(ending.slug);
  return slugs;
}

Json check_json(const Check& check) {
  Json protocols = Json::array();
  Json levels = Json::object();
  for (int i = 0; i <= static_cast<int>(Protocol::tls); ++i) {
    const auto protocol = static_cast<Protocol>(i);
    const bool in_scope =
        (check.scope.protocols.empty() || check.scope.protocols.contains(protocol)) &&
        (protocol != Protocol::tls || check.scope.layer != Layer::application);
    const Level level = check.levels.of(protocol);
    if (!in_scope || level == Level::none) continue;
    protocols.push_back(name_of(protocol));
    levels[std::string(name_of(protocol))] = name_of(level);
  }
  Json breakers = Json::array();
  for (const Breaker& breaker : check.breakers) {
    breakers.push_back({{"fault", breaker.fault}, {"ending", breaker.ending.slug}});
  }
  Json liberties = Json::array();
  for (const Liberty& liberty : check.liberties) {
    liberties.push_back({{"name", liberty.name}, {"ending", liberty.ending.slug}});
  }
  Json watches = Json::array();
  for (const Watch& watch : check.watches) watches.push_back(watch.ending.slug);
  const Level level = check.levels.strongest();
  return {{"id", check.id},
          {"side", name_of(check.side)},
          {"level", name_of(level)},
          {"levels", std::move(levels)},
          {"severity", name_of(severity_for(level, check.severity, {}, ServerRole::submission))},
          {"component", name_of(check.component)},
          {"protocols", std::move(protocols)},
          {"access", names_in(check.scope.access, Access::pair)},
          {"version", name_of(check.scope.version)},
          {"needs", names_in(check.needs, Need::policy_required)},
          {"traits", names_in(check.traits, Trait::slow)},
          {"sources", list_of(check.sources)},
          {"title", check.title},
          {"accepts", slugs_of(check.accepts)},
          {"weak", slugs_of(check.weak)},
          {"watches", std::move(watches)},
          {"breakers", std::move(breakers)},
          {"liberties", std::move(liberties)},
          {"impossible", text_or_null(check.impossible)},
          {"unbuildable", Json()}};
}

}  // namespace

std::string run_json(const RunReport& report, bool stable) {
  const Stabilizer stabilized(report, stable);
  Json subjects = Json::array();
  for (const SubjectRun& run : report.subjects) {
    subjects.push_back(subject_json(run, stabilized, stable));
  }
  Json cases = Json::array();
  for (const FiledCase& filed : filed_cases(report)) {
    cases.push_back(case_json(filed, stabilized, stable));
  }
  Json counts = counts_json(count(report));
  for (const auto& [suite, of_suite] : count_by_suite(report)) {
    counts["suites"][suite] = counts_json(of_suite);
  }
  Json json{{"schema", kSchema},
            {"tool", {{"name", "assay"}, {"version", report.version}}},
            {"seed", seed_text(report.seed)},
            {"profile", report.profile},
            {"interrupted", report.interrupted},
            {"subjects", std::move(subjects)},
            {"cases", std::move(cases)},
            {"counts", std::move(counts)},
            {"baseline",
             {{"unmatched", report.baseline.unmatched},
              {"expired", report.baseline.expired},
              {"exceeded", report.baseline.exceeded}}}};
  if (!stable) {
    json["started"] = timestamp(report.started);
    json["ms"] = report.took.count();
  }
  return text_of(json);
}

std::string list_json(std::span<const Check* const> checks) {
  std::vector<const Check*> sorted(checks.begin(), checks.end());
  std::ranges::sort(sorted, {}, [](const Check* check) { return check->id; });
  Json list = Json::array();
  for (const Check* check : sorted) list.push_back(check_json(*check));
  return text_of(list);
}

}  // namespace assay
