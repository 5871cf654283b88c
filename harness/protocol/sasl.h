// SASL: PLAIN (RFC 4616), LOGIN, CRAM-MD5, SCRAM-SHA-256 and EXTERNAL (RFC 4422 App. A), client and
// server, raw for LDAP, and as text protocols carry them: base64 lines, "*" to cancel, "=" for an
// empty initial response (RFC 4954 §4). Used by the services and dialogues of all four protocols.
#pragma once

#include "harness/base/bytes.h"
#include "harness/base/secret.h"
#include "harness/protocol/scram.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace assay {

enum class SaslMechanism { none, plain, login, cram_md5, scram_sha_256, external };

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

/// What is known of the accounts, for the mechanisms that never see a password. The server has it.
class SaslSecrets {
 public:
  virtual ~SaslSecrets() = default;
  /// Null where there is nobody of that name.
  [[nodiscard]] virtual const Secret* password_of(std::string_view user) const = 0;
  /// For every name, known or not, always the same (RFC 5802 §5.1: who exists is not told).
  [[nodiscard]] virtual ScramSalt scram_salt(std::string_view user) const = 0;
  /// Null where there is nobody of that name.
  [[nodiscard]] virtual const ScramKeys* scram_keys(std::string_view user) const = 0;
};

/// What the server's side stands on beside the exchange. PLAIN and LOGIN need none of it.
struct SaslServer {
  const SaslSecrets* secrets = nullptr;  // outlives the call; CRAM-MD5 and SCRAM need it
  std::function<std::string()> nonce{};  // a new word each time, as SCRAM wants it
  std::string host{};                    // in CRAM-MD5's challenge
  bool plus_offered = false;             // a SCRAM mechanism with channel binding is listed
  std::string certified_user{};          // EXTERNAL: whom the certificate proves; empty: nobody
};

/// The server's side of an exchange, a value that lives in the session's state.
struct SaslExchange {
  SaslMechanism mechanism = SaslMechanism::none;
  std::string user{};       // LOGIN: the name, once it came
  std::string challenge{};  // CRAM-MD5
  ScramExchange scram{};
  bool accepted = false;  // `user` is let in once the last challenge is answered
  bool operator==(const SaslExchange&) const = default;
};

/// What a client's message led to.
struct SaslOutcome {
  /// credentials: their password is still to be looked at; proven: authcid is who it says. In both
  /// whether it may act as authzid is for the caller to say. refused: a proof that does not fit.
  enum class Kind { challenge, credentials, proven, refused, cancelled, malformed, too_long };
  Kind kind = Kind::malformed;
  std::string challenge;  // for Kind::challenge; for Kind::proven additional data with success
  SaslCredentials credentials;
  bool undecodable = false;  // malformed: no base64 at all, which RFC 4643 §2.4.2 answers apart
};

/// Whether the client's message comes first, so that an initial response makes sense (RFC 4422 §3).
[[nodiscard]] bool client_speaks_first(SaslMechanism mechanism);

/// Starts an exchange; messages and challenges are raw. Without an initial response the client is
/// asked for one by an empty challenge. Throws std::invalid_argument for a server that has not what
/// the mechanism needs.
[[nodiscard]] SaslOutcome start_sasl(SaslExchange& exchange, SaslMechanism mechanism,
                                     std::optional<std::string_view> initial,
                                     const SaslServer& server);
/// Goes on with the client's message. Any outcome but a challenge ends the exchange.
[[nodiscard]] SaslOutcome step_sasl(SaslExchange& exchange, std::string_view message,
                                    const SaslServer& server);

/// The same in lines of base64; `initial` is the initial response as it stood in the command.
[[nodiscard]] SaslOutcome begin_sasl(SaslExchange& exchange, SaslMechanism mechanism,
                                     std::optional<std::string_view> initial,
                                     const SaslServer& server = {});
[[nodiscard]] SaslOutcome continue_sasl(SaslExchange& exchange, std::string_view line,
                                        const SaslServer& server = {});

/// The client's side: its responses, one after the other, base64 and ready for the wire.
class SaslClient {
 public:
  /// SCRAM needs a nonce, printable and without a comma. EXTERNAL says authzid alone.
  SaslClient(SaslMechanism mechanism, SaslCredentials credentials, std::string nonce = {});

  [[nodiscard]] SaslMechanism mechanism() const { return mechanism_; }
  /// The next response, to `challenge` in base64 or to none; nothing when all was said (the server
  /// then asks for more than there is) or the challenge is not to be answered.
  [[nodiscard]] std::optional<Secret> respond(std::string_view challenge = {});

 private:
  [[nodiscard]] std::optional<Secret> message(int turn, std::string_view challenge);

  SaslMechanism mechanism_;
  SaslCredentials credentials_;
  ScramClient scram_;
  int said_ = 0;
};

}  // namespace assay
