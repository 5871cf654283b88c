// SaslLogin: which mechanisms a listener has in a state of a session, and exchanges from the
// command to the account that they open. The one place for what SMTP, POP3 and NNTP share of it;
// LDAP, whose messages are raw, takes the offer and the server's side from here.
#pragma once

#include "harness/protocol/sasl.h"
#include "reference_server/accounts.h"
#include "reference_server/auth_level.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// On what terms a listener lets people log in.
struct SaslTerms {
  AuthLevel level = AuthLevel::tls_only;
  std::string host{};                    // in CRAM-MD5's challenge
  std::function<std::string()> nonce{};  // a new word each time; AuthLevel::challenge needs it
  std::vector<std::string> further_mechanisms{};  // listed inside TLS beside our own, refused
};

/// The mechanisms to be had, the best first.
[[nodiscard]] std::vector<SaslMechanism> offered_mechanisms(AuthLevel level,
                                                            const SessionState& state);
/// The server's side of an exchange. Throws std::invalid_argument where the terms lack a nonce.
[[nodiscard]] SaslServer sasl_server(const SaslTerms& terms, const Accounts& accounts,
                                     const SessionState& state);

/// What a line of an exchange has come to.
struct SaslReply {
  /// rejected: credentials that open nothing. malformed: no message of the mechanism. undecodable:
  /// no base64. unsupported: no mechanism of this session. needs_tls: it would be one inside TLS.
  enum class Kind {
    challenge,
    accepted,
    rejected,
    cancelled,
    malformed,
    undecodable,
    too_long,
    unsupported,
    needs_tls
  };
  Kind kind = Kind::rejected;
  std::string data{};  // base64: the challenge; with accepted, additional data; may be empty
  std::string user{};  // who was let in
};

class SaslLogin {
 public:
  /// Where a mechanism's last word goes: into the reply of success, or into a challenge that the
  /// client answers by an empty line (RFC 4422 §3.6).
  enum class SuccessData { in_reply, as_challenge };

  /// `accounts` outlives the login. Throws std::invalid_argument where the terms lack a nonce.
  SaslLogin(SaslTerms terms, const Accounts& accounts, SuccessData success_data);

  /// As capability lists have them, one space between; empty where nobody can log in.
  [[nodiscard]] std::string mechanism_list(const SessionState& state) const;
  /// `exchange` is under way after a challenge, and over after anything else.
  [[nodiscard]] SaslReply begin(const SessionState& state, SaslExchange& exchange,
                                std::string_view mechanism,
                                const std::optional<std::string>& initial_response) const;
  [[nodiscard]] SaslReply go_on(const SessionState& state, SaslExchange& exchange,
                                std::string_view line) const;

 private:
  [[nodiscard]] SaslReply settle(SaslExchange& exchange, SaslOutcome outcome) const;

  SaslTerms terms_;
  const Accounts& accounts_;
  SuccessData success_data_;
};

}  // namespace assay
