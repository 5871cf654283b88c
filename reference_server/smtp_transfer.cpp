#include "reference_server/smtp_transfer.h"

#include "harness/protocol/replies.h"

#include <algorithm>
#include <utility>

namespace assay {
namespace {

constexpr auto kClose = Step::Next::close;

Step answered(std::size_t consumed, std::string_view reply, Step::Next next = Step::Next::go_on) {
  return {.consumed = consumed, .output = bytes_of(reply), .next = next};
}

/// What a hostile peer may make us throw away ends somewhere (RFC 5321 §3.8: 421, then close).
std::string gone_too_far() {
  return compose_reply(421, "4.7.0", "Far too much content, closing the connection");
}

/// Gives the memory back, not only the octets.
void drop(Bytes& content) { Bytes().swap(content); }

}  // namespace

std::string SmtpTransfer::begin_data(SessionState& state) const {
  SmtpTransaction& transaction = state.smtp().transaction;
  // RFC 3030 §2: DATA has no place in a transaction that BDAT began.
  if (transaction.chunked) return compose_reply(503, "5.5.1", "This transaction uses BDAT");
  std::string refusal = refusal_of_content(transaction);
  if (!refusal.empty()) return refusal;
  transaction.content = bytes_of(trace(state));
  transaction.data = {};
  state.smtp().phase = SmtpState::Phase::data;
  return "354 Start mail input; end with <CRLF>.<CRLF>\r\n";
}

Step SmtpTransfer::begin_chunk(SessionState& state, const BdatCommand& command,
                               std::string refusal) const {
  SmtpState& smtp = state.smtp();
  SmtpTransaction& transaction = smtp.transaction;
  if (refusal.empty()) refusal = refusal_of_content(transaction);
  if (refusal.empty() && command.size > config_.limits.message - transaction.octets) {
    refusal = too_big();
  }
  if (!refusal.empty() && command.size > config_.limits.skipped) {
    return answered(0, gone_too_far(), kClose);
  }
  if (refusal.empty() && !transaction.chunked) {
    transaction.chunked = true;
    transaction.content = bytes_of(trace(state));
  }
  // RFC 3030 §2: the octets of a chunk are taken whatever becomes of it, and then answered.
  smtp.chunk = {.left = command.size, .last = command.last, .refusal = std::move(refusal)};
  if (smtp.chunk.left == 0) return answered(0, finish_chunk(state));
  transaction.octets += smtp.chunk.refusal.empty() ? command.size : 0;
  smtp.phase = SmtpState::Phase::chunk;
  return {};
}

Step SmtpTransfer::take_data(SessionState& state, View input) const {
  SmtpState& smtp = state.smtp();
  SmtpTransaction& transaction = smtp.transaction;
  const bool kept = transaction.data.octets() <= config_.limits.message;
  const std::size_t used = transaction.data.decode(input, kept ? &transaction.content : nullptr);
  const bool too_long = transaction.data.octets() > config_.limits.message;
  if (too_long) drop(transaction.content);
  if (transaction.data.octets() > config_.limits.skipped) {
    return answered(used, gone_too_far(), kClose);
  }
  if (!transaction.data.ended()) return {.consumed = used};
  smtp.phase = SmtpState::Phase::command;
  if (!too_long) return answered(used, deliver(state));
  transaction = {};
  return answered(used, too_big());
}

Step SmtpTransfer::take_chunk(SessionState& state, View input) const {
  SmtpChunk& chunk = state.smtp().chunk;
  const auto used = static_cast<std::size_t>(std::min<std::uint64_t>(chunk.left, input.size()));
  if (chunk.refusal.empty()) append(state.smtp().transaction.content, input.first(used));
  chunk.left -= used;
  if (chunk.left > 0) return {.consumed = used};
  return answered(used, finish_chunk(state));
}

std::string SmtpTransfer::finish_chunk(SessionState& state) const {
  SmtpState& smtp = state.smtp();
  const SmtpChunk chunk = std::exchange(smtp.chunk, {});
  smtp.phase = SmtpState::Phase::command;
  if (!chunk.refusal.empty()) {
    // RFC 3030 §2: a refused chunk fails its transaction; chunks behind it are refused one by one.
    smtp.transaction = {};
    return chunk.refusal;
  }
  if (chunk.last) return deliver(state);
  return compose_reply(250, "2.0.0", "Chunk accepted");
}

std::string SmtpTransfer::refusal_of_content(const SmtpTransaction& transaction) const {
  if (!transaction.open) return compose_reply(503, "5.5.1", "MAIL first");
  if (!transaction.recipients.empty()) return {};
  // RFC 5321 §3.3: 503 or 554 where no recipient stands; 554 where all were refused.
  return transaction.refused_recipients > 0 ? compose_reply(554, "5.5.1", "No valid recipients")
                                            : compose_reply(503, "5.5.1", "RCPT first");
}

std::string SmtpTransfer::deliver(SessionState& state) const {
  SmtpTransaction transaction = std::exchange(state.smtp().transaction, {});
  Message message{.reverse_path = transaction.mail.reverse_path.mailbox(),
                  .content = std::move(transaction.content),
                  .transport = transport_name(state)};
  for (const SmtpPath& recipient : transaction.recipients) {
    // RFC 5321 §4.5.1: postmaster of no domain is ours.
    message.recipients.push_back(recipient.domain.empty() && !config_.domains.empty()
                                     ? recipient.mailbox() + "@" + config_.domains.front()
                                     : recipient.mailbox());
  }
  switch (store_.deliver(std::move(message))) {
    case Delivery::stored:
      return compose_reply(250, "2.0.0", "Message accepted");
    case Delivery::message_too_big:
      return too_big();
    case Delivery::store_full:
      break;
  }
  return compose_reply(452, "4.3.1", "No room for more mail");
}

std::string SmtpTransfer::too_big() const {
  // RFC 1870 §6.3: 552 behind the message where its size was not declared.
  return compose_reply(552, "5.3.4", "Message exceeds the size that is announced");
}

std::string SmtpTransfer::trace(const SessionState& state) const {
  const SmtpState& smtp = state.smtp();
  std::string line = "Received: from " + smtp.client_name + "\r\n\tby " + config_.hostname +
                     " with " + transport_name(state);
  if (smtp.transaction.recipients.size() == 1) {
    line += "\r\n\tfor <" + smtp.transaction.recipients.front().text + ">";
  }
  if (config_.date) line += ";\r\n\t" + config_.date();
  return line + "\r\n";
}

std::string transport_name(const SessionState& state) {
  // RFC 3848 §1: S for TLS, A for authenticated; plain SMTP has no such variants.
  if (state.smtp().hello != SmtpState::Hello::ehlo) return "SMTP";
  return std::string("ESMTP") + (state.secured() ? "S" : "") + (state.user.empty() ? "" : "A");
}

}  // namespace assay
