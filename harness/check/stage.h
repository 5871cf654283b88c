// Stage: our own subjects: a reference server with a setup and named faults, on the loop that the
// Runner uses. The interface stands here, below the peers; the peers implement it
// (reference_server/local_stage.h).
#pragma once

#include "harness/check/faults.h"
#include "harness/check/subject.h"

#include <memory>
#include <span>
#include <string>

namespace assay {

/// A subject of ours that lives as long as this object.
class Staged {
 public:
  virtual ~Staged() = default;
  [[nodiscard]] virtual const Subject& subject() const = 0;
};

class Stage {
 public:
  virtual ~Stage() = default;
  /// Every protocol and access, on ephemeral ports of loopback. `faults` are applied in order.
  virtual std::unique_ptr<Staged> serve(const Setup& setup,
                                        std::span<const NamedFault* const> faults) = 0;
};

}  // namespace assay
