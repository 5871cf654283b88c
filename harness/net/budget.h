// Time and size limits, in one object that is given to every read (LIMITS in docs/limits.md).
// A Deadline is absolute: dripped bytes never move it.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace assay {

using Clock = std::chrono::steady_clock;
using Deadline = Clock::time_point;
using Milliseconds = std::chrono::milliseconds;

inline constexpr Deadline kNever = Deadline::max();

struct Budget {
  Milliseconds connect{5'000};
  Milliseconds handshake{10'000};
  Milliseconds reply{10'000};
  Milliseconds check{30'000};
  Milliseconds subject{600'000};
  std::size_t reply_line = 64UL * 1024;  // octets kept of one line, the rest is counted
  std::size_t reply_lines = 1'000;
  std::size_t reply_octets = 1024UL * 1024;
  std::size_t evidence_check = 256UL * 1024;  // octets of transcript a check
  std::size_t evidence_run = 64UL * 1024 * 1024;

  /// Every wait divided by `factor`: for tests against our own server, which scale the budget,
  /// never the rule.
  [[nodiscard]] Budget scaled_down(int factor) const;
};

/// What the reference server allows a client (docs/limits.md). Sizes in octets.
struct ServerBudget {
  std::size_t connections = 1'024;
  std::size_t connections_an_address = 64;
  Milliseconds handshake{10'000};
  Milliseconds idle{300'000};  // between commands; POP3 and LDAP have twice as long
  Milliseconds command{
      30'000};  // from a command's first octet to its end; dripping does not extend it
  Milliseconds data_grace{10'000};    // before the slowest rate of a message counts
  std::size_t data_rate = 100;        // octets a second, at least
  Milliseconds farewell{5'000};       // for the last reply and the peer's FIN
  std::size_t unsent = 256UL * 1024;  // octets that the peer has not taken

  [[nodiscard]] ServerBudget scaled_down(int factor) const;
};

/// The earlier of `wait` from now and the deadline of what surrounds it.
[[nodiscard]] inline Deadline within(Milliseconds wait, Deadline outer) {
  return std::min(Clock::now() + wait, outer);
}

}  // namespace assay
