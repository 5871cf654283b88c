#include "fuzz/scenario.h"

#include <algorithm>

namespace assay::fuzz {
namespace {

constexpr std::size_t kChoices = 4;

Listener listener_of(std::uint8_t choice) {
  Listener listener{.choice = choice};
  const unsigned auth = choice & 3U;
  listener.auth = auth == 0   ? AuthLevel::tls_only
                  : auth == 1 ? AuthLevel::clear
                  : auth == 2 ? AuthLevel::none
                              : AuthLevel::challenge;
  listener.tls_required = (choice & 4U) != 0;
  listener.narrow = (choice & 8U) != 0;
  listener.starttls = (choice & 16U) == 0;
  return listener;
}

}  // namespace

std::optional<Scenario> read_scenario(View input, std::string_view begin_tls, View upgrade) {
  if (input.size() < kChoices) return std::nullopt;
  Scenario scenario;
  scenario.listener = listener_of(input[0]);
  // No listener offers both ways to TLS.
  scenario.implicit = !scenario.listener.starttls;
  scenario.opening = static_cast<Opening>(input[1] & 3U);
  if ((input[1] & 4U) != 0) scenario.version = TlsVersion::tls12;
  scenario.clear_inside = (input[1] & 8U) != 0;
  const bool upgrades = (input[1] & 16U) != 0;
  scenario.ending = static_cast<Ending>(std::min(input[2] & 7U, 5U));
  scenario.moment = static_cast<Moment>(std::min((input[2] >> 3U) & 3U, 2U));
  scenario.seed = input[3];
  const View said = input.subspan(kChoices);
  const std::size_t mark = find(said, begin_tls);
  scenario.clear = bytes_of(said.first(std::min(mark, said.size())));
  if (mark != npos) scenario.inside = bytes_of(said.subspan(mark + begin_tls.size()));
  if (upgrades) append(scenario.clear, upgrade);
  return scenario;
}

}  // namespace assay::fuzz
