#include "harness/protocol/smtp_capabilities.h"

#include "harness/base/words.h"

#include <algorithm>

namespace assay {
namespace {

void note(SmtpCapabilities& capabilities, std::string_view keyword, std::string_view arguments) {
  const std::string name = to_upper(keyword);
  if (name == "STARTTLS") capabilities.starttls = true;
  if (name == "PIPELINING") capabilities.pipelining = true;
  if (name == "8BITMIME") capabilities.eight_bit_mime = true;
  if (name == "CHUNKING") capabilities.chunking = true;
  if (name == "BINARYMIME") capabilities.binary_mime = true;
  if (name == "ENHANCEDSTATUSCODES") capabilities.enhanced_status_codes = true;
  if (name == "SMTPUTF8") capabilities.smtputf8 = true;
  if (name == "AUTH") {
    // RFC 4954 §3: the keyword's parameters are the mechanisms, separated by spaces.
    for (const std::string_view word : split_words(arguments)) {
      capabilities.auth.push_back(to_upper(word));
    }
  }
  if (name == "SIZE") {
    capabilities.size_offered = true;
    capabilities.size = parse_number(arguments);
  }
}

}  // namespace

std::size_t SmtpCapabilities::count(std::string_view keyword) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      all, [&](const auto& entry) { return equals_ignoring_case(entry.first, keyword); }));
}

bool SmtpCapabilities::offers_auth(std::string_view mechanism) const {
  return std::ranges::any_of(
      auth, [&](const std::string& one) { return equals_ignoring_case(one, mechanism); });
}

SmtpCapabilities parse_capabilities(std::span<const std::string> lines) {
  SmtpCapabilities capabilities;
  if (lines.empty()) return capabilities;
  capabilities.greeting = lines.front();
  for (const std::string& line : lines.subspan(1)) {
    // RFC 5321 §4.1.1.1: ehlo-line = ehlo-keyword *(SP ehlo-param).
    const std::size_t space = line.find(' ');
    const std::string keyword = line.substr(0, space);
    const std::string arguments = space == std::string::npos ? "" : line.substr(space + 1);
    note(capabilities, keyword, arguments);
    capabilities.all.emplace_back(keyword, arguments);
  }
  return capabilities;
}

}  // namespace assay
