// Verdict: outcome, ending and reason of one case. The rules by which an ending becomes an outcome
// stand here and nowhere else (docs/verdicts.md).
#pragma once

#include "harness/check/check.h"
#include "harness/net/transcript.h"

#include <string>
#include <vector>

namespace assay {

enum class Outcome { pass, weak, fail, inapplicable, inconclusive, error, xfail, xpass };
[[nodiscard]] std::string_view name_of(Outcome outcome);
[[nodiscard]] std::optional<Outcome> outcome_named(std::string_view name);

/// The unit that runs: `id@protocol.access[.version]`.
struct Case {
  const Check* check = nullptr;
  std::size_t endpoint = 0;         // index in Subject::endpoints; of a pair, the first
  Access access = Access::upgrade;  // clear and pair differ from the endpoint's
  std::optional<TlsVersion> version;
  std::string name;
};

/// One sub-case; all run, the worst decides.
struct Part {
  std::string name;
  std::string ending;
  Outcome outcome = Outcome::pass;
};

struct Result {
  Case which;
  std::string subject;
  std::string endpoint;  // url
  Level level = Level::none;
  Severity severity = Severity::note;
  Outcome outcome = Outcome::inconclusive;
  std::string ending;
  std::string reason;
  std::vector<std::string> notes;
  bool second_try = false;  // the first hung, this had three times the window and did not
  std::vector<Part> parts;
  Milliseconds took{0};
  std::size_t connections = 0;
  std::vector<TranscriptEntry> transcript;
  std::string baseline_reason;  // why a fail was expected
};

/// pass, weak or fail for what was observed; inapplicable and inconclusive for the reserved
/// endings.
[[nodiscard]] Outcome judge_ending(const Check& check, Ending ending);
/// What a report notes: `notes`, and what depends on the run's times beside them.
[[nodiscard]] std::vector<std::string> notes_of(const Result& result);
/// The worse of two: fail, inconclusive, weak, pass, inapplicable.
[[nodiscard]] Outcome worse(Outcome a, Outcome b);

}  // namespace assay
