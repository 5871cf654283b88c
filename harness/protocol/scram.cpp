#include "harness/protocol/scram.h"

#include "harness/base/base64.h"
#include "harness/base/utf8.h"
#include "harness/crypto/kdf.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace assay {
namespace {

constexpr Hash kHash = Hash::sha256;

tl::unexpected<ScramFault> malformed() { return tl::unexpected(ScramFault::malformed); }
tl::unexpected<ScramFault> refused() { return tl::unexpected(ScramFault::refused); }

/// The attributes of a message, one after the other (RFC 5802 §5: attr-val, between commas).
class Attributes {
 public:
  explicit Attributes(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool more() const { return more_; }
  [[nodiscard]] std::string_view rest() const { return rest_; }
  /// Up to the next comma, or the end.
  std::string_view next() {
    const std::size_t comma = rest_.find(',');
    const std::string_view taken = rest_.substr(0, comma);
    more_ = comma != std::string_view::npos;
    rest_.remove_prefix(more_ ? comma + 1 : rest_.size());
    return taken;
  }
  /// The value of the next attribute, which has to be called `name`.
  std::optional<std::string_view> value(char name) {
    if (!more_) return std::nullopt;
    const std::string_view taken = next();
    if (taken.size() < 2 || taken[0] != name || taken[1] != '=') return std::nullopt;
    return taken.substr(2);
  }
  /// Passes over extensions (RFC 5802 §5.1: those that are not known are ignored).
  bool only_extensions() {
    while (more_) {
      const std::string_view taken = next();
      const bool letter = !taken.empty() && ((taken[0] >= 'a' && taken[0] <= 'z') ||
                                             (taken[0] >= 'A' && taken[0] <= 'Z'));
      if (taken.size() < 3 || !letter || taken[0] == 'm' || taken[1] != '=') return false;
    }
    return true;
  }

 private:
  std::string_view rest_;
  bool more_ = true;
};

std::string saslname_of(std::string_view name) {
  std::string escaped;
  for (const char c : name) {
    if (c == ',') {
      escaped += "=2C";
    } else if (c == '=') {
      escaped += "=3D";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

/// RFC 5802 §5.1: "=" stands for nothing but "=2C" and "=3D"; other uses fail the authentication.
std::optional<std::string> name_of_saslname(std::string_view text) {
  std::string name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      name += text[i];
      continue;
    }
    const std::string_view escape = text.substr(i, 3);
    if (escape != "=2C" && escape != "=3D") return std::nullopt;
    name += escape == "=2C" ? ',' : '=';
    i += 2;
  }
  // RFC 4013 §2.3: control characters are prohibited in what SASLprep has prepared.
  const bool controls = std::ranges::any_of(
      name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (name.empty() || name.size() > kScramNameLimit || controls || !is_utf8(name)) {
    return std::nullopt;
  }
  return name;
}

bool is_nonce(std::string_view text) {
  // RFC 5802 §7: printable = %x21-2B / %x2D-7E.
  return !text.empty() && text.size() <= kScramNonceLimit &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != ','; });
}

Bytes hmac_of(View key, std::string_view message) { return hmac(kHash, key, view_of(message)); }

Bytes exclusive_or(View a, View b) {
  Bytes both = bytes_of(a);
  for (std::size_t i = 0; i < both.size(); ++i) both[i] = static_cast<std::uint8_t>(both[i] ^ b[i]);
  return both;
}

Bytes salted_password(std::string_view password, const ScramSalt& salt) {
  return pbkdf2(kHash, view_of(password), salt.octets, salt.iterations, size_of(kHash));
}

std::string without_proof(std::string_view gs2_header, std::string_view nonce) {
  return "c=" + to_base64(view_of(gs2_header)) + ",r=" + std::string(nonce);
}

std::string auth_message(std::string_view client_first, std::string_view server_first,
                         std::string_view client_final) {
  std::string message(client_first);
  return message.append(",").append(server_first).append(",").append(client_final);
}

/// The gs2-header of RFC 5802 §7, with which the message begins.
tl::expected<void, ScramFault> take_gs2_header(ScramExchange& exchange, std::string_view message,
                                               Attributes& attributes, bool plus_offered) {
  const std::string_view flag = attributes.next();
  if (flag != "n" && flag != "y" && !flag.starts_with("p=")) return malformed();
  const std::string_view authzid = attributes.next();
  if (!attributes.more()) return malformed();
  if (!authzid.empty()) {
    const auto name =
        authzid.starts_with("a=") ? name_of_saslname(authzid.substr(2)) : std::nullopt;
    if (!name) return malformed();
    exchange.authzid = *name;
  }
  exchange.gs2_header = message.substr(0, message.size() - attributes.rest().size());
  // RFC 5802 §6: "y" says that the client saw no mechanism with channel binding; where one was
  // listed, somebody took it out on the way. "p" belongs to the mechanisms whose names end in
  // -PLUS.
  if ((flag == "y" && plus_offered) || flag.starts_with("p=")) return refused();
  return {};
}

}  // namespace

ScramKeys scram_keys(std::string_view password, const ScramSalt& salt) {
  // RFC 5802 §3: SaltedPassword := Hi(Normalize(password), salt, i).
  Bytes salted = salted_password(password, salt);
  Bytes client_key = hmac_of(salted, "Client Key");
  Bytes stored = digest(kHash, client_key);
  Bytes server = hmac_of(salted, "Server Key");
  ScramKeys keys{Secret(text_of(stored)), Secret(text_of(server))};
  for (Bytes* const octets : {&salted, &client_key, &stored, &server}) wipe(*octets);
  return keys;
}

tl::expected<void, ScramFault> take_scram_first(ScramExchange& exchange, std::string_view message,
                                                bool plus_offered) {
  exchange = {};
  if (message.size() > kScramMessageLimit) return malformed();
  Attributes attributes(message);
  if (auto header = take_gs2_header(exchange, message, attributes, plus_offered); !header) {
    return header;
  }
  exchange.client_first = attributes.rest();
  // RFC 5802 §5.1: "m" is a mandatory extension; none is known, so the authentication fails.
  if (attributes.rest().starts_with("m=")) return refused();
  const auto user = attributes.value('n');
  const auto nonce = attributes.value('r');
  if (!user || !nonce || !is_nonce(*nonce) || !attributes.only_extensions()) return malformed();
  auto name = name_of_saslname(*user);
  if (!name) return malformed();
  exchange.user = std::move(*name);
  exchange.nonce = *nonce;
  return {};
}

std::string answer_scram_first(ScramExchange& exchange, std::string_view nonce,
                               const ScramSalt& salt) {
  // RFC 5802 §5.1: the server's part follows the client's.
  exchange.nonce += nonce;
  exchange.server_first = "r=" + exchange.nonce + ",s=" + to_base64(salt.octets) +
                          ",i=" + std::to_string(salt.iterations);
  return exchange.server_first;
}

tl::expected<std::string, ScramFault> answer_scram_final(const ScramExchange& exchange,
                                                         std::string_view message,
                                                         const ScramKeys* keys) {
  if (message.size() > kScramMessageLimit) return malformed();
  // RFC 5802 §7: the proof comes last.
  const std::size_t end = message.rfind(",p=");
  if (end == std::string_view::npos) return malformed();
  const auto proof = from_base64(message.substr(end + 3));
  const std::string_view signed_part = message.substr(0, end);
  Attributes attributes(signed_part);
  const auto binding = attributes.value('c');
  const auto nonce = attributes.value('r');
  if (!proof || !binding || !nonce || !attributes.only_extensions()) return malformed();
  const auto header = from_base64(*binding);
  if (!header) return malformed();
  // RFC 5802 §5.1: the header that was sent first, and no channel binding data; both nonces.
  if (text_of(*header) != exchange.gs2_header || *nonce != exchange.nonce) return refused();
  if (proof->size() != size_of(kHash) || keys == nullptr) return refused();
  // RFC 5802 §3: ClientKey := ClientProof XOR ClientSignature.
  const std::string said = auth_message(exchange.client_first, exchange.server_first, signed_part);
  const Bytes signature = hmac_of(view_of(keys->stored.reveal()), said);
  Bytes client_key = exclusive_or(*proof, signature);
  const bool right = keys->stored.matches(text_of(digest(kHash, client_key)));
  wipe(client_key);
  if (!right) return refused();
  return "v=" + to_base64(hmac_of(view_of(keys->server.reveal()), said));
}

ScramClient::ScramClient(const std::string& user, Secret password, std::string nonce,
                         const std::string& authzid, char flag)
    : gs2_header_(1, flag),
      first_bare_("n=" + saslname_of(user) + ",r=" + nonce),
      nonce_(std::move(nonce)),
      password_(std::move(password)) {
  gs2_header_ += authzid.empty() ? ",," : ",a=" + saslname_of(authzid) + ",";
}

std::string ScramClient::first() const { return gs2_header_ + first_bare_; }

std::optional<std::string> ScramClient::final(std::string_view server_first) {
  if (server_first.size() > kScramMessageLimit) return std::nullopt;
  Attributes attributes(server_first);
  const auto nonce = attributes.value('r');
  const auto salt = attributes.value('s');
  const auto count = attributes.value('i');
  if (!nonce || !salt || !count || !attributes.only_extensions()) return std::nullopt;
  ScramSalt salting;
  const auto octets = from_base64(*salt);
  const char* const end = count->data() + count->size();
  const auto [at, error] = std::from_chars(count->data(), end, salting.iterations);
  // RFC 5802 §5.1: the client's nonce comes back with something behind it.
  if (!octets || error != std::errc() || at != end || salting.iterations < kScramIterations ||
      salting.iterations > kScramMaxIterations || nonce->size() <= nonce_.size() ||
      !nonce->starts_with(nonce_)) {
    return std::nullopt;
  }
  salting.octets = *octets;
  Bytes salted = salted_password(password_.reveal(), salting);
  Bytes client_key = hmac_of(salted, "Client Key");
  const Bytes server_key = hmac_of(salted, "Server Key");
  std::string message = without_proof(gs2_header_, *nonce);
  const std::string said = auth_message(first_bare_, server_first, message);
  const Bytes proof = exclusive_or(client_key, hmac_of(digest(kHash, client_key), said));
  server_signature_ = to_base64(hmac_of(server_key, said));
  wipe(salted);
  wipe(client_key);
  return message + ",p=" + to_base64(proof);
}

bool ScramClient::verifies(std::string_view server_final) const {
  const std::string_view message = server_final.substr(0, server_final.find(','));
  return !server_signature_.empty() && message.starts_with("v=") &&
         Secret(server_signature_).matches(message.substr(2));
}

}  // namespace assay
