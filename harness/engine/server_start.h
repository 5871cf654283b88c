// The server until it knows the version: it waits for a ClientHello. Used by engine.cpp.
#pragma once

#include "harness/engine/core.h"

namespace assay::engine {

[[nodiscard]] std::unique_ptr<Side> make_server_start(Core& core);

}  // namespace assay::engine
