// MemoryLink: two ends of a stream in memory, without a loop: for tests and fuzzers that drive
// coroutines by hand. A deadline is met when expire() is called.
#pragma once

#include "harness/net/link.h"

#include <memory>
#include <utility>

namespace assay {

/// One direction's octets and its end.
struct MemoryPipe;

class MemoryLink final : public Link {
 public:
  /// Two ends: what one writes, the other reads.
  [[nodiscard]] static std::pair<std::unique_ptr<MemoryLink>, std::unique_ptr<MemoryLink>> pair();
  MemoryLink(std::shared_ptr<MemoryPipe> in, std::shared_ptr<MemoryPipe> out);
  MemoryLink(const MemoryLink&) = delete;
  MemoryLink& operator=(const MemoryLink&) = delete;
  ~MemoryLink() override;

  Task<ReadResult> read(Deadline deadline) override;
  std::optional<ReadResult> read_now() override;
  void write(Bytes octets) override;
  Task<bool> drain(std::size_t left, Deadline deadline) override;
  void finish() override;
  void abort() override;
  [[nodiscard]] std::string peer() const override { return "memory"; }

  /// Ends this end's pending read as if its deadline had come.
  void expire();

 private:
  std::shared_ptr<MemoryPipe> in_;  // shared with the other end, which may go first
  std::shared_ptr<MemoryPipe> out_;
};

}  // namespace assay
