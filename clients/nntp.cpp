#include "clients/nntp.h"

#include "harness/base/printable.h"
#include "harness/protocol/nntp.h"

#include <fmt/format.h>

namespace assay {
namespace {

constexpr int kPasswordRequired = 381;  // RFC 4643 §2.3.1

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
  auto result = parser_.take(form_of(parse_nntp_command(sent_.awaited()).verb));
  if (!result) return std::nullopt;
  sent_.answered();
  if (!*result) return malformed("not an NNTP response", result->error());
  reply_ = std::move(**result);
  return answer_of(reply_);
}

/// RFC 4642 §2.2.2: 502 when TLS is up already.
bool NntpDialogue::refuses_by_text(const Answer& answer) const { return answer.code == 502; }

Task<std::optional<Answer>> NntpDialogue::list_capabilities() {
  Answer listed = co_await ask(capability_request());
  if (!listed.came()) co_return listed;
  capabilities_.clear();
  // RFC 3977 §5.2: every server has it, but those of RFC 977 do not.
  if (listed.positive) capabilities_ = reply_.block;
  co_return std::nullopt;
}

std::vector<Bytes> NntpDialogue::errand() {
  return {bytes_of(fmt::format("GROUP {}\r\n", probe().account().group)), bytes_of("ARTICLE\r\n")};
}

/// RFC 4643 §2.3.
Task<Answer> NntpDialogue::log_in() {
  const Account& account = probe().account();
  const std::string user = fmt::format("AUTHINFO USER {}\r\n", account.user);
  const std::string pass = fmt::format("AUTHINFO PASS {}\r\n", account.password.reveal());
  Answer answer = co_await ask(bytes_of(user));
  const bool password_due = answer.came() && answer.code == kPasswordRequired;
  if (password_due) answer = co_await ask(bytes_of(pass));
  co_return answer;
}

Bytes NntpDialogue::take_unused() {
  sent_.forget();
  return parser_.take_rest();
}

}  // namespace assay
