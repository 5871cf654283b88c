// The header of a record and the number that is protected with it, as octets. Private to the two
// kinds of record protection in this room.
#pragma once

#include "harness/base/bytes.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace assay::crypto {

inline constexpr std::size_t kHeaderSize = 5;
inline constexpr std::uint16_t kRecordVersion = 0x0303;  // of TLS 1.2, and on the wire of TLS 1.3

/// RFC 5246 §6.2.1: type, version, length; a length that does not fit loses its upper bits.
inline std::array<std::uint8_t, kHeaderSize> record_header(std::uint8_t type, std::uint16_t version,
                                                           std::size_t length) {
  return {type, static_cast<std::uint8_t>(version >> 8), static_cast<std::uint8_t>(version),
          static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)};
}

inline std::array<std::uint8_t, 8> big_endian(std::uint64_t number) {
  std::array<std::uint8_t, 8> octets{};
  for (std::size_t i = 0; i < octets.size(); ++i) {
    octets[i] = static_cast<std::uint8_t>(number >> (56 - 8 * i));
  }
  return octets;
}

/// RFC 5246 §6.2.3.1 and §6.2.3.3: seq_num, type, version and length, which a MAC of TLS 1.2 begins
/// with and an AEAD takes as additional data.
inline std::array<std::uint8_t, 13> numbered_header(std::uint64_t sequence, View header,
                                                    std::size_t length) {
  const auto number = big_endian(sequence);
  std::array<std::uint8_t, 13> octets{};
  for (std::size_t i = 0; i < number.size(); ++i) octets[i] = number[i];
  for (std::size_t i = 0; i < 3; ++i) octets[8 + i] = header[i];
  octets[11] = static_cast<std::uint8_t>(length >> 8);
  octets[12] = static_cast<std::uint8_t>(length);
  return octets;
}

}  // namespace assay::crypto
