#include "harness/check/faults.h"

#include <algorithm>

namespace assay {

const NamedFault* fault_named(std::span<const NamedFault* const> faults, std::string_view name) {
  const auto found = std::ranges::find(faults, name, &NamedFault::name);
  return found == faults.end() ? nullptr : *found;
}

SessionHooks hooks_of(const Faults& faults, std::uint16_t port) {
  SessionHooks hooks;
  hooks.port = port;
  for (const auto add : faults.session) add(hooks);
  return hooks;
}

}  // namespace assay
