// TlsDialogue: a TLS server without a protocol that is known here (tls://HOST:PORT), which sends
// back what it is sent, as it is or each line reversed (`openssl s_server -rev`). Each command is a
// line with a word of its own, so an answer tells which command it answers.
#pragma once

#include "clients/dialogue.h"

namespace assay {

class TlsDialogue final : public Dialogue {
 public:
  using Dialogue::answer;
  using Dialogue::Dialogue;

  /// Octets with the word of a command that has not been answered: positive. Others are passed
  /// over.
  Task<Answer> answer(Deadline deadline) override;
  Task<MarkerResult> marker() override;
  Task<std::optional<Answer>> list_capabilities() override;

  [[nodiscard]] bool greets() const override { return false; }
  [[nodiscard]] bool is_greeting(const Answer& /*answer*/) const override { return true; }
  [[nodiscard]] Bytes canary() override;
  [[nodiscard]] std::size_t canary_split() const override { return 3; }
  [[nodiscard]] Bytes goodbye() override { return {}; }

  // There is no upgrade, no command that is known to be unknown, no login.
  [[nodiscard]] std::string_view upgrade_keyword() const override { return {}; }
  [[nodiscard]] Bytes upgrade_request() override { return {}; }
  [[nodiscard]] bool is_go_ahead(const Answer& /*answer*/) const override { return false; }
  [[nodiscard]] bool refuses_by_text(const Answer& /*answer*/) const override { return false; }
  [[nodiscard]] std::size_t upgrade_listed() const override { return 0; }
  [[nodiscard]] Bytes unknown_command() override { return canary(); }
  Task<Answer> log_in() override;
  [[nodiscard]] ClearWord read_clear(View octets) const override;

  void feed(View octets) override { append(unused_, octets); }
  [[nodiscard]] Bytes take_unused() override;

 private:
  [[nodiscard]] bool take_answered();

  Bytes unused_;
  std::vector<std::string> asked_;  // words of commands that wait for their answers
};

}  // namespace assay
