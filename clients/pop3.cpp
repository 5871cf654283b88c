#include "clients/pop3.h"

#include "harness/base/printable.h"
#include "harness/base/words.h"
#include "harness/protocol/pop3.h"

#include <fmt/format.h>

namespace assay {
namespace {

ReplyLimits limits_of(const Budget& budget) {
  return {budget.reply_line, budget.reply_lines, budget.reply_octets};
}

/// RFC 1939 §5 to §7, RFC 2449 §5: which answers have a text behind a positive status line.
Pop3Form form_of(std::string_view command_line) {
  const Pop3Command command = parse_pop3_command(command_line);
  switch (command.verb) {
    case Pop3Verb::capa:
    case Pop3Verb::retr:
    case Pop3Verb::top:
      return Pop3Form::multi_line;
    case Pop3Verb::list:
    case Pop3Verb::uidl:
      return command.argument ? Pop3Form::single_line : Pop3Form::multi_line;
    default:
      return Pop3Form::single_line;
  }
}

Answer answer_of(const Pop3Reply& reply) {
  Answer answer;
  answer.positive = !reply.negative();
  // RFC 3206 §4, RFC 2449 §8.1: "not now", never "no".
  answer.throttled = reply.negative() && (reply.code == "SYS/TEMP" || reply.code == "LOGIN-DELAY" ||
                                          reply.code == "IN-USE");
  answer.text = printable(fmt::format("{} {}",
                                      reply.negative()   ? "-ERR"
                                      : reply.positive() ? "+OK"
                                                         : "+",
                                      reply.text),
                          200);
  return answer;
}

}  // namespace

Pop3Dialogue::Pop3Dialogue(Probe& probe, const Endpoint& endpoint, std::unique_ptr<SecureLink> link)
    : Dialogue(probe, endpoint, std::move(link)), parser_(limits_of(probe.budget())) {}

Task<Answer> Pop3Dialogue::answer(Deadline deadline) {
  for (;;) {
    if (auto result = parser_.take(form_of(sent_.awaited()))) {
      sent_.answered();
      if (!*result) {
        Answer malformed;
        malformed.stop = Stop::malformed;
        malformed.text =
            fmt::format("not a POP3 reply: \"{}\"", printable(result->error().line, 120));
        co_return malformed;
      }
      reply_ = std::move(**result);
      co_return answer_of(reply_);
    }
    Answer stopped = co_await more(deadline);
    if (!stopped.came()) co_return stopped;
  }
}

/// RFC 2595 §4: -ERR may result, whatever the reason.
bool Pop3Dialogue::refuses_by_text(const Answer& answer) const { return !answer.positive; }

Task<bool> Pop3Dialogue::list_capabilities() {
  const Answer listed = co_await ask(bytes_of("CAPA\r\n"));
  if (!listed.came()) co_return false;
  capabilities_.clear();
  // RFC 2449 §5: a server without CAPA says -ERR, and may be a good one.
  if (listed.positive) capabilities_ = reply_.lines();
  co_return true;
}

std::size_t Pop3Dialogue::upgrade_listed() const {
  std::size_t count = 0;
  for (const std::string& line : capabilities_) {
    if (equals_ignoring_case(std::string_view(line).substr(0, line.find(' ')), "STLS")) ++count;
  }
  return count;
}

Bytes Pop3Dialogue::unknown_command() {
  return bytes_of(fmt::format("XMARK {}\r\n", probe().entropy().word()));
}

Bytes Pop3Dialogue::take_unused() {
  sent_.forget();
  return parser_.take_rest();
}

}  // namespace assay
