// A listener's TLS by our own engine: what libssl's configuration says, in the engine's terms, and
// the faults that only the engine can show. Used by the server.
#pragma once

#include "harness/channel/oracle.h"
#include "harness/check/faults.h"
#include "harness/engine/engine.h"

namespace assay {

/// The honest configuration that answers as `context` does, with what `setup` has of our own TLS
/// alone; then `faults.engine` in their order.
[[nodiscard]] std::shared_ptr<const engine::Config> engine_config(const OracleContext& context,
                                                                  const Setup& setup,
                                                                  const Faults& faults);

}  // namespace assay
