#include "reference_server/command_line.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace assay {
namespace {

using Kind = CommandLine::Kind;

constexpr LineLimits kLimits{.line = 10, .hard = 30};

/// What comes of `input` when it arrives in pieces of `size` octets.
std::vector<Kind> kinds(std::string_view input, std::size_t size) {
  std::vector<Kind> seen;
  std::size_t discarded = 0;
  Bytes held;
  while (!input.empty()) {
    const std::string_view piece = input.substr(0, size);
    input.remove_prefix(piece.size());
    held.insert(held.end(), piece.begin(), piece.end());
    for (;;) {
      const CommandLine line = take_command_line(discarded, held, kLimits);
      if (line.kind != Kind::unfinished) seen.push_back(line.kind);
      if (line.consumed == 0) break;
      held.erase(held.begin(), held.begin() + static_cast<std::ptrdiff_t>(line.consumed));
      if (held.empty()) break;
    }
    EXPECT_LE(held.size(), kLimits.line + size);
  }
  return seen;
}

TEST(CommandLine, a_line_of_the_limit_is_taken_and_one_octet_more_is_too_long) {
  std::size_t discarded = 0;
  const Bytes input = bytes_of("12345678\r\n");
  const CommandLine line = take_command_line(discarded, input, kLimits);
  EXPECT_EQ(line.kind, Kind::line);
  EXPECT_EQ(text_of(line.text), "12345678");
  EXPECT_EQ(line.consumed, 10U);
  EXPECT_EQ(take_command_line(discarded, bytes_of("123456789\r\n"), kLimits).kind, Kind::too_long);
}

TEST(CommandLine, what_comes_of_a_line_does_not_depend_on_how_it_is_cut) {
  const std::string input = "ok\r\n0123456789abcdef\r\nok\r\n" + std::string(9, 'x') + "\r\nok\r\n";
  const std::vector<Kind> expected = {Kind::line, Kind::too_long, Kind::line, Kind::too_long,
                                      Kind::line};
  for (std::size_t size = 1; size <= input.size(); ++size) EXPECT_EQ(kinds(input, size), expected);
}

TEST(CommandLine, a_line_without_end_is_hopeless_at_the_hard_limit) {
  EXPECT_EQ(kinds(std::string(31, 'x'), 4), std::vector<Kind>{Kind::hopeless});
  EXPECT_EQ(kinds(std::string(29, 'x') + "\r\n", 31), std::vector<Kind>{Kind::hopeless});
}

TEST(CommandLine, an_exchange_has_limits_of_its_own) {
  const LineLimits limits = exchange_limits({.line = 255, .hard = 1000}, 500);
  EXPECT_EQ(limits.line, 502U);
  EXPECT_EQ(limits.hard, 1502U);
}

TEST(CommandLine, an_http_request_is_a_method_a_target_and_a_version) {
  EXPECT_TRUE(is_http_request("POST / HTTP/1.1"));
  EXPECT_TRUE(is_http_request("GET /a b HTTP/1.0"));
  EXPECT_FALSE(is_http_request("POST"));
  EXPECT_FALSE(is_http_request("GET HTTP/1.1"));
}

}  // namespace
}  // namespace assay
