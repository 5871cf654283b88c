// Message transfer: DATA and BDAT from the command to the reply behind the last octet. Content is
// taken in bulk, as much as is there, and copied once.
// Part of SmtpService; knows the transaction and the store, no other command.
#pragma once

#include "harness/protocol/smtp.h"
#include "harness/protocol/step.h"
#include "reference_server/smtp_config.h"
#include "reference_server/store.h"

#include <string>

namespace assay {

class SmtpTransfer {
 public:
  /// Both outlive the transfer.
  SmtpTransfer(const SmtpConfig& config, Store& store) : config_(config), store_(store) {}

  /// DATA was read: its reply; content follows after a 354.
  [[nodiscard]] std::string begin_data(SessionState& state) const;
  /// BDAT was read: its chunk is kept, or skipped and then refused by `refusal` unless that is
  /// empty. The reply is there at once where no octet follows.
  [[nodiscard]] Step begin_chunk(SessionState& state, const BdatCommand& command,
                                 std::string refusal) const;

  /// The next octets of a message under DATA.
  [[nodiscard]] Step take_data(SessionState& state, View input) const;
  /// The next octets of a chunk.
  [[nodiscard]] Step take_chunk(SessionState& state, View input) const;

  /// The Received line that a message of this state gets (RFC 5321 §4.4).
  [[nodiscard]] std::string trace(const SessionState& state) const;

 private:
  /// What is wrong with DATA or BDAT now; empty when nothing is.
  [[nodiscard]] std::string refusal_of_content(const SmtpTransaction& transaction) const;
  /// Delivers what the transaction holds: the last reply. The transaction is over.
  [[nodiscard]] std::string deliver(SessionState& state) const;
  [[nodiscard]] std::string finish_chunk(SessionState& state) const;
  [[nodiscard]] std::string too_big() const;

  const SmtpConfig& config_;
  Store& store_;
};

/// How a message came, by the names of RFC 3848: SMTP, ESMTP, ESMTPS, ESMTPA or ESMTPSA.
[[nodiscard]] std::string transport_name(const SessionState& state);

}  // namespace assay
