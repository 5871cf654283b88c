// Pop3Dialogue: POP3 as a client speaks it (RFC 1939, 2449, 2595), one segment a call.
#pragma once

#include "clients/line_dialogue.h"
#include "clients/sent_commands.h"
#include "harness/protocol/pop3_replies.h"

namespace assay {

class Pop3Dialogue final : public LineDialogue {
 public:
  Pop3Dialogue(Probe& probe, const Endpoint& endpoint, std::unique_ptr<SecureLink> link);

  /// The reply behind the last answer(), whole.
  [[nodiscard]] const Pop3Reply& reply() const { return reply_; }
  /// USER and PASS of the probe's account; again for a moment where the mailbox is in use, as it is
  /// while another session of ours has it (RFC 1939 §4). The answer to the last command.
  Task<Answer> log_in() override;
  Task<std::optional<Answer>> list_capabilities() override;
  [[nodiscard]] std::string_view upgrade_keyword() const override { return "STLS"; }
  // A challenge, "+ " alone, is positive and neither of the two.
  [[nodiscard]] bool is_go_ahead(const Answer& answer) const override {
    return answer.positive && reply_.positive();
  }
  [[nodiscard]] bool is_greeting(const Answer& answer) const override {
    return answer.positive && reply_.positive();
  }
  [[nodiscard]] bool refuses_by_text(const Answer& answer) const override;
  [[nodiscard]] Bytes canary() override { return bytes_of("CAPA\r\n"); }
  [[nodiscard]] std::size_t canary_split() const override { return 3; }
  [[nodiscard]] std::vector<Bytes> errand() override { return {bytes_of("RETR 1\r\n")}; }

  void feed(View octets) override { parser_.feed(octets); }
  [[nodiscard]] Bytes take_unused() override;

 protected:
  std::optional<Answer> parsed() override;
  void sent(View octets) override { sent_.note(octets); }

 private:
  Pop3ReplyParser parser_;
  Pop3Reply reply_;
  SentCommands sent_;
};

/// As secured(), for checks that only POP3 has.
Task<std::unique_ptr<Pop3Dialogue>> secured_pop3(Probe& probe);

}  // namespace assay
