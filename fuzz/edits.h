// Edits: what the fuzzer's octets change in what an honest engine says, and what they have it say
// beside. A fuzzer cannot make a Finished that verifies; an engine whose hooks apply edits can, so
// the other end is reached in every state. Used by the targets that speak TLS.
#pragma once

#include "harness/engine/hooks.h"

#include <array>

namespace assay::fuzz {

/// The hook that an edit acts in; `talk`: whenever both ends are silent, one after the other.
enum class Layer : std::uint8_t { flight, message, records, sealed, talk };
inline constexpr std::size_t kLayers = 5;

/// What it does to the element that it counts to. In `talk` the same numbers are Talk's.
enum class Operation : std::uint8_t {
  drop,
  twice,
  swap,    // with the one behind it; a message gets another type
  insert,  // in front of it: octets of type and content
  flip,    // octets are XORed onto it; a step gets another type
  cut,     // it ends at `at`, with a length that fits; a flight ends with this step
  extend,  // octets behind it, with a length that fits; a flight gets a record at its end
  put,     // octets at `at`, with a length that fits; a record is given another type or number
};
enum class Talk : std::uint8_t {
  record,  // of the type that is the first octet
  message,
  data,
  close,
  update_keys,
  answer_data,  // by the end under test, like all that follow
  answer_update_keys,
  answer_close,
};

struct Edit {
  Layer layer = Layer::flight;
  std::uint8_t operation = 0;
  std::size_t nth = 0;  // the element, counted from the first that the layer has seen
  std::uint8_t at = 0;  // from the front; from 0x80 on from the end
  Bytes octets;
};

/// An edit: an octet with the layer (its five upper bits, modulo kLayers times 8, over 8: the
/// layer, the rest the operation) and how many octets it brings (0, 1, 2; 3: told by an octet
/// behind `at`); nth; at; the octets. What is left over at the end is no edit. kMostEdits at most.
[[nodiscard]] std::vector<Edit> read_edits(View input);
inline constexpr std::size_t kMostEdits = 24;

/// Applies edits in the hooks that it gives out. Outlives the engine that has them.
class Editor {
 public:
  explicit Editor(std::vector<Edit> edits) : edits_(std::move(edits)) {}
  Editor(const Editor&) = delete;
  Editor& operator=(const Editor&) = delete;

  [[nodiscard]] engine::Emission emission();
  [[nodiscard]] const std::vector<Edit>& edits() const { return edits_; }

 private:
  /// Calls `apply` for every edit of the layer whose element is among the next `count`.
  template <typename Apply>
  void each(Layer layer, std::size_t count, const Apply& apply);

  std::vector<Edit> edits_;
  std::array<std::size_t, kLayers> seen_ = {};
};

}  // namespace assay::fuzz
