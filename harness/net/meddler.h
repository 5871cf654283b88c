// Meddler: a man in the middle as a Link around a Link: it sees the TLS records that our end writes
// and may change, hold back, swap or cut them. Transparent until it is told what to do.
#pragma once

#include "harness/net/link_around.h"

#include <functional>
#include <memory>

namespace assay {

/// A protected record begins here in a run of records: application_data, or anything behind
/// ChangeCipherSpec.
[[nodiscard]] bool is_application_data(View record);
[[nodiscard]] bool is_change_cipher_spec(View record);

class Meddler final : public LinkAround {
 public:
  /// The records of one write, whole, in order; what is left in the list is written, one write in
  /// all.
  using Edit = std::function<void(std::vector<Bytes>& records)>;

  explicit Meddler(std::unique_ptr<Link> inner) : LinkAround(std::move(inner)) {}

  /// From now on every write of TLS records passes `edit`; an empty one makes the meddler
  /// transparent again.
  void edit(Edit edit) { edit_ = std::move(edit); }

  void write(Bytes octets) override;

 private:
  Edit edit_;
};

}  // namespace assay
