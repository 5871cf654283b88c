// Fuzz target session_pop3: a whole session of the POP3 server, its STLS included. session.h tells
// what is looked at, scenario.h how an input is read.
#include "fuzz/session.h"
#include "fuzz/target.h"
#include "harness/protocol/pop3.h"
#include "harness/protocol/pop3_replies.h"
#include "reference_server/pop3.h"

#include <algorithm>
#include <array>
#include <utility>

namespace assay::fuzz {
namespace {

using Phase = Pop3State::Phase;

constexpr Pop3Limits kNarrow = {.command_line = 64, .hard_line = 200, .sasl_blob = 64, .errors = 3};
/// In every message, and nowhere else.
constexpr std::string_view kMark = "X-Mark: of mail";
/// What a reader of mail has to deal with: dots in front, no end of the last line, no body.
constexpr std::array<std::string_view, 4> kMail = {
    "X-Mark: of mail\r\n\r\n.one\r\n..two\r\n.\r\nthree\r\n", "X-Mark: of mail\r\n\r\nno end",
    "X-Mark: of mail\r\n", "X-Mark: of mail\r\n\r\n"};

Pop3Config config_of(const Listener& listener) {
  Pop3Config config{.hostname = "pop.a.test", .uid_prefix = "run-"};
  if (listener.narrow) config.limits = kNarrow;
  // The timestamp of RFC 1939 §7, whose digests a corpus can hold.
  if ((listener.choice & kFirstOwn) != 0)
    config.timestamp = [] { return "<1896.697170952@pop.a.test>"; };
  return configured(std::move(config), listener);
}

/// Replies in `said`, each of which must be what a strict reader takes.
std::size_t count_replies(View said, Pop3Form form) {
  Pop3ReplyParser parser;
  parser.feed(said);
  std::size_t count = 0;
  while (const auto reply = parser.take(form)) {
    require(reply->has_value(), "the server says replies and nothing else");
    require((*reply)->notes == Pop3ReplyNotes{}, "a strict reader objects to no reply");
    ++count;
  }
  require(!parser.in_reply(), "no reply is left unfinished");
  return count;
}

class Pop3Served final : public Served {
 public:
  Pop3Served(const Listener& listener, const Accounts& accounts)
      : limits_(config_of(listener).limits), service_(config_of(listener), accounts, store_) {
    for (const std::string_view content : kMail) {
      const Delivery delivery =
          store_.deliver({.recipients = {std::string(kMailbox)}, .content = bytes_of(content)});
      require(delivery == Delivery::stored, "there is room for the mail");
    }
  }

  [[nodiscard]] const Service& service() const override { return service_; }
  void look(const SessionState& before) override { phase_ = before.pop3().phase; }

  void examine_step(View unit, const Step& step, const SessionState& after) override {
    const std::string_view text = text_of(unit);
    const bool whole = text.ends_with("\r\n");
    const Pop3Command command = parse_pop3_command(text.substr(0, text.size() - (whole ? 2 : 0)));
    const bool is_command = phase_ != Phase::auth;
    const std::size_t replies =
        count_replies(step.output, is_command ? form_of(command) : Pop3Form::single_line);
    // What is not whole is thrown away without a word, unless it is hopeless.
    require(replies == 1 || (replies == 0 && !whole), "one reply a command");
    const bool shows = text_of(step.output).find(kMark) != std::string_view::npos;
    require(!shows || phase_ == Phase::transaction, "mail is shown to its owner alone");
    require(phase_ == Phase::transaction || after.pop3().phase != Phase::transaction ||
                after.user == kUser,
            "nobody gets at mail without a login");
    if (phase_ == Phase::transaction && command.verb == Pop3Verb::quit && whole) updated_ = true;
    require(after.pop3().maildrop.messages.size() <= kMail.size(), "a maildrop is bounded");
  }

  void examine_unasked(View said) const override {
    require(count_replies(said, Pop3Form::single_line) <= 1,
            "nobody is greeted or left by two replies");
  }

  [[nodiscard]] std::size_t longest_wait() const override {
    return std::max(limits_.command_line, limits_.sasl_blob + 2);
  }

  [[nodiscard]] std::vector<std::string> kept() override {
    // RFC 1939 §6: only QUIT in the TRANSACTION state removes.
    require(updated_ || store_.count() == kMail.size(), "only QUIT removes mail");
    require(store_.lock(kMailbox) != nullptr, "a session that is over holds no maildrop");
    std::vector<std::string> mail;
    for (const Message* message : store_.list(kMailbox))
      mail.push_back(std::to_string(message->id));
    return mail;
  }

 private:
  Pop3Limits limits_;
  Store store_;
  Pop3Service service_;
  Phase phase_ = Phase::authorization;
  bool updated_ = false;
};

const Dialect& pop3_dialect() {
  static const Dialect kOnce = {
      .begin_tls = "\f",
      .upgrade = "\r\nSTLS\r\nUSER nonce\r\n",
      .first_inside = "CAPA\r\n",
      .serve = [](const Listener& listener, const Accounts& accounts) -> std::unique_ptr<Served> {
        return std::make_unique<Pop3Served>(listener, accounts);
      }};
  return kOnce;
}

}  // namespace
}  // namespace assay::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return assay::fuzz::examine_session(assay::fuzz::pop3_dialect(), {data, size});
}
