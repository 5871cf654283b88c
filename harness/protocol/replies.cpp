#include "harness/protocol/replies.h"

#include "harness/base/words.h"

#include <utility>

namespace assay {
namespace {

/// Skips one to `most` digits; false without any.
bool skip_digits(std::string_view text, std::size_t& at, std::size_t most) {
  const std::size_t start = at;
  while (at < text.size() && at - start < most && is_digit(text[at])) ++at;
  return at > start;
}

}  // namespace

std::optional<ReplyResult> ReplyParser::take() {
  while (!failed_) {
    const auto line = lines_.take();
    if (!line) {
      if (octets_ + lines_.unfinished() <= limits_.octets) return std::nullopt;
      return tl::unexpected(fail(ReplyError::Kind::too_long, {}));
    }
    auto last = add(*line);
    if (!last) return tl::unexpected(std::move(last.error()));
    if (!*last) continue;
    octets_ = 0;
    current_.enhanced = enhanced_status(current_.code, current_.lines.front());
    return std::exchange(current_, {});
  }
  return std::nullopt;
}

tl::expected<bool, ReplyError> ReplyParser::add(const Line& line) {
  octets_ += line.octets + (line.end == LineEnd::crlf ? 2 : 1);
  if (octets_ > limits_.octets) return tl::unexpected(fail(ReplyError::Kind::too_long, {}));
  if (current_.lines.size() == limits_.lines) {
    return tl::unexpected(fail(ReplyError::Kind::too_many_lines, line.text));
  }
  const auto code = code_of(line.text, " -");
  if (!code) return tl::unexpected(fail(ReplyError::Kind::not_a_reply, line.text));

  ReplyNotes& notes = current_.notes;
  notes.bare_lf |= line.end == LineEnd::lf;
  notes.bare_cr |= line.bare_cr;
  notes.nul |= line.nul;
  notes.cut |= line.cut();
  notes.mixed_codes |= !current_.lines.empty() && *code != current_.code;
  // RFC 5321 §4.2: a code without text is to be understood all the same.
  notes.missing_text |= line.text.size() == 3;
  // RFC 5321 §4.2: Reply-code = %x32-35 %x30-35 %x30-39.
  notes.code_out_of_range |= *code < 200 || *code > 559 || *code / 10 % 10 > 5;
  current_.code = *code;
  current_.lines.push_back(line.text.size() > 4 ? line.text.substr(4) : std::string());
  return line.text.size() == 3 || line.text[3] == ' ';
}

ReplyError ReplyParser::fail(ReplyError::Kind kind, std::string line) {
  failed_ = true;
  current_ = {};
  return {kind, std::move(line)};
}

std::optional<int> code_of(std::string_view line, std::string_view separators) {
  if (line.size() < 3 || !is_digit(line[0]) || !is_digit(line[1]) || !is_digit(line[2])) {
    return std::nullopt;
  }
  if (line.size() > 3 && separators.find(line[3]) == std::string_view::npos) return std::nullopt;
  return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

std::string_view enhanced_status(int code, std::string_view text) {
  // RFC 2034 §4: status-code = class "." subject "." detail, the class that of the reply.
  if (text.empty() || text[0] - '0' != code / 100) return {};
  std::size_t at = 1;
  for (int part = 0; part < 2; ++part) {
    if (at >= text.size() || text[at] != '.') return {};
    ++at;
    if (!skip_digits(text, at, 3)) return {};
  }
  if (at < text.size() && text[at] != ' ') return {};
  return text.substr(0, at);
}

std::string compose_reply(int code, std::string_view enhanced, std::string_view text) {
  std::string reply = std::to_string(code);
  reply += ' ';
  if (!enhanced.empty()) reply.append(enhanced).append(" ");
  return reply.append(text).append("\r\n");
}

std::string compose_reply(int code, std::span<const std::string> lines) {
  std::string reply;
  for (const std::string& line : lines) {
    reply += std::to_string(code);
    reply += &line == &lines.back() ? ' ' : '-';
    reply.append(line).append("\r\n");
  }
  return reply;
}

}  // namespace assay
