// ProgressLine: one line on a terminal that says how far the run is, written over itself. Says
// nothing where nobody watches. Used by the commands that run checks, on stderr.
#pragma once

#include "harness/check/runner.h"

#include <cstdio>
#include <string>
#include <string_view>

namespace assay {

class ProgressLine : public Progress {
 public:
  /// `stream` outlives this. `watched`: it is a terminal.
  ProgressLine(std::FILE* stream, bool watched) : stream_(stream), watched_(watched) {}
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() override { clear(); }

  void begun(std::size_t cases) override;
  void finished(const Result& result) override;
  /// Takes the line away; before anything else is written to the terminal.
  void clear();

 private:
  void show(std::string_view name);
  void write(const std::string& line);

  std::FILE* stream_;
  bool watched_;
  std::size_t cases_ = 0;
  std::size_t done_ = 0;
  std::size_t findings_ = 0;
  std::size_t width_ = 0;  // of what stands there now
};

}  // namespace assay
