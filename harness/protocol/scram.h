// SCRAM-SHA-256 (RFC 5802, RFC 7677) without channel binding: the messages of both sides, raw, as
// LDAP carries them and the text protocols write them in base64. Driven by the SASL exchange.
#pragma once

#include "harness/base/bytes.h"
#include "harness/base/secret.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay {

/// RFC 7677 §4: at least so many.
inline constexpr std::uint32_t kScramIterations = 4096;
/// What a client does for a server that asks for more: nothing.
inline constexpr std::uint32_t kScramMaxIterations = 1'000'000;
/// Octets of a message, of a name and of a nonce; longer ones are malformed.
inline constexpr std::size_t kScramMessageLimit = 8UL * 1024;
inline constexpr std::size_t kScramNameLimit = 1024;
inline constexpr std::size_t kScramNonceLimit = 1024;

struct ScramSalt {
  Bytes octets;
  std::uint32_t iterations = kScramIterations;
};

/// What a server keeps in a password's place (RFC 5802 §3), 32 octets each.
struct ScramKeys {
  Secret stored;  // StoredKey
  Secret server;  // ServerKey
};

/// Costs `iterations` of HMAC: derive once. The password is taken as it is: ASCII text is its own
/// SASLprep (RFC 4013 §2), other text has to come prepared.
[[nodiscard]] ScramKeys scram_keys(std::string_view password, const ScramSalt& salt);

/// The server's side of an exchange, a value.
struct ScramExchange {
  std::string user;
  std::string authzid;       // empty: as the user
  std::string gs2_header;    // as it came: "n,," and the like
  std::string client_first;  // client-first-message-bare
  std::string nonce;         // the client's, then both
  std::string server_first;
  bool operator==(const ScramExchange&) const = default;
};

/// malformed: no SCRAM message; refused: one that does not lead to a login.
enum class ScramFault { malformed, refused };

/// Reads the client-first-message. `plus_offered`: a mechanism with channel binding is listed.
[[nodiscard]] tl::expected<void, ScramFault> take_scram_first(ScramExchange& exchange,
                                                              std::string_view message,
                                                              bool plus_offered);
/// The server-first-message; `nonce` is ours, printable, without a comma, new in each exchange.
[[nodiscard]] std::string answer_scram_first(ScramExchange& exchange, std::string_view nonce,
                                             const ScramSalt& salt);
/// The server-final-message to a client-final-message whose proof fits; null keys are nobody's and
/// are refused last of all (RFC 5802 §9: who exists is not told).
[[nodiscard]] tl::expected<std::string, ScramFault> answer_scram_final(
    const ScramExchange& exchange, std::string_view message, const ScramKeys* keys);

/// The client's side. `nonce` as above; `flag` is the gs2-cbind-flag: n, or y for a client that
/// could bind and believes that the server cannot (RFC 5802 §6).
class ScramClient {
 public:
  ScramClient(const std::string& user, Secret password, std::string nonce,
              const std::string& authzid = {}, char flag = 'n');

  [[nodiscard]] std::string first() const;
  /// The client-final-message; nothing for a server-first-message that no client should answer.
  [[nodiscard]] std::optional<std::string> final(std::string_view server_first);
  /// Whether the server knows the password too.
  [[nodiscard]] bool verifies(std::string_view server_final) const;

 private:
  std::string gs2_header_;
  std::string first_bare_;
  std::string nonce_;
  Secret password_;
  std::string server_signature_;  // base64, once final() has been called
};

}  // namespace assay
