#include "clients/pop3.h"

#include "harness/base/printable.h"
#include "harness/protocol/pop3.h"

#include <fmt/format.h>

namespace assay {
namespace {

constexpr int kLoginTries = 10;
constexpr Milliseconds kBetweenLogins{20};

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
  auto result = parser_.take(form_of(parse_pop3_command(sent_.awaited())));
  if (!result) return std::nullopt;
  sent_.answered();
  if (!*result) return malformed("not a POP3 reply", result->error());
  reply_ = std::move(**result);
  return answer_of(reply_);
}

/// RFC 2595 §4: -ERR may result, whatever the reason.
bool Pop3Dialogue::refuses_by_text(const Answer& answer) const { return !answer.positive; }

Task<std::optional<Answer>> Pop3Dialogue::list_capabilities() {
  Answer listed = co_await ask(capability_request());
  if (!listed.came()) co_return listed;
  capabilities_.clear();
  // RFC 2449 §5: a server without CAPA says -ERR, and may be a good one.
  if (listed.positive) capabilities_ = reply_.lines();
  co_return std::nullopt;
}

Task<Answer> Pop3Dialogue::log_in() {
  const Account& account = probe().account();
  const std::string user = fmt::format("USER {}\r\n", account.user);
  const std::string pass = fmt::format("PASS {}\r\n", account.password.reveal());
  for (int tries = 1;; ++tries) {
    Answer answer = co_await ask(bytes_of(user));
    if (answer.came() && answer.positive) answer = co_await ask(bytes_of(pass));
    const bool in_use = answer.came() && reply_.code == "IN-USE";
    if (!in_use || tries == kLoginTries) co_return answer;
    co_await probe().loop().sleep_until(Clock::now() + kBetweenLogins);
  }
}

Bytes Pop3Dialogue::take_unused() {
  sent_.forget();
  return parser_.take_rest();
}

Task<std::unique_ptr<Pop3Dialogue>> secured_pop3(Probe& probe) {
  auto dialogue = co_await secured(probe);
  co_return speaking<Pop3Dialogue>(std::move(dialogue));
}

}  // namespace assay
