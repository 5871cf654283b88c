#include "harness/protocol/line.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace assay {
namespace {

/// Offset of `octet` in [from, to) of `octets`, or npos.
std::size_t offset_of(View octets, std::uint8_t octet, std::size_t from, std::size_t to) {
  if (from >= to) return npos;
  const void* found = std::memchr(octets.data() + from, octet, to - from);
  if (found == nullptr) return npos;
  return static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - octets.data());
}

}  // namespace

std::optional<FrontLine> front_line(View input) {
  for (std::size_t from = 0;;) {
    const std::size_t lf = offset_of(input, '\n', from, input.size());
    if (lf == npos) return std::nullopt;
    // RFC 5321 §2.3.8: nothing but CR and LF together is recognised as a line end.
    if (lf > 0 && input[lf - 1] == '\r') return FrontLine{input.first(lf - 1), lf + 1};
    from = lf + 1;
  }
}

bool has_stray_control(View line) {
  return std::ranges::any_of(line, [](std::uint8_t c) { return c == 0 || c == '\r' || c == '\n'; });
}

void LineBuffer::feed(View octets) {
  if (start_ > 0 && start_ >= buffer_.size() / 2) {
    drop_front(buffer_, start_);
    scanned_ -= start_;
    start_ = 0;
  }
  append(buffer_, octets);
}

std::optional<Line> LineBuffer::take() {
  for (;;) {
    const std::size_t lf = offset_of(buffer_, '\n', scanned_, buffer_.size());
    if (lf == npos) break;
    inspect(View(buffer_).subspan(scanned_, lf - scanned_));
    scanned_ = lf + 1;
    if (after_cr_ || ends_ == Ends::crlf_or_lf) return finish(scanned_);
    marks_.bare_lf = true;
  }
  inspect(View(buffer_).subspan(scanned_));
  scanned_ = buffer_.size();
  drop_excess(scanned_);
  return std::nullopt;
}

Bytes LineBuffer::take_rest() {
  drop_front(buffer_, start_);
  Bytes rest = std::move(buffer_);
  *this = LineBuffer(kept_, ends_);
  return rest;
}

void LineBuffer::inspect(View segment) {
  if (segment.empty()) return;
  // A CR before this segment was followed by something that is no LF.
  if (after_cr_) marks_.bare_cr = true;
  if (offset_of(segment, '\r', 0, segment.size() - 1) != npos) marks_.bare_cr = true;
  if (offset_of(segment, 0, 0, segment.size()) != npos) marks_.nul = true;
  after_cr_ = segment.back() == '\r';
}

Line LineBuffer::finish(std::size_t end_of_line) {
  Line line = std::exchange(marks_, {});
  line.end = std::exchange(after_cr_, false) ? LineEnd::crlf : LineEnd::lf;
  const std::size_t here = end_of_line - start_;
  line.octets = here + dropped_ - (line.end == LineEnd::crlf ? 2 : 1);
  const std::size_t kept = std::min({kept_, here, line.octets});
  line.text = text_of(View(buffer_).subspan(start_, kept));
  start_ = end_of_line;
  dropped_ = 0;
  return line;
}

void LineBuffer::drop_excess(std::size_t end) {
  if (end - start_ <= kept_) return;
  const std::size_t excess = end - start_ - kept_;
  buffer_.resize(end - excess);
  dropped_ += excess;
  scanned_ = buffer_.size();
}

}  // namespace assay
