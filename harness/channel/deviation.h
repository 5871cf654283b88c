// Deviation: the wrong things that one end of TLS does, as a value. Honest ends have an empty one.
// Used by fault tables, by the reference peers and by the lenient end.
#pragma once

#include "harness/channel/sins.h"

namespace assay {

struct Deviation {
  Sins tolerated;

  [[nodiscard]] constexpr bool honest() const { return tolerated.none(); }
  constexpr bool operator==(const Deviation&) const = default;
};

}  // namespace assay
