// run.json and `list --json`: canonical, so that equal runs make equal files. Keys are sorted,
// cases stand by name, the text is ASCII (what is not UTF-8 becomes U+FFFD).
#pragma once

#include "reports/report.h"

#include <span>
#include <string>

namespace assay {

/// `stable` leaves out times, ports, counts of connections, second tries, greetings and certificate
/// digests: what differs between two runs with the same seed.
[[nodiscard]] std::string run_json(const RunReport& report, bool stable);

/// One array, an object a check, by id.
[[nodiscard]] std::string list_json(std::span<const Check* const> checks);

}  // namespace assay
