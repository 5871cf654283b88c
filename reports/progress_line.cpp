#include "reports/progress_line.h"

#include "reports/legible.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay {
namespace {

constexpr std::size_t kWidth = 79;  // never wraps on the narrowest terminal

}  // namespace

void ProgressLine::begun(std::size_t cases) {
  cases_ += cases;
  show({});
}

void ProgressLine::finished(const Result& result) {
  // A suspect that runs again alone finishes twice.
  done_ = std::min(done_ + 1, cases_);
  const bool finding = result.outcome == Outcome::fail || result.outcome == Outcome::weak ||
                       result.outcome == Outcome::error;
  if (finding) ++findings_;
  show(result.which.name);
}

void ProgressLine::clear() {
  if (width_ == 0) return;
  write("");
  std::fputc('\r', stream_);
  std::fflush(stream_);
}

void ProgressLine::show(std::string_view name) {
  write(fmt::format("{}/{} cases, {}  {}", done_, cases_, number_of(findings_, "finding"),
                    one_line(name)));
}

void ProgressLine::write(const std::string& line) {
  if (!watched_) return;
  const std::string shown = line.substr(0, kWidth);
  const std::string blanks(width_ > shown.size() ? width_ - shown.size() : 0, ' ');
  std::fputs(fmt::format("\r{}{}", shown, blanks).c_str(), stream_);
  std::fflush(stream_);
  width_ = shown.size();
}

}  // namespace assay
