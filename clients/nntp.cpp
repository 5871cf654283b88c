#include "clients/nntp.h"

#include "harness/base/printable.h"
#include "harness/protocol/nntp.h"

#include <fmt/format.h>

namespace assay {
namespace {

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
    : LineDialogue(probe, endpoint, std::move(link)), parser_(limits_of(probe.budget())) {}

std::optional<Answer> NntpDialogue::parsed() {
  auto result = parser_.take(form_of(sent_.awaited()));
  if (!result) return std::nullopt;
  sent_.answered();
  if (!*result) return malformed("not an NNTP response", result->error());
  reply_ = std::move(**result);
  return answer_of(reply_);
}

/// RFC 4642 §2.2.2: 502 when TLS is up already.
bool NntpDialogue::refuses_by_text(const Answer& answer) const { return answer.code == 502; }

Task<bool> NntpDialogue::list_capabilities() {
  const Answer listed = co_await ask(capability_request());
  if (!listed.came()) co_return false;
  capabilities_.clear();
  // RFC 3977 §5.2: every server has it, but those of RFC 977 do not.
  if (listed.positive) capabilities_ = reply_.block;
  co_return true;
}

Bytes NntpDialogue::take_unused() {
  sent_.forget();
  return parser_.take_rest();
}

}  // namespace assay
