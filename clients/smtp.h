// SmtpDialogue: SMTP as a client speaks it (RFC 5321, 3207, 4954, 2920), one segment a call.
// Used by the checks that are SMTP's own; the others go by Dialogue.
#pragma once

#include "clients/line_dialogue.h"
#include "harness/protocol/replies.h"

namespace assay {

class SmtpDialogue final : public LineDialogue {
 public:
  SmtpDialogue(Probe& probe, const Endpoint& endpoint, std::unique_ptr<SecureLink> link);

  /// The reply behind the last answer(), whole.
  [[nodiscard]] const Reply& reply() const { return reply_; }
  /// `line` without its CRLF; the answer.
  Task<Answer> command(std::string_view line);
  /// MAIL, RCPT to the account's sink, DATA; the answer to DATA (354), or the first that refused.
  Task<Answer> begin_submission() override { return begin_message("probe@assay.invalid"); }
  Task<Answer> begin_message(std::string_view from);
  /// A message with `nonce` in it, dot and all, to the sink; the answer.
  Task<Answer> send_message(std::string_view from, std::string_view nonce);

  Task<std::optional<Answer>> list_capabilities() override;
  Task<Answer> log_in() override;
  [[nodiscard]] std::string_view upgrade_keyword() const override { return "STARTTLS"; }
  [[nodiscard]] bool is_go_ahead(const Answer& answer) const override { return answer.code == 220; }
  [[nodiscard]] bool is_greeting(const Answer& answer) const override { return answer.code == 220; }
  [[nodiscard]] bool refuses_by_text(const Answer& answer) const override;
  [[nodiscard]] Bytes canary() override { return bytes_of("EHLO canary.invalid\r\n"); }
  [[nodiscard]] std::size_t canary_split() const override { return 2; }

  void feed(View octets) override { parser_.feed(octets); }
  [[nodiscard]] Bytes take_unused() override { return parser_.take_rest(); }

 protected:
  std::optional<Answer> parsed() override;

 private:
  ReplyParser parser_;
  Reply reply_;
};

/// As connected(), greeted() and secured(), for checks that only SMTP has.
Task<std::unique_ptr<SmtpDialogue>> connected_smtp(Probe& probe);
Task<std::unique_ptr<SmtpDialogue>> greeted_smtp(Probe& probe);
Task<std::unique_ptr<SmtpDialogue>> secured_smtp(Probe& probe, Probe::Wrap wrap = {});

/// A small message: headers, the nonce, CRLF line ends; without the final dot.
[[nodiscard]] std::string message_with(std::string_view nonce);

}  // namespace assay
