#include "harness/net/together.h"

#include <coroutine>
#include <utility>

namespace assay {
namespace {

/// Waits until a number of tasks have ended. One waiter.
class Latch {
 public:
  explicit Latch(std::size_t count) : left_(count) {}

  void count_down() {
    if (--left_ > 0) return;
    if (const auto who = std::exchange(waiter_, {})) who.resume();
  }

  [[nodiscard]] bool await_ready() const { return left_ == 0; }
  void await_suspend(std::coroutine_handle<> who) { waiter_ = who; }
  void await_resume() const {}

 private:
  std::size_t left_;
  std::coroutine_handle<> waiter_;
};

Task<void> counted(Task<void> work, Latch& latch) {
  co_await work;
  latch.count_down();
}

}  // namespace

Task<void> run_together(Loop& loop, std::size_t count, std::function<Task<void>()> worker) {
  Latch latch(count);
  for (std::size_t i = 0; i < count; ++i) loop.spawn(counted(worker(), latch));
  co_await latch;
}

}  // namespace assay
