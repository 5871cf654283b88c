// Conversation: one session of the reference server over memory, with the client that a scenario
// describes. Used by session.cpp, which holds two of them side by side.
#pragma once

#include "fuzz/served.h"

#include <string>
#include <vector>

namespace assay::fuzz {

/// How a scenario's octets travel: each part in one write, or in pieces.
enum class Delivery { whole, cut };

/// What the server said on one side of the upgrade, as its client heard it, and why it said that.
struct Said {
  std::string heard;
  std::string greeting;  // as the session meant to give it
  std::string answered;  // the outputs of the service's steps
};

struct Outcome {
  Said clear;                   // up to the go-ahead
  bool went_ahead = false;      // to TLS
  Bytes behind_go_ahead;        // octets below TLS, as far as no TLS client read them
  bool established = false;     // on the client's side
  bool client_refused = false;  // our TLS client objected to what came
  Said inside;
  Bytes first_inside;             // what the service acted on first inside TLS
  std::vector<std::string> kept;  // in the stores
  std::size_t held = 0;           // octets that waited for their rest, at most
  bool closed = false;            // the server's FIN came
  bool over = false;              // the session's task is done
};

/// From the greeting to the end; every step is examined by what is served. Rethrows what the
/// session threw.
[[nodiscard]] Outcome converse(const Scenario& scenario, const Dialect& dialect, Served& served,
                               Delivery delivery);

/// The accounts of served.h.
[[nodiscard]] const Accounts& accounts();

}  // namespace assay::fuzz
