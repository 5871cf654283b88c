#include "harness/base/bytes.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(Bytes, go_to_text_and_back_unchanged) {
  const std::string text("a\0\xff z", 5);
  EXPECT_EQ(text_of(bytes_of(text)), text);
}

TEST(Bytes, drop_front_stops_at_the_end) {
  Bytes octets = bytes_of("abc");
  drop_front(octets, 2);
  EXPECT_EQ(text_of(octets), "c");
  drop_front(octets, 9);
  EXPECT_TRUE(octets.empty());
}

TEST(Bytes, find_says_npos_for_what_is_not_there) {
  const Bytes octets = bytes_of("one\r\ntwo\r\n");
  EXPECT_EQ(find(octets, "\r\n"), 3U);
  EXPECT_EQ(find(octets, "\r\n", 4), 8U);
  EXPECT_EQ(find(octets, "three"), npos);
}

}  // namespace
}  // namespace assay
