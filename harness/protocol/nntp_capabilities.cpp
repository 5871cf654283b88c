#include "harness/protocol/nntp_capabilities.h"

#include "harness/base/words.h"

#include <algorithm>

namespace assay {
namespace {

constexpr std::string_view kWhite = " \t";

/// RFC 3977 §3.3.1: tokens are separated by one or more spaces or TABs.
std::vector<std::string> tokens(std::string_view text) {
  std::vector<std::string> found;
  for (std::size_t at = text.find_first_not_of(kWhite); at != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(kWhite, at), text.size());
    found.emplace_back(text.substr(at, end - at));
    at = text.find_first_not_of(kWhite, end);
  }
  return found;
}

bool holds(std::span<const std::string> words, std::string_view word) {
  return std::ranges::any_of(
      words, [&](const std::string& one) { return equals_ignoring_case(one, word); });
}

void add_upper(std::vector<std::string>& to, std::span<const std::string> words) {
  for (const std::string& word : words) to.push_back(to_upper(word));
}

void note(NntpCapabilities& capabilities, std::string_view label, std::string_view rest) {
  const std::string name = to_upper(label);
  const std::vector<std::string> arguments = tokens(rest);
  if (name == "VERSION") capabilities.versions = arguments;
  if (name == "READER") capabilities.reader = true;
  if (name == "POST") capabilities.post = true;
  if (name == "IHAVE") capabilities.ihave = true;
  if (name == "NEWNEWS") capabilities.newnews = true;
  if (name == "HDR") capabilities.hdr = true;
  if (name == "MODE-READER") capabilities.mode_reader = true;
  if (name == "STARTTLS") capabilities.starttls = true;
  if (name == "IMPLEMENTATION") capabilities.implementation = rest;
  if (name == "SASL") add_upper(capabilities.sasl, arguments);
  if (name == "LIST") add_upper(capabilities.list, arguments);
  if (name == "OVER") {
    capabilities.over = true;
    capabilities.over_message_id |= holds(arguments, "MSGID");
  }
  if (name == "AUTHINFO") {
    // RFC 4643 §2.1: without arguments it says that no login is to be had in this state.
    capabilities.authinfo = true;
    capabilities.authinfo_user |= holds(arguments, "USER");
    capabilities.authinfo_sasl |= holds(arguments, "SASL");
  }
}

}  // namespace

std::size_t NntpCapabilities::count(std::string_view label) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      all, [&](const auto& entry) { return equals_ignoring_case(entry.first, label); }));
}

bool NntpCapabilities::offers_sasl(std::string_view mechanism) const {
  return holds(sasl, mechanism);
}

bool NntpCapabilities::lists(std::string_view variant) const { return holds(list, variant); }

NntpCapabilities parse_nntp_capabilities(std::span<const std::string> lines) {
  NntpCapabilities capabilities;
  for (const std::string& line : lines) {
    const std::size_t white = line.find_first_of(kWhite);
    const std::string label = line.substr(0, white);
    const std::string rest = white == std::string::npos ? "" : line.substr(white + 1);
    note(capabilities, label, rest);
    capabilities.all.emplace_back(label, rest);
  }
  capabilities.version_first =
      !capabilities.all.empty() && equals_ignoring_case(capabilities.all.front().first, "VERSION");
  return capabilities;
}

}  // namespace assay
