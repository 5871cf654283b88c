// Store: the mail of the reference server, in memory: sent in by SMTP, read and removed by POP3,
// read by tests. Bounded by the message, by their number and in all; a full store refuses, it never
// forgets.
#pragma once

#include "harness/base/bytes.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

struct Message {
  std::string reverse_path;             // as SmtpPath::mailbox() spells it; empty for <>
  std::vector<std::string> recipients;  // likewise
  Bytes content;                        // trace header first, then what was sent, octet by octet
  std::string transport;                // how it came, by RFC 3848: "ESMTP", "ESMTPS", "ESMTPSA"
  std::uint64_t id = 0;                 // the store's, from 1 upwards, given once and never again
};

struct StoreLimits {
  std::size_t message = 16UL * 1024 * 1024 + 4UL * 1024;  // the trace header has its own room
  std::size_t messages = 100'000;
  std::size_t octets = 1024UL * 1024 * 1024;
};

enum class Delivery { stored, message_too_big, store_full };

/// Exclusive access to a mailbox for whoever reads and removes; deliveries go on all the while. It
/// is had as long as this token, or a copy of it, exists: a session keeps it in its state, so it is
/// given back however the session ends.
using MailboxLock = std::shared_ptr<const void>;  // shared, since states are values and copied

class Store {
 public:
  explicit Store(StoreLimits limits = {}) : limits_(limits) {}
  // Mailboxes point into the messages, which a move takes along and a copy would not.
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  Store(Store&&) = default;
  Store& operator=(Store&&) = default;
  ~Store() = default;

  /// Puts the message into the mailbox of each recipient, once where one is named twice; its id is
  /// the store's to give.
  [[nodiscard]] Delivery deliver(Message message);
  /// Takes messages, by their ids, out of a mailbox; how many of them were there. A message is gone
  /// when no mailbox holds it any more.
  [[nodiscard]] std::size_t remove(std::string_view mailbox, std::vector<std::uint64_t> ids);
  /// Null while somebody has it (RFC 1939 §4).
  [[nodiscard]] MailboxLock lock(std::string_view mailbox);

  /// The messages of a mailbox in the order of their arrival; each is valid until it is removed
  /// from the last mailbox that holds it.
  [[nodiscard]] std::vector<const Message*> list(std::string_view mailbox) const;
  /// Null for a message that is not there, or no longer.
  [[nodiscard]] const Message* find(std::uint64_t id) const;
  [[nodiscard]] std::size_t count(std::string_view mailbox) const;
  /// Messages in all, whoever they are for.
  [[nodiscard]] std::size_t count() const { return messages_.size(); }

 private:
  struct Stored {
    Message message;
    std::size_t mailboxes = 0;  // that hold it
  };

  StoreLimits limits_;
  std::uint64_t last_id_ = 0;
  std::map<std::uint64_t, Stored> messages_;  // by id, in nodes: what list() points to never moves
  std::map<std::string, std::vector<const Message*>, std::less<>> mailboxes_;  // none is empty
  std::map<std::string, std::weak_ptr<const void>, std::less<>> locks_;  // one a reader's mailbox
  std::size_t octets_ = 0;
};

}  // namespace assay
