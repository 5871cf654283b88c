// `assay list` and `assay explain`: what there is to check, offline.
#include "harness/base/words.h"
#include "harness/cli/commands.h"
#include "reports/json.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay {
namespace {

std::vector<const Check*> checks_like(const std::string& only) {
  std::vector<const Check*> wanted;
  for (const Check* check : suites::all_checks()) {
    if (glob_matches(only, check->id)) wanted.push_back(check);
  }
  return wanted;
}

template <typename List>
std::string slugs(const List& endings) {
  std::string text;
  for (const Ending& ending : endings)
    text += fmt::format("{}{}", text.empty() ? "" : ", ", ending.slug);
  return text;
}

std::string sources_of(const Check& check) {
  std::string text;
  for (const std::string_view source : check.sources)
    text += fmt::format("{}{}", text.empty() ? "" : ", ", source);
  return text;
}

void explain_peer(std::string_view word, std::string_view name, Ending ending) {
  const NamedFault* fault = suites::catalogue().fault(name);
  fmt::print("{:<10}{}: {} (ends {})\n", word, name, fault == nullptr ? "" : fault->summary,
             ending.slug.empty() ? "well" : ending.slug);
}

}  // namespace

int run_list(bool json, const std::string& only) {
  const auto checks = checks_like(only);
  if (checks.empty())
    return complain(exit_code::kUsage,
                    fmt::format("no check is named \"{}\"; `assay list` has them all", only));
  if (json) {
    fmt::print("{}", list_json(checks));
    return exit_code::kFine;
  }
  for (const Check* check : checks) {
    fmt::print("{:<52} {:<7} {}\n", check->id, name_of(check->levels.strongest()), check->title);
  }
  return exit_code::kFine;
}

int run_explain(const std::string& id) {
  const auto& all = suites::all_checks();
  const auto found = std::ranges::find(all, id, &Check::id);
  if (found == all.end()) {
    std::vector<std::string_view> ids;
    for (const Check* check : all) ids.push_back(check->id);
    const auto meant = did_you_mean(id, ids);
    return complain(exit_code::kUsage,
                    meant ? fmt::format("there is no check {}; did you mean {}?", id, *meant)
                          : fmt::format("there is no check {}; `assay list` has them all", id));
  }
  const Check& check = **found;
  fmt::print("{}\n\n", check.id);
  fmt::print("{:<10}{}\n", "required", check.title);
  fmt::print("{:<10}{}; a finding is the {}'s\n", "level", name_of(check.levels.strongest()),
             name_of(check.component));
  fmt::print("{:<10}a {}\n", "whose",
             check.side == Side::client ? "client's: assay client runs it"
                                        : "server's: assay check runs it");
  fmt::print("{:<10}{}\n", "sources", sources_of(check));
  fmt::print("{:<10}{}\n", "steps", check.steps);
  for (const Watch& watch : check.watches)
    fmt::print("{:<10}every connection of the run for {}\n", "watches", watch.ending.slug);
  if (check.host_labels > 1)
    fmt::print("{:<10}--host NAME with at least {} labels\n", "needs", check.host_labels);
  for (const std::string_view shown : check.shows) {
    const NamedFault* fault = suites::catalogue().fault(shown);
    fmt::print("{:<10}{}: {}\n", "shown", shown, fault == nullptr ? "" : fault->summary);
  }
  fmt::print("{:<10}{}\n", "accepted", slugs(check.accepts));
  if (!check.weak.empty()) fmt::print("{:<10}{}\n", "weak", slugs(check.weak));
  fmt::print("{:<10}every other ending, by its name\n", "fail");
  for (const Breaker& breaker : check.breakers)
    explain_peer("breaker", breaker.fault, breaker.ending);
  for (const Liberty& liberty : check.liberties)
    explain_peer("liberty", liberty.name, liberty.ending);
  if (!check.impossible.empty()) fmt::print("{:<10}{}\n", "unproved", check.impossible);
  if (!check.by_hand.empty()) fmt::print("{:<10}{}\n", "by hand", check.by_hand);
  return exit_code::kFine;
}

}  // namespace assay
