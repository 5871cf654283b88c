#include "harness/protocol/pop3_capabilities.h"

#include "harness/base/words.h"

#include <algorithm>

namespace assay {
namespace {

void note(Pop3Capabilities& capabilities, std::string_view tag, std::string_view arguments) {
  // RFC 2449 §5: capability names are case-insensitive.
  const std::string name = to_upper(tag);
  if (name == "STLS") capabilities.stls = true;
  if (name == "USER") capabilities.user = true;
  if (name == "TOP") capabilities.top = true;
  if (name == "UIDL") capabilities.uidl = true;
  if (name == "RESP-CODES") capabilities.resp_codes = true;
  if (name == "AUTH-RESP-CODE") capabilities.auth_resp_code = true;
  if (name == "PIPELINING") capabilities.pipelining = true;
  if (name == "IMPLEMENTATION") capabilities.implementation = arguments;
  if (name == "SASL") {
    // RFC 5034 §3: the arguments are the mechanisms, separated by spaces.
    for (const std::string_view word : split_words(arguments)) {
      capabilities.sasl.push_back(to_upper(word));
    }
  }
}

}  // namespace

std::size_t Pop3Capabilities::count(std::string_view tag) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      all, [&](const auto& entry) { return equals_ignoring_case(entry.first, tag); }));
}

bool Pop3Capabilities::offers_sasl(std::string_view mechanism) const {
  return std::ranges::any_of(
      sasl, [&](const std::string& one) { return equals_ignoring_case(one, mechanism); });
}

Pop3Capabilities parse_pop3_capabilities(std::span<const std::string> lines) {
  Pop3Capabilities capabilities;
  for (const std::string& line : lines) {
    // RFC 2449 §3: capability-line = capa-tag *(SP capa-param).
    const std::size_t space = line.find(' ');
    const std::string tag = line.substr(0, space);
    const std::string arguments = space == std::string::npos ? "" : line.substr(space + 1);
    note(capabilities, tag, arguments);
    capabilities.all.emplace_back(tag, arguments);
  }
  return capabilities;
}

}  // namespace assay
