#include "harness/protocol/nntp_replies.h"

#include "harness/base/words.h"

#include <algorithm>
#include <array>
#include <utility>

namespace assay {
namespace {

constexpr std::size_t kInitialLine = 512;  // RFC 3977 §3.1, CRLF included

/// RFC 3977 Appendix C, RFC 4643 §4: positive codes that no block follows, whatever was asked.
constexpr std::array<int, 9> kStandAlone = {111, 200, 201, 205, 223, 235, 240, 281, 283};

bool block_follows(const NntpReply& reply, NntpReplyForm awaited) {
  return awaited == NntpReplyForm::multi_line && reply.positive() &&
         std::ranges::find(kStandAlone, reply.code) == kStandAlone.end();
}

std::size_t octets_of(const Line& line) {
  return line.octets + (line.end == LineEnd::crlf ? 2 : 1);
}

}  // namespace

NntpReplyForm form_of(NntpVerb verb) {
  switch (verb) {
    case NntpVerb::article:
    case NntpVerb::body:
    case NntpVerb::capabilities:
    case NntpVerb::hdr:
    case NntpVerb::head:
    case NntpVerb::help:
    case NntpVerb::list:
    case NntpVerb::listgroup:
    case NntpVerb::newgroups:
    case NntpVerb::newnews:
    case NntpVerb::over:
      return NntpReplyForm::multi_line;
    default:
      return NntpReplyForm::single_line;
  }
}

std::optional<NntpReplyResult> NntpReplyParser::take(NntpReplyForm awaited) {
  while (!failed_) {
    const auto line = lines_.take();
    if (!line) {
      if (octets_ + lines_.unfinished() <= limits_.octets) return std::nullopt;
      return tl::unexpected(fail(ReplyError::Kind::too_long, {}));
    }
    auto last = add(*line, awaited);
    if (!last) return tl::unexpected(std::move(last.error()));
    if (!*last) continue;
    octets_ = 0;
    in_block_ = false;
    return std::exchange(current_, {});
  }
  return std::nullopt;
}

tl::expected<bool, ReplyError> NntpReplyParser::add(const Line& line, NntpReplyForm awaited) {
  octets_ += octets_of(line);
  if (octets_ > limits_.octets) return tl::unexpected(fail(ReplyError::Kind::too_long, {}));
  NntpReplyNotes& notes = current_.notes;
  notes.bare_lf |= line.end == LineEnd::lf;
  notes.bare_cr |= line.bare_cr;
  notes.nul |= line.nul;
  notes.cut |= line.cut();
  if (!in_block_) return add_initial(line, awaited);
  // RFC 3977 §3.1.1: the line that ends the block is no part of it.
  if (line.text == ".") return true;
  if (current_.block.size() + 1 == limits_.lines) {
    return tl::unexpected(fail(ReplyError::Kind::too_many_lines, line.text));
  }
  return add_to_block(line);
}

tl::expected<bool, ReplyError> NntpReplyParser::add_initial(const Line& line,
                                                            NntpReplyForm awaited) {
  const auto code = code_of(line.text, " ");
  if (!code) return tl::unexpected(fail(ReplyError::Kind::not_a_reply, line.text));
  current_.code = *code;
  if (line.text.size() > 4) current_.text = line.text.substr(4);
  current_.notes.missing_text = line.text.size() == 3;
  current_.notes.code_out_of_range = *code < 100 || *code > 599;
  current_.notes.long_line = octets_of(line) > kInitialLine;
  current_.has_block = in_block_ = block_follows(current_, awaited);
  return !in_block_;
}

bool NntpReplyParser::add_to_block(const Line& line) {
  // RFC 3977 §3.1.1: a dot in front of other octets is disregarded, doubled or not.
  const bool dotted = line.text.starts_with('.');
  current_.notes.lone_dot |= dotted && !line.text.starts_with("..");
  current_.block.push_back(dotted ? line.text.substr(1) : line.text);
  return false;
}

ReplyError NntpReplyParser::fail(ReplyError::Kind kind, std::string line) {
  failed_ = true;
  in_block_ = false;
  current_ = {};
  return {kind, std::move(line)};
}

std::string compose_nntp_reply(int code, std::string_view text) {
  return compose_reply(code, "", text);
}

std::string compose_nntp_reply(int code, std::string_view text,
                               std::span<const std::string> lines) {
  std::string reply = compose_nntp_reply(code, text);
  for (const std::string& line : lines) {
    if (line.starts_with('.')) reply += '.';
    reply.append(line).append("\r\n");
  }
  return reply.append(".\r\n");
}

}  // namespace assay
