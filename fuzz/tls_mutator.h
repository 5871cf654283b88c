// A mutator for targets whose subject is not instrumented and whose peer is dear: of eight mutants
// of a handshake with an engine opposite seven become mutants of what that engine says, recorded.
// libFuzzer calls it through LLVMFuzzerCustomMutator of a target; replays never do.
#pragma once

#include "fuzz/tls_play.h"

namespace assay::fuzz {

/// As LLVMFuzzerCustomMutator: the new size, `most` at the most.
[[nodiscard]] std::size_t mutate_tls(const Subject& subject, std::uint8_t* data, std::size_t size,
                                     std::size_t most, unsigned seed);

}  // namespace assay::fuzz
