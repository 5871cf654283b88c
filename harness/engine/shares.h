// Key shares of one end: fresh ones, or of the private keys that its configuration gives for
// published traces. Used by both roles.
#pragma once

#include "harness/crypto/key_exchange.h"
#include "harness/engine/config.h"

namespace assay::engine {

/// Nothing for a group that cannot be computed.
[[nodiscard]] std::optional<KeyShare> new_share(const Config& config, std::uint16_t group);
/// A share of ours and what it makes of the peer's; nothing also when the peer's is invalid.
[[nodiscard]] std::optional<AnsweredShare> new_answer(const Config& config, std::uint16_t group,
                                                      View client_share);

}  // namespace assay::engine
