#include "harness/protocol/wildmat.h"

#include <algorithm>
#include <utility>

namespace assay {
namespace {

bool is_wildmat_item(char c) {
  // RFC 3977 §4.1: no "!", "[", "\" and "]"; "," separates; what is not US-ASCII is allowed.
  const auto octet = static_cast<unsigned char>(c);
  if (octet >= 0x80) return true;
  return octet > ' ' && octet < 0x7f && c != '!' && c != '[' && c != '\\' && c != ']';
}

/// Where the character behind the one at `at` starts.
std::size_t next_character(std::string_view text, std::size_t at) {
  ++at;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
  return at;
}

bool pattern_matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      t = next_character(text, t);
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      // RFC 3977 §4.2: "*" takes whole characters only.
      p = star + 1;
      t = resume = next_character(text, resume);
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace

std::optional<Wildmat> Wildmat::parse(std::string_view text) {
  Wildmat wildmat;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    Pattern pattern{std::string(text.substr(at, end - at))};
    // RFC 3977 §4.1: "!" stands in front of any pattern but the first.
    if (at > 0 && pattern.text.starts_with('!')) {
      pattern.negated = true;
      pattern.text.erase(0, 1);
    }
    if (pattern.text.empty() || !std::ranges::all_of(pattern.text, is_wildmat_item)) {
      return std::nullopt;
    }
    wildmat.patterns_.push_back(std::move(pattern));
    at = end + 1;
  }
  return wildmat;
}

bool Wildmat::matches(std::string_view name) const {
  // RFC 3977 §4.2: the rightmost pattern that matches.
  const auto found =
      std::find_if(patterns_.rbegin(), patterns_.rend(),
                   [&](const Pattern& pattern) { return pattern_matches(pattern.text, name); });
  return found != patterns_.rend() && !found->negated;
}

}  // namespace assay
