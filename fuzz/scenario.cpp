#include "fuzz/scenario.h"

#include <algorithm>

namespace assay::fuzz {
namespace {

constexpr std::size_t kChoices = 4;
constexpr std::uint8_t kBeginTls = '\f';

/// Limits that an input of ordinary length crosses.
constexpr SmtpLimits kNarrow = {.command_line = 64,
                                .hard_line = 200,
                                .sasl_blob = 64,
                                .message = 256,
                                .skipped = 600,
                                .recipients = 2,
                                .errors = 3};

SmtpConfig config_of(std::uint8_t choice) {
  SmtpConfig config{.hostname = "mx.a.test", .domains = {"a.test"}, .date = [] { return "DATE"; }};
  const unsigned auth = choice & 3U;
  config.auth = auth == 0 ? AuthLevel::tls_only : auth == 1 ? AuthLevel::clear : AuthLevel::none;
  config.tls_required = (choice & 4U) != 0;
  if ((choice & 8U) != 0) config.limits = kNarrow;
  if ((choice & 16U) != 0) config.starttls = false;
  return config;
}

}  // namespace

std::optional<Scenario> read_scenario(View input) {
  if (input.size() < kChoices) return std::nullopt;
  Scenario scenario;
  scenario.config = config_of(input[0]);
  // No listener offers both ways to TLS.
  scenario.implicit = !scenario.config.starttls;
  scenario.opening = static_cast<Opening>(input[1] & 3U);
  if ((input[1] & 4U) != 0) scenario.version = TlsVersion::tls12;
  scenario.clear_inside = (input[1] & 8U) != 0;
  const bool upgrade = (input[1] & 16U) != 0;
  scenario.ending = static_cast<Ending>(std::min(input[2] & 7U, 5U));
  scenario.moment = static_cast<Moment>(std::min((input[2] >> 3U) & 3U, 2U));
  scenario.seed = input[3];
  const View said = input.subspan(kChoices);
  const auto form_feed = std::ranges::find(said, kBeginTls);
  scenario.clear.assign(said.begin(), form_feed);
  if (form_feed != said.end()) scenario.inside.assign(form_feed + 1, said.end());
  // A word that nobody else says, where the upgrade must forget it.
  if (upgrade) append(scenario.clear, "\r\nSTARTTLS\r\nEXPN nonce\r\n");
  return scenario;
}

}  // namespace assay::fuzz
