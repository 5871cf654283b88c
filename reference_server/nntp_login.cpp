#include "reference_server/nntp_login.h"

#include "harness/protocol/nntp_replies.h"

#include <utility>

namespace assay {
namespace {

std::string accepted() { return compose_nntp_reply(281, "Authentication accepted"); }
std::string rejected() { return compose_nntp_reply(481, "Authentication failed"); }

std::string encryption_required() {
  return compose_nntp_reply(483, "Encryption required for authentication");
}

}  // namespace

NntpLogin::NntpLogin(const NntpConfig& config, const Accounts& accounts)
    : config_(config),
      accounts_(accounts),
      sasl_({config.auth, config.hostname, config.nonce, config.further_mechanisms}, accounts,
            SaslLogin::SuccessData::in_reply) {}

std::string NntpLogin::begin(SessionState& state, const NntpCommand& command) const {
  // RFC 4643 §2.2: once a session; every AUTHINFO after that is refused by 502, none by 480.
  if (!state.user.empty()) return compose_nntp_reply(502, "Authenticated already");
  // RFC 3977 §3.2.1: 500 for a command that is not implemented.
  if (config_.auth == AuthLevel::none) return compose_nntp_reply(500, "Command not recognized");
  // RFC 4643 §2.3.2, §2.4.2: 483 where the stream is not secure enough; right and wrong alike.
  if (!offers_auth(config_.auth, state)) return encryption_required();
  const auto parsed = parse_authinfo(command);
  if (!parsed) return compose_nntp_reply(501, to_string(parsed.error()));
  const bool by_password = parsed->kind != AuthinfoCommand::Kind::sasl;
  if (by_password && !offers_passwords(config_.auth, state)) return encryption_required();
  switch (parsed->kind) {
    case AuthinfoCommand::Kind::user:
      // RFC 4643 §2.3.2: the most recent name counts.
      state.nntp().user_name = parsed->text;
      return compose_nntp_reply(381, "Password required");
    case AuthinfoCommand::Kind::pass:
      return pass(state, parsed->text);
    case AuthinfoCommand::Kind::sasl:
      break;
  }
  return sasl(state, *parsed);
}

std::string NntpLogin::pass(SessionState& state, std::string_view password) const {
  const std::string name = std::exchange(state.nntp().user_name, {});
  // RFC 4643 §2.3.2: 482 without a name.
  if (name.empty()) return compose_nntp_reply(482, "AUTHINFO USER first");
  if (accounts_.authenticate(name, password) == nullptr) return rejected();
  state.user = name;
  return accepted();
}

std::string NntpLogin::sasl(SessionState& state, const AuthinfoCommand& command) const {
  NntpState& nntp = state.nntp();
  nntp.user_name.clear();
  return settle(state, sasl_.begin(state, nntp.sasl, command.text, command.initial_response));
}

std::string NntpLogin::go_on(SessionState& state, std::string_view line) const {
  // RFC 4643 §2.4.2: a lone "=" is a response of no octets.
  return settle(state,
                sasl_.go_on(state, state.nntp().sasl, line == "=" ? std::string_view() : line));
}

std::string NntpLogin::settle(SessionState& state, const SaslReply& reply) const {
  using Kind = SaslReply::Kind;
  state.nntp().phase =
      reply.kind == Kind::challenge ? NntpState::Phase::auth : NntpState::Phase::command;
  switch (reply.kind) {
    case Kind::challenge:
      // RFC 4643 §2.4.2: an empty challenge is written "=".
      return compose_nntp_reply(383, reply.data.empty() ? "=" : reply.data);
    case Kind::cancelled:
      // RFC 4643 §2.4.2: 481 for a cancelled exchange too.
      return compose_nntp_reply(481, "Authentication cancelled");
    case Kind::undecodable:
      // RFC 4643 §2.4.2 and RFC 3977 §3.2.1: 504 for what is no base64.
      return compose_nntp_reply(504, "Base64 encoding error");
    case Kind::malformed:
      // RFC 4643 §2.4.2: 482 where the protocol is broken.
      return compose_nntp_reply(482, "SASL protocol error");
    case Kind::unsupported:
      // RFC 4643 §2.4.2: 503 for a mechanism that is not supported.
      return compose_nntp_reply(503, "Mechanism not recognized");
    case Kind::needs_tls:
      return encryption_required();
    case Kind::too_long:
    case Kind::rejected:
      return rejected();
    case Kind::accepted:
      break;
  }
  state.user = reply.user;
  // RFC 4643 §2.4.2: 283 brings what the mechanism says with success.
  return reply.data.empty() ? accepted() : compose_nntp_reply(283, reply.data);
}

std::vector<std::string> NntpLogin::capabilities(const SessionState& state) const {
  if (!offers_auth(config_.auth, state) || waits_for_tls(config_, state)) return {};
  std::vector<std::string> lines;
  // RFC 4643 §2.2: AUTHINFO goes once it has succeeded, and SASL stays as it was.
  // RFC 4643 §2.1: USER is for encrypted sessions; AuthLevel::clear is backward compatibility.
  if (state.user.empty()) {
    const bool user = offers_passwords(config_.auth, state);
    lines.emplace_back(user ? "AUTHINFO USER SASL" : "AUTHINFO SASL");
  }
  lines.push_back("SASL " + sasl_.mechanism_list(state));
  return lines;
}

}  // namespace assay
