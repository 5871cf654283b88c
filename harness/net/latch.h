// Latch: waits until a number of spawned tasks have ended. One waiter.
#pragma once

#include <coroutine>
#include <cstddef>
#include <utility>

namespace assay {

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

}  // namespace assay
