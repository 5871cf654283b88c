#include "harness/base/hex.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(Hex, writes_two_lower_case_digits_an_octet) {
  EXPECT_EQ(to_hex(Bytes{0x00, 0x0a, 0xff}), "000aff");
}

TEST(Hex, reads_both_cases_and_spaces_between_octets) {
  EXPECT_EQ(from_hex("00 0A\nfF"), (Bytes{0x00, 0x0a, 0xff}));
}

TEST(Hex, refuses_half_octets_and_other_characters) {
  EXPECT_FALSE(from_hex("0"));
  EXPECT_FALSE(from_hex("0g"));
  EXPECT_FALSE(from_hex("0 0"));
}

}  // namespace
}  // namespace assay
