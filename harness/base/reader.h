// Reader: bounded big-endian reading with a sticky error. The first field that does not fit is
// kept; after it every read yields zero or nothing, so callers check once, at the end. Used by
// every codec. RFC 8446 §3 fixes the byte order.
#pragma once

#include "harness/base/bytes.h"

#include <string_view>

namespace assay {

class Reader {
 public:
  explicit Reader(View octets) : rest_(octets) {}

  std::uint8_t u8(std::string_view field);
  std::uint16_t u16(std::string_view field);
  std::uint32_t u24(std::string_view field);
  /// The next `size` octets; empty after an error.
  View octets(std::size_t size, std::string_view field);
  /// A vector with a length prefix of 1, 2 or 3 octets.
  View vector(std::size_t prefix, std::string_view field);

  [[nodiscard]] bool ok() const { return failed_field_.empty(); }
  /// The first field that did not fit; empty while ok().
  [[nodiscard]] std::string_view failed_field() const { return failed_field_; }
  [[nodiscard]] View rest() const { return rest_; }
  [[nodiscard]] bool empty() const { return rest_.empty(); }

 private:
  std::uint32_t number(std::size_t size, std::string_view field);

  View rest_;
  std::string_view failed_field_;
};

/// Writing is unbounded: a deviant length is the caller's right.
void put_u8(Bytes& to, std::uint8_t value);
void put_u16(Bytes& to, std::uint16_t value);
void put_u24(Bytes& to, std::uint32_t value);
/// `octets` behind a length prefix of `prefix` octets (1 to 3).
void put_vector(Bytes& to, std::size_t prefix, View octets);

}  // namespace assay
