#include "harness/net/memory_link.h"

namespace assay {

struct MemoryPipe {
  Bytes octets;
  bool ended = false;
  bool reset = false;
  bool expired = false;
  std::coroutine_handle<> reader;

  void wake() {
    if (const auto who = std::exchange(reader, {})) who.resume();
  }
};

std::pair<std::unique_ptr<MemoryLink>, std::unique_ptr<MemoryLink>> MemoryLink::pair() {
  auto forth = std::make_shared<MemoryPipe>();
  auto back = std::make_shared<MemoryPipe>();
  return {std::make_unique<MemoryLink>(back, forth), std::make_unique<MemoryLink>(forth, back)};
}

MemoryLink::MemoryLink(std::shared_ptr<MemoryPipe> in, std::shared_ptr<MemoryPipe> out)
    : in_(std::move(in)), out_(std::move(out)) {}

MemoryLink::~MemoryLink() {
  in_->reader = {};
  out_->ended = true;
  const auto keep = out_;
  keep->wake();
}

std::optional<ReadResult> MemoryLink::read_now() {
  if (in_->reset) return ReadResult{ReadResult::Kind::reset, {}};
  if (!in_->octets.empty())
    return ReadResult{ReadResult::Kind::bytes, std::exchange(in_->octets, {})};
  if (in_->ended) return ReadResult{ReadResult::Kind::end, {}};
  return std::nullopt;
}

Task<ReadResult> MemoryLink::read(Deadline /*deadline*/) {
  // A task that is dropped while it waits takes its handle back.
  struct Wait {
    explicit Wait(std::shared_ptr<MemoryPipe> on) : pipe(std::move(on)) {}
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;
    ~Wait() {
      if (pipe->reader == me) pipe->reader = {};
    }
    [[nodiscard]] bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> who) { pipe->reader = me = who; }
    void await_resume() const {}
    std::shared_ptr<MemoryPipe> pipe;  // the link may go before the task
    std::coroutine_handle<> me;
  };
  for (;;) {
    if (auto there = read_now()) co_return std::move(*there);
    if (std::exchange(in_->expired, false)) co_return ReadResult{};
    Wait wait(in_);
    co_await wait;
  }
}

void MemoryLink::write(Bytes octets) {
  if (out_->ended || out_->reset || octets.empty()) return;
  append(out_->octets, octets);
  out_->wake();
}

Task<bool> MemoryLink::drain(std::size_t /*left*/, Deadline /*deadline*/) {
  co_return !out_->reset;
}

void MemoryLink::finish() {
  out_->ended = true;
  out_->wake();
}

void MemoryLink::abort() {
  out_->reset = true;
  in_->reset = true;
  out_->wake();
}

void MemoryLink::expire() {
  in_->expired = true;
  in_->wake();
}

}  // namespace assay
