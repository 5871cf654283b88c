// Dripping: a Link around a Link that writes in small segments, each after a pause. Used by rows
// about how octets arrive.
#pragma once

#include "harness/net/link.h"
#include "harness/net/loop.h"

namespace assay::suites {

class Dripping final : public Link {
 public:
  enum class Shape {
    whole,   // as it is written
    octets,  // one octet a segment
    heads,   // of each record its first octet, then four, then the rest
  };

  Dripping(std::unique_ptr<Link> inner, Loop& loop) : inner_(std::move(inner)), loop_(loop) {}

  /// What is written from now on; it goes out while somebody reads.
  void drip(Shape shape) { shape_ = shape; }

  Task<ReadResult> read(Deadline deadline) override;
  std::optional<ReadResult> read_now() override { return inner_->read_now(); }
  void write(Bytes octets) override;
  Task<bool> drain(std::size_t left, Deadline deadline) override {
    return inner_->drain(left, deadline);
  }
  void finish() override;
  void abort() override { inner_->abort(); }
  [[nodiscard]] std::string peer() const override { return inner_->peer(); }

 private:
  [[nodiscard]] std::size_t next_segment();

  std::unique_ptr<Link> inner_;
  Loop& loop_;
  Shape shape_ = Shape::whole;
  Bytes waiting_;
  std::size_t in_record_ = 0;  // octets of the present record that have gone out
};

}  // namespace assay::suites
