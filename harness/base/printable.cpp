#include "harness/base/printable.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay {

std::string printable(View octets, std::size_t limit) {
  std::string text;
  const View shown = octets.first(std::min(limit, octets.size()));
  text.reserve(shown.size() + 16);
  for (const std::uint8_t octet : shown) {
    switch (octet) {
      case '\r':
        text += "\\r";
        break;
      case '\n':
        text += "\\n";
        break;
      case '\t':
        text += "\\t";
        break;
      case '\\':
        text += "\\\\";
        break;
      default:
        if (octet >= 0x20 && octet < 0x7f) {
          text.push_back(static_cast<char>(octet));
        } else {
          text += fmt::format("\\x{:02x}", octet);
        }
    }
  }
  if (shown.size() < octets.size()) {
    text += fmt::format("... (+{} bytes)", octets.size() - shown.size());
  }
  return text;
}

std::string printable(std::string_view text, std::size_t limit) {
  return printable(view_of(text), limit);
}

}  // namespace assay
