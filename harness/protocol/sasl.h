// SASL: the mechanisms PLAIN (RFC 4616) and LOGIN, client and server, as text protocols carry them:
// base64 lines, "*" to cancel, "=" for an empty initial response (RFC 4954 §4).
// Used by the services and dialogues of SMTP, POP3 and NNTP.
#pragma once

#include "harness/base/bytes.h"
#include "harness/base/secret.h"

#include <optional>
#include <string>
#include <string_view>

namespace assay {

enum class SaslMechanism { none, plain, login };

/// By its registered name, in any case; nothing for a mechanism not spoken here.
[[nodiscard]] std::optional<SaslMechanism> sasl_mechanism(std::string_view name);
[[nodiscard]] std::string_view to_string(SaslMechanism mechanism);

/// AUTH of SMTP (RFC 4954 §4) and POP3 (RFC 5034 §4).
struct AuthCommand {
  std::string mechanism;  // in upper case
  std::optional<std::string> initial_response;
};

/// What stands behind AUTH and a space; nothing where it has not that form.
[[nodiscard]] std::optional<AuthCommand> parse_auth_argument(std::string_view argument);
/// The command line, CRLF included. An empty initial response is written "=".
[[nodiscard]] std::string compose_auth(std::string_view mechanism,
                                       std::optional<std::string_view> initial_response = {});

/// The longest base64 blob that is decoded, in octets.
inline constexpr std::size_t kSaslBlobLimit = 64UL * 1024;

struct SaslCredentials {
  std::string authzid;  // whom to act as; empty: as authcid
  std::string authcid;  // whose password it is
  Secret password;
};

/// The message of RFC 4616 §2, not yet base64.
[[nodiscard]] Secret plain_message(const SaslCredentials& credentials);
/// Strict: two NULs, a name and a password that are not empty, UTF-8 throughout.
[[nodiscard]] std::optional<SaslCredentials> parse_plain_message(std::string_view message);

/// The server's side of an exchange, a value that lives in the session's state.
struct SaslExchange {
  SaslMechanism mechanism = SaslMechanism::none;
  std::string user;  // LOGIN: the name, once it came
  bool operator==(const SaslExchange&) const = default;
};

/// What a client's line led to.
struct SaslOutcome {
  enum class Kind { challenge, credentials, cancelled, malformed, too_long };
  Kind kind = Kind::malformed;
  std::string challenge;  // base64, for Kind::challenge
  SaslCredentials credentials;
  bool undecodable = false;  // malformed: no base64 at all, which RFC 4643 §2.4.2 answers apart
};

/// Starts an exchange; `initial` is the initial response as it stood in the command.
[[nodiscard]] SaslOutcome begin_sasl(SaslExchange& exchange, SaslMechanism mechanism,
                                     std::optional<std::string_view> initial);
/// Goes on with the client's line. Any outcome but a challenge ends the exchange.
[[nodiscard]] SaslOutcome continue_sasl(SaslExchange& exchange, std::string_view line);

/// The client's side: its responses, one after the other, base64 and ready for the wire.
class SaslClient {
 public:
  SaslClient(SaslMechanism mechanism, SaslCredentials credentials)
      : mechanism_(mechanism), credentials_(std::move(credentials)) {}

  [[nodiscard]] SaslMechanism mechanism() const { return mechanism_; }
  /// The next response; nothing when all was said (the server then asks for more than there is).
  [[nodiscard]] std::optional<Secret> respond();

 private:
  SaslMechanism mechanism_;
  SaslCredentials credentials_;
  int said_ = 0;
};

}  // namespace assay
