#include "harness/net/task.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

namespace assay {
namespace {

Task<int> value(int v) { co_return v; }

Task<long> sum_of(int count) {
  long sum = 0;
  for (int i = 0; i < count; ++i) sum += co_await value(i);
  co_return sum;
}

Task<int> failing() {
  throw std::runtime_error("no");
  co_return 0;
}

Task<int> rethrowing() { co_return co_await failing(); }

TEST(Task, runs_a_million_awaits_that_never_suspend_without_growing_the_stack) {
  auto task = sum_of(1'000'000);
  task.start();
  ASSERT_TRUE(task.done());
  EXPECT_EQ(task.result(), 499'999'500'000);
}

TEST(Task, carries_an_exception_to_who_awaits_it) {
  auto task = rethrowing();
  task.start();
  EXPECT_THROW(task.result(), std::runtime_error);
}

struct Gate {
  std::coroutine_handle<> who;
  [[nodiscard]] bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> handle) { who = handle; }
  void await_resume() const {}
};

Task<int> through(Gate& gate, std::shared_ptr<int> owned) {
  co_await gate;
  co_return *owned;
}

Task<int> outer(Gate& gate, std::shared_ptr<int> owned) {
  const int got = co_await through(gate, std::move(owned));
  co_return got + 1;
}

TEST(Task, resumes_its_awaiter_when_it_ends_later) {
  Gate gate;
  auto task = outer(gate, std::make_shared<int>(41));
  task.start();
  EXPECT_FALSE(task.done());
  gate.who.resume();
  ASSERT_TRUE(task.done());
  EXPECT_EQ(task.result(), 42);
}

TEST(Task, frees_what_it_holds_when_it_is_dropped_half_way) {
  const auto owned = std::make_shared<int>(1);
  {
    Gate gate;
    auto task = outer(gate, owned);
    task.start();
    EXPECT_GT(owned.use_count(), 1);
  }
  EXPECT_EQ(owned.use_count(), 1);
}

}  // namespace
}  // namespace assay
