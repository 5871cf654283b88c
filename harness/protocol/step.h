// Step: what a service did with the front of its input, and what happens next.
// Made by services, edited by the session hooks of faults, carried out by Session.
#pragma once

#include "harness/base/bytes.h"

#include <string_view>

namespace assay {

struct Step {
  enum class Next { go_on, start_tls, close };
  std::size_t consumed = 0;  // octets of the input acted on; 0: not enough there yet
  Bytes output;              // replies, in order
  Next next = Next::go_on;
};

/// A step that says `reply`; what it consumes is the caller's to say.
[[nodiscard]] inline Step answered(std::string_view reply, Step::Next next = Step::Next::go_on) {
  return {.output = bytes_of(reply), .next = next};
}

}  // namespace assay
