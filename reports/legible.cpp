#include "reports/legible.h"

#include "harness/base/printable.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

namespace assay {
namespace {

constexpr std::string_view kSection = "\xc2\xa7";

}  // namespace

std::string one_line(std::string_view text, std::size_t limit) {
  const std::string_view shown = text.substr(0, limit);
  std::string line;
  line.reserve(shown.size());
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (shown[i] == '\\') {
      line.push_back('\\');
    } else if (shown.substr(i, kSection.size()) == kSection) {
      line += kSection;
      ++i;
    } else {
      line += printable(shown.substr(i, 1));
    }
  }
  if (shown.size() < text.size()) {
    line += fmt::format("... (+{} bytes)", text.size() - shown.size());
  }
  return line;
}

std::string time_of_day(std::chrono::system_clock::time_point at) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(at);
  const auto rest = std::chrono::duration_cast<Milliseconds>(at - whole);
  return fmt::format("{:%H:%M:%S}.{:03}", fmt::gmtime(std::chrono::system_clock::to_time_t(whole)),
                     rest.count());
}

std::string timestamp(std::chrono::system_clock::time_point at) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(at);
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(whole)));
}

std::string seconds(Milliseconds took) {
  const auto count = std::max<Milliseconds::rep>(took.count(), 0);
  return fmt::format("{}.{:03}", count / 1'000, count % 1'000);
}

std::string number_of(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace assay
