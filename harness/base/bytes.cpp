#include "harness/base/bytes.h"

#include <algorithm>

namespace assay {

View view_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view text_of(View octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

Bytes bytes_of(View octets) { return {octets.begin(), octets.end()}; }

void append(Bytes& to, View octets) { to.insert(to.end(), octets.begin(), octets.end()); }

void append(Bytes& to, std::string_view text) { append(to, view_of(text)); }

void drop_front(Bytes& from, std::size_t count) {
  from.erase(from.begin(),
             from.begin() + static_cast<std::ptrdiff_t>(std::min(count, from.size())));
}

bool equal(View a, View b) { return std::ranges::equal(a, b); }

std::size_t find(View haystack, std::string_view needle, std::size_t from) {
  const auto at = text_of(haystack).find(needle, from);
  return at == std::string_view::npos ? npos : at;
}

}  // namespace assay
