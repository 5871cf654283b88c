#include "harness/net/loop.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace assay {
namespace {

Task<void> forever() { co_await std::suspend_always{}; }

TEST(Loop, can_be_used_again_after_nothing_was_left_to_do) {
  Loop loop;
  for (int i = 0; i < 3; ++i) loop.run_until_done(loop.sleep_until(Clock::now() + Milliseconds(1)));
}

TEST(Loop, says_that_nobody_will_ever_wake_a_task) {
  Loop loop;
  EXPECT_THROW(loop.run_until_done(forever()), std::logic_error);
}

TEST(Loop, a_sleeper_is_woken_when_all_waits_expire) {
  Loop loop;
  auto sleeper = loop.sleep_until(Clock::now() + std::chrono::seconds(30));
  sleeper.start();
  loop.expire_all();
  const auto begin = Clock::now();
  while (!sleeper.done()) loop.run_one();
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(5));
  // Who sleeps after that does sleep: a loop that looks again and again must not spin.
  const auto later = Clock::now();
  loop.run_until_done(loop.sleep_until(later + Milliseconds(20)));
  EXPECT_GE(Clock::now() - later, Milliseconds(20));
}

TEST(Loop, forgets_a_sleeper_that_was_dropped) {
  Loop loop;
  {
    auto sleeper = loop.sleep_until(Clock::now() + Milliseconds(1));
    sleeper.start();
  }
  loop.run_until_done(loop.sleep_until(Clock::now() + Milliseconds(20)));
}

}  // namespace
}  // namespace assay
