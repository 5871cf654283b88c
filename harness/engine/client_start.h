// The client until it knows the version: it has offered, and waits for a ServerHello. Used by
// engine.cpp, and by TLS 1.2's renegotiation.
#pragma once

#include "harness/engine/core.h"

namespace assay::engine {

[[nodiscard]] std::unique_ptr<Side> make_client_start(Core& core);

}  // namespace assay::engine
