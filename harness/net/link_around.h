// LinkAround: a Link around a Link that hands everything on. Whoever stands in between says only
// what is otherwise. Used by the meddler and by rows about how octets arrive.
#pragma once

#include "harness/net/link.h"

#include <utility>

namespace assay {

class LinkAround : public Link {
 public:
  Task<ReadResult> read(Deadline deadline) override { return inner_->read(deadline); }
  std::optional<ReadResult> read_now() override { return inner_->read_now(); }
  void write(Bytes octets) override { inner_->write(std::move(octets)); }
  Task<bool> drain(std::size_t left, Deadline deadline) override {
    return inner_->drain(left, deadline);
  }
  void finish() override { inner_->finish(); }
  void abort() override { inner_->abort(); }
  [[nodiscard]] std::string peer() const override { return inner_->peer(); }

 protected:
  explicit LinkAround(std::unique_ptr<Link> inner) : inner_(std::move(inner)) {}
  [[nodiscard]] Link& inner() { return *inner_; }

 private:
  std::unique_ptr<Link> inner_;
};

}  // namespace assay
