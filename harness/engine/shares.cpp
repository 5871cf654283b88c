#include "harness/engine/shares.h"

#include <utility>

namespace assay::engine {

std::optional<KeyShare> new_share(const Config& config, std::uint16_t group) {
  const auto given = config.private_keys.find(group);
  return given == config.private_keys.end() ? KeyShare::generate(group)
                                            : KeyShare::of_private(group, given->second);
}

std::optional<AnsweredShare> new_answer(const Config& config, std::uint16_t group,
                                        View client_share) {
  if (!config.private_keys.contains(group)) return answer_share(group, client_share);
  const auto own = new_share(config, group);
  if (!own) return std::nullopt;
  auto secret = own->agree(client_share);
  if (!secret) return std::nullopt;
  return AnsweredShare{bytes_of(own->share()), std::move(*secret)};
}

}  // namespace assay::engine
