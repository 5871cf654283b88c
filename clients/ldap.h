// LdapDialogue: LDAP spoken with the subject (RFC 4511). Answers are told apart by message id, for
// they may come in any order; what nobody asked for is told apart from them.
#pragma once

#include "clients/dialogue.h"
#include "harness/protocol/ldap.h"

#include <deque>
#include <map>
#include <optional>

namespace assay {

class LdapDialogue final : public Dialogue {
 public:
  using Dialogue::answer;
  LdapDialogue(Probe& probe, const Endpoint& endpoint, std::unique_ptr<SecureLink> link)
      : Dialogue(probe, endpoint, std::move(link)) {}

  /// An operation with the next message id; what it came to stands in response() and entries().
  Task<Answer> request(LdapOperation operation);
  /// The octets of an operation with the next message id, for segments of more than one.
  [[nodiscard]] Bytes composed(LdapOperation operation);
  /// The answer to the request that was sent last, whatever is owed to others before it.
  Task<Answer> answer_to_last();
  /// The answer that comes next, to whichever request: response() has its message id.
  Task<Answer> any_answer();
  /// Whether a request was answered before its turn.
  [[nodiscard]] bool has_answer_waiting() const { return !early_.empty(); }
  /// Whether octets have come that no answer was made of yet.
  [[nodiscard]] bool has_more() const { return !input_.empty(); }
  /// The message of the answer that came last.
  [[nodiscard]] const LdapMessage& response() const { return response_; }
  /// The entries of the search that was answered last.
  [[nodiscard]] const std::vector<LdapSearchEntry>& entries() const { return entries_; }

  /// Answers come in the order of their requests here, in whatever order the subject gives them.
  /// One that belongs to no request comes at once.
  Task<Answer> answer(Deadline deadline) override;
  [[nodiscard]] bool greets() const override { return false; }
  [[nodiscard]] bool is_greeting(const Answer& /*answer*/) const override { return false; }
  Task<std::optional<Answer>> list_capabilities() override;
  [[nodiscard]] std::string_view upgrade_keyword() const override { return ldap::kStartTls; }
  [[nodiscard]] std::size_t upgrade_listed() const override;
  [[nodiscard]] Bytes upgrade_request() override;
  /// More than once where the subject takes a request that it has answered for one that is
  /// outstanding: slapd says its result before it forgets the operation.
  Task<Answer> ask_for_upgrade() override;
  [[nodiscard]] bool is_go_ahead(const Answer& answer) const override { return answer.code == 0; }
  [[nodiscard]] bool refuses_by_text(const Answer& answer) const override;
  [[nodiscard]] Bytes canary() override;
  /// Identifier, length and message id of a search.
  [[nodiscard]] std::size_t canary_split() const override { return 5; }
  /// A read of the account's own entry.
  [[nodiscard]] std::vector<Bytes> errand() override;
  [[nodiscard]] Bytes capability_request() override;
  [[nodiscard]] Bytes unknown_command() override;
  [[nodiscard]] Bytes goodbye() override;
  Task<bool> owes_nothing() override;
  /// A simple bind by the account's name in the directory (RFC 4513 §5.1.3).
  Task<Answer> log_in() override;
  [[nodiscard]] ClearWord read_clear(View octets) const override;
  void feed(View octets) override { append(input_, octets); }
  [[nodiscard]] Bytes take_unused() override;

 protected:
  void sent(View octets) override;

 private:
  struct Asked {
    std::int32_t id;
    LdapOp op;
  };
  /// Whose final response came, with what belongs to it.
  struct Came {
    Answer answer;
    LdapMessage message;
  };

  std::optional<Answer> parsed();
  std::optional<Answer> take(LdapMessage message);
  std::optional<Answer> collect(LdapMessage message);
  [[nodiscard]] const Asked* asked(std::int32_t id) const;
  /// Makes the request with that id the one that is answered next.
  void bring_forward(std::int32_t id);
  Answer hand_over(Came came);

  Bytes input_;
  Bytes unfinished_;  // sent, and no whole request yet
  std::int32_t last_id_ = 0;
  std::deque<Asked> asked_;
  std::map<std::int32_t, Came> early_;  // answered before their turn
  std::map<std::int32_t, std::vector<LdapSearchEntry>> found_;
  std::size_t held_ = 0;    // entries in found_
  bool any_order_ = false;  // an answer needs not wait for its turn
  LdapMessage response_;
  std::vector<LdapSearchEntry> entries_;
};

/// As greeted() and secured(), for checks that only LDAP has.
Task<std::unique_ptr<LdapDialogue>> greeted_ldap(Probe& probe);
Task<std::unique_ptr<LdapDialogue>> secured_ldap(Probe& probe);

}  // namespace assay
