// Pop3Config: what a POP3 listener of the reference server offers, demands and bears.
// Filled by the composition root or a setup; read by Pop3Service and its parts.
#pragma once

#include "harness/protocol/pop3.h"
#include "harness/protocol/sasl.h"
#include "reference_server/auth_level.h"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace assay {

struct Pop3Limits {
  std::size_t command_line = kPop3CommandLimit;  // octets, CRLF included
  std::size_t hard_line = 64UL * 1024;           // a line beyond this ends the session
  std::size_t sasl_blob = kSaslBlobLimit;        // a line of an AUTH exchange, CRLF not included
  std::size_t errors = 20;  // refusals answered, but for [IN-USE]; the next one ends the session
};

struct Pop3Config {
  std::string hostname = "pop.assay.test";
  AuthLevel auth = AuthLevel::tls_only;
  bool starttls = true;       // there is a key, and this is no implicit listener
  bool tls_required = false;  // RFC 2595 §2.2: before TLS nothing but CAPA, STLS and QUIT
  std::vector<std::string>
      further_mechanisms{};              // listed inside TLS beside our own, refused when used
  std::function<std::string()> nonce{};  // a new word each time; AuthLevel::challenge needs it
  Pop3Limits limits{};
  /// RFC 1939 §7: a new msg-id each time, "<1896.697170952@host>", for the greeting. APOP is
  /// offered where this is set, authentication is, and a greeting is given.
  std::function<std::string()> timestamp{};
  /// In front of each unique-id, at most 40 characters of 0x21 to 0x7e. The mail is gone with the
  /// process: something new in each keeps clients that remember ids (RFC 1939 §7) from taking new
  /// mail for old. Listeners of one store have the same.
  std::string uid_prefix{};
};

/// Whether somebody may log in, in this state of a session.
[[nodiscard]] inline bool offers_login(const Pop3Config& config, const SessionState& state) {
  return offers_auth(config.auth, state) && (state.secured() || !config.tls_required);
}

/// Whether they may by USER and PASS, which show the password.
[[nodiscard]] inline bool offers_user(const Pop3Config& config, const SessionState& state) {
  return offers_passwords(config.auth, state) && offers_login(config, state);
}

}  // namespace assay
