#include "harness/pki/der.h"

#include "harness/base/hex.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace assay {
namespace {

SystemTime at(std::chrono::year_month_day date, std::chrono::seconds into_the_day) {
  return std::chrono::sys_days(date) + into_the_day;
}

TEST(Der, writes_lengths_in_their_shortest_form) {
  EXPECT_EQ(to_hex(der::octet_string(Bytes(3, 0xaa))), "0403aaaaaa");
  EXPECT_EQ(to_hex(View(der::octet_string(Bytes(127))).first(2)), "047f");
  EXPECT_EQ(to_hex(View(der::octet_string(Bytes(128))).first(3)), "048180");
  EXPECT_EQ(to_hex(View(der::octet_string(Bytes(65536))).first(5)), "0483010000");
}

TEST(Der, keeps_integers_positive_and_minimal) {
  EXPECT_EQ(to_hex(der::integer(std::uint64_t{0})), "020100");
  EXPECT_EQ(to_hex(der::integer(std::uint64_t{127})), "02017f");
  EXPECT_EQ(to_hex(der::integer(std::uint64_t{128})), "02020080");
  EXPECT_EQ(to_hex(der::integer(Bytes{0, 0, 1, 0})), "02020100");
}

TEST(Der, writes_object_identifiers) {
  EXPECT_EQ(to_hex(der::oid("1.2.840.113549")), "06062a864886f70d");  // X.690 §8.19, RSADSI
  EXPECT_EQ(to_hex(der::oid("2.999.3")), "0603883703");               // X.690 §8.19.5
  EXPECT_EQ(to_hex(der::oid("2.5.29.17")), "0603551d11");
  for (const auto* wrong : {"", "1", "1.", "3.1", "1.40", "1..2", "a.b", "1.2 "}) {
    EXPECT_THROW((void)der::oid(wrong), std::invalid_argument) << wrong;
  }
}

TEST(Der, changes_the_form_of_time_in_2050) {
  using namespace std::chrono_literals;
  const auto last = der::time(at(2049y / 12 / 31, 86399s));
  EXPECT_EQ(text_of(View(last).subspan(2)), "491231235959Z");
  EXPECT_EQ(last[0], der::kUtcTime);
  const auto first = der::time(at(2050y / 1 / 1, 0s));
  EXPECT_EQ(text_of(View(first).subspan(2)), "20500101000000Z");
  EXPECT_EQ(first[0], der::kGeneralizedTime);
  EXPECT_EQ(text_of(View(der::time(at(1970y / 1 / 2, 3661s))).subspan(2)), "700102010101Z");
}

TEST(Der, nests) {
  EXPECT_EQ(to_hex(der::sequence({der::boolean(true), der::null()})), "30050101ff0500");
  EXPECT_EQ(to_hex(der::explicit_tag(3, der::null())), "a3020500");
  EXPECT_EQ(to_hex(der::implicit_tag(2, bytes_of("a"))), "820161");
  EXPECT_EQ(to_hex(der::bit_string(Bytes{0x80}, 7)), "03020780");
}

}  // namespace
}  // namespace assay
