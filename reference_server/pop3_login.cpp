#include "reference_server/pop3_login.h"

#include "harness/protocol/apop.h"
#include "harness/protocol/pop3_replies.h"
#include "reference_server/pop3_maildrop.h"

#include <utility>

namespace assay {
namespace {

std::string syntax_error(Pop3Syntax syntax) { return pop3_error(to_string(syntax)); }

}  // namespace

Pop3Login::Pop3Login(const Pop3Config& config, const Accounts& accounts, Store& store)
    : config_(config),
      accounts_(accounts),
      sasl_({config.auth, config.hostname, config.nonce, config.further_mechanisms}, accounts,
            SaslLogin::SuccessData::as_challenge),
      store_(store) {}

std::string Pop3Login::begin(SessionState& state, const Pop3Command& command) const {
  // RFC 2595 §2.3, §2.2: nothing that shows the password is taken in the clear; right and wrong
  // alike, and a name as a password.
  if (!offers_login(config_, state)) return refusal();
  switch (command.verb) {
    case Pop3Verb::user:
      return offers_user(config_, state) ? user(state, command.argument) : refusal();
    case Pop3Verb::pass:
      return offers_user(config_, state) ? pass(state, command.argument) : refusal();
    case Pop3Verb::apop:
      return apop(state, command.argument);
    default:
      return auth(state, command.argument);
  }
}

std::string Pop3Login::refusal() const {
  return config_.auth == AuthLevel::none ? pop3_error("Nobody can log in here")
                                         : pop3_error("Encryption required for authentication");
}

std::string Pop3Login::user(SessionState& state, const Pop3Argument& argument) const {
  auto name = parse_user(argument);
  if (!name) return syntax_error(name.error());
  state.pop3().name = std::move(*name);
  // RFC 1939 §13: who exists is not told before the password was right.
  return pop3_ok("Password please");
}

std::string Pop3Login::pass(SessionState& state, const Pop3Argument& argument) const {
  // RFC 1939 §7: PASS comes behind a USER that was taken, and each USER is good for one.
  const std::string name = std::exchange(state.pop3().name, {});
  if (name.empty()) return pop3_error("USER first");
  const auto password = parse_pass(argument);
  if (!password) return syntax_error(password.error());
  return enter(state, name, accounts_.authenticate(name, password->reveal()));
}

std::string Pop3Login::apop(SessionState& state, const Pop3Argument& argument) const {
  // RFC 1939 §7: a greeting without a timestamp says that there is no APOP. Inside TLS begun by
  // STLS no greeting was given, and what one said in the clear is forgotten.
  const std::string& timestamp = state.pop3().timestamp;
  if (timestamp.empty()) return pop3_error("APOP is not offered");
  const auto given = parse_apop(argument);
  if (!given) return syntax_error(given.error());
  const UserAccount* account = accounts_.find(given->name);
  const bool right =
      account != nullptr &&
      Secret(apop_digest(timestamp, account->password.reveal())).matches(given->digest);
  return enter(state, given->name, right ? account : nullptr);
}

std::string Pop3Login::auth(SessionState& state, const Pop3Argument& argument) const {
  // RFC 5034 §4: AUTH mechanism [initial-response].
  const auto command = parse_auth_argument(argument.value_or(""));
  if (!command) return syntax_error(Pop3Syntax::bad_argument);
  return settle(
      state, sasl_.begin(state, state.pop3().sasl, command->mechanism, command->initial_response));
}

std::string Pop3Login::go_on(SessionState& state, std::string_view line) const {
  return settle(state, sasl_.go_on(state, state.pop3().sasl, line));
}

std::string Pop3Login::settle(SessionState& state, const SaslReply& reply) const {
  using Kind = SaslReply::Kind;
  state.pop3().phase =
      reply.kind == Kind::challenge ? Pop3State::Phase::auth : Pop3State::Phase::authorization;
  // RFC 5034 §4: -ERR for a cancelled exchange and for what is no base64.
  switch (reply.kind) {
    case Kind::challenge:
      return pop3_challenge(reply.data);
    case Kind::cancelled:
      return pop3_error("Cancelled");
    case Kind::malformed:
    case Kind::undecodable:
      return pop3_error("Malformed response");
    case Kind::too_long:
      return pop3_error("Authentication line too long");
    case Kind::unsupported:
      return pop3_error("Mechanism not supported");
    case Kind::needs_tls:
      return refusal();
    case Kind::rejected:
      return enter(state, {}, nullptr);
    case Kind::accepted:
      break;
  }
  return enter(state, reply.user, accounts_.find(reply.user));
}

std::string Pop3Login::enter(SessionState& state, std::string_view name,
                             const UserAccount* account) const {
  // RFC 3206 §5: [AUTH] says that the credentials are to blame.
  if (account == nullptr) return pop3_error("Authentication failed", "AUTH");
  // RFC 3206 §4: [SYS/PERM] where trying again does not help.
  if (account->mailbox.empty()) return pop3_error("There is no maildrop", "SYS/PERM");
  auto maildrop = open_maildrop(store_, account->mailbox);
  // RFC 2449 §8.1.2: [IN-USE] where the credentials were right and another session has the lock.
  if (!maildrop) return pop3_error("Another session has the maildrop", "IN-USE");
  state.user = name;
  state.pop3().phase = Pop3State::Phase::transaction;
  state.pop3().maildrop = std::move(*maildrop);
  return pop3_ok("Maildrop has " + summary(state.pop3().maildrop));
}

}  // namespace assay
