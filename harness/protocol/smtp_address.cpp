#include "harness/protocol/smtp_address.h"

#include "harness/base/words.h"

#include <algorithm>
#include <utility>

namespace assay {
namespace {

// RFC 5321 §4.5.3.1: what everyone must take; this is also where we stop.
constexpr std::size_t kLocalLimit = 64;
constexpr std::size_t kDomainLimit = 255;
constexpr std::size_t kLabelLimit = 63;  // RFC 1035 §2.3.4

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_let_dig(char c) { return is_letter(c) || is_digit(c); }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_atext(char c) {
  return is_let_dig(c) ||
         (c != '\0' && std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos);
}

/// Calls `part` for each piece between `separator`s; false as soon as one is refused.
template <typename Part>
bool each_part(std::string_view text, char separator, Part part) {
  for (;;) {
    const std::size_t end = text.find(separator);
    if (!part(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

bool is_label(std::string_view label) {
  // RFC 5321 §4.1.2: sub-domain = Let-dig [Ldh-str], which ends in a letter or digit.
  return !label.empty() && label.size() <= kLabelLimit && is_let_dig(label.front()) &&
         is_let_dig(label.back()) &&
         std::ranges::all_of(label, [](char c) { return is_let_dig(c) || c == '-'; });
}

bool is_ipv4(std::string_view text) {
  int parts = 0;
  return each_part(text, '.',
                   [&](std::string_view part) {
                     ++parts;
                     return part.size() <= 3 && parse_number(part, 255).has_value();
                   }) &&
         parts == 4;
}

/// Groups of 16 bits in a colon-separated run; an IPv4 tail counts two. Nothing if malformed.
std::optional<int> ipv6_groups(std::string_view run, bool tail_allowed) {
  if (run.empty()) return 0;
  int groups = 0;
  bool ended = false;
  const bool good = each_part(run, ':', [&](std::string_view part) {
    if (ended) return false;
    if (part.find('.') != std::string_view::npos) {
      ended = true;
      groups += 2;
      return tail_allowed && is_ipv4(part);
    }
    ++groups;
    return !part.empty() && part.size() <= 4 && std::ranges::all_of(part, is_hex);
  });
  return good ? std::optional(groups) : std::nullopt;
}

bool is_ipv6(std::string_view text) {
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) return ipv6_groups(text, true) == 8;
  const auto before = ipv6_groups(text.substr(0, gap), false);
  const auto behind = ipv6_groups(text.substr(gap + 2), true);
  // RFC 5321 §4.1.3: "::" stands for two groups at least.
  return before && behind && *before + *behind <= 6;
}

/// Reads a local part off the front of `text`: its end, and the name without quotes.
struct LocalPart {
  std::string name;
  std::size_t end = 0;
};

std::optional<LocalPart> quoted_local(std::string_view text) {
  // RFC 5321 §4.1.2: Quoted-string = DQUOTE *QcontentSMTP DQUOTE.
  LocalPart local;
  for (std::size_t at = 1; at < text.size(); ++at) {
    char c = text[at];
    if (c == '"') {
      local.end = at + 1;
      return local;
    }
    if (c == '\\' && ++at < text.size()) c = text[at];
    if (c < ' ' || c > '~') return std::nullopt;
    local.name += c;
  }
  return std::nullopt;
}

std::optional<LocalPart> front_local(std::string_view text) {
  if (!text.empty() && text.front() == '"') return quoted_local(text);
  std::size_t end = 0;
  while (end < text.size() && (is_atext(text[end]) || text[end] == '.')) ++end;
  const std::string_view name = text.substr(0, end);
  // RFC 5321 §4.1.2: Dot-string = Atom *("." Atom): no atom is empty.
  if (!each_part(name, '.', [](std::string_view atom) { return !atom.empty(); })) {
    return std::nullopt;
  }
  return LocalPart{std::string(name), end};
}

/// Where the path's closing bracket stands, quotes and address literals respected.
std::size_t closing_bracket(std::string_view text) {
  bool quoted = false;
  bool literal = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (literal) {
      // RFC 5321 §4.1.3: dcontent is anything printable but brackets and the backslash.
      literal = text[at] != ']';
    } else if (quoted && text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      quoted = !quoted;
    } else if (!quoted && text[at] == '[') {
      literal = true;
    } else if (!quoted && text[at] == '>') {
      return at;
    }
  }
  return std::string_view::npos;
}

/// `text` without its source route. RFC 5321 §4.1.1.3: it is accepted, and ignored.
std::optional<std::string_view> without_route(std::string_view text) {
  if (text.empty() || text.front() != '@') return text;
  const std::size_t end = text.find(':');
  if (end == std::string_view::npos) return std::nullopt;
  const bool good = each_part(text.substr(0, end), ',', [](std::string_view hop) {
    return !hop.empty() && hop.front() == '@' && is_domain(hop.substr(1));
  });
  if (!good) return std::nullopt;
  return text.substr(end + 1);
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return lowered;
}

}  // namespace

bool is_domain(std::string_view text) {
  return text.size() <= kDomainLimit && each_part(text, '.', is_label);
}

bool is_address_literal(std::string_view text) {
  if (text.size() < 3 || text.size() > kDomainLimit) return false;
  if (text.front() != '[' || text.back() != ']') return false;
  const std::string_view inner = text.substr(1, text.size() - 2);
  if (starts_with_ignoring_case(inner, "IPv6:")) return is_ipv6(inner.substr(5));
  const std::size_t colon = inner.find(':');
  if (colon == std::string_view::npos) return is_ipv4(inner);
  // RFC 5321 §4.1.3: General-address-literal = Standardized-tag ":" 1*dcontent.
  const std::string_view content = inner.substr(colon + 1);
  return is_label(inner.substr(0, colon)) && !content.empty() &&
         std::ranges::all_of(content, [](char c) {
           return c > ' ' && c <= '~' && c != '[' && c != '\\' && c != ']';
         });
}

std::string SmtpPath::mailbox() const {
  if (domain.empty()) return lower(local);  // <Postmaster>, in any case
  return local + "@" + lower(domain);
}

std::optional<SmtpPath> parse_mailbox(std::string_view text) {
  auto local = front_local(text);
  if (!local || local->end > kLocalLimit || local->end >= text.size() || text[local->end] != '@') {
    return std::nullopt;
  }
  const std::string_view domain = text.substr(local->end + 1);
  if (!is_domain(domain) && !is_address_literal(domain)) return std::nullopt;
  return SmtpPath{std::move(local->name), std::string(domain), std::string(text)};
}

std::optional<FrontPath> front_path(std::string_view text) {
  if (text.empty() || text.front() != '<') return std::nullopt;
  const std::size_t end = closing_bracket(text);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view inner = text.substr(1, end - 1);
  const std::size_t consumed = end + 1;
  if (inner.empty()) return FrontPath{{}, consumed};
  if (equals_ignoring_case(inner, "Postmaster")) {
    return FrontPath{{.local = std::string(inner), .domain = {}, .text = std::string(inner)},
                     consumed};
  }
  const auto mailbox = without_route(inner);
  if (!mailbox) return std::nullopt;
  auto path = parse_mailbox(*mailbox);
  if (!path) return std::nullopt;
  return FrontPath{std::move(*path), consumed};
}

std::string to_xtext(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (c >= '!' && c <= '~' && c != '+' && c != '=') {
      encoded += c;
      continue;
    }
    const auto octet = static_cast<std::uint8_t>(c);
    encoded += {'+', kDigits[octet >> 4], kDigits[octet & 0xf]};
  }
  return encoded;
}

std::optional<std::string> from_xtext(std::string_view text) {
  // RFC 3461 §4: hexchar = "+" and two digits, letters in upper case.
  const auto digit = [](char c) {
    return is_digit(c) ? c - '0' : c >= 'A' && c <= 'F' ? c - 55 : -1;
  };
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c < '!' || c > '~' || c == '=') return std::nullopt;
    if (c != '+') {
      decoded += c;
      continue;
    }
    if (text.size() - at < 3) return std::nullopt;
    const int high = digit(text[at + 1]);
    const int low = digit(text[at + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return decoded;
}

}  // namespace assay
