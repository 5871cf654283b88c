// The server of TLS 1.2 from the ClientHello on (RFC 5246 §7.3 and §7.4). Used by server_start.cpp.
#pragma once

#include "harness/engine/core.h"

namespace assay::engine {

[[nodiscard]] std::unique_ptr<Side> make_server12(Core& core);

}  // namespace assay::engine
