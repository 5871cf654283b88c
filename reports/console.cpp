#include "reports/console.h"

#include "harness/base/words.h"
#include "reports/legible.h"
#include "reports/transcript_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace assay {
namespace {

using Detail = ConsoleOptions::Detail;

constexpr std::size_t kShownOctets = 120;  // of one entry of the evidence
constexpr std::size_t kRemarkColumn = 44;  // from the start of "C: "
constexpr std::size_t kWordColumn = 10;    // "required  "

/// A word that a shell takes as it is, or quoted.
std::string shell_word(std::string_view word) {
  const bool plain = !word.empty() && std::ranges::all_of(word, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-.,:/@%+=").find(c) != std::string_view::npos;
  });
  if (plain) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) {
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return quoted + "'";
}

std::string joined(const FixedList<Ending, 8>& endings) {
  std::string list;
  for (const Ending& ending : endings) {
    list += fmt::format("{}{}", list.empty() ? "" : ", ", ending.slug);
  }
  return list;
}

std::string row(std::string_view word, std::string_view text) {
  return fmt::format("      {:<{}}{}\n", word, kWordColumn, text);
}

/// "FAIL  ", as wide as the blocks are indented.
std::string labelled(Outcome outcome, bool colour) {
  const std::string label = to_upper(name_of(outcome));
  const std::size_t blanks = std::max<std::size_t>(label.size() + 1, 6) - label.size();
  return tinted(label, tint_of(outcome), colour) + std::string(blanks, ' ');
}

std::string headline(const Result& result, const ConsoleOptions& options) {
  const Check& check = *result.which.check;
  std::string sources;
  for (const std::string_view source : check.sources) {
    sources += fmt::format("{}{}", sources.empty() ? "" : ", ", source);
  }
  return fmt::format("{}{}   {}   {}   ({})\n", labelled(result.outcome, options.colour), check.id,
                     to_upper(name_of(result.level)), sources, name_of(check.component));
}

std::string observed(const Result& result) {
  const Check& check = *result.which.check;
  std::string text =
      fmt::format("{:<21}    accepted: {}", one_line(result.ending), joined(check.accepts));
  if (!check.weak.empty()) text += fmt::format("      weak: {}", joined(check.weak));
  return text;
}

std::string again(const RunReport& report, const FiledCase& filed) {
  const Result& result = *filed.result;
  std::string line = report.again.command;
  for (const Endpoint& endpoint : filed.run->subject.endpoints) {
    const bool wanted =
        &endpoint == &endpoint_of(*filed.run, result) || result.which.access == Access::pair;
    if (report.again.names_targets && wanted) line += " " + shell_word(endpoint.url);
  }
  line += fmt::format(" --only {} --seed {}", result.which.check->id, seed_text(report.seed));
  for (const std::string& word : report.again.options) line += " " + shell_word(word);
  return one_line(line);
}

/// The end of the transcript; what the subject said last is what the verdict rests on.
std::string evidence(const FiledCase& filed, const ConsoleOptions& options) {
  const std::vector<TranscriptLine> lines =
      transcript_lines(filed.result->transcript, kShownOctets);
  const std::size_t first = lines.size() - std::min(lines.size(), options.evidence_lines);
  std::size_t last_answer = lines.size();
  for (std::size_t i = first; i < lines.size(); ++i) {
    if (filed.run->subject.client ? lines[i].from_client : lines[i].from_server) last_answer = i;
  }
  std::string text;
  if (first > 0) {
    text += fmt::format("      ({} before these{}{})\n", number_of(first, "line"),
                        filed.transcript.empty() ? "" : ": ", filed.transcript);
  }
  for (std::size_t i = first; i < lines.size(); ++i) {
    std::string remark = lines[i].remark;
    if (i == last_answer) remark.insert(0, remark.empty() ? "<- here" : "<- here, ");
    std::string line = fmt::format(
        "      {} {}", tinted(lines[i].time, Tint::faint, options.colour), lines[i].text);
    if (!remark.empty()) {
      const std::size_t width = lines[i].text.size();
      line += std::string(std::max(kRemarkColumn, width + 4) - width, ' ') + remark;
    }
    text += line + "\n";
  }
  return text;
}

std::string block(const RunReport& report, const FiledCase& filed, const ConsoleOptions& options) {
  const Result& result = *filed.result;
  std::string text = headline(result, options);
  text += row("required", one_line(result.which.check->title));
  text += row("observed", observed(result));
  text += row("case", fmt::format("{}   {}", result.which.name, one_line(result.endpoint)));
  if (!result.reason.empty()) text += row("because", one_line(result.reason));
  if (!result.baseline_reason.empty()) text += row("baseline", one_line(result.baseline_reason));
  for (const Part& part : result.parts) {
    if (part.outcome == Outcome::pass && options.detail != Detail::verbose) continue;
    text += row("part", fmt::format("{}: {} ({})", one_line(part.name), one_line(part.ending),
                                    name_of(part.outcome)));
  }
  for (const std::string& note : notes_of(result)) text += row("note", one_line(note));
  text += evidence(filed, options);
  text += row("again", again(report, filed));
  return text + "\n";
}

std::string brief(const Result& result, const ConsoleOptions& options) {
  std::string text = fmt::format("{}{}   {}   {}   ({})", labelled(result.outcome, options.colour),
                                 result.which.name, to_upper(name_of(result.level)),
                                 one_line(result.ending), name_of(result.which.check->component));
  if (!result.reason.empty()) text += "   " + one_line(result.reason);
  if (!result.baseline_reason.empty()) text += "   baseline: " + one_line(result.baseline_reason);
  return text + "\n";
}

bool has_block(Outcome outcome) {
  return outcome == Outcome::fail || outcome == Outcome::xpass || outcome == Outcome::error;
}

bool is_shown(Outcome outcome, const ConsoleOptions& options) {
  if (has_block(outcome)) return true;
  if (outcome == Outcome::weak || outcome == Outcome::xfail) return options.detail != Detail::quiet;
  return options.detail == Detail::verbose;
}

}  // namespace

std::string tinted(std::string_view text, Tint tint, bool colour) {
  constexpr std::array<std::string_view, 5> kSgr = {"", "32", "1;31", "33", "2"};
  if (!colour || tint == Tint::none) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", kSgr.at(static_cast<std::size_t>(tint)), text);
}

Tint tint_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return Tint::good;
    case Outcome::fail:
    case Outcome::xpass:
    case Outcome::error:
      return Tint::bad;
    case Outcome::weak:
    case Outcome::inconclusive:
      return Tint::doubtful;
    default:
      return Tint::faint;
  }
}

std::string finding_text(const RunReport& report, const FiledCase& filed,
                         const ConsoleOptions& options) {
  return has_block(filed.result->outcome) ? block(report, filed, options)
                                          : brief(*filed.result, options);
}

std::string findings_text(const RunReport& report, const ConsoleOptions& options) {
  const std::vector<FiledCase> cases = filed_cases(report);
  std::string lines;
  std::string blocks;
  for (const FiledCase& filed : cases) {
    if (!is_shown(filed.result->outcome, options)) continue;
    (has_block(filed.result->outcome) ? blocks : lines) += finding_text(report, filed, options);
  }
  if (!lines.empty()) lines += "\n";
  return lines + blocks;
}

std::string console_text(const RunReport& report, const ConsoleOptions& options) {
  return findings_text(report, options) + summary_text(report, options);
}

}  // namespace assay
