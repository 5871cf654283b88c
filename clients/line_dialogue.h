// LineDialogue: what the dialogues of SMTP, POP3 and NNTP have in common: answers that are parsed
// as they come in, a list of capabilities with a keyword a line, commands that end with CRLF.
#pragma once

#include "clients/dialogue.h"
#include "harness/protocol/replies.h"

#include <optional>
#include <string_view>

namespace assay {

class LineDialogue : public Dialogue {
 public:
  using Dialogue::answer;
  using Dialogue::Dialogue;

  Task<Answer> answer(Deadline deadline) override;
  [[nodiscard]] bool greets() const override { return true; }
  [[nodiscard]] Bytes upgrade_request() override;
  /// Lines whose keyword is that of the upgrade request, in any case.
  [[nodiscard]] std::size_t upgrade_listed() const override;
  [[nodiscard]] Bytes unknown_command() override;
  [[nodiscard]] Bytes goodbye() override { return bytes_of("QUIT\r\n"); }
  [[nodiscard]] ClearWord read_clear(View octets) const override;

 protected:
  /// The next whole answer in what was fed.
  virtual std::optional<Answer> parsed() = 0;

  [[nodiscard]] static ReplyLimits limits_of(const Budget& budget);
  /// In place of an answer; `what` says what it is not.
  [[nodiscard]] static Answer malformed(std::string_view what, const ReplyError& error);
};

}  // namespace assay
