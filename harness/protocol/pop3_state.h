// Pop3State: what a POP3 session knows beside what every session knows, as a plain value: copied at
// an upgrade, compared in tests, edited by faults. Included by SessionState; written by
// Pop3Service.
#pragma once

#include "harness/protocol/sasl.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace assay {

/// A message as it stood when the maildrop was opened; its number is its place, from 1 (RFC 1939
/// §4).
struct Pop3Message {
  std::uint64_t id = 0;      // the store's
  std::uint64_t octets = 0;  // as RETR sends them, without stuffed dots and the end mark
  bool deleted = false;      // marked by DELE; removed by QUIT alone
  bool operator==(const Pop3Message&) const = default;
};

struct Pop3Maildrop {
  std::string mailbox{};
  std::vector<Pop3Message> messages{};
  // Exclusive access (RFC 1939 §4), had as long as a state that holds this exists. Shared because
  // states are copied, and opaque because it is the store's.
  std::shared_ptr<const void> lock{};
  bool operator==(const Pop3Maildrop&) const = default;
};

struct Pop3State {
  /// RFC 1939 §3: AUTHORIZATION or TRANSACTION; `auth`: the next line belongs to an exchange.
  enum class Phase { authorization, auth, transaction };

  Phase phase = Phase::authorization;
  std::string timestamp{};  // in the greeting, for APOP; empty: it offered none
  std::string name{};       // given by USER, for a PASS that follows at once
  SaslExchange sasl{};
  Pop3Maildrop maildrop{};
  bool operator==(const Pop3State&) const = default;
};

}  // namespace assay
