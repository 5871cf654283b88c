// NntpConfig: what an NNTP listener of the reference server offers, demands and bears.
// Filled by the composition root or a setup; read by NntpService and its parts.
#pragma once

#include "harness/protocol/sasl.h"
#include "reference_server/auth_level.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace assay {

struct NntpLimits {
  std::size_t command_line = 512;            // octets, CRLF included (RFC 3977 §3.1)
  std::size_t hard_line = 64UL * 1024;       // a line beyond this ends the session
  std::size_t sasl_blob = kSaslBlobLimit;    // base64 of one response, CRLF not included
  std::size_t article = 16UL * 1024 * 1024;  // as it is posted
  std::size_t headers = 64UL * 1024;         // of an article that is posted
  std::size_t skipped = 64UL * 1024 * 1024;  // of one article that is thrown away
  std::size_t listing = 32UL * 1024 * 1024;  // of what OVER or HDR answers at once
  std::size_t errors = 20;  // refusals (5yz, 48z) answered; the next one ends the session
};

/// Who may post.
enum class Posting { nobody, authenticated, anybody };

struct NntpConfig {
  std::string hostname = "news.assay.test";
  AuthLevel auth = AuthLevel::tls_only;
  Posting posting = Posting::anybody;
  bool starttls = true;         // there is a key, and this is no implicit listener
  bool tls_required = false;    // RFC 3977 §3.2.1: 483 for all that reads, posts or logs in
  bool mode_switching = false;  // RFC 3977 §3.4.2: in the clear, MODE READER comes first
  std::vector<std::string>
      further_mechanisms{};              // listed inside TLS beside our own, refused by 503
  std::function<std::string()> nonce{};  // a new word each time; AuthLevel::challenge needs it
  NntpLimits limits{};
  std::function<std::chrono::sys_seconds()> now{};  // UTC; without it, it is always 1 January 1970

  [[nodiscard]] std::chrono::sys_seconds time() const {
    return now ? now() : std::chrono::sys_seconds{};
  }
};

/// RFC 3977 §3.2.1: whether this state waits for TLS before anything of substance.
[[nodiscard]] inline bool waits_for_tls(const NntpConfig& config, const SessionState& state) {
  return config.tls_required && !state.secured();
}

}  // namespace assay
