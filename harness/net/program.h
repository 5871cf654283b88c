// A program that is run and waited for, on the loop: a process group of its own, nothing on its
// standard input, no shell. Used where a client under test is a command line.
#pragma once

#include "harness/net/loop.h"

#include <string>
#include <vector>

namespace assay {

/// How a program ended.
struct ProgramEnd {
  enum class How { exited, signalled, timed_out, not_started };
  How how = How::not_started;
  int code = 0;  // exit code, signal, errno
  /// Standard output and standard error as they came, the first kKeptOutput octets.
  Bytes output;
};

inline constexpr std::size_t kKeptOutput = 64UL * 1024;

/// Runs `words` (the program first; searched for in PATH) until it ends or the deadline comes. What
/// is left of its process group then is ended, too, by the group's id.
[[nodiscard]] Task<ProgramEnd> run_program(Loop& loop, std::vector<std::string> words,
                                           Deadline deadline);

}  // namespace assay
