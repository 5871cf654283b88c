// The client of TLS 1.3 from the ServerHello on (RFC 8446 §4 and §A.1). Used by client_start.cpp.
#pragma once

#include "harness/engine/offer.h"

namespace assay::engine {

[[nodiscard]] std::unique_ptr<Side> make_client13(Core& core, Offer offer);

}  // namespace assay::engine
