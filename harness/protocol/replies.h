// Replies: the three-digit replies of SMTP (RFC 5321 §4.2), composed by services and read by
// clients. Reading is lenient and bounded: what is odd about a reply is noted in it, what makes it
// no reply is an error value. The same lines come out however the octets were cut in transit.
#pragma once

#include "harness/protocol/line.h"

#include <tl/expected.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// What a strict reader would object to.
struct ReplyNotes {
  bool bare_lf = false;            // a line ended in LF alone
  bool bare_cr = false;            // a CR inside a line
  bool nul = false;                // a NUL inside a line
  bool mixed_codes = false;        // RFC 5321 §4.2.1: every line of a reply bears one code
  bool missing_text = false;       // a line that is the bare code, legal to read (RFC 5321 §4.2)
  bool code_out_of_range = false;  // not 2yz to 5yz with y up to 5, as the grammar has it
  bool cut = false;                // a line exceeded what is kept

  bool operator==(const ReplyNotes&) const = default;
};

struct Reply {
  int code = 0;                    // of the last line, which is the one that ends the reply
  std::vector<std::string> lines;  // what follows the code and its separator
  std::string enhanced;            // RFC 2034 §4: "2.1.0" from the first line; empty without one
  ReplyNotes notes;

  [[nodiscard]] bool positive() const { return code / 100 == 2; }
  [[nodiscard]] bool intermediate() const { return code / 100 == 3; }
  [[nodiscard]] bool transient() const { return code / 100 == 4; }
  [[nodiscard]] bool permanent() const { return code / 100 == 5; }
  [[nodiscard]] bool negative() const { return code >= 400; }
  bool operator==(const Reply&) const = default;
};

struct ReplyError {
  enum class Kind { not_a_reply, too_many_lines, too_long };
  Kind kind = Kind::not_a_reply;
  std::string line;  // the one that decided, as far as it was kept; empty for too_long
  bool operator==(const ReplyError&) const = default;
};

struct ReplyLimits {
  std::size_t line_octets = 64UL * 1024;  // kept of a line; the rest is counted
  std::size_t lines = 1000;
  std::size_t octets = 1024UL * 1024;  // of a whole reply
};

using ReplyResult = tl::expected<Reply, ReplyError>;

class ReplyParser {
 public:
  explicit ReplyParser(ReplyLimits limits = {}) : limits_(limits), lines_(limits.line_octets) {}

  void feed(View octets) { lines_.feed(octets); }
  /// The next reply, or the error that ends the reading: it is given once, then nothing follows.
  [[nodiscard]] std::optional<ReplyResult> take();

  [[nodiscard]] bool failed() const { return failed_; }
  /// Whether a reply or a line has begun and is not finished.
  [[nodiscard]] bool in_reply() const { return !current_.lines.empty() || !lines_.rest().empty(); }
  /// Octets behind the last whole reply line: what came too early, before an upgrade for instance.
  [[nodiscard]] View rest() const { return lines_.rest(); }
  [[nodiscard]] Bytes take_rest() { return lines_.take_rest(); }

 private:
  /// Adds one line to the current reply; true when that was its last.
  tl::expected<bool, ReplyError> add(const Line& line);
  ReplyError fail(ReplyError::Kind kind, std::string line);

  ReplyLimits limits_;
  LineBuffer lines_;
  Reply current_;
  std::size_t octets_ = 0;  // of the current reply's finished lines
  bool failed_ = false;
};

/// The code in front of a line; nothing unless three digits and one of `separators` (or the end)
/// are there. SMTP has " " and "-" (RFC 5321 §4.2.1), NNTP " " alone (RFC 3977 §3.2).
[[nodiscard]] std::optional<int> code_of(std::string_view line, std::string_view separators);
/// "2.1.0" at the front of a reply text, when its class is that of `code` (RFC 2034 §4).
[[nodiscard]] std::string_view enhanced_status(int code, std::string_view text);

/// One line: code, enhanced status code unless empty, text, CRLF.
[[nodiscard]] std::string compose_reply(int code, std::string_view enhanced, std::string_view text);
/// A reply of several lines (RFC 5321 §4.2.1); at least one.
[[nodiscard]] std::string compose_reply(int code, std::span<const std::string> lines);

}  // namespace assay
