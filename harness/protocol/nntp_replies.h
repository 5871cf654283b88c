// The replies of NNTP (RFC 3977 §3.1, §3.2), composed by services and read by clients. Reading is
// lenient and bounded: what is odd about a reply is noted in it, what makes it no reply is an error
// value. The same replies come out however the octets were cut in transit.
#pragma once

#include "harness/protocol/line.h"
#include "harness/protocol/nntp.h"
#include "harness/protocol/replies.h"

#include <tl/expected.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// What a strict reader would object to.
struct NntpReplyNotes {
  bool bare_lf = false;            // a line ended in LF alone
  bool bare_cr = false;            // a CR inside a line
  bool nul = false;                // a NUL inside a line
  bool missing_text = false;       // a line that is the bare code
  bool code_out_of_range = false;  // RFC 3977 §3.2: the first digit is 1 to 5
  bool long_line = false;          // RFC 3977 §3.1: an initial line of more than 512 octets
  bool lone_dot = false;  // RFC 3977 §3.1.1: a dot in front of a block's line that was not doubled
  bool cut = false;       // a line exceeded what is kept

  bool operator==(const NntpReplyNotes&) const = default;
};

struct NntpReply {
  int code = 0;
  std::string text;                // of the initial line, behind the code and one space
  bool has_block = false;          // a multi-line data block followed
  std::vector<std::string> block;  // its lines, unstuffed, without the one that ends it
  NntpReplyNotes notes;

  [[nodiscard]] bool positive() const { return code / 100 == 1 || code / 100 == 2; }
  [[nodiscard]] bool intermediate() const { return code / 100 == 3; }
  [[nodiscard]] bool negative() const { return code >= 400; }
  bool operator==(const NntpReply&) const = default;
};

/// What the command asks for when it succeeds. RFC 3977 §3.2: 211 alone does not say by itself
/// whether a block follows; it does for LISTGROUP and not for GROUP.
enum class NntpReplyForm { single_line, multi_line };

/// What the reply to a command has, where it is granted (RFC 3977 §3.2 and appendix C).
[[nodiscard]] NntpReplyForm form_of(NntpVerb verb);

using NntpReplyResult = tl::expected<NntpReply, ReplyError>;

class NntpReplyParser {
 public:
  /// `limits.lines` counts the initial line and those of the block, `limits.octets` the whole reply
  /// as it came.
  explicit NntpReplyParser(ReplyLimits limits = {}) : limits_(limits), lines_(limits.line_octets) {}

  void feed(View octets) { lines_.feed(octets); }
  /// The next reply, or the error that ends the reading: it is given once, then nothing follows.
  /// `awaited` counts when the initial line is there: a block is read behind a positive reply to a
  /// command that asks for one, unless the code is known to stand alone. A block that nobody asked
  /// for is left in front of the next reply, which it then is not.
  [[nodiscard]] std::optional<NntpReplyResult> take(
      NntpReplyForm awaited = NntpReplyForm::single_line);

  [[nodiscard]] bool failed() const { return failed_; }
  /// Whether a reply or a line has begun and is not finished.
  [[nodiscard]] bool in_reply() const { return in_block_ || !lines_.rest().empty(); }
  /// Octets behind the last whole line: what came too early, before an upgrade for instance.
  [[nodiscard]] View rest() const { return lines_.rest(); }
  [[nodiscard]] Bytes take_rest() { return lines_.take_rest(); }

 private:
  /// Adds one line to the current reply; true when that was its last.
  tl::expected<bool, ReplyError> add(const Line& line, NntpReplyForm awaited);
  tl::expected<bool, ReplyError> add_initial(const Line& line, NntpReplyForm awaited);
  bool add_to_block(const Line& line);
  ReplyError fail(ReplyError::Kind kind, std::string line);

  ReplyLimits limits_;
  LineBuffer lines_;
  NntpReply current_;
  std::size_t octets_ = 0;  // of the current reply's finished lines
  bool in_block_ = false;
  bool failed_ = false;
};

/// One line: code, text, CRLF.
[[nodiscard]] std::string compose_nntp_reply(int code, std::string_view text);
/// An initial line and a block of `lines`, stuffed and ended (RFC 3977 §3.1.1).
[[nodiscard]] std::string compose_nntp_reply(int code, std::string_view text,
                                             std::span<const std::string> lines);

}  // namespace assay
