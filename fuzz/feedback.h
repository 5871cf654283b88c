// Feedback: what an uninstrumented library did, told to libFuzzer as if it were coverage. libssl
// comes as a package without counters, but its reasons, alerts and messages tell its states apart.
#pragma once

#include <string_view>

namespace assay::fuzz {

/// The same text is the same counter. Nothing happens without libFuzzer.
void note(std::string_view what);

}  // namespace assay::fuzz
