#include "harness/protocol/sasl.h"

#include "harness/base/base64.h"
#include "harness/base/words.h"

#include <algorithm>
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

/// Octets of the UTF-8 sequence that starts at `text[at]`; 0 when there is none (RFC 3629 §4).
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = octet(at);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xc2 && lead <= 0xdf   ? 2
                             : lead >= 0xe0 && lead <= 0xef ? 3
                             : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                            : 0;
  if (length == 0 || text.size() - at < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((octet(at + i) & 0xc0) != 0x80) return 0;
  }
  const unsigned second = octet(at + 1);
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool surrogate = lead == 0xed && second > 0x9f;
  const bool too_high = lead == 0xf4 && second > 0x8f;
  return overlong || surrogate || too_high ? 0 : length;
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

/// Base64 text decoded into a string that wipes itself.
std::optional<Secret> decode(std::string_view line) {
  auto octets = from_base64(line);
  if (!octets) return std::nullopt;
  Secret decoded{text_of(*octets)};
  volatile std::uint8_t* const raw = octets->data();
  for (std::size_t i = 0; i < octets->size(); ++i) raw[i] = 0;
  return decoded;
}

SaslOutcome challenge(std::string_view text) {
  return {.kind = Kind::challenge, .challenge = to_base64(view_of(text))};
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

SaslOutcome take(SaslExchange& exchange, std::string_view base64) {
  if (base64.size() > kSaslBlobLimit) return {.kind = Kind::too_long};
  // RFC 4954 §4: what does not decode is answered by 501, not guessed at.
  const auto message = decode(base64);
  if (!message) return {.kind = Kind::malformed, .undecodable = true};
  return exchange.mechanism == SaslMechanism::plain ? take_plain(message->reveal())
                                                    : take_login(exchange, message->reveal());
}

/// An exchange is over unless the client was asked for more.
SaslOutcome settled(SaslExchange& exchange, SaslOutcome outcome) {
  if (outcome.kind != Kind::challenge) exchange = {};
  return outcome;
}

}  // namespace

std::optional<SaslMechanism> sasl_mechanism(std::string_view name) {
  for (const auto mechanism : {SaslMechanism::plain, SaslMechanism::login}) {
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

SaslOutcome begin_sasl(SaslExchange& exchange, SaslMechanism mechanism,
                       std::optional<std::string_view> initial) {
  exchange = {.mechanism = mechanism};
  if (!initial) return challenge(mechanism == SaslMechanism::login ? kUserPrompt : "");
  // RFC 4954 §4: a lone "=" is an initial response of no octets.
  return settled(exchange, take(exchange, *initial == "=" ? std::string_view() : *initial));
}

SaslOutcome continue_sasl(SaslExchange& exchange, std::string_view line) {
  // RFC 4954 §4: a lone "*" cancels.
  if (line == "*") return settled(exchange, {.kind = Kind::cancelled});
  return settled(exchange, take(exchange, line));
}

std::optional<Secret> SaslClient::respond() {
  const int turn = said_++;
  if (mechanism_ == SaslMechanism::plain && turn == 0) {
    std::string text = to_base64(view_of(plain_message(credentials_).reveal()));
    Secret response(text);
    wipe(text);
    return response;
  }
  if (mechanism_ != SaslMechanism::login || turn > 1) return std::nullopt;
  std::string text =
      to_base64(view_of(turn == 0 ? credentials_.authcid : credentials_.password.reveal()));
  Secret response(text);
  wipe(text);
  return response;
}

}  // namespace assay
