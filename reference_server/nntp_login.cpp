#include "reference_server/nntp_login.h"

#include "harness/protocol/nntp_replies.h"

#include <optional>
#include <utility>

namespace assay {
namespace {

std::string accepted() { return compose_nntp_reply(281, "Authentication accepted"); }
std::string rejected() { return compose_nntp_reply(481, "Authentication failed"); }

}  // namespace

std::string NntpLogin::begin(SessionState& state, const NntpCommand& command) const {
  // RFC 4643 §2.2: once a session; every AUTHINFO after that is refused by 502, none by 480.
  if (!state.user.empty()) return compose_nntp_reply(502, "Authenticated already");
  // RFC 3977 §3.2.1: 500 for a command that is not implemented.
  if (config_.auth == AuthLevel::none) return compose_nntp_reply(500, "Command not recognized");
  // RFC 4643 §2.3.2, §2.4.2: 483 where the stream is not secure enough; right and wrong alike.
  if (!offers_auth(config_.auth, state)) {
    return compose_nntp_reply(483, "Encryption required for authentication");
  }
  const auto parsed = parse_authinfo(command);
  if (!parsed) return compose_nntp_reply(501, to_string(parsed.error()));
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
  const auto mechanism = sasl_mechanism(command.text);
  // RFC 4643 §2.4.2: 503 for a mechanism that is not supported.
  if (!mechanism) return compose_nntp_reply(503, "Mechanism not recognized");
  nntp.phase = NntpState::Phase::auth;
  std::optional<std::string_view> initial;
  if (command.initial_response) initial = *command.initial_response;
  return settle(state, begin_sasl(nntp.sasl, *mechanism, initial));
}

std::string NntpLogin::go_on(SessionState& state, std::string_view line) const {
  // RFC 4643 §2.4.2: a lone "=" is a response of no octets.
  return settle(state, continue_sasl(state.nntp().sasl, line == "=" ? std::string_view() : line));
}

std::string NntpLogin::settle(SessionState& state, const SaslOutcome& outcome) const {
  using Kind = SaslOutcome::Kind;
  // RFC 4643 §2.4.2: an empty challenge is written "=".
  if (outcome.kind == Kind::challenge) {
    return compose_nntp_reply(383, outcome.challenge.empty() ? "=" : outcome.challenge);
  }
  state.nntp().phase = NntpState::Phase::command;
  if (outcome.kind == Kind::malformed) {
    // RFC 4643 §2.4.2 and RFC 3977 §3.2.1: 504 for what is no base64; the rest breaks the protocol.
    return outcome.undecodable ? compose_nntp_reply(504, "Base64 encoding error")
                               : compose_nntp_reply(482, "SASL protocol error");
  }
  // RFC 4643 §2.4.2: 481 for a cancelled exchange too.
  if (outcome.kind == Kind::cancelled) return compose_nntp_reply(481, "Authentication cancelled");
  if (outcome.kind == Kind::too_long || accounts_.admit(outcome.credentials) == nullptr) {
    return rejected();
  }
  state.user = outcome.credentials.authcid;
  return accepted();
}

std::vector<std::string> NntpLogin::capabilities(const SessionState& state) const {
  if (!offers_auth(config_.auth, state) || waits_for_tls(config_, state)) return {};
  std::vector<std::string> lines;
  // RFC 4643 §2.2: AUTHINFO goes once it has succeeded, and SASL stays as it was.
  // RFC 4643 §2.1: USER is for encrypted sessions; AuthLevel::clear is backward compatibility.
  if (state.user.empty()) lines.emplace_back("AUTHINFO USER SASL");
  std::string mechanisms = "SASL PLAIN LOGIN";
  if (state.secured()) {
    for (const std::string& further : config_.further_mechanisms) mechanisms += " " + further;
  }
  lines.push_back(std::move(mechanisms));
  return lines;
}

}  // namespace assay
