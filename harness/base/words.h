// Words that people type: glob patterns, "did you mean", case-insensitive comparison of ASCII.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// `*` stands for any run of characters, `?` for one. Linear in time but for back-tracking over one
/// star.
[[nodiscard]] bool glob_matches(std::string_view pattern, std::string_view text);

/// The candidate nearest to `word`, if it is near enough to be a slip of the finger.
[[nodiscard]] std::optional<std::string_view> did_you_mean(
    std::string_view word, std::span<const std::string_view> candidates);

/// ASCII only.
[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// ASCII only, as the RFCs compare keywords; never the locale's idea of case.
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);
[[nodiscard]] bool starts_with_ignoring_case(std::string_view text, std::string_view prefix);
[[nodiscard]] std::string to_upper(std::string_view text);
[[nodiscard]] std::string to_lower(std::string_view text);

/// Parts between single spaces; empty parts are dropped.
[[nodiscard]] std::vector<std::string_view> split_words(std::string_view text);

/// A decimal number without sign or spaces that fits `maximum`; nothing otherwise.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text,
                                                        std::uint64_t maximum = UINT64_MAX);

}  // namespace assay
