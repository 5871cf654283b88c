// Store: the mail of the reference server, in memory: sent in by SMTP, read by POP3 and by tests.
// Bounded by the message, by their number and in all; a full store refuses, it never forgets.
#pragma once

#include "harness/base/bytes.h"

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

struct Message {
  std::string reverse_path;             // as SmtpPath::mailbox() spells it; empty for <>
  std::vector<std::string> recipients;  // likewise
  Bytes content;                        // trace header first, then what was sent, octet by octet
  std::string transport;                // how it came, by RFC 3848: "ESMTP", "ESMTPS", "ESMTPSA"
};

struct StoreLimits {
  std::size_t message = 16UL * 1024 * 1024 + 4UL * 1024;  // the trace header has its own room
  std::size_t messages = 100'000;
  std::size_t octets = 1024UL * 1024 * 1024;
};

enum class Delivery { stored, message_too_big, store_full };

class Store {
 public:
  explicit Store(StoreLimits limits = {}) : limits_(limits) {}
  // Mailboxes point into the messages, which a move takes along and a copy would not.
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  Store(Store&&) = default;
  Store& operator=(Store&&) = default;
  ~Store() = default;

  /// Puts the message into the mailbox of each recipient, once where one is named twice.
  [[nodiscard]] Delivery deliver(Message message);

  /// The messages of a mailbox in the order of their arrival; valid as long as the store is.
  [[nodiscard]] std::vector<const Message*> list(std::string_view mailbox) const;
  [[nodiscard]] std::size_t count(std::string_view mailbox) const;
  /// Messages in all, whoever they are for.
  [[nodiscard]] std::size_t count() const { return messages_.size(); }

 private:
  StoreLimits limits_;
  std::deque<Message> messages_;  // a deque: what list() points to never moves
  std::map<std::string, std::vector<const Message*>, std::less<>> mailboxes_;
  std::size_t octets_ = 0;
};

}  // namespace assay
