#include "harness/net/memory_link.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(MemoryLink, carries_octets_and_the_end) {
  auto [a, b] = MemoryLink::pair();
  a->write(bytes_of("hi"));
  a->finish();
  auto first = b->read(kNever);
  first.start();
  EXPECT_EQ(text_of(first.result().bytes), "hi");
  auto second = b->read(kNever);
  second.start();
  EXPECT_EQ(second.result().kind, ReadResult::Kind::end);
}

TEST(MemoryLink, wakes_a_reader_that_came_first) {
  auto [a, b] = MemoryLink::pair();
  auto read = b->read(kNever);
  read.start();
  EXPECT_FALSE(read.done());
  a->write(bytes_of("x"));
  ASSERT_TRUE(read.done());
  EXPECT_EQ(read.result().bytes.size(), 1U);
}

TEST(MemoryLink, a_deadline_comes_when_the_test_says_so) {
  auto [a, b] = MemoryLink::pair();
  auto read = b->read(kNever);
  read.start();
  b->expire();
  ASSERT_TRUE(read.done());
  EXPECT_EQ(read.result().kind, ReadResult::Kind::timed_out);
}

TEST(MemoryLink, abort_is_a_reset_for_the_other_end) {
  auto [a, b] = MemoryLink::pair();
  a->write(bytes_of("lost"));
  a->abort();
  EXPECT_EQ(b->read_now()->kind, ReadResult::Kind::reset);
}

}  // namespace
}  // namespace assay
