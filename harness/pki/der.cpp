#include "harness/pki/der.h"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>
#include <string>
#include <vector>

namespace assay::der {
namespace {

Bytes joined(std::initializer_list<View> parts) {
  Bytes octets;
  for (const View part : parts) append(octets, part);
  return octets;
}

std::vector<std::uint64_t> arcs_of(std::string_view dotted) {
  std::vector<std::uint64_t> arcs;
  const char* at = dotted.data();
  const char* const end = at + dotted.size();
  for (;;) {
    std::uint64_t arc = 0;
    const auto [next, error] = std::from_chars(at, end, arc);
    if (error != std::errc{}) throw std::invalid_argument("not an OID: " + std::string(dotted));
    arcs.push_back(arc);
    if (next == end) break;
    if (*next != '.') throw std::invalid_argument("not an OID: " + std::string(dotted));
    at = next + 1;
  }
  if (arcs.size() < 2 || arcs[0] > 2 || (arcs[0] < 2 && arcs[1] > 39)) {
    throw std::invalid_argument("not an OID: " + std::string(dotted));
  }
  return arcs;
}

void put_base128(Bytes& to, std::uint64_t value) {
  int shift = 63;
  while (shift > 0 && value >> shift == 0) shift -= 7;
  for (; shift >= 0; shift -= 7) {
    const auto digit = static_cast<std::uint8_t>(value >> shift & 0x7f);
    to.push_back(shift == 0 ? digit : static_cast<std::uint8_t>(digit | 0x80));
  }
}

}  // namespace

Bytes tlv(std::uint8_t tag, View content) {
  Bytes octets{tag};
  const std::size_t size = content.size();
  if (size < 0x80) {
    octets.push_back(static_cast<std::uint8_t>(size));
  } else {
    std::uint8_t count = 1;
    while (count < sizeof size && size >> (8U * count) != 0) ++count;
    octets.push_back(static_cast<std::uint8_t>(0x80 | count));
    while (count-- > 0) octets.push_back(static_cast<std::uint8_t>(size >> (8U * count)));
  }
  append(octets, content);
  return octets;
}

Bytes sequence(std::initializer_list<View> parts) { return tlv(0x30, joined(parts)); }
Bytes set(std::initializer_list<View> parts) { return tlv(0x31, joined(parts)); }

Bytes boolean(bool value) {
  const Bytes content{static_cast<std::uint8_t>(value ? 0xff : 0x00)};
  return tlv(0x01, content);
}

Bytes null() { return tlv(0x05, {}); }

Bytes integer(View magnitude) {
  while (!magnitude.empty() && magnitude.front() == 0) magnitude = magnitude.subspan(1);
  Bytes content;
  if (magnitude.empty() || (magnitude.front() & 0x80) != 0) content.push_back(0);
  append(content, magnitude);
  return tlv(0x02, content);
}

Bytes integer(std::uint64_t value) {
  Bytes magnitude;
  for (int shift = 56; shift >= 0; shift -= 8) {
    magnitude.push_back(static_cast<std::uint8_t>(value >> shift));
  }
  return integer(View(magnitude));
}

Bytes octet_string(View content) { return tlv(0x04, content); }

Bytes bit_string(View content, std::uint8_t unused_bits) {
  Bytes octets{unused_bits};
  append(octets, content);
  return tlv(0x03, octets);
}

Bytes utf8_string(std::string_view text) { return tlv(kUtf8String, view_of(text)); }

Bytes oid(std::string_view dotted) {
  const std::vector<std::uint64_t> arcs = arcs_of(dotted);
  Bytes content;
  put_base128(content, arcs[0] * 40 + arcs[1]);
  for (std::size_t i = 2; i < arcs.size(); ++i) put_base128(content, arcs[i]);
  return tlv(0x06, content);
}

Bytes time(SystemTime at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(at - day));
  const int year = static_cast<int>(date.year());
  const std::string rest =
      fmt::format("{:02}{:02}{:02}{:02}{:02}Z", static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(),
                  clock.seconds().count());
  if (year >= 1950 && year < 2050) {
    return tlv(kUtcTime, view_of(fmt::format("{:02}{}", year % 100, rest)));
  }
  return tlv(kGeneralizedTime, view_of(fmt::format("{:04}{}", year, rest)));
}

Bytes explicit_tag(std::uint8_t number, View elements) {
  return tlv(static_cast<std::uint8_t>(0xa0 | number), elements);
}

Bytes implicit_tag(std::uint8_t number, View content) {
  return tlv(static_cast<std::uint8_t>(0x80 | number), content);
}

}  // namespace assay::der
