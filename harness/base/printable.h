// What a peer said, made safe to show. One function a format, at the border of that format:
// terminals get no escapes, JSON gets ASCII, XML only characters that XML 1.0 allows.
// Used by every report; nothing from a peer reaches a sink by another way.
#pragma once

#include "harness/base/bytes.h"

#include <string>
#include <string_view>

namespace assay {

/// One line of printable ASCII: CR and LF as \r and \n, other octets as \xNN, a backslash doubled.
/// What exceeds `limit` octets is cut and counted: "... (+N bytes)".
[[nodiscard]] std::string printable(View octets, std::size_t limit = 512);
[[nodiscard]] std::string printable(std::string_view text, std::size_t limit = 512);

}  // namespace assay
