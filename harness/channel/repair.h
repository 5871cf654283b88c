// Repair: makes of a record that an honest end must refuse one that it must take, as far as the
// tolerated sins go. One direction, one key. Used by the lenient end.
#pragma once

#include "harness/base/bytes.h"
#include "harness/channel/deviation.h"
#include "harness/crypto/protection.h"

#include <optional>
#include <vector>

namespace assay {

class RecordRepair {
 public:
  /// The peer and the honest end are both at the number `next`.
  RecordRepair(Sins tolerated, RecordProtection protection, std::uint64_t next = 0);

  struct Outcome {
    Bytes record;                  // for the honest end; empty when the record is dropped
    std::optional<Opened> opened;  // what is in it, if that could be found out
  };
  /// `record` is whole, with its header. Honest records and those beyond repair come back
  /// unchanged.
  [[nodiscard]] Outcome take(View record);

 private:
  struct Finding {
    Opened opened;
    std::uint64_t number = 0;
    bool verified = false;
  };

  [[nodiscard]] Bytes refusable(View record) const;
  [[nodiscard]] std::optional<Finding> found_in_place(View record) const;
  [[nodiscard]] std::optional<Finding> found_elsewhere(View record) const;
  [[nodiscard]] std::optional<Finding> found_by_half_tag(View record) const;
  [[nodiscard]] std::optional<Finding> found_without_tag(View record) const;
  [[nodiscard]] bool was_taken(std::uint64_t number) const;
  void mark_taken(std::uint64_t number);

  Sins tolerated_;
  RecordProtection protection_;
  std::uint64_t expected_;            // the number that the peer should use next
  std::uint64_t honest_next_;         // the number that the honest end expects
  std::vector<std::uint64_t> taken_;  // the last few that were taken
};

}  // namespace assay
