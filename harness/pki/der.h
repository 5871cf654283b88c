// Writing DER by hand: what a certificate is made of, without anybody's idea of what is sensible.
// Used by forge, and by tests that need a raw extension or name. X.690 §8 to §11.
#pragma once

#include "harness/base/bytes.h"

#include <chrono>
#include <initializer_list>
#include <string_view>

namespace assay {

/// Wall clock, as certificates know it. Always passed in: the room never reads a clock.
using SystemTime = std::chrono::system_clock::time_point;

namespace der {

inline constexpr std::uint8_t kUtf8String = 0x0c;
inline constexpr std::uint8_t kUtcTime = 0x17;
inline constexpr std::uint8_t kGeneralizedTime = 0x18;

/// Any tag of one octet, the length in its shortest form, then `content` as it is.
[[nodiscard]] Bytes tlv(std::uint8_t tag, View content);
[[nodiscard]] Bytes sequence(std::initializer_list<View> parts);
[[nodiscard]] Bytes set(std::initializer_list<View> parts);

[[nodiscard]] Bytes boolean(bool value);
[[nodiscard]] Bytes null();
/// A non-negative INTEGER; leading zeros of `magnitude` go, a sign octet comes where it is owed.
[[nodiscard]] Bytes integer(View magnitude);
[[nodiscard]] Bytes integer(std::uint64_t value);
[[nodiscard]] Bytes octet_string(View content);
[[nodiscard]] Bytes bit_string(View content, std::uint8_t unused_bits = 0);
[[nodiscard]] Bytes utf8_string(std::string_view text);
/// From dotted decimals; std::invalid_argument on anything else.
[[nodiscard]] Bytes oid(std::string_view dotted);
/// UTCTime through 2049, GeneralizedTime outside (RFC 5280 §4.1.2.5); fractions of a second go.
[[nodiscard]] Bytes time(SystemTime at);
/// [number] around whole elements, and [number] in place of a primitive's own tag.
[[nodiscard]] Bytes explicit_tag(std::uint8_t number, View elements);
[[nodiscard]] Bytes implicit_tag(std::uint8_t number, View content);

}  // namespace der
}  // namespace assay
