// SmtpConfig: what an SMTP listener of the reference server offers, demands and bears.
// Filled by the composition root or a setup; read by SmtpService and its parts.
#pragma once

#include "harness/protocol/sasl.h"
#include "reference_server/auth_level.h"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace assay {

struct SmtpLimits {
  std::size_t command_line = 1000;           // octets, CRLF included
  std::size_t hard_line = 64UL * 1024;       // a line beyond this ends the session
  std::size_t sasl_blob = kSaslBlobLimit;    // a line of an AUTH exchange, CRLF not included
  std::size_t message = 16UL * 1024 * 1024;  // announced as SIZE
  std::size_t skipped = 64UL * 1024 * 1024;  // of one message or chunk that is thrown away
  std::size_t recipients = 1000;
  std::size_t errors = 20;  // permanent refusals answered; the next one ends the session
};

struct SmtpConfig {
  std::string hostname = "mx.assay.test";
  std::vector<std::string> domains{};  // whose mail is taken from anybody
  AuthLevel auth = AuthLevel::tls_only;
  bool starttls = true;       // there is a key, and this is no implicit listener
  bool tls_required = false;  // RFC 3207 §4: nothing of substance in the clear
  std::vector<std::string>
      further_mechanisms{};              // listed inside TLS beside our own, refused by 504
  std::function<std::string()> nonce{};  // a new word each time; AuthLevel::challenge needs it
  SmtpLimits limits{};
  std::function<std::string()> date{};  // RFC 5322 date-time for trace headers; may be empty
};

}  // namespace assay
