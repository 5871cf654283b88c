#include "harness/base/reader.h"

namespace assay {

std::uint32_t Reader::number(std::size_t size, std::string_view field) {
  std::uint32_t value = 0;
  for (const std::uint8_t octet : octets(size, field)) value = value << 8 | octet;
  return value;
}

std::uint8_t Reader::u8(std::string_view field) {
  return static_cast<std::uint8_t>(number(1, field));
}

std::uint16_t Reader::u16(std::string_view field) {
  return static_cast<std::uint16_t>(number(2, field));
}

std::uint32_t Reader::u24(std::string_view field) { return number(3, field); }

View Reader::octets(std::size_t size, std::string_view field) {
  if (!ok()) return {};
  if (size > rest_.size()) {
    failed_field_ = field;
    rest_ = {};
    return {};
  }
  const View taken = rest_.first(size);
  rest_ = rest_.subspan(size);
  return taken;
}

View Reader::vector(std::size_t prefix, std::string_view field) {
  const std::uint32_t size = number(prefix, field);
  return octets(size, field);
}

void put_u8(Bytes& to, std::uint8_t value) { to.push_back(value); }

void put_u16(Bytes& to, std::uint16_t value) {
  to.push_back(static_cast<std::uint8_t>(value >> 8));
  to.push_back(static_cast<std::uint8_t>(value));
}

void put_u24(Bytes& to, std::uint32_t value) {
  to.push_back(static_cast<std::uint8_t>(value >> 16));
  put_u16(to, static_cast<std::uint16_t>(value));
}

void put_vector(Bytes& to, std::size_t prefix, View octets) {
  const std::size_t size = octets.size();
  for (std::size_t i = prefix; i > 0; --i) {
    to.push_back(static_cast<std::uint8_t>(size >> (8 * (i - 1))));
  }
  append(to, octets);
}

}  // namespace assay
