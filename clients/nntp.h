// NntpDialogue: NNTP as a client speaks it (RFC 3977, 4642), one segment a call.
#pragma once

#include "clients/line_dialogue.h"
#include "clients/sent_commands.h"
#include "harness/protocol/nntp_replies.h"

namespace assay {

class NntpDialogue final : public LineDialogue {
 public:
  NntpDialogue(Probe& probe, const Endpoint& endpoint, std::unique_ptr<SecureLink> link);

  Task<std::optional<Answer>> list_capabilities() override;
  Task<Answer> log_in() override;
  [[nodiscard]] std::string_view upgrade_keyword() const override { return "STARTTLS"; }
  [[nodiscard]] bool is_go_ahead(const Answer& answer) const override { return answer.code == 382; }
  [[nodiscard]] bool is_greeting(const Answer& answer) const override {
    return answer.code == 200 || answer.code == 201;
  }
  [[nodiscard]] bool refuses_by_text(const Answer& answer) const override;
  [[nodiscard]] Bytes canary() override { return bytes_of("DATE\r\n"); }
  [[nodiscard]] Bytes capability_request() override { return bytes_of("CAPABILITIES\r\n"); }
  [[nodiscard]] std::size_t canary_split() const override { return 2; }
  /// The first article of the account's group.
  [[nodiscard]] std::vector<Bytes> errand() override;
  Task<Answer> begin_submission() override { return ask(bytes_of("POST\r\n")); }

  void feed(View octets) override { parser_.feed(octets); }
  [[nodiscard]] Bytes take_unused() override;

 protected:
  std::optional<Answer> parsed() override;
  void sent(View octets) override { sent_.note(octets); }

 private:
  NntpReplyParser parser_;
  NntpReply reply_;
  SentCommands sent_;
};

}  // namespace assay
