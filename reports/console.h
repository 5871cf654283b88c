// The report that a person reads on a terminal: each finding with the bytes that prove it, then a
// summary. ASCII but for the section sign; colour only when asked, and never the only carrier of
// meaning.
#pragma once

#include "reports/report.h"

#include <string>
#include <string_view>

namespace assay {

struct ConsoleOptions {
  enum class Detail { quiet, normal, verbose };
  bool colour = false;
  /// quiet: findings and one line of counts; verbose: passes and known findings, too.
  Detail detail = Detail::normal;
  std::size_t evidence_lines = 12;  // of a transcript, counted from its end
};

enum class Tint { none, good, bad, doubtful, faint };
/// `text` in colour (SGR), or as it is.
[[nodiscard]] std::string tinted(std::string_view text, Tint tint, bool colour);
[[nodiscard]] Tint tint_of(Outcome outcome);

/// What stands in the report of one case: a block for a fail, an xpass or an error, one line for
/// others.
[[nodiscard]] std::string finding_text(const RunReport& report, const FiledCase& filed,
                                       const ConsoleOptions& options);

/// All findings, worst last, so that they stand just above the summary.
[[nodiscard]] std::string findings_text(const RunReport& report, const ConsoleOptions& options);
/// Counts by suite and outcome, whose the findings are, what did not run and why, what the run
/// took.
[[nodiscard]] std::string summary_text(const RunReport& report, const ConsoleOptions& options);
/// Both.
[[nodiscard]] std::string console_text(const RunReport& report, const ConsoleOptions& options);

}  // namespace assay
