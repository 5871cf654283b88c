// What a POP3 server offers in its reply to CAPA (RFC 2449 §5), known tags as fields and all of
// them as they came: duplicates and unknown ones are there to be seen.
// Used by the dialogue, by facts and by the negotiation checks.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay {

struct Pop3Capabilities {
  bool stls = false;                // RFC 2595 §4
  bool user = false;                // RFC 2449 §6.2
  bool top = false;                 // RFC 2449 §6.1
  bool uidl = false;                // RFC 2449 §6.8
  bool resp_codes = false;          // RFC 2449 §6.4
  bool auth_resp_code = false;      // RFC 3206 §6
  bool pipelining = false;          // RFC 2449 §6.6
  std::vector<std::string> sasl{};  // mechanisms, upper case, of every SASL line (RFC 5034 §3)
  std::string implementation{};     // RFC 2449 §6.9: free text
  std::vector<std::pair<std::string, std::string>> all{};  // tag as sent, rest of the line

  /// How often the tag is listed, in any case.
  [[nodiscard]] std::size_t count(std::string_view tag) const;
  [[nodiscard]] bool offers_sasl(std::string_view mechanism) const;
  bool operator==(const Pop3Capabilities&) const = default;
};

/// From the lines of a positive reply to CAPA. Never fails: odd lines are kept in `all`.
[[nodiscard]] Pop3Capabilities parse_pop3_capabilities(std::span<const std::string> lines);

}  // namespace assay
