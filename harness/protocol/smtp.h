// The commands of SMTP (RFC 5321 §4.1.1 and its extensions), read by the service and composed by
// the dialogue. Reading is strict and gives data: a verb always, an argument or what is wrong with
// it.
#pragma once

#include "harness/protocol/sasl.h"
#include "harness/protocol/smtp_address.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

enum class SmtpVerb {
  unknown,
  ehlo,
  helo,
  starttls,
  auth,
  mail,
  rcpt,
  data,
  bdat,
  rset,
  noop,
  vrfy,
  expn,
  help,
  quit
};

/// As it is written on the wire; empty for unknown.
[[nodiscard]] std::string_view to_string(SmtpVerb verb);

struct SmtpCommand {
  SmtpVerb verb = SmtpVerb::unknown;
  std::string argument;  // behind the verb and one space, white space at the end removed
  std::string raw;       // the whole line without its CRLF
};

/// Splits a line (without CRLF) into verb and argument; verbs in any case (RFC 5321 §2.4).
[[nodiscard]] SmtpCommand parse_smtp_command(std::string_view line);

enum class SmtpSyntax {
  missing_argument,
  bad_argument,
  bad_path,
  bad_parameter,       // its form, or its value
  repeated_parameter,  // the same keyword twice
  number_too_large,
};

/// A sentence for a reply or a report.
[[nodiscard]] std::string_view to_string(SmtpSyntax syntax);

template <typename T>
using SmtpParsed = tl::expected<T, SmtpSyntax>;

struct SmtpParameter {
  std::string keyword;  // in upper case
  std::optional<std::string> value;
  bool operator==(const SmtpParameter&) const = default;
};

enum class SmtpBody { seven_bit, eight_bit_mime, binary_mime };

struct MailCommand {
  SmtpPath reverse_path;
  std::optional<std::uint64_t> size;    // RFC 1870 §6
  std::optional<SmtpBody> body;         // RFC 6152 §2, RFC 3030 §3
  std::optional<std::string> auth;      // RFC 4954 §5: the mailbox, decoded; "<>" for nobody
  std::vector<SmtpParameter> others{};  // parameters of extensions that are not known here
  [[nodiscard]] bool has_parameters() const { return size || body || auth || !others.empty(); }
  bool operator==(const MailCommand&) const = default;
};

struct RcptCommand {
  SmtpPath forward_path;
  std::vector<SmtpParameter> parameters{};
};

struct BdatCommand {
  std::uint64_t size = 0;
  bool last = false;
};

/// Each takes the argument of its command.
[[nodiscard]] SmtpParsed<MailCommand> parse_mail(std::string_view argument);
[[nodiscard]] SmtpParsed<RcptCommand> parse_rcpt(std::string_view argument);
[[nodiscard]] SmtpParsed<BdatCommand> parse_bdat(std::string_view argument);
[[nodiscard]] SmtpParsed<AuthCommand> parse_auth(std::string_view argument);
/// The name that EHLO and HELO give: a domain or an address literal.
[[nodiscard]] SmtpParsed<std::string> parse_hello(std::string_view argument);

/// A command line, CRLF included. The argument is written as it is: hostile ones are the caller's
/// right.
[[nodiscard]] std::string compose(SmtpVerb verb, std::string_view argument = {});
[[nodiscard]] std::string compose(const MailCommand& command);
[[nodiscard]] std::string compose(const RcptCommand& command);
[[nodiscard]] std::string compose(const BdatCommand& command);

}  // namespace assay
