// Task<T>: a lazy coroutine that is awaited once, by name (`auto t = f(); co_await std::move(t)` or
// `co_await f()` with plain arguments). Single-threaded. No Asio here: this header is what every
// coroutine file includes, and it decides their compile time (docs/measurements.md).
//
// The awaiter resumes the callee inside await_suspend and tells whether it is still running, so
// stack depth is bounded by nesting, not by iterations; symmetric transfer gives no such promise at
// -O1 or under sanitizers with gcc 12.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace assay {

namespace task_detail {

struct Promise {
  std::coroutine_handle<> continuation;
  std::exception_ptr error;
  bool parent_suspended = false;

  struct FinalAwaiter {
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <typename P>
    void await_suspend(std::coroutine_handle<P> done) const noexcept {
      const Promise& promise = done.promise();
      if (promise.parent_suspended) promise.continuation.resume();
    }
    void await_resume() const noexcept {}
  };

  [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
  [[nodiscard]] FinalAwaiter final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept { error = std::current_exception(); }
};

template <typename T>
struct ValuePromise : Promise {
  std::optional<T> value;
  void return_value(T result) { value.emplace(std::move(result)); }
  T take() {
    if (error) std::rethrow_exception(error);
    return std::move(*value);
  }
};

struct VoidPromise : Promise {
  void return_void() const noexcept {}
  void take() const {
    if (error) std::rethrow_exception(error);
  }
};

}  // namespace task_detail

template <typename T>
class [[nodiscard]] Task {
 public:
  struct promise_type
      : std::conditional_t<
            std::is_void_v<T>, task_detail::VoidPromise,
            task_detail::ValuePromise<std::conditional_t<std::is_void_v<T>, int, T>>> {
    Task get_return_object() { return Task(Handle::from_promise(*this)); }
  };
  using Handle = std::coroutine_handle<promise_type>;

  explicit Task(Handle handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  struct Awaiter {
    Handle callee;
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> caller) {
      callee.promise().continuation = caller;
      callee.resume();
      if (callee.done()) return false;
      callee.promise().parent_suspended = true;
      return true;
    }
    T await_resume() { return callee.promise().take(); }
  };
  Awaiter operator co_await() const noexcept { return Awaiter{handle_}; }

  /// For roots (Loop::spawn, tests): runs until the first suspension; done() tells whether it
  /// ended.
  void start() { handle_.resume(); }
  [[nodiscard]] bool done() const { return handle_.done(); }
  /// The result of a task that is done; rethrows what it threw.
  T result() { return handle_.promise().take(); }

 private:
  Handle handle_;
};

}  // namespace assay
