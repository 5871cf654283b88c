// The client of TLS 1.2 from the ServerHello on (RFC 5246 §7.3 and §7.4). Used by client_start.cpp.
#pragma once

#include "harness/engine/offer.h"

namespace assay::engine {

[[nodiscard]] std::unique_ptr<Side> make_client12(Core& core, Offer offer);

}  // namespace assay::engine
