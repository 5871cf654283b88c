#include "clients/pop3.h"

#include "harness/base/printable.h"
#include "harness/protocol/pop3.h"

#include <fmt/format.h>

namespace assay {
namespace {

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
    : LineDialogue(probe, endpoint, std::move(link)), parser_(limits_of(probe.budget())) {}

std::optional<Answer> Pop3Dialogue::parsed() {
  auto result = parser_.take(form_of(sent_.awaited()));
  if (!result) return std::nullopt;
  sent_.answered();
  if (!*result) return malformed("not a POP3 reply", result->error());
  reply_ = std::move(**result);
  return answer_of(reply_);
}

/// RFC 2595 §4: -ERR may result, whatever the reason.
bool Pop3Dialogue::refuses_by_text(const Answer& answer) const { return !answer.positive; }

Task<bool> Pop3Dialogue::list_capabilities() {
  const Answer listed = co_await ask(capability_request());
  if (!listed.came()) co_return false;
  capabilities_.clear();
  // RFC 2449 §5: a server without CAPA says -ERR, and may be a good one.
  if (listed.positive) capabilities_ = reply_.lines();
  co_return true;
}

Bytes Pop3Dialogue::take_unused() {
  sent_.forget();
  return parser_.take_rest();
}

}  // namespace assay
