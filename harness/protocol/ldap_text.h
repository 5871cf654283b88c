// Escapes of one octet as two hex digits, shared by the string forms of filters (RFC 4515 §3) and
// of distinguished names (RFC 4514 §2.4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay {

/// The octet that the first two characters of `text` write in hex; nothing when they do not.
[[nodiscard]] inline std::optional<char> hex_octet(std::string_view text) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  };
  if (text.size() < 2 || digit(text[0]) < 0 || digit(text[1]) < 0) return std::nullopt;
  return static_cast<char>(digit(text[0]) * 16 + digit(text[1]));
}

/// "\2a"
[[nodiscard]] inline std::string escaped_octet(char octet) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(octet);
  return {'\\', kDigits[value >> 4], kDigits[value & 0xf]};
}

}  // namespace assay
