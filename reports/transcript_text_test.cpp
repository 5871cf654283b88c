#include "reports/transcript_text.h"

#include "reports/sample_report.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

using Kind = TranscriptEntry::Kind;

TEST(TranscriptText, shows_lines_landmarks_and_the_boundary) {
  Result result = sample_report().subjects[0].results[2];
  EXPECT_EQ(
      transcript_text(result),
      "# integrity.injection.discards_pipelined_plaintext@smtp.upgrade\n"
      "# smtp://mail.example.test:2525\n"
      "# fail: answered_inside_tls\n"
      "# the marker was answered second\n"
      "# C: what we said, S: what the subject said, | the same segment goes on; times are UTC\n"
      "14:02:11.204 #1 -- connected to 192.0.2.1:2525 --\n"
      "14:02:11.204 #1 C: STARTTLS\\r\\n\n"
      "14:02:11.204 #1 C| NOOP\\r\\n\n"
      "14:02:11.204 #1 S: 220 2.0.0 Ready\\r\\n\n"
      "14:02:11.204 #1 -- TLS 1.3, TLS_AES_128_GCM_SHA256, x25519 --\n"
      "14:02:11.204 #1 == inside TLS ==\n"
      "14:02:11.204 #1 S: 250 2.0.0 OK\\r\\n\n");
}

TEST(TranscriptText, says_what_was_not_kept) {
  Result result;
  result.transcript = {said(Kind::server, false, std::string(3'000, 'x'))};
  result.transcript[0].cut = 70'000;
  const std::string text = transcript_text(result);
  EXPECT_NE(text.find("-- 70000 bytes more from S, not kept"), std::string::npos);
  EXPECT_EQ(std::ranges::count(text, 'x'), 3'000);
}

TEST(TranscriptLines, name_the_connection_where_there_are_several) {
  std::vector<TranscriptEntry> entries = {said(Kind::client, false, "A\r\n"),
                                          said(Kind::server, false, "B\r\n")};
  EXPECT_EQ(transcript_lines(entries, 100)[0].text, "C: A\\r\\n");
  entries[1].connection = 2;
  EXPECT_EQ(transcript_lines(entries, 100)[1].text, "#2 S: B\\r\\n");
}

TEST(TranscriptLines, remark_on_segments_and_cuts) {
  auto entry = said(Kind::client, false, "STARTTLS\r\nNOOP\r\n");
  EXPECT_EQ(transcript_lines({entry}, 100)[0].remark, "one segment, 16 bytes");
  entry.cut = 4;
  EXPECT_EQ(transcript_lines({entry}, 100)[0].remark, "one segment, 20 bytes, 4 bytes not kept");
  EXPECT_EQ(transcript_lines({entry}, 3)[0].text, "C: STA... (+13 bytes)");
}

}  // namespace
}  // namespace assay
