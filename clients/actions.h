// What the clients lend the Runner: the honest dialogue of each shape, and finding out what an
// endpoint is.
#pragma once

#include "harness/check/runner.h"

namespace assay {

/// control and discover over the protocols of this room.
[[nodiscard]] Actions client_actions();

}  // namespace assay
