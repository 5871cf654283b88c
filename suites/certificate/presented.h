// What the subject presented, judged: shared by the rows of topic present.
#pragma once

#include "harness/check/probe.h"
#include "harness/pki/judge.h"

namespace assay::suites {

/// The verdict on the chain that discovery saw at the best version; nothing (and the probe says
/// why) where no handshake was seen.
[[nodiscard]] std::optional<ChainVerdict> judge_presented(Probe& probe);
/// The verdict on another chain, for the probe's reference name.
[[nodiscard]] ChainVerdict judge_chain(const Probe& probe, const Agreement& agreed);

}  // namespace assay::suites
