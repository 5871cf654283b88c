#include "harness/protocol/pop3_replies.h"

#include "harness/base/words.h"
#include "harness/protocol/dots.h"

#include <algorithm>
#include <utility>

namespace assay {
namespace {

constexpr std::size_t kStatusLimit = 510;  // RFC 2449 §4: 512 octets with CRLF

using Status = Pop3Reply::Status;

std::optional<Status> status_of(std::string_view word) {
  if (equals_ignoring_case(word, "+OK")) return Status::ok;
  if (equals_ignoring_case(word, "-ERR")) return Status::err;
  if (word == "+") return Status::challenge;
  return std::nullopt;
}

bool is_response_code(std::string_view text) {
  // RFC 2449 §3: resp-code = "[" resp-level *("/" resp-level) "]", printable and nowhere empty.
  return !text.empty() && text.front() != '/' && text.back() != '/' &&
         text.find("//") == std::string_view::npos &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

Pop3Form form_of(const Pop3Command& command) {
  switch (command.verb) {
    case Pop3Verb::capa:
    case Pop3Verb::retr:
    case Pop3Verb::top:
      return Pop3Form::multi_line;
    case Pop3Verb::list:
    case Pop3Verb::uidl:
      return command.argument ? Pop3Form::single_line : Pop3Form::multi_line;
    default:
      return Pop3Form::single_line;
  }
}

std::vector<std::string> Pop3Reply::lines() const {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < content.size();) {
    const std::size_t lf = content.find('\n', at);  // every line of it has an end
    const bool crlf = lf > at && content[lf - 1] == '\r';
    lines.push_back(content.substr(at, lf - at - (crlf ? 1 : 0)));
    at = lf + 1;
  }
  return lines;
}

std::optional<Pop3ReplyResult> Pop3ReplyParser::take(Pop3Form form) {
  while (!failed_) {
    const auto line = lines_.take();
    if (!line) {
      if (octets_ + lines_.unfinished() <= limits_.octets) return std::nullopt;
      return tl::unexpected(fail(ReplyError::Kind::too_long, {}));
    }
    auto last = add(*line, form);
    if (!last) return tl::unexpected(std::move(last.error()));
    if (!*last) continue;
    octets_ = 0;
    text_lines_ = 0;
    in_text_ = false;
    return std::exchange(current_, {});
  }
  return std::nullopt;
}

tl::expected<bool, ReplyError> Pop3ReplyParser::add(const Line& line, Pop3Form form) {
  octets_ += line.octets + (line.end == LineEnd::crlf ? 2 : 1);
  if (octets_ > limits_.octets) return tl::unexpected(fail(ReplyError::Kind::too_long, {}));
  Pop3ReplyNotes& notes = current_.notes;
  notes.bare_lf |= line.end == LineEnd::lf;
  notes.bare_cr |= line.bare_cr;
  notes.nul |= line.nul;
  notes.cut |= line.cut();
  if (!in_text_) {
    if (!begin(line)) return tl::unexpected(fail(ReplyError::Kind::not_a_reply, line.text));
    in_text_ = form == Pop3Form::multi_line && current_.positive();
    return !in_text_;
  }
  // RFC 1939 §3: a dot and CRLF end the text. A server that ends its lines with LF alone ends its
  // texts so too; in that of another one, LF belongs to the content and starts no line.
  const bool at_line_start = previous_end_ == usual_end_;
  if (at_line_start && line.end == usual_end_ && line.text == ".") return true;
  if (text_lines_ == limits_.lines) {
    return tl::unexpected(fail(ReplyError::Kind::too_many_lines, line.text));
  }
  add_to_text(line);
  return false;
}

bool Pop3ReplyParser::begin(const Line& line) {
  const std::string_view text = line.text;
  const std::size_t space = text.find(' ');
  const std::string_view word = text.substr(0, space);
  const auto status = status_of(word);
  if (!status) return false;
  current_.status = *status;
  if (space != std::string_view::npos) current_.text = text.substr(space + 1);
  current_.notes.lower_case = word != to_upper(word);
  current_.notes.status_too_long = *status != Status::challenge && line.octets > kStatusLimit;
  usual_end_ = previous_end_ = line.end;
  if (*status == Status::challenge || !current_.text.starts_with('[')) return true;
  const std::size_t close = current_.text.find(']');
  const std::string code =
      close == std::string::npos ? std::string() : current_.text.substr(1, close - 1);
  if (is_response_code(code)) {
    current_.code = code;
  } else {
    current_.notes.bad_code = true;
  }
  return true;
}

void Pop3ReplyParser::add_to_text(const Line& line) {
  std::string_view text = line.text;
  const bool at_line_start = previous_end_ == usual_end_;
  // RFC 1939 §3: the dot that was put in front of a line is taken off again.
  if (at_line_start && text.starts_with('.')) {
    text.remove_prefix(1);
    current_.notes.dot_not_stuffed |= !text.starts_with('.');
  }
  current_.content.append(text).append(line.end == LineEnd::crlf ? "\r\n" : "\n");
  previous_end_ = line.end;
  ++text_lines_;
}

ReplyError Pop3ReplyParser::fail(ReplyError::Kind kind, std::string line) {
  failed_ = true;
  in_text_ = false;
  current_ = {};
  return {kind, std::move(line)};
}

std::string pop3_ok(std::string_view text) {
  std::string reply("+OK");
  if (!text.empty()) reply.append(" ").append(text);
  return reply.append("\r\n");
}

std::string pop3_error(std::string_view text, std::string_view code) {
  std::string reply("-ERR ");
  if (!code.empty()) reply.append("[").append(code).append("] ");
  return reply.append(text).append("\r\n");
}

std::string pop3_challenge(std::string_view base64) {
  return std::string("+ ").append(base64).append("\r\n");
}

Bytes pop3_multi_line(std::string_view status_text, View content) {
  const std::string status = pop3_ok(status_text);
  Bytes reply;
  reply.reserve(status.size() + content.size() + content.size() / 64 + 8);
  append(reply, status);
  DotEncoder encoder;
  encoder.encode(content, reply);
  encoder.finish(reply);
  return reply;
}

}  // namespace assay
