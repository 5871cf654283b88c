// Texts for people: one safe line of whatever text, times of day, numbers of things.
// Used by the console, JUnit and the transcripts. Octets of a peer go through printable(); reasons
// and notes, which mix our words with a peer's, go through one_line().
#pragma once

#include "harness/net/budget.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace assay {

/// Printable ASCII and the section sign stay, CR, LF and TAB become \r, \n and \t, other octets
/// \xNN. What exceeds `limit` octets is cut and counted: "... (+N bytes)".
[[nodiscard]] std::string one_line(std::string_view text, std::size_t limit = 1'000);

/// "14:02:11.204", UTC.
[[nodiscard]] std::string time_of_day(std::chrono::system_clock::time_point at);
/// "2026-11-24T14:02:11Z"
[[nodiscard]] std::string timestamp(std::chrono::system_clock::time_point at);
/// "0.412", as seconds.
[[nodiscard]] std::string seconds(Milliseconds took);
/// "1 case", "2 cases".
[[nodiscard]] std::string number_of(std::size_t count, std::string_view noun);

}  // namespace assay
