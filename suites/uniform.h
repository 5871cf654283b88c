// Whether a subject answers alike to stimuli that it must not tell apart: answers are fingerprints,
// and two stimuli are told apart when theirs differ more than chance allows. Used by the rows about
// padding oracles.
#pragma once

#include "clients/dialogue.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace assay::suites {

inline constexpr Ending kUniform{"uniform"};
inline constexpr Ending kToldApart{"told_apart"};

/// How often each answer came.
using Answers = std::map<std::string, std::size_t>;

/// Fisher's exact test, of both sides: the chance that two samples of one distribution differ so
/// much in how many of them are hits.
[[nodiscard]] double chance_of(std::size_t hits, std::size_t size, std::size_t other_hits,
                               std::size_t other_size);

struct Uniformity {
  std::vector<std::string> names;  // of the stimuli; the first is the control vector
  /// The answers to these stimuli, by index, each on a connection of its own; an empty one where it
  /// was not to be had.
  std::function<Task<std::vector<std::string>>(std::vector<std::size_t> stimuli)> answers;
  std::size_t at_once = 1;  // so many stimuli are asked for together
  /// Of each stimulus at first. Where a stimulus has answers that the control has not, or the other
  /// way, both are asked so often again, in turns, and only what comes then is judged.
  std::size_t rounds = 10;
  std::size_t confirmations = 24;
  /// How often in all a run that compares such things may find something where nothing is, and how
  /// many comparisons it makes.
  double chance = 1e-6;
  std::size_t comparisons = 1;
};

/// kUniform; kToldApart, and a note says which stimulus by what; probe.lost() where answers were
/// not to be had.
Task<Ending> uniformity(Probe& probe, Uniformity of);

/// What comes until the end or the deadline, in one word: its alerts, how it ended, or "silent".
Task<std::string> fingerprint(SecureLink& link, Deadline deadline);

}  // namespace assay::suites
