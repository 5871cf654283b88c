#include "reference_server/news_article.h"

#include "harness/base/words.h"

#include <algorithm>

namespace assay {
namespace {

constexpr std::string_view kCrlf = "\r\n";

/// Takes the next header off `headers`: all its lines, the CRLF at its end left out.
std::string_view take_header(std::string_view& headers) {
  std::size_t end = headers.find(kCrlf);
  // RFC 3977 §3.6: a line that begins with a TAB or a space goes on with the header before it.
  while (end != std::string_view::npos && end + 2 < headers.size() &&
         (headers[end + 2] == ' ' || headers[end + 2] == '\t')) {
    end = headers.find(kCrlf, end + 2);
  }
  const std::string_view header = headers.substr(0, end);
  headers.remove_prefix(end == std::string_view::npos ? headers.size() : end + 2);
  return header;
}

std::string_view name_of(std::string_view header) { return header.substr(0, header.find(':')); }

bool is_well_formed(std::string_view header) {
  const std::string_view name = name_of(header);
  if (name.empty() || !std::ranges::all_of(name, [](char c) { return c > ' ' && c <= '~'; })) {
    return false;
  }
  // RFC 3977 §9.7: header-name ":" [CRLF] SP; it may be folded in front of the space.
  const std::string_view behind = header.substr(name.size());
  return behind.starts_with(": ") || behind.starts_with(":\r\n ");
}

std::string unfolded(std::string_view content) {
  std::string text;
  text.reserve(content.size());
  for (std::size_t at = 0; at < content.size(); ++at) {
    if (content.substr(at, 2) == kCrlf) {
      ++at;
      continue;
    }
    const char c = content[at];
    text += c == '\t' || c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
  }
  return text;
}

}  // namespace

std::size_t body_offset(View article) {
  const std::size_t empty_line = find(article, "\r\n\r\n");
  return empty_line == npos ? npos : empty_line + 4;
}

std::size_t line_count(View body) {
  std::size_t lines = 0;
  for (std::size_t at = find(body, kCrlf); at != npos; at = find(body, kCrlf, at + 2)) ++lines;
  return lines;
}

std::optional<std::string> header_content(View headers, std::string_view name) {
  for (std::string_view rest = text_of(headers); !rest.empty();) {
    const std::string_view header = take_header(rest);
    const std::string_view found = name_of(header);
    if (!equals_ignoring_case(found, name) || found.size() == header.size()) continue;
    // RFC 3977 §8.5.2: the name, the colon and the first space behind it are left out.
    std::string content = unfolded(header.substr(found.size() + 1));
    if (content.starts_with(' ')) content.erase(0, 1);
    return content;
  }
  return std::nullopt;
}

std::size_t count_headers(View headers, std::string_view name) {
  std::size_t count = 0;
  for (std::string_view rest = text_of(headers); !rest.empty();) {
    if (equals_ignoring_case(name_of(take_header(rest)), name)) ++count;
  }
  return count;
}

bool well_formed_headers(View headers) {
  std::string_view rest = text_of(headers);
  if (!rest.ends_with(kCrlf)) return false;
  while (!rest.empty()) {
    if (!is_well_formed(take_header(rest))) return false;
  }
  return true;
}

}  // namespace assay
