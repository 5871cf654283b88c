// What an NNTP server offers in its reply to CAPABILITIES (RFC 3977 §3.3, §5.2), known labels as
// fields and all of them as they came: duplicates and unknown ones are there to be seen.
// Used by the dialogue, by facts and by the negotiation checks.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay {

struct NntpCapabilities {
  bool version_first = false;           // RFC 3977 §3.3.2: VERSION is the first line
  std::vector<std::string> versions{};  // arguments of VERSION, as sent
  bool reader = false;
  bool post = false;
  bool ihave = false;
  bool newnews = false;
  bool hdr = false;
  bool mode_reader = false;
  bool starttls = false;
  bool over = false;
  bool over_message_id = false;  // OVER MSGID
  bool authinfo = false;         // AUTHINFO stood there, with or without arguments
  bool authinfo_user = false;
  bool authinfo_sasl = false;
  std::vector<std::string> sasl{};  // mechanisms, upper case, of every SASL line
  std::vector<std::string> list{};  // variants of LIST, upper case
  std::string implementation{};
  std::vector<std::pair<std::string, std::string>> all{};  // label as sent, rest of the line

  /// How often the label is listed, in any case.
  [[nodiscard]] std::size_t count(std::string_view label) const;
  [[nodiscard]] bool offers_sasl(std::string_view mechanism) const;
  [[nodiscard]] bool lists(std::string_view variant) const;
  bool operator==(const NntpCapabilities&) const = default;
};

/// From the block of a 101 reply. Never fails: odd lines are kept in `all`.
[[nodiscard]] NntpCapabilities parse_nntp_capabilities(std::span<const std::string> lines);

}  // namespace assay
