// Reports as files: whole or not at all, and a failure names the file, the cause and the way out.
// Used by the commands of harness/cli.
#pragma once

#include "reports/report.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace assay {

/// Writes `text` to a new file that then takes the place of `path` (mode 0600, whatever the umask);
/// a device or a pipe is written as it is, and "-" is stdout. An answer is an error, one line.
[[nodiscard]] std::optional<std::string> write_text(const std::filesystem::path& path,
                                                    std::string_view text);

/// run.json, junit.xml and transcripts/ in `directory`, which is made when it is not there (mode
/// 0700). Writes as much as it can; the first error is the answer.
[[nodiscard]] std::optional<std::string> write_reports(const std::filesystem::path& directory,
                                                       const RunReport& report, bool stable);

}  // namespace assay
