#include "reference_server/smtp_login.h"

#include "harness/protocol/replies.h"
#include "harness/protocol/smtp.h"

#include <optional>

namespace assay {

std::string SmtpLogin::begin(SessionState& state, std::string_view argument) const {
  SmtpState& smtp = state.smtp();
  if (config_.auth == AuthLevel::none) return compose_reply(502, "5.5.1", "AUTH not implemented");
  // RFC 4954 §4: nothing that shows the password is taken in the clear; right and wrong alike.
  if (!offers_auth(config_.auth, state)) {
    return compose_reply(538, "5.7.11", "Encryption required for authentication");
  }
  if (smtp.hello != SmtpState::Hello::ehlo) return compose_reply(503, "5.5.1", "EHLO first");
  // RFC 4954 §4: once a session, and never within a mail transaction.
  if (!state.user.empty()) return compose_reply(503, "5.5.1", "Authenticated already");
  if (smtp.transaction.open) return compose_reply(503, "5.5.1", "A transaction is open");
  const auto parsed = parse_auth(argument);
  if (!parsed) return compose_reply(501, "5.5.4", to_string(parsed.error()));
  const auto mechanism = sasl_mechanism(parsed->mechanism);
  // RFC 4954 §4: 504 5.5.4 for a mechanism that is not supported.
  if (!mechanism) return compose_reply(504, "5.5.4", "Mechanism not supported");
  smtp.phase = SmtpState::Phase::auth;
  std::optional<std::string_view> initial;
  if (parsed->initial_response) initial = *parsed->initial_response;
  return settle(state, begin_sasl(smtp.sasl, *mechanism, initial));
}

std::string SmtpLogin::go_on(SessionState& state, std::string_view line) const {
  return settle(state, continue_sasl(state.smtp().sasl, line));
}

std::string SmtpLogin::settle(SessionState& state, const SaslOutcome& outcome) const {
  using Kind = SaslOutcome::Kind;
  if (outcome.kind == Kind::challenge) return "334 " + outcome.challenge + "\r\n";
  state.smtp().phase = SmtpState::Phase::command;
  // RFC 4954 §4 and §6: 501 for a cancelled exchange and for what is no base64, 500 for a line too
  // long, 535 for credentials that open nothing.
  if (outcome.kind == Kind::cancelled) return compose_reply(501, "5.7.0", "Cancelled");
  if (outcome.kind == Kind::malformed) return compose_reply(501, "5.5.2", "Malformed response");
  if (outcome.kind == Kind::too_long) {
    return compose_reply(500, "5.5.6", "Authentication line too long");
  }
  if (accounts_.admit(outcome.credentials) == nullptr) {
    return compose_reply(535, "5.7.8", "Authentication credentials invalid");
  }
  state.user = outcome.credentials.authcid;
  return compose_reply(235, "2.7.0", "Authentication succeeded");
}

}  // namespace assay
