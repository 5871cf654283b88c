#include "harness/protocol/nntp_time.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr sys_seconds kThen{seconds(930146184)};  // 23 June 1999, 13:56:24, as in RFC 3977 §7.1.3

TEST(NntpTime, is_written_as_the_rfc_shows_it) {
  EXPECT_EQ(nntp_timestamp(kThen), "19990623135624");
  EXPECT_EQ(article_date(kThen), "Wed, 23 Jun 1999 13:56:24 +0000");
  EXPECT_EQ(article_date(sys_seconds{}), "Thu, 01 Jan 1970 00:00:00 +0000");
}

TEST(NntpTime, is_read_with_four_digits_of_a_year_and_with_two) {
  EXPECT_EQ(parse_nntp_time("19990623", "135624", kThen), kThen);
  EXPECT_EQ(parse_nntp_time("990623", "135624", kThen), kThen);
  const sys_seconds in_2026 = *parse_nntp_time("20260101", "000000", kThen);
  EXPECT_EQ(parse_nntp_time("990623", "135624", in_2026), kThen);
  EXPECT_EQ(parse_nntp_time("260101", "000000", in_2026), in_2026);
  EXPECT_EQ(parse_nntp_time("19990623", "135660", kThen), kThen + seconds(36));
}

TEST(NntpTime, what_is_no_time_is_refused) {
  for (const auto* date : {"", "1999623", "19990631", "19991301", "19990600", "1999062x",
                           "+9990623", "18991231", "199906230"}) {
    EXPECT_FALSE(parse_nntp_time(date, "000000", kThen)) << date;
  }
  for (const auto* time : {"", "00000", "240000", "006000", "000061", "0000 0", "0000000"}) {
    EXPECT_FALSE(parse_nntp_time("19990623", time, kThen)) << time;
  }
}

}  // namespace
}  // namespace assay
