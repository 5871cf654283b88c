#include "harness/wire/extension.h"

#include <algorithm>

namespace assay {

const Extension* find_extension(const std::vector<Extension>& in, std::uint16_t type) {
  for (const Extension& each : in) {
    if (each.extension_type == type) return &each;
  }
  return nullptr;
}

std::optional<std::uint16_t> repeated_extension(const std::vector<Extension>& in) {
  std::vector<std::uint16_t> types;
  types.reserve(in.size());
  for (const Extension& each : in) types.push_back(each.extension_type);
  std::sort(types.begin(), types.end());
  const auto twice = std::adjacent_find(types.begin(), types.end());
  if (twice == types.end()) return std::nullopt;
  return *twice;
}

void set_extension(std::vector<Extension>& in, std::uint16_t type, Bytes data) {
  for (Extension& each : in) {
    if (each.extension_type != type) continue;
    each.extension_data = std::move(data);
    return;
  }
  in.push_back({type, std::move(data)});
}

void remove_extension(std::vector<Extension>& in, std::uint16_t type) {
  std::erase_if(in, [type](const Extension& each) { return each.extension_type == type; });
}

std::size_t size_of_binders(const std::vector<PskBinder>& binders) {
  std::size_t size = 2;
  for (const PskBinder& each : binders) size += 1 + each.binder.size();
  return size;
}

Bytes ocsp_status_request() {
  constexpr std::uint8_t kOcsp = 1;
  return {kOcsp, 0, 0, 0, 0};
}

}  // namespace assay
