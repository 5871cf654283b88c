// Dripping: a Link around a Link that writes in small segments, each after a pause. Used by rows
// about how octets arrive.
#pragma once

#include "harness/net/link_around.h"
#include "harness/net/loop.h"

namespace assay::suites {

class Dripping final : public LinkAround {
 public:
  enum class Shape {
    whole,   // as it is written
    octets,  // one octet a segment
    heads,   // of each record its first octet, then four, then the rest
  };

  Dripping(std::unique_ptr<Link> inner, Loop& loop) : LinkAround(std::move(inner)), loop_(loop) {}

  /// What is written from now on; it goes out while somebody reads.
  void drip(Shape shape) { shape_ = shape; }

  Task<ReadResult> read(Deadline deadline) override;
  void write(Bytes octets) override;
  void finish() override;

 private:
  [[nodiscard]] std::size_t next_segment();

  Loop& loop_;
  Shape shape_ = Shape::whole;
  Bytes waiting_;
  std::size_t in_record_ = 0;  // octets of the present record that have gone out
};

}  // namespace assay::suites
