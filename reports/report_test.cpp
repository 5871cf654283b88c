#include "reports/report.h"

#include "reports/sample_report.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(Report, counts_by_outcome_and_suite) {
  const RunReport report = sample_report();
  EXPECT_EQ(count(report).total(), 9U);
  EXPECT_EQ(count(report).of(Outcome::fail), 2U);
  EXPECT_EQ(count_by_suite(report).at("integrity").total(), 3U);
}

TEST(Report, files_cases_by_name_and_gives_each_its_own_transcript) {
  RunReport report = sample_report();
  for (Result& result : report.subjects[0].results) result.transcript = {landmark("x")};
  report.subjects.push_back(report.subjects[0]);
  const auto cases = filed_cases(report);
  ASSERT_EQ(cases.size(), 18U);
  EXPECT_EQ(cases[0].transcript, "transcripts/certificate.present.in_time@smtp.implicit.txt");
  EXPECT_EQ(cases[1].transcript, "transcripts/certificate.present.in_time@smtp.implicit.2.txt");
  EXPECT_EQ(cases[0].run, &report.subjects[0]);
  EXPECT_EQ(cases[1].run, &report.subjects[1]);
  EXPECT_TRUE(std::ranges::is_sorted(
      cases, {}, [](const FiledCase& filed) { return filed.result->which.name; }));
}

TEST(Report, a_file_name_never_leaves_its_directory) {
  EXPECT_EQ(file_name_of("a.b_c@smtp.upgrade-1"), "a.b_c@smtp.upgrade-1");
  EXPECT_EQ(file_name_of("../etc/passwd"), "_.._etc_passwd");
  EXPECT_EQ(file_name_of(std::string_view("A\0B\n", 4)), "____");
  EXPECT_EQ(file_name_of(""), "_");
  EXPECT_EQ(file_name_of(std::string(300, 'a')).size(), 200U);
}

}  // namespace
}  // namespace assay
