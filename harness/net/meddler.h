// Meddler: a man in the middle as a Link around a Link: it sees the TLS records that our end writes
// and may change, hold back, swap or cut them. Transparent until it is told what to do.
#pragma once

#include "harness/net/link.h"

#include <functional>
#include <memory>

namespace assay {

/// A protected record begins here in a run of records: application_data, or anything behind
/// ChangeCipherSpec.
[[nodiscard]] bool is_application_data(View record);
[[nodiscard]] bool is_change_cipher_spec(View record);

class Meddler final : public Link {
 public:
  /// The records of one write, whole, in order; what is left in the list is written, one write in
  /// all.
  using Edit = std::function<void(std::vector<Bytes>& records)>;

  explicit Meddler(std::unique_ptr<Link> inner) : inner_(std::move(inner)) {}

  /// From now on every write of TLS records passes `edit`; an empty one makes the meddler
  /// transparent again.
  void edit(Edit edit) { edit_ = std::move(edit); }

  Task<ReadResult> read(Deadline deadline) override { return inner_->read(deadline); }
  std::optional<ReadResult> read_now() override { return inner_->read_now(); }
  void write(Bytes octets) override;
  Task<bool> drain(std::size_t left, Deadline deadline) override {
    return inner_->drain(left, deadline);
  }
  void finish() override { inner_->finish(); }
  void abort() override { inner_->abort(); }
  [[nodiscard]] std::string peer() const override { return inner_->peer(); }

 private:
  std::unique_ptr<Link> inner_;
  Edit edit_;
};

}  // namespace assay
