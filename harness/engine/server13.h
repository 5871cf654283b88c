// The server of TLS 1.3 from the ClientHello on (RFC 8446 §4 and §A.2). Used by server_start.cpp.
#pragma once

#include "harness/engine/core.h"

namespace assay::engine {

[[nodiscard]] std::unique_ptr<Side> make_server13(Core& core);

}  // namespace assay::engine
