// SentCommands: the command lines that were sent and are not answered yet. In POP3 and NNTP the
// form of a reply follows from the command, so a dialogue has to remember what it asked, in order.
#pragma once

#include "harness/base/bytes.h"

#include <deque>
#include <string>
#include <string_view>

namespace assay {

class SentCommands {
 public:
  /// Octets as they were sent, in any pieces; a command is there when its CRLF is.
  void note(View octets);
  /// The command that the next answer is for; empty when none was sent, and for a greeting.
  [[nodiscard]] std::string_view awaited() const {
    return lines_.empty() ? std::string_view() : std::string_view(lines_.front());
  }
  void answered() {
    if (!lines_.empty()) lines_.pop_front();
  }
  /// Nothing is awaited any more: TLS begins.
  void forget() {
    lines_.clear();
    unfinished_.clear();
  }

 private:
  std::deque<std::string> lines_;  // without CRLF
  std::string unfinished_;
};

}  // namespace assay
