// A case's transcript as a text file: the plaintext of both ends, where TLS begins and ends, what
// was cut. Used by the writer (whole) and by the console (an excerpt).
#pragma once

#include "reports/report.h"

#include <string>
#include <vector>

namespace assay {

/// One line of a transcript, safe to show.
struct TranscriptLine {
  std::string time;  // "14:02:11.204"
  std::string text;  // "C: STARTTLS\r\nNOOP\r\n" or "-- TLS 1.3, … --"; "#2 " before it where there
                     // are more connections
  std::string remark;  // "one segment, 16 bytes"; may be empty
  bool from_server = false;
  bool from_client = false;
};
/// `octets`: how much of one entry is shown.
[[nodiscard]] std::vector<TranscriptLine> transcript_lines(
    const std::vector<TranscriptEntry>& entries, std::size_t octets);

/// The whole file. Nothing is cut but what the evidence budget cut.
[[nodiscard]] std::string transcript_text(const Result& result);

}  // namespace assay
