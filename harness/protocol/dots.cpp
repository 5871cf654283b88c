#include "harness/protocol/dots.h"

#include <cstring>

namespace assay {
namespace {

/// Offset of `octet` at or after `from`, or the end.
std::size_t next_of(View octets, std::uint8_t octet, std::size_t from) {
  if (from >= octets.size()) return octets.size();
  const void* found = std::memchr(octets.data() + from, octet, octets.size() - from);
  if (found == nullptr) return octets.size();
  return static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - octets.data());
}

bool holds_cr(View octets) { return next_of(octets, '\r', 0) != octets.size(); }

}  // namespace

void DotEncoder::encode(View content, Bytes& to) {
  std::size_t run = 0;  // start of what is not appended yet
  for (std::size_t at = 0; at < content.size();) {
    // RFC 5321 §4.5.2: a dot at the start of a line is doubled; CRLF alone starts one.
    if (line_start_ && content[at] == '.') {
      append(to, content.subspan(run, at - run));
      to.push_back('.');
      run = at;
    }
    const std::size_t lf = next_of(content, '\n', at);
    if (lf > at) after_cr_ = content[lf - 1] == '\r';
    line_start_ = lf < content.size() && after_cr_;
    if (lf < content.size()) after_cr_ = false;
    at = lf + 1;
  }
  append(to, content.subspan(run));
}

void DotEncoder::finish(Bytes& to) {
  append(to, line_start_ ? std::string_view(".\r\n") : std::string_view("\r\n.\r\n"));
}

Bytes dot_stuffed(View content) {
  Bytes stuffed;
  stuffed.reserve(content.size() + content.size() / 64 + 8);
  DotEncoder encoder;
  encoder.encode(content, stuffed);
  encoder.finish(stuffed);
  return stuffed;
}

std::size_t DotDecoder::decode(View input, Bytes* content) {
  std::size_t at = 0;
  std::size_t run = 0;  // start of what is not emitted yet
  while (at < input.size() && !ended()) {
    switch (place_) {
      case Place::line_start:
        place_ = Place::within_line;
        if (input[at] != '.') break;
        emit(input.subspan(run, at - run), content);
        run = ++at;
        place_ = Place::dot;
        break;
      case Place::dot:
        // RFC 5321 §4.5.2: other octets follow on the line, so the dot in front of them goes.
        place_ = Place::within_line;
        if (input[at] != '\r') break;
        run = ++at;
        place_ = Place::dot_cr;
        break;
      case Place::dot_cr:
        // RFC 5321 §4.1.1.4: CRLF, dot, CRLF is the only end; no other spelling of it counts.
        if (input[at] == '\n') {
          run = ++at;
          place_ = Place::ended;
          break;
        }
        emit(view_of("\r"), content);
        after_cr_ = true;
        place_ = Place::within_line;
        break;
      case Place::within_line:
        at = skip_line(input, at);
        break;
      case Place::ended:
        break;
    }
  }
  emit(input.subspan(run, at - run), content);
  return at;
}

void DotDecoder::emit(View run, Bytes* content) {
  octets_ += run.size();
  if (content != nullptr) append(*content, run);
}

std::size_t DotDecoder::skip_line(View input, std::size_t at) {
  while (at < input.size()) {
    const std::size_t lf = next_of(input, '\n', at);
    if (lf > at) {
      if (after_cr_ || (!bare_cr_ && holds_cr(input.subspan(at, lf - at - 1)))) bare_cr_ = true;
      after_cr_ = input[lf - 1] == '\r';
    }
    if (lf == input.size()) return lf;
    at = lf + 1;
    if (after_cr_) {
      after_cr_ = false;
      place_ = Place::line_start;
      return at;
    }
    bare_lf_ = true;
  }
  return at;
}

}  // namespace assay
