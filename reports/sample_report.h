// A run that never took place, for the tests of the writers: two endpoints of one subject, a case
// of every outcome. Texts that a peer would have said can be replaced by worse ones.
#pragma once

#include "reports/report.h"

#include <string>

namespace assay {

/// The checks of the sample, by id.
[[nodiscard]] const Check& sample_check();
[[nodiscard]] const Check& configuration_check();
[[nodiscard]] const Check& weak_check();

[[nodiscard]] TranscriptEntry said(TranscriptEntry::Kind who, bool secured, std::string_view text);
[[nodiscard]] TranscriptEntry landmark(std::string_view text);

[[nodiscard]] RunReport sample_report();
/// The same run, where the peer put `text` into everything that it can reach.
[[nodiscard]] RunReport poisoned_report(std::string_view text);

}  // namespace assay
