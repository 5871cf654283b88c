// Dots: the transparency of message text (RFC 5321 §4.5.2; POP3 and NNTP do the same). A line that
// starts with a dot gets another one; a line that is one dot ends the text.
// Used by services and dialogues; the decoder's state is a small value, so it travels in
// SessionState.
#pragma once

#include "harness/base/bytes.h"

namespace assay {

class DotEncoder {
 public:
  /// Appends `content`, stuffed. May be called again with what follows.
  void encode(View content, Bytes& to);
  /// Appends the end of the text, after a CRLF if the content did not end with one.
  void finish(Bytes& to);

 private:
  bool line_start_ = true;
  bool after_cr_ = false;
};

/// `content`, stuffed and ended.
[[nodiscard]] Bytes dot_stuffed(View content);

class DotDecoder {
 public:
  /// Appends to `content` what `input` holds of the text, or only counts it when `content` is null.
  /// Returns the octets used: all of them, or up to and including the end of the text.
  std::size_t decode(View input, Bytes* content);

  [[nodiscard]] bool ended() const { return place_ == Place::ended; }
  /// Octets of content so far, without stuffed dots and the end mark (as RFC 1870 §5 counts them).
  [[nodiscard]] std::size_t octets() const { return octets_; }
  [[nodiscard]] bool bare_cr() const { return bare_cr_; }
  [[nodiscard]] bool bare_lf() const { return bare_lf_; }

  bool operator==(const DotDecoder&) const = default;

 private:
  enum class Place { line_start, within_line, dot, dot_cr, ended };

  void emit(View run, Bytes* content);
  /// From within a line to behind its CRLF, or to the end of `input`.
  std::size_t skip_line(View input, std::size_t at);

  std::size_t octets_ = 0;
  Place place_ = Place::line_start;
  bool after_cr_ = false;
  bool bare_cr_ = false;
  bool bare_lf_ = false;
};

}  // namespace assay
