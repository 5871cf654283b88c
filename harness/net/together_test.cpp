#include "harness/net/together.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace assay {
namespace {

struct Tally {
  int left = 10;
  int in_flight = 0;
  int most = 0;
};

Task<void> take_turns(Loop& loop, Tally& tally) {
  while (tally.left > 0) {
    --tally.left;
    tally.most = std::max(tally.most, ++tally.in_flight);
    co_await loop.sleep_until(Clock::now() + Milliseconds(1));
    --tally.in_flight;
  }
}

TEST(RunTogether, keeps_as_many_in_flight_as_are_wanted_and_waits_for_the_last) {
  Loop loop;
  Tally tally;
  loop.run_until_done(run_together(loop, 3, [&] { return take_turns(loop, tally); }));
  EXPECT_EQ(tally.left, 0);
  EXPECT_EQ(tally.in_flight, 0);
  EXPECT_EQ(tally.most, 3);
}

TEST(RunTogether, waits_for_nothing_where_nobody_works) {
  Loop loop;
  Tally tally;
  loop.run_until_done(run_together(loop, 0, [&] { return take_turns(loop, tally); }));
  EXPECT_EQ(tally.left, 10);
}

Task<void> throwing() {
  throw std::runtime_error("a worker");
  co_return;
}

TEST(RunTogether, hands_on_what_a_worker_threw) {
  Loop loop;
  EXPECT_THROW(loop.run_until_done(run_together(loop, 2, throwing)), std::runtime_error);
}

}  // namespace
}  // namespace assay
