// What an SMTP server offers in its reply to EHLO (RFC 5321 §4.1.1.1), known keywords as fields and
// all of them as they came: duplicates and unknown ones are there to be seen.
// Used by the dialogue, by facts and by the negotiation checks.
#pragma once

#include "harness/base/bytes.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay {

struct SmtpCapabilities {
  std::string greeting;  // the first line: domain and whatever follows it
  bool starttls = false;
  bool pipelining = false;
  bool eight_bit_mime = false;
  bool chunking = false;
  bool binary_mime = false;
  bool enhanced_status_codes = false;
  bool smtputf8 = false;
  std::vector<std::string> auth{};      // mechanisms, upper case, of every AUTH line
  bool size_offered = false;            // SIZE stood there, with or without a number
  std::optional<std::uint64_t> size{};  // RFC 1870 §4: nothing or 0 means no fixed limit
  std::vector<std::pair<std::string, std::string>> all{};  // keyword as sent, rest of the line

  /// How often the keyword is listed, in any case.
  [[nodiscard]] std::size_t count(std::string_view keyword) const;
  [[nodiscard]] bool offers_auth(std::string_view mechanism) const;
  bool operator==(const SmtpCapabilities&) const = default;
};

/// From the texts of a 250 reply to EHLO, without codes. Never fails: odd lines are kept in `all`.
[[nodiscard]] SmtpCapabilities parse_capabilities(std::span<const std::string> lines);

}  // namespace assay
