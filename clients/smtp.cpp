#include "clients/smtp.h"

#include "harness/base/base64.h"
#include "harness/base/printable.h"
#include "harness/protocol/sasl.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace assay {
namespace {

Answer answer_of(const Reply& reply) {
  Answer answer;
  answer.code = reply.code;
  answer.positive = reply.code < 400;
  // RFC 5321 §3.8, RFC 3207 §4: "not now", never "no".
  answer.throttled = reply.code == 421 || reply.code == 454;
  answer.text = printable(fmt::format("{} {}", reply.code, reply.lines.front()), 200);
  return answer;
}

}  // namespace

SmtpDialogue::SmtpDialogue(Probe& probe, const Endpoint& endpoint, std::unique_ptr<SecureLink> link)
    : LineDialogue(probe, endpoint, std::move(link)), parser_(limits_of(probe.budget())) {}

std::optional<Answer> SmtpDialogue::parsed() {
  auto result = parser_.take();
  if (!result) return std::nullopt;
  if (!*result) return malformed("not an SMTP reply", result->error());
  reply_ = std::move(**result);
  return answer_of(reply_);
}

/// RFC 5321 §4.2, RFC 4954 §6: the codes that say "not now, not here, not at all" about a command.
bool SmtpDialogue::refuses_by_text(const Answer& answer) const {
  constexpr std::array<int, 6> kNamed = {503, 502, 554, 501, 500, 454};
  return std::ranges::find(kNamed, answer.code) != kNamed.end();
}

Task<Answer> SmtpDialogue::command(std::string_view line) {
  Bytes octets = bytes_of(line);
  append(octets, "\r\n");
  return ask(std::move(octets));
}

Task<std::optional<Answer>> SmtpDialogue::list_capabilities() {
  Answer hello = co_await command("EHLO assay.invalid");
  if (!hello.came() || !hello.positive) co_return hello;
  capabilities_.assign(reply_.lines.begin() + 1, reply_.lines.end());
  co_return std::nullopt;
}

/// RFC 4954 §4: PLAIN, with an initial response.
Task<Answer> SmtpDialogue::log_in() {
  SaslCredentials credentials;
  credentials.authcid = probe().account().user;
  credentials.password = probe().account().password;
  const Secret message = plain_message(credentials);
  return ask(bytes_of(compose_auth("PLAIN", to_base64(view_of(message.reveal())))));
}

Task<Answer> SmtpDialogue::begin_message(std::string_view from) {
  const std::string sender(from);
  const std::string lines[] = {fmt::format("MAIL FROM:<{}>", sender),
                               fmt::format("RCPT TO:<{}>", probe().account().sink), "DATA"};
  Answer last;
  for (const std::string& line : lines) {
    last = co_await command(line);
    if (!last.came() || !last.positive) break;
  }
  co_return last;
}

Task<Answer> SmtpDialogue::send_message(std::string_view from, std::string_view nonce) {
  const std::string content = message_with(nonce) + ".\r\n";
  const Answer begun = co_await begin_message(from);
  if (!begun.came() || begun.code != 354) co_return begun;
  co_return co_await ask(bytes_of(content));
}

std::string message_with(std::string_view nonce) {
  return fmt::format(
      "From: <probe@assay.invalid>\r\nSubject: {0}\r\n\r\nThis message was sent by a test: {0}\r\n",
      nonce);
}

Task<std::unique_ptr<SmtpDialogue>> connected_smtp(Probe& probe) {
  auto dialogue = co_await connected(probe);
  co_return speaking<SmtpDialogue>(std::move(dialogue));
}

Task<std::unique_ptr<SmtpDialogue>> greeted_smtp(Probe& probe) {
  auto dialogue = co_await greeted(probe);
  co_return speaking<SmtpDialogue>(std::move(dialogue));
}

Task<std::unique_ptr<SmtpDialogue>> secured_smtp(Probe& probe, Probe::Wrap wrap) {
  auto dialogue = co_await secured(probe, std::move(wrap));
  co_return speaking<SmtpDialogue>(std::move(dialogue));
}

}  // namespace assay
