#include "reports/progress_line.h"

#include "reports/sample_report.h"

#include <gtest/gtest.h>

#include <memory>

namespace assay {
namespace {

std::string written(bool watched) {
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* stream = open_memstream(&text, &size);
  {
    ProgressLine line(stream, watched);
    line.begun(2);
    const RunReport report = sample_report();
    for (const Result& result : report.subjects[0].results) line.finished(result);
  }
  std::fclose(stream);
  std::string copy(text, size);
  std::free(text);
  return copy;
}

TEST(ProgressLine, writes_over_itself_and_goes_away) {
  const std::string text = written(true);
  EXPECT_EQ(text.find("\r0/2 cases, 0 findings"), 0U);
  EXPECT_NE(text.find("\r1/2 cases, 1 finding  negotiation.hello.refuses@smtp.upgrade.tls13"),
            std::string::npos);
  EXPECT_NE(text.find("\r2/2 cases, 4 findings"), std::string::npos);
  EXPECT_EQ(text.find("3/2"), std::string::npos);
  EXPECT_EQ(text.back(), '\r');
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(ProgressLine, says_nothing_where_nobody_watches) { EXPECT_EQ(written(false), ""); }

}  // namespace
}  // namespace assay
