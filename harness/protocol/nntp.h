// The commands of NNTP (RFC 3977 §9.2, RFC 4642 §3.1, RFC 4643 §3.1), read by the service and
// composed by the dialogue. Reading is strict and gives data: a verb always, its words, and what
// they say or what is wrong with them.
#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

enum class NntpVerb {
  unknown,
  article,
  authinfo,
  body,
  capabilities,
  date,
  group,
  hdr,
  head,
  help,
  last,
  list,
  listgroup,
  mode,
  newgroups,
  newnews,
  next,
  over,
  post,
  quit,
  starttls,
  stat
};

/// As it is written on the wire; empty for unknown.
[[nodiscard]] std::string_view to_string(NntpVerb verb);

struct NntpCommand {
  NntpVerb verb = NntpVerb::unknown;
  std::vector<std::string> arguments;  // the words behind the verb
  std::string rest;  // what is behind the verb and one space or TAB, octet by octet
  std::string raw;   // the whole line without its CRLF
};

/// Splits a line (without CRLF) at spaces and TABs; verbs in any case (RFC 3977 §3.1).
[[nodiscard]] NntpCommand parse_nntp_command(std::string_view line);

enum class NntpSyntax {
  missing_argument,
  too_many_arguments,
  bad_argument,
  unknown_variant,  // of a command with a second keyword (RFC 3977 §3.2.1)
};

/// A sentence for a reply or a report.
[[nodiscard]] std::string_view to_string(NntpSyntax syntax);

template <typename T>
using NntpParsed = tl::expected<T, NntpSyntax>;

/// Article numbers, both ends included (RFC 3977 §6.1.2.2).
struct NntpRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;  // below first: a range that contains nothing
  bool operator==(const NntpRange&) const = default;
};

/// What ARTICLE, OVER, HDR and their kin point at: a message-id, numbers in the selected group, or
/// (neither) the current article.
struct NntpSelector {
  std::string message_id{};
  std::optional<NntpRange> range{};
  bool operator==(const NntpSelector&) const = default;
};

/// The most digits of an article number (RFC 3977 §6).
inline constexpr std::size_t kNntpNumberDigits = 16;

/// RFC 3977 §3.6: 3 to 250 octets of printable US-ASCII in angle brackets.
[[nodiscard]] bool is_message_id(std::string_view text);
/// RFC 3977 §2: three or more letters, digits, dots and dashes, a letter first.
[[nodiscard]] bool is_nntp_keyword(std::string_view text);

/// "7", "7-" or "7-9".
[[nodiscard]] NntpParsed<NntpRange> parse_nntp_range(std::string_view text);
/// The argument of ARTICLE, HEAD, BODY and STAT: a message-id or one number.
[[nodiscard]] NntpParsed<NntpSelector> parse_article_selector(std::string_view text);
/// The argument of OVER and the second one of HDR: a message-id or a range.
[[nodiscard]] NntpParsed<NntpSelector> parse_range_selector(std::string_view text);

struct AuthinfoCommand {
  enum class Kind { user, pass, sasl };
  Kind kind = Kind::user;
  std::string text;  // the name, the password (white space kept), or the mechanism in upper case
  std::optional<std::string> initial_response{};
};

/// Of an AUTHINFO command.
[[nodiscard]] NntpParsed<AuthinfoCommand> parse_authinfo(const NntpCommand& command);

/// Whether a line that begins so is an AUTHINFO SASL, which may be longer than other commands
/// (RFC 4643 §2.4.1). The answer is final once 64 octets are there.
[[nodiscard]] bool begins_authinfo_sasl(std::string_view line);

/// A command line, CRLF included. The argument is written as it is: hostile ones are the caller's
/// right.
[[nodiscard]] std::string compose(NntpVerb verb, std::string_view argument = {});
/// An empty initial response is written "=" (RFC 4643 §2.4.2).
[[nodiscard]] std::string compose_authinfo_sasl(
    std::string_view mechanism, std::optional<std::string_view> initial_response = {});

}  // namespace assay
