#include "clients/nntp.h"

#include "harness/base/printable.h"
#include "harness/base/words.h"
#include "harness/protocol/nntp.h"

#include <fmt/format.h>

namespace assay {
namespace {

ReplyLimits limits_of(const Budget& budget) {
  return {budget.reply_line, budget.reply_lines, budget.reply_octets};
}

/// RFC 3977 §3.2 and appendix C: which answers have a block behind a positive first line.
NntpReplyForm form_of(std::string_view command_line) {
  switch (parse_nntp_command(command_line).verb) {
    case NntpVerb::article:
    case NntpVerb::body:
    case NntpVerb::capabilities:
    case NntpVerb::hdr:
    case NntpVerb::head:
    case NntpVerb::help:
    case NntpVerb::list:
    case NntpVerb::listgroup:
    case NntpVerb::newgroups:
    case NntpVerb::newnews:
    case NntpVerb::over:
      return NntpReplyForm::multi_line;
    default:
      return NntpReplyForm::single_line;
  }
}

Answer answer_of(const NntpReply& reply) {
  Answer answer;
  answer.code = reply.code;
  answer.positive = reply.code < 400;
  // RFC 3977 §3.2.1: 400 and 403 are "not now", never "no".
  answer.throttled = reply.code == 400 || reply.code == 403;
  answer.text = printable(fmt::format("{} {}", reply.code, reply.text), 200);
  return answer;
}

}  // namespace

NntpDialogue::NntpDialogue(Probe& probe, const Endpoint& endpoint, std::unique_ptr<SecureLink> link)
    : Dialogue(probe, endpoint, std::move(link)), parser_(limits_of(probe.budget())) {}

Task<Answer> NntpDialogue::answer(Deadline deadline) {
  for (;;) {
    if (auto result = parser_.take(form_of(sent_.awaited()))) {
      sent_.answered();
      if (!*result) {
        Answer malformed;
        malformed.stop = Stop::malformed;
        malformed.text =
            fmt::format("not an NNTP response: \"{}\"", printable(result->error().line, 120));
        co_return malformed;
      }
      reply_ = std::move(**result);
      co_return answer_of(reply_);
    }
    Answer stopped = co_await more(deadline);
    if (!stopped.came()) co_return stopped;
  }
}

/// RFC 4642 §2.2.2: 502 when TLS is up already.
bool NntpDialogue::refuses_by_text(const Answer& answer) const { return answer.code == 502; }

Task<bool> NntpDialogue::list_capabilities() {
  const Answer listed = co_await ask(bytes_of("CAPABILITIES\r\n"));
  if (!listed.came()) co_return false;
  capabilities_.clear();
  // RFC 3977 §5.2: every server has it, but those of RFC 977 do not.
  if (listed.positive) capabilities_ = reply_.block;
  co_return true;
}

std::size_t NntpDialogue::upgrade_listed() const {
  std::size_t count = 0;
  for (const std::string& line : capabilities_) {
    if (equals_ignoring_case(std::string_view(line).substr(0, line.find(' ')), "STARTTLS")) ++count;
  }
  return count;
}

Bytes NntpDialogue::unknown_command() {
  return bytes_of(fmt::format("XMARK {}\r\n", probe().entropy().word()));
}

Bytes NntpDialogue::take_unused() {
  sent_.forget();
  return parser_.take_rest();
}

}  // namespace assay
