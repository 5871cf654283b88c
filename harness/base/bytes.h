// Octets: owned (Bytes) and looked at (View), and the few moves between octets and text.
// Used by every room; a View never outlives the Bytes it looks into.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

/// The octets of `text`; valid as long as `text` is.
[[nodiscard]] View view_of(std::string_view text);
/// The octets as characters, unchanged; valid as long as the octets are.
[[nodiscard]] std::string_view text_of(View octets);
[[nodiscard]] Bytes bytes_of(std::string_view text);
[[nodiscard]] Bytes bytes_of(View octets);

void append(Bytes& to, View octets);
void append(Bytes& to, std::string_view text);

/// Removes the first `count` octets (all of them when there are fewer).
void drop_front(Bytes& from, std::size_t count);

[[nodiscard]] bool equal(View a, View b);
/// Offset of `needle` in `haystack`, or npos.
[[nodiscard]] std::size_t find(View haystack, std::string_view needle, std::size_t from = 0);
inline constexpr std::size_t npos = static_cast<std::size_t>(-1);

}  // namespace assay
