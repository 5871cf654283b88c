#include "harness/check/verdict.h"

#include <algorithm>

namespace assay {
namespace {

constexpr std::array<std::string_view, 8> kNames = {
    "pass", "weak", "fail", "inapplicable", "inconclusive", "error", "xfail", "xpass"};

int badness(Outcome outcome) {
  switch (outcome) {
    case Outcome::error:
      return 5;
    case Outcome::fail:
    case Outcome::xfail:
    case Outcome::xpass:
      return 4;
    case Outcome::inconclusive:
      return 3;
    case Outcome::weak:
      return 2;
    case Outcome::pass:
      return 1;
    case Outcome::inapplicable:
      return 0;
  }
  return 5;
}

bool lists(const FixedList<Ending, 8>& endings, Ending ending, const FixedList<Ending, 8>& others) {
  if (endings.contains(ending)) return true;
  // "another alert" is any that neither list names.
  return is_alert(ending) && endings.contains(ending::another_alert) && !others.contains(ending);
}

}  // namespace

std::string_view name_of(Outcome outcome) { return kNames.at(static_cast<std::size_t>(outcome)); }

std::optional<Outcome> outcome_named(std::string_view name) {
  const auto* found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Outcome>(found - kNames.begin());
}

Outcome judge_ending(const Check& check, Ending ending) {
  if (ending == ending::inapplicable) return Outcome::inapplicable;
  if (ending == ending::inconclusive || ending == ending::throttled) return Outcome::inconclusive;
  if (lists(check.accepts, ending, check.weak)) return Outcome::pass;
  if (lists(check.weak, ending, check.accepts)) return Outcome::weak;
  return Outcome::fail;
}

std::vector<std::string> notes_of(const Result& result) {
  std::vector<std::string> notes = result.notes;
  if (result.second_try) {
    notes.emplace_back("the first try hung; this is the second, with three times the window");
  }
  return notes;
}

Outcome worse(Outcome a, Outcome b) { return badness(a) >= badness(b) ? a : b; }

}  // namespace assay
