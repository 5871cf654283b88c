// What all session targets do with an input: the scenario that it describes is played twice, with
// every part of the client's octets in one write, and cut. What a client says in one write behind
// the upgrade command exists in the first of the two alone, so a server that acted on it would tell
// them apart (RFC 3207 §4.2).
#pragma once

#include "fuzz/served.h"

namespace assay::fuzz {

/// The result of LLVMFuzzerTestOneInput.
[[nodiscard]] int examine_session(const Dialect& dialect, View input);

}  // namespace assay::fuzz
