#include "harness/protocol/sasl.h"

#include "harness/base/base64.h"
#include "harness/base/utf8.h"
#include "harness/base/words.h"
#include "harness/protocol/cram_md5.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace assay {
namespace {

using Kind = SaslOutcome::Kind;

constexpr std::string_view kUserPrompt = "Username:";
constexpr std::string_view kPasswordPrompt = "Password:";

bool is_mechanism_name(std::string_view text) {
  // RFC 4422 §3.1: sasl-mech = 1*20mech-char.
  return !text.empty() && text.size() <= 20 && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_';
  });
}

/// Base64 text decoded into a string that wipes itself.
std::optional<Secret> decode(std::string_view line) {
  auto octets = from_base64(line);
  if (!octets) return std::nullopt;
  Secret decoded{text_of(*octets)};
  wipe(*octets);
  return decoded;
}

SaslOutcome challenge(std::string_view text) {
  return {.kind = Kind::challenge, .challenge = std::string(text)};
}

SaslOutcome proven(std::string user) {
  return {.kind = Kind::proven, .credentials = {.authcid = std::move(user)}};
}

SaslOutcome fault(ScramFault fault) {
  return {.kind = fault == ScramFault::malformed ? Kind::malformed : Kind::refused};
}

SaslOutcome take_plain(std::string_view message) {
  auto credentials = parse_plain_message(message);
  if (!credentials) return {.kind = Kind::malformed};
  return {.kind = Kind::credentials, .credentials = std::move(*credentials)};
}

SaslOutcome take_login(SaslExchange& exchange, std::string_view answer) {
  if (!exchange.user.empty()) {
    return {.kind = Kind::credentials,
            .credentials = {.authcid = exchange.user, .password = Secret(answer)}};
  }
  if (answer.empty() || answer.find('\0') != std::string_view::npos) {
    return {.kind = Kind::malformed};
  }
  exchange.user = answer;
  return challenge(kPasswordPrompt);
}

SaslOutcome take_cram(const SaslExchange& exchange, std::string_view message,
                      const SaslServer& server) {
  auto response = parse_cram_response(message);
  if (!response) return {.kind = Kind::malformed};
  const Secret* password = server.secrets->password_of(response->user);
  // Nobody's digest is computed too, so that it takes as long.
  const Secret wanted(
      cram_digest(exchange.challenge, password == nullptr ? "" : password->reveal()));
  if (!wanted.matches(response->digest) || password == nullptr) return {.kind = Kind::refused};
  return proven(std::move(response->user));
}

SaslOutcome take_scram(SaslExchange& exchange, std::string_view message, const SaslServer& server) {
  ScramExchange& scram = exchange.scram;
  if (scram.server_first.empty()) {
    const auto taken = take_scram_first(scram, message, server.plus_offered);
    if (!taken) return fault(taken.error());
    return challenge(
        answer_scram_first(scram, server.nonce(), server.secrets->scram_salt(scram.user)));
  }
  auto final = answer_scram_final(scram, message, server.secrets->scram_keys(scram.user));
  if (!final) return fault(final.error());
  SaslOutcome outcome = proven(scram.user);
  outcome.credentials.authzid = scram.authzid;
  outcome.challenge = std::move(*final);
  return outcome;
}

SaslOutcome take_external(std::string_view message, const SaslServer& server) {
  // RFC 4422 App. A.1: UTF-8 without NUL.
  if (!is_utf8(message) || message.find('\0') != std::string_view::npos) {
    return {.kind = Kind::malformed};
  }
  if (server.certified_user.empty()) return {.kind = Kind::refused};
  SaslOutcome outcome = proven(server.certified_user);
  outcome.credentials.authzid = message;
  return outcome;
}

SaslOutcome take(SaslExchange& exchange, std::string_view message, const SaslServer& server) {
  switch (exchange.mechanism) {
    case SaslMechanism::plain:
      return take_plain(message);
    case SaslMechanism::login:
      return take_login(exchange, message);
    case SaslMechanism::cram_md5:
      return take_cram(exchange, message, server);
    case SaslMechanism::scram_sha_256:
      return take_scram(exchange, message, server);
    case SaslMechanism::external:
      return take_external(message, server);
    case SaslMechanism::none:
      break;
  }
  return {.kind = Kind::malformed};
}

/// An exchange is over unless the client was asked for more.
SaslOutcome settled(SaslExchange& exchange, SaslOutcome outcome) {
  if (outcome.kind != Kind::challenge) exchange = {};
  return outcome;
}

/// What the text protocols write in a challenge's place.
SaslOutcome in_base64(SaslOutcome outcome) {
  outcome.challenge = to_base64(view_of(outcome.challenge));
  return outcome;
}

}  // namespace

std::optional<SaslMechanism> sasl_mechanism(std::string_view name) {
  for (const auto mechanism : {SaslMechanism::plain, SaslMechanism::login, SaslMechanism::cram_md5,
                               SaslMechanism::scram_sha_256, SaslMechanism::external}) {
    if (equals_ignoring_case(name, to_string(mechanism))) return mechanism;
  }
  return std::nullopt;
}

std::string_view to_string(SaslMechanism mechanism) {
  switch (mechanism) {
    case SaslMechanism::plain:
      return "PLAIN";
    case SaslMechanism::login:
      return "LOGIN";
    case SaslMechanism::cram_md5:
      return "CRAM-MD5";
    case SaslMechanism::scram_sha_256:
      return "SCRAM-SHA-256";
    case SaslMechanism::external:
      return "EXTERNAL";
    case SaslMechanism::none:
      break;
  }
  return "";
}

std::optional<AuthCommand> parse_auth_argument(std::string_view argument) {
  // RFC 4954 §4, RFC 5034 §4: AUTH mechanism [initial-response].
  const std::size_t space = argument.find(' ');
  const std::string_view mechanism = argument.substr(0, space);
  if (!is_mechanism_name(mechanism)) return std::nullopt;
  AuthCommand command{to_upper(mechanism), std::nullopt};
  if (space == std::string_view::npos) return command;
  const std::string_view initial = argument.substr(space + 1);
  if (initial.empty() || initial.find(' ') != std::string_view::npos) return std::nullopt;
  command.initial_response = initial;
  return command;
}

std::string compose_auth(std::string_view mechanism,
                         std::optional<std::string_view> initial_response) {
  std::string line("AUTH ");
  line.append(mechanism);
  if (initial_response) {
    line.append(" ").append(initial_response->empty() ? "=" : *initial_response);
  }
  return line.append("\r\n");
}

Secret plain_message(const SaslCredentials& credentials) {
  std::string message = credentials.authzid;
  message.reserve(credentials.authzid.size() + credentials.authcid.size() +
                  credentials.password.reveal().size() + 2);
  message += '\0';
  message += credentials.authcid;
  message += '\0';
  message += credentials.password.reveal();
  Secret secret(message);
  wipe(message);
  return secret;
}

std::optional<SaslCredentials> parse_plain_message(std::string_view message) {
  // RFC 4616 §2: message = [authzid] UTF8NUL authcid UTF8NUL passwd.
  const std::size_t first = message.find('\0');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = message.find('\0', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const std::string_view name = message.substr(first + 1, second - first - 1);
  const std::string_view password = message.substr(second + 1);
  if (name.empty() || password.empty() || password.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  if (!is_utf8(message)) return std::nullopt;
  return SaslCredentials{.authzid = std::string(message.substr(0, first)),
                         .authcid = std::string(name),
                         .password = Secret(password)};
}

bool client_speaks_first(SaslMechanism mechanism) {
  // LOGIN prompts for the name, but clients give it as an initial response too.
  return mechanism != SaslMechanism::cram_md5;
}

SaslOutcome start_sasl(SaslExchange& exchange, SaslMechanism mechanism,
                       std::optional<std::string_view> initial, const SaslServer& server) {
  const bool on_secrets =
      mechanism == SaslMechanism::cram_md5 || mechanism == SaslMechanism::scram_sha_256;
  if (on_secrets && (server.secrets == nullptr || !server.nonce)) {
    throw std::invalid_argument("a SASL mechanism without the secrets that it needs");
  }
  exchange = {.mechanism = mechanism};
  if (mechanism == SaslMechanism::cram_md5) {
    // RFC 4422 §3: where the server begins there is no initial response.
    if (initial) return settled(exchange, {.kind = Kind::malformed});
    exchange.challenge = cram_challenge(server.nonce(), server.host);
    return challenge(exchange.challenge);
  }
  if (!initial) return challenge(mechanism == SaslMechanism::login ? kUserPrompt : "");
  return settled(exchange, take(exchange, *initial, server));
}

SaslOutcome step_sasl(SaslExchange& exchange, std::string_view message, const SaslServer& server) {
  return settled(exchange, take(exchange, message, server));
}

SaslOutcome begin_sasl(SaslExchange& exchange, SaslMechanism mechanism,
                       std::optional<std::string_view> initial, const SaslServer& server) {
  exchange = {};
  if (!initial) return in_base64(start_sasl(exchange, mechanism, std::nullopt, server));
  // RFC 4954 §4: a lone "=" is an initial response of no octets.
  const std::string_view line = *initial == "=" ? std::string_view() : *initial;
  if (line.size() > kSaslBlobLimit) return {.kind = Kind::too_long};
  // RFC 4954 §4: what does not decode is answered by 501, not guessed at.
  const auto message = decode(line);
  if (!message) return {.kind = Kind::malformed, .undecodable = true};
  return in_base64(start_sasl(exchange, mechanism, message->reveal(), server));
}

SaslOutcome continue_sasl(SaslExchange& exchange, std::string_view line, const SaslServer& server) {
  // RFC 4954 §4: a lone "*" cancels.
  if (line == "*") return settled(exchange, {.kind = Kind::cancelled});
  if (line.size() > kSaslBlobLimit) return settled(exchange, {.kind = Kind::too_long});
  const auto message = decode(line);
  if (!message) return settled(exchange, {.kind = Kind::malformed, .undecodable = true});
  return in_base64(step_sasl(exchange, message->reveal(), server));
}

SaslClient::SaslClient(SaslMechanism mechanism, SaslCredentials credentials, std::string nonce)
    : mechanism_(mechanism),
      credentials_(std::move(credentials)),
      scram_(credentials_.authcid, credentials_.password, std::move(nonce), credentials_.authzid) {}

std::optional<Secret> SaslClient::respond(std::string_view challenge) {
  const auto octets = from_base64(challenge);
  if (!octets) return std::nullopt;
  const auto raw = message(said_++, text_of(*octets));
  if (!raw) return std::nullopt;
  std::string text = to_base64(view_of(raw->reveal()));
  Secret response(text);
  wipe(text);
  return response;
}

std::optional<Secret> SaslClient::message(int turn, std::string_view challenge) {
  switch (mechanism_) {
    case SaslMechanism::plain:
      if (turn == 0) return plain_message(credentials_);
      break;
    case SaslMechanism::login:
      if (turn == 0) return Secret(credentials_.authcid);
      if (turn == 1) return credentials_.password;
      break;
    case SaslMechanism::cram_md5:
      if (turn > 0 || challenge.empty()) break;
      return Secret(compose_cram_response(credentials_.authcid, challenge, credentials_.password));
    case SaslMechanism::scram_sha_256:
      if (turn == 0) return Secret(scram_.first());
      if (turn == 1) {
        if (const auto final = scram_.final(challenge)) return Secret(*final);
      }
      // RFC 5802 §5: additional data with success is checked, and answered by nothing.
      if (turn == 2 && scram_.verifies(challenge)) return Secret();
      break;
    case SaslMechanism::external:
      if (turn == 0) return Secret(credentials_.authzid);
      break;
    case SaslMechanism::none:
      break;
  }
  return std::nullopt;
}

}  // namespace assay
