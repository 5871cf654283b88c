#include "harness/base/reader.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(Reader, reads_big_endian) {
  const Bytes octets{0x01, 0x02, 0x03, 0x04, 0x05, 0x06};
  Reader reader(octets);
  EXPECT_EQ(reader.u8("a"), 0x01);
  EXPECT_EQ(reader.u16("b"), 0x0203);
  EXPECT_EQ(reader.u24("c"), 0x040506U);
  EXPECT_TRUE(reader.ok());
  EXPECT_TRUE(reader.empty());
}

TEST(Reader, keeps_the_first_failing_field) {
  const Bytes octets{0x00, 0x05, 0x01};
  Reader reader(octets);
  EXPECT_TRUE(reader.vector(2, "extensions").empty());
  EXPECT_EQ(reader.u8("later"), 0);
  EXPECT_EQ(reader.failed_field(), "extensions");
}

TEST(Reader, takes_a_vector_that_fits_exactly) {
  const Bytes octets{0x02, 0xaa, 0xbb};
  Reader reader(octets);
  EXPECT_EQ(reader.vector(1, "list").size(), 2U);
  EXPECT_TRUE(reader.ok());
}

TEST(Writer, puts_the_length_before_the_octets) {
  Bytes to;
  put_vector(to, 3, Bytes{0xaa});
  put_u16(to, 0x0102);
  EXPECT_EQ(to, (Bytes{0, 0, 1, 0xaa, 1, 2}));
}

}  // namespace
}  // namespace assay
