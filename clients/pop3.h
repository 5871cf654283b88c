// Pop3Dialogue: POP3 as a client speaks it (RFC 1939, 2449, 2595), one segment a call.
#pragma once

#include "clients/line_dialogue.h"
#include "clients/sent_commands.h"
#include "harness/protocol/pop3_replies.h"

namespace assay {

class Pop3Dialogue final : public LineDialogue {
 public:
  Pop3Dialogue(Probe& probe, const Endpoint& endpoint, std::unique_ptr<SecureLink> link);

  Task<bool> list_capabilities() override;
  [[nodiscard]] Bytes upgrade_request() const override { return bytes_of("STLS\r\n"); }
  // A challenge, "+ " alone, is positive and neither of the two.
  [[nodiscard]] bool is_go_ahead(const Answer& answer) const override {
    return answer.positive && reply_.positive();
  }
  [[nodiscard]] bool is_greeting(const Answer& answer) const override {
    return answer.positive && reply_.positive();
  }
  [[nodiscard]] bool refuses_by_text(const Answer& answer) const override;
  [[nodiscard]] Bytes canary() const override { return bytes_of("CAPA\r\n"); }
  [[nodiscard]] std::size_t canary_split() const override { return 3; }

 protected:
  std::optional<Answer> parsed() override;
  void sent(View octets) override { sent_.note(octets); }
  void feed(View octets) override { parser_.feed(octets); }
  [[nodiscard]] Bytes take_unused() override;

 private:
  Pop3ReplyParser parser_;
  Pop3Reply reply_;
  SentCommands sent_;
};

}  // namespace assay
