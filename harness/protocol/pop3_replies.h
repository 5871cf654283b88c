// Replies of POP3 (RFC 1939 §3, RFC 2449 §3): a status line, and behind some a text of lines that
// ends with a dot. Composed by the service, read by clients: leniently, boundedly, alike however
// the octets were cut in transit. What is odd about a reply is noted in it, what makes it no reply
// is an error value.
#pragma once

#include "harness/protocol/pop3.h"
#include "harness/protocol/replies.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// What a strict reader would object to.
struct Pop3ReplyNotes {
  bool bare_lf = false;          // a line ended in LF alone
  bool bare_cr = false;          // a CR inside a line
  bool nul = false;              // a NUL inside a line
  bool lower_case = false;       // RFC 1939 §3: the status indicators are upper case
  bool bad_code = false;         // RFC 2449 §3: "[" begins a response code; here it is none
  bool status_too_long = false;  // RFC 2449 §4: 512 octets at most, CRLF included
  bool dot_not_stuffed = false;  // RFC 1939 §3: a line of the text had one dot in front
  bool cut = false;              // a line exceeded what is kept
  bool operator==(const Pop3ReplyNotes&) const = default;
};

struct Pop3Reply {
  /// `challenge`: "+" alone, within an AUTH exchange (RFC 5034 §4).
  enum class Status { ok, err, challenge };

  Status status = Status::ok;
  std::string text;     // behind the status and one space; of a challenge, its base64
  std::string code;     // RFC 2449 §8: "IN-USE", without its brackets; empty without one
  std::string content;  // of a multi-line reply: unstuffed, line ends as they came, no end mark
  Pop3ReplyNotes notes;

  [[nodiscard]] bool positive() const { return status == Status::ok; }
  [[nodiscard]] bool negative() const { return status == Status::err; }
  [[nodiscard]] bool intermediate() const { return status == Status::challenge; }
  /// The content line by line, without line ends.
  [[nodiscard]] std::vector<std::string> lines() const;
  bool operator==(const Pop3Reply&) const = default;
};

/// Whether a text follows a positive status line: the client knows by what it asked (RFC 1939 §3).
enum class Pop3Form { single_line, multi_line };

/// What the reply to a command has, where it is granted (RFC 1939 §5 and §7, RFC 2449 §5).
[[nodiscard]] Pop3Form form_of(const Pop3Command& command);

/// Errors and limits are those of replies.h; the lines are those of the text.
using Pop3ReplyResult = tl::expected<Pop3Reply, ReplyError>;

class Pop3ReplyParser {
 public:
  explicit Pop3ReplyParser(ReplyLimits limits = {}) : limits_(limits), lines_(limits.line_octets) {}

  void feed(View octets) { lines_.feed(octets); }
  /// The next reply, or the error that ends the reading: it is given once, then nothing follows.
  /// `form` is that of the reply awaited, the same until it is there.
  [[nodiscard]] std::optional<Pop3ReplyResult> take(Pop3Form form = Pop3Form::single_line);

  [[nodiscard]] bool failed() const { return failed_; }
  /// Whether a reply or a line has begun and is not finished.
  [[nodiscard]] bool in_reply() const { return in_text_ || !lines_.rest().empty(); }
  /// Octets behind the last whole reply line: what came too early, before an upgrade for instance.
  [[nodiscard]] View rest() const { return lines_.rest(); }
  [[nodiscard]] Bytes take_rest() { return lines_.take_rest(); }

 private:
  /// Adds one line to the current reply; true when that was its last.
  tl::expected<bool, ReplyError> add(const Line& line, Pop3Form form);
  [[nodiscard]] bool begin(const Line& line);
  void add_to_text(const Line& line);
  ReplyError fail(ReplyError::Kind kind, std::string line);

  ReplyLimits limits_;
  LineBuffer lines_;
  Pop3Reply current_;
  bool in_text_ = false;
  LineEnd usual_end_ = LineEnd::crlf;     // of the status line
  LineEnd previous_end_ = LineEnd::crlf;  // of the line before
  std::size_t text_lines_ = 0;
  std::size_t octets_ = 0;  // of the current reply's finished lines
  bool failed_ = false;
};

/// "+OK", text unless empty, CRLF.
[[nodiscard]] std::string pop3_ok(std::string_view text = {});
/// "-ERR", the response code in brackets unless empty (RFC 2449 §8), text, CRLF.
[[nodiscard]] std::string pop3_error(std::string_view text, std::string_view code = {});
/// "+ ", the challenge in base64, CRLF (RFC 5034 §4).
[[nodiscard]] std::string pop3_challenge(std::string_view base64);
/// A status line and a text behind it, stuffed and ended (RFC 1939 §3).
[[nodiscard]] Bytes pop3_multi_line(std::string_view status_text, View content);

}  // namespace assay
