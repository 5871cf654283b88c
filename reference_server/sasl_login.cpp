#include "reference_server/sasl_login.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace assay {
namespace {

bool lists_channel_binding(const std::vector<std::string>& mechanisms) {
  return std::ranges::any_of(mechanisms, [](const std::string& name) {
    return name.starts_with("SCRAM-") && name.ends_with("-PLUS");
  });
}

/// Whether the mechanism is to be had on that level at all, once TLS is up.
bool waits_for_tls(AuthLevel level, SaslMechanism mechanism, const SessionState& state) {
  if (state.secured()) return false;
  if (mechanism == SaslMechanism::external) return level == AuthLevel::certificate;
  return mechanism == SaslMechanism::plain || mechanism == SaslMechanism::login;
}

}  // namespace

std::vector<SaslMechanism> offered_mechanisms(AuthLevel level, const SessionState& state) {
  std::vector<SaslMechanism> offered;
  // RFC 4422 App. A: EXTERNAL where the certificate has said who the client is.
  if (level == AuthLevel::certificate && state.secured() && !state.certified_user.empty()) {
    offered.push_back(SaslMechanism::external);
  }
  if (level == AuthLevel::challenge) {
    offered.insert(offered.end(), {SaslMechanism::scram_sha_256, SaslMechanism::cram_md5});
  }
  if (offers_passwords(level, state)) {
    offered.insert(offered.end(), {SaslMechanism::plain, SaslMechanism::login});
  }
  return offered;
}

SaslServer sasl_server(const SaslTerms& terms, const Accounts& accounts,
                       const SessionState& state) {
  if (terms.level == AuthLevel::challenge && !terms.nonce) {
    throw std::invalid_argument("AuthLevel::challenge needs a nonce");
  }
  return {.secrets = &accounts,
          .nonce = terms.nonce,
          .host = terms.host,
          .plus_offered = state.secured() && lists_channel_binding(terms.further_mechanisms),
          .certified_user = state.certified_user};
}

SaslLogin::SaslLogin(SaslTerms terms, const Accounts& accounts, SuccessData success_data)
    : terms_(std::move(terms)), accounts_(accounts), success_data_(success_data) {
  // Found out here, not by the first client.
  (void)sasl_server(terms_, accounts_, {});
}

std::string SaslLogin::mechanism_list(const SessionState& state) const {
  std::string list;
  const auto add = [&](std::string_view name) {
    list.append(list.empty() ? "" : " ").append(name);
  };
  for (const SaslMechanism mechanism : offered_mechanisms(terms_.level, state)) {
    add(to_string(mechanism));
  }
  if (state.secured() && !list.empty()) {
    for (const std::string& further : terms_.further_mechanisms) add(further);
  }
  return list;
}

SaslReply SaslLogin::begin(const SessionState& state, SaslExchange& exchange,
                           std::string_view mechanism,
                           const std::optional<std::string>& initial_response) const {
  exchange = {};
  const auto known = sasl_mechanism(mechanism);
  if (!known) return {.kind = SaslReply::Kind::unsupported};
  const auto offered = offered_mechanisms(terms_.level, state);
  if (std::ranges::find(offered, *known) == offered.end()) {
    // Right and wrong alike: nobody has looked at the initial response yet.
    return {.kind = waits_for_tls(terms_.level, *known, state) ? SaslReply::Kind::needs_tls
                                                               : SaslReply::Kind::unsupported};
  }
  std::optional<std::string_view> initial;
  if (initial_response) initial = *initial_response;
  return settle(exchange,
                begin_sasl(exchange, *known, initial, sasl_server(terms_, accounts_, state)));
}

SaslReply SaslLogin::go_on(const SessionState& state, SaslExchange& exchange,
                           std::string_view line) const {
  if (!exchange.accepted) {
    return settle(exchange, continue_sasl(exchange, line, sasl_server(terms_, accounts_, state)));
  }
  // RFC 4422 §3.6: the answer to additional data with success has no octets.
  const std::string user = std::exchange(exchange, {}).user;
  if (line == "*") return {.kind = SaslReply::Kind::cancelled};
  if (!line.empty()) return {.kind = SaslReply::Kind::malformed};
  return {.kind = SaslReply::Kind::accepted, .user = user};
}

SaslReply SaslLogin::settle(SaslExchange& exchange, SaslOutcome outcome) const {
  using Kind = SaslReply::Kind;
  switch (outcome.kind) {
    case SaslOutcome::Kind::challenge:
      return {.kind = Kind::challenge, .data = std::move(outcome.challenge)};
    case SaslOutcome::Kind::cancelled:
      return {.kind = Kind::cancelled};
    case SaslOutcome::Kind::malformed:
      return {.kind = outcome.undecodable ? Kind::undecodable : Kind::malformed};
    case SaslOutcome::Kind::too_long:
      return {.kind = Kind::too_long};
    case SaslOutcome::Kind::refused:
      return {.kind = Kind::rejected};
    case SaslOutcome::Kind::credentials:
      if (accounts_.admit(outcome.credentials) == nullptr) return {.kind = Kind::rejected};
      break;
    case SaslOutcome::Kind::proven:
      if (accounts_.admit_proven(outcome.credentials) == nullptr) return {.kind = Kind::rejected};
      break;
  }
  std::string& user = outcome.credentials.authcid;
  if (outcome.challenge.empty() || success_data_ == SuccessData::in_reply) {
    return {.kind = Kind::accepted, .data = std::move(outcome.challenge), .user = std::move(user)};
  }
  exchange.user = std::move(user);
  exchange.accepted = true;
  return {.kind = Kind::challenge, .data = std::move(outcome.challenge)};
}

}  // namespace assay
