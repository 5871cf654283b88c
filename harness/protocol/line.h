// Lines: where one ends, and what was odd about it. Services look at the front of their input
// (front_line), dialogues feed a LineBuffer; neither depends on how the octets were cut in transit.
// Used by every text protocol of the house.
#pragma once

#include "harness/base/bytes.h"

#include <optional>
#include <string>

namespace assay {

/// The first line of an input, its CRLF left out of `text` and counted in `consumed`.
struct FrontLine {
  View text;
  std::size_t consumed = 0;
};

/// Only CRLF ends this line (RFC 5321 §2.3.8); a bare CR or LF stays inside. Nothing: not there
/// yet.
[[nodiscard]] std::optional<FrontLine> front_line(View input);

/// Whether a line holds what no command may: CR, LF or NUL.
[[nodiscard]] bool has_stray_control(View line);

/// What ended a line.
enum class LineEnd { crlf, lf };

struct Line {
  std::string text;        // the first octets, as many as the buffer was told to keep
  std::size_t octets = 0;  // all of them, kept or not, without the line end
  LineEnd end = LineEnd::crlf;
  bool bare_cr = false;  // a CR that no LF follows
  bool bare_lf = false;  // an LF that ended no line; seen only where CRLF alone ends one
  bool nul = false;

  [[nodiscard]] bool cut() const { return octets > text.size(); }
  bool operator==(const Line&) const = default;
};

class LineBuffer {
 public:
  /// crlf: a bare LF is content, as RFC 5321 §2.3.8 has it. crlf_or_lf: it ends a line and is
  /// noted.
  enum class Ends { crlf, crlf_or_lf };

  explicit LineBuffer(std::size_t kept = kDefaultKept, Ends ends = Ends::crlf_or_lf)
      : kept_(kept), ends_(ends) {}

  void feed(View octets);
  [[nodiscard]] std::optional<Line> take();

  /// Octets fed and not taken. What was dropped from a line beyond the kept part is missing here.
  [[nodiscard]] View rest() const { return View(buffer_).subspan(start_); }
  /// rest(), moved out: the buffer is as new.
  [[nodiscard]] Bytes take_rest();
  /// Length so far of the line that take() found unfinished, dropped octets included.
  [[nodiscard]] std::size_t unfinished() const { return scanned_ - start_ + dropped_; }

  static constexpr std::size_t kDefaultKept = 64UL * 1024;

 private:
  /// Notes what `segment`, the next octets of the current line, shows.
  void inspect(View segment);
  Line finish(std::size_t end_of_line);
  void drop_excess(std::size_t end);

  std::size_t kept_;
  Ends ends_;
  Bytes buffer_;
  std::size_t start_ = 0;    // of the current line
  std::size_t scanned_ = 0;  // up to here no line end was found
  std::size_t dropped_ = 0;  // of the current line, beyond what is kept
  bool after_cr_ = false;    // the last octet scanned was a CR
  Line marks_;               // bare_cr, bare_lf and nul of the current line
};

}  // namespace assay
