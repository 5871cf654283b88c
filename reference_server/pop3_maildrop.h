// The maildrop of a POP3 session in the TRANSACTION state (RFC 1939 §5, §7), and its removals in
// the UPDATE state (§6). Part of Pop3Service; knows the store and the maildrop, nothing of logins.
#pragma once

#include "harness/base/bytes.h"
#include "harness/protocol/pop3.h"
#include "harness/protocol/pop3_state.h"
#include "reference_server/pop3_config.h"
#include "reference_server/store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay {

/// Locks a mailbox and takes down what is in it; nothing while another session has it.
[[nodiscard]] std::optional<Pop3Maildrop> open_maildrop(Store& store, std::string_view mailbox);
/// "2 messages (320 octets)", without those marked as deleted.
[[nodiscard]] std::string summary(const Pop3Maildrop& maildrop);
/// The header of a message, the blank line and so many lines of the body (RFC 1939 §7, TOP); all of
/// it where the body has no more, or the blank line is missing.
[[nodiscard]] View top_of(View content, std::uint64_t lines);

class Pop3MaildropCommands {
 public:
  /// Both outlive it.
  Pop3MaildropCommands(const Pop3Config& config, Store& store) : config_(config), store_(store) {}

  /// The reply to a command of the TRANSACTION state: STAT, LIST, UIDL, RETR, TOP, DELE, NOOP or
  /// RSET.
  [[nodiscard]] Bytes answer(Pop3Maildrop& maildrop, const Pop3Command& command) const;
  /// The reply to QUIT: what is marked leaves the store, the lock is given back.
  [[nodiscard]] std::string update(Pop3Maildrop& maildrop) const;

 private:
  [[nodiscard]] Bytes scan(const Pop3Maildrop& maildrop, const Pop3Command& command) const;
  [[nodiscard]] std::string scan_line(const Pop3Maildrop& maildrop, std::size_t index,
                                      Pop3Verb verb) const;
  [[nodiscard]] Bytes retr(Pop3Maildrop& maildrop, const Pop3Argument& argument) const;
  [[nodiscard]] Bytes top(Pop3Maildrop& maildrop, const Pop3Argument& argument) const;

  const Pop3Config& config_;
  Store& store_;
};

}  // namespace assay
