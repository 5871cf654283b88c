// What two ends agree on about the size of records: record_size_limit (RFC 8449) and
// max_fragment_length (RFC 6066 §4), in both versions. Used by both roles.
#pragma once

#include "harness/engine/choice.h"
#include "harness/engine/offer.h"

namespace assay::engine {

/// A server puts what the client asked for into force, and what it answers.
void limit_records(Core& core, const Wanted& wanted);
/// The same of a client, by the server's answer. False: failed.
[[nodiscard]] bool take_record_limits(Core& core, const Offer& offer,
                                      const std::vector<Extension>& answer);
/// The extensions of a server's answer.
void put_record_limits(const Config& config, const Wanted& wanted, std::vector<Extension>& answer);

}  // namespace assay::engine
