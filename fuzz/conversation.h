// Conversation: one session of the reference server over memory, with the client that a scenario
// describes. Used by session_smtp, which holds two of them side by side.
#pragma once

#include "fuzz/scenario.h"
#include "harness/net/memory_link.h"
#include "reference_server/session.h"
#include "reference_server/smtp.h"

#include <string>
#include <vector>

namespace assay::fuzz {

/// How a scenario's octets travel: each part in one write, or in pieces.
enum class Delivery { whole, cut };

/// What is said first inside TLS, before the scenario's own octets.
inline constexpr std::string_view kFirstInside = "NOOP\r\n";

struct Outcome {
  std::string clear;             // what the server said, up to the go-ahead
  bool went_ahead = false;       // 220 to STARTTLS
  Bytes behind_go_ahead;         // octets below TLS, as far as no TLS client read them
  bool established = false;      // on the client's side
  bool client_refused = false;   // our TLS client objected to what came
  std::string inside;            // what the server said inside TLS
  std::vector<Message> stored;   // for ann@a.test
  std::size_t stored_count = 0;  // for anybody
  std::size_t held = 0;          // octets that waited for their rest, at most
  bool closed = false;           // the server's FIN came
  bool over = false;             // the session's task is done
};

/// From the greeting to the end; rethrows what the session threw.
[[nodiscard]] Outcome converse(const Scenario& scenario, Delivery delivery);

}  // namespace assay::fuzz
