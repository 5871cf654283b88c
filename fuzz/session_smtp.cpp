// Fuzz target session_smtp: a whole session of the SMTP server, its upgrade included. session.h
// tells what is looked at, scenario.h how an input is read.
#include "fuzz/session.h"
#include "fuzz/target.h"
#include "harness/protocol/replies.h"
#include "harness/protocol/smtp.h"
#include "reference_server/smtp.h"

#include <algorithm>
#include <utility>

namespace assay::fuzz {
namespace {

using Phase = SmtpState::Phase;

constexpr SmtpLimits kNarrow = {.command_line = 64,
                                .hard_line = 200,
                                .sasl_blob = 64,
                                .message = 256,
                                .skipped = 600,
                                .recipients = 2,
                                .errors = 3};
constexpr StoreLimits kStore = {.message = 8UL * 1024, .messages = 3, .octets = 16UL * 1024};

SmtpConfig config_of(const Listener& listener) {
  SmtpConfig config{.hostname = "mx.a.test", .domains = {"a.test"}, .date = [] { return "DATE"; }};
  if (listener.narrow) config.limits = kNarrow;
  return configured(std::move(config), listener);
}

/// Replies in `said`, each of which must be what a strict reader takes.
std::size_t count_replies(View said) {
  ReplyParser parser;
  parser.feed(said);
  std::size_t count = 0;
  while (const auto reply = parser.take()) {
    require(reply->has_value(), "the server says replies and nothing else");
    require((*reply)->notes == ReplyNotes{}, "a strict reader objects to no reply");
    ++count;
  }
  require(!parser.in_reply(), "no reply is left unfinished");
  return count;
}

std::string described(const Message& message) {
  std::string text = message.transport + " from <" + message.reverse_path + ">";
  for (const std::string& recipient : message.recipients) text += " to <" + recipient + ">";
  return text + "\n" + std::string(text_of(message.content));
}

class SmtpServed final : public Served {
 public:
  SmtpServed(const Listener& listener, const Accounts& accounts)
      : limits_(config_of(listener).limits),
        store_(kStore),
        service_(config_of(listener), accounts, store_) {}

  [[nodiscard]] const Service& service() const override { return service_; }
  void look(const SessionState& before) override { phase_ = before.smtp().phase; }

  void examine_step(View unit, const Step& step, const SessionState& after) override {
    const std::size_t replies = count_replies(step.output);
    require(replies <= 1, "one reply a command at most");
    // A chunk is answered when it is there; what is not whole is thrown away without a word.
    const bool content = phase_ == Phase::data || phase_ == Phase::chunk || begins_chunk(unit);
    require(content || !text_of(unit).ends_with("\r\n") || replies == 1, "one reply a command");
    require(after.smtp().transaction.recipients.size() <= limits_.recipients,
            "recipients are bounded");
  }

  void examine_unasked(View said) const override {
    require(count_replies(said) <= 1, "nobody is greeted or left by two replies");
  }

  [[nodiscard]] std::size_t longest_wait() const override {
    return std::max(limits_.command_line, limits_.sasl_blob + 2);
  }

  [[nodiscard]] std::vector<std::string> kept() override {
    require(store_.count() <= kStore.messages, "the store is bounded");
    std::vector<std::string> mail = {std::to_string(store_.count()) + " for anybody"};
    for (const Message* message : store_.list(kMailbox)) mail.push_back(described(*message));
    return mail;
  }

 private:
  [[nodiscard]] bool begins_chunk(View unit) const {
    return phase_ == Phase::command && parse_smtp_command(text_of(unit)).verb == SmtpVerb::bdat;
  }

  SmtpLimits limits_;
  Store store_;
  SmtpService service_;
  Phase phase_ = Phase::command;
};

const Dialect& smtp_dialect() {
  static const Dialect kOnce = {
      .begin_tls = "\f",
      .upgrade = "\r\nSTARTTLS\r\nEXPN nonce\r\n",
      .first_inside = "NOOP\r\n",
      .serve = [](const Listener& listener, const Accounts& accounts) -> std::unique_ptr<Served> {
        return std::make_unique<SmtpServed>(listener, accounts);
      }};
  return kOnce;
}

}  // namespace
}  // namespace assay::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return assay::fuzz::examine_session(assay::fuzz::smtp_dialect(), {data, size});
}
