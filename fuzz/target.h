// What every fuzz target has: the entry that libFuzzer and replay.cpp call, and a way to say that
// something is wrong which no sanitizer sees.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// libFuzzer gives the name. NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace assay::fuzz {

/// Ends the process, which is how a finding is kept, unless `holds`.
void require(bool holds, std::string_view what);

}  // namespace assay::fuzz
