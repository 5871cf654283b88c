#include "reference_server/smtp_login.h"

#include "harness/protocol/replies.h"
#include "harness/protocol/smtp.h"

namespace assay {
namespace {

std::string encryption_required() {
  return compose_reply(538, "5.7.11", "Encryption required for authentication");
}

}  // namespace

SmtpLogin::SmtpLogin(const SmtpConfig& config, const Accounts& accounts)
    : config_(config),
      sasl_({config.auth, config.hostname, config.nonce, config.further_mechanisms}, accounts,
            SaslLogin::SuccessData::as_challenge) {}

std::string SmtpLogin::begin(SessionState& state, std::string_view argument) const {
  SmtpState& smtp = state.smtp();
  if (config_.auth == AuthLevel::none) return compose_reply(502, "5.5.1", "AUTH not implemented");
  // RFC 4954 §4: nothing that shows the password is taken in the clear; right and wrong alike.
  if (!offers_auth(config_.auth, state)) {
    return encryption_required();
  }
  if (smtp.hello != SmtpState::Hello::ehlo) return compose_reply(503, "5.5.1", "EHLO first");
  // RFC 4954 §4: once a session, and never within a mail transaction.
  if (!state.user.empty()) return compose_reply(503, "5.5.1", "Authenticated already");
  if (smtp.transaction.open) return compose_reply(503, "5.5.1", "A transaction is open");
  const auto parsed = parse_auth(argument);
  if (!parsed) return compose_reply(501, "5.5.4", to_string(parsed.error()));
  return settle(state, sasl_.begin(state, smtp.sasl, parsed->mechanism, parsed->initial_response));
}

std::string SmtpLogin::go_on(SessionState& state, std::string_view line) const {
  return settle(state, sasl_.go_on(state, state.smtp().sasl, line));
}

std::string SmtpLogin::settle(SessionState& state, const SaslReply& reply) const {
  using Kind = SaslReply::Kind;
  state.smtp().phase =
      reply.kind == Kind::challenge ? SmtpState::Phase::auth : SmtpState::Phase::command;
  // RFC 4954 §4 and §6: 501 for a cancelled exchange and for what is no base64, 500 for a line too
  // long, 504 for a mechanism that is not supported, 535 for credentials that open nothing.
  switch (reply.kind) {
    case Kind::challenge:
      return "334 " + reply.data + "\r\n";
    case Kind::cancelled:
      return compose_reply(501, "5.7.0", "Cancelled");
    case Kind::malformed:
    case Kind::undecodable:
      return compose_reply(501, "5.5.2", "Malformed response");
    case Kind::too_long:
      return compose_reply(500, "5.5.6", "Authentication line too long");
    case Kind::unsupported:
      return compose_reply(504, "5.5.4", "Mechanism not supported");
    case Kind::needs_tls:
      return encryption_required();
    case Kind::rejected:
      return compose_reply(535, "5.7.8", "Authentication credentials invalid");
    case Kind::accepted:
      break;
  }
  state.user = reply.user;
  return compose_reply(235, "2.7.0", "Authentication succeeded");
}

}  // namespace assay
