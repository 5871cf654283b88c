// RunReport: everything that is known when a run has ended, and the views of it that every writer
// shares. Made by the commands of harness/cli; read by json, junit, console and the transcripts.
#pragma once

#include "harness/check/expectations.h"
#include "harness/check/runner.h"

#include <array>
#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// How a person runs one case again. Shown on the console alone; it bears no secret.
struct Again {
  std::string command = "assay check";
  std::vector<std::string> options;  // words to be repeated: "--account", "FILE"
  bool names_targets = true;         // false where the subject was our own server
};

struct RunReport {
  std::string version;  // of Assay
  std::uint64_t seed = 0;
  std::string profile;  // quick, default, full
  std::chrono::system_clock::time_point started;
  Milliseconds took{0};
  std::vector<SubjectRun> subjects;
  BaselineSummary baseline;
  Again again;
  bool interrupted = false;
  bool keeps_transcripts = true;  // they are written, so that other files may name them
};

/// "7f3a91c2", as --seed reads it.
[[nodiscard]] std::string seed_text(std::uint64_t seed);

/// Indexed by Outcome.
struct Counts {
  std::array<std::size_t, 8> by_outcome{};

  [[nodiscard]] std::size_t of(Outcome outcome) const;
  [[nodiscard]] std::size_t total() const;
  void add(Outcome outcome);
};
[[nodiscard]] Counts count(const RunReport& report);
[[nodiscard]] std::map<std::string, Counts, std::less<>> count_by_suite(const RunReport& report);

/// One case in its place: what all files of a run agree on. Views into the report.
struct FiledCase {
  const SubjectRun* run = nullptr;
  const Result* result = nullptr;
  std::string transcript;  // "transcripts/NAME.txt"; empty where there is none
};
/// Every case, by name; cases of one name in the order of their subjects.
[[nodiscard]] std::vector<FiledCase> filed_cases(const RunReport& report);

/// `name` as part of a file name: [a-z0-9_.@-], no dot first, 200 octets at most.
[[nodiscard]] std::string file_name_of(std::string_view name);

/// The endpoint that a case ran on; "smtp" and the like come from it.
[[nodiscard]] const Endpoint& endpoint_of(const SubjectRun& run, const Result& result);

}  // namespace assay
