// A ServerHello of TLS 1.2 as a client judges it: everything in it follows from what was offered
// (RFC 5246 §7.4.1.3). Used by client12.
#pragma once

#include "harness/engine/keys12.h"
#include "harness/engine/offer.h"

namespace assay::engine {

/// What the hello settled.
struct ServerHello12 {
  Terms12 terms;
  Agreement agreement;
  Bytes session_id;
  bool resumed = false;
  bool ticket_promised = false;  // RFC 5077 §3.2
  bool status_promised = false;  // RFC 6066 §8
};

/// False: the handshake has failed.
[[nodiscard]] bool read_server_hello12(Core& core, const Offer& offer, View body,
                                       ServerHello12& result);

}  // namespace assay::engine
