#include "harness/protocol/smtp.h"

#include "harness/base/words.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace assay {
namespace {

constexpr std::array<std::pair<SmtpVerb, std::string_view>, 14> kVerbs = {{
    {SmtpVerb::ehlo, "EHLO"},
    {SmtpVerb::helo, "HELO"},
    {SmtpVerb::starttls, "STARTTLS"},
    {SmtpVerb::auth, "AUTH"},
    {SmtpVerb::mail, "MAIL"},
    {SmtpVerb::rcpt, "RCPT"},
    {SmtpVerb::data, "DATA"},
    {SmtpVerb::bdat, "BDAT"},
    {SmtpVerb::rset, "RSET"},
    {SmtpVerb::noop, "NOOP"},
    {SmtpVerb::vrfy, "VRFY"},
    {SmtpVerb::expn, "EXPN"},
    {SmtpVerb::help, "HELP"},
    {SmtpVerb::quit, "QUIT"},
}};

constexpr std::array<std::pair<SmtpBody, std::string_view>, 3> kBodies = {{
    {SmtpBody::seven_bit, "7BIT"},
    {SmtpBody::eight_bit_mime, "8BITMIME"},
    {SmtpBody::binary_mime, "BINARYMIME"},
}};

constexpr std::size_t kSizeDigits = 20;  // RFC 1870 §3: size-value = 1*20DIGIT

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_keyword(std::string_view text) {
  // RFC 5321 §4.1.2: esmtp-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-").
  return !text.empty() && is_alnum(text.front()) &&
         std::ranges::all_of(text, [](char c) { return is_alnum(c) || c == '-'; });
}

bool is_value(std::string_view text) {
  // RFC 5321 §4.1.2: esmtp-value = 1*(%d33-60 / %d62-126).
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != '='; });
}

tl::unexpected<SmtpSyntax> wrong(SmtpSyntax syntax) { return tl::make_unexpected(syntax); }

SmtpParsed<std::vector<SmtpParameter>> parse_parameters(std::string_view text) {
  std::vector<SmtpParameter> parameters;
  for (const std::string_view word : split_words(text)) {
    const std::size_t equals = word.find('=');
    const std::string_view keyword = word.substr(0, equals);
    SmtpParameter parameter{to_upper(keyword), std::nullopt};
    if (!is_keyword(keyword)) return wrong(SmtpSyntax::bad_parameter);
    if (equals != std::string_view::npos) {
      const std::string_view value = word.substr(equals + 1);
      if (!is_value(value)) return wrong(SmtpSyntax::bad_parameter);
      parameter.value = value;
    }
    if (std::ranges::any_of(parameters,
                            [&](const auto& one) { return one.keyword == parameter.keyword; })) {
      return wrong(SmtpSyntax::repeated_parameter);
    }
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

struct PathAndParameters {
  SmtpPath path;
  std::vector<SmtpParameter> parameters;
};

/// What MAIL and RCPT have in common: `prefix`, a path, parameters behind a space.
SmtpParsed<PathAndParameters> parse_path_line(std::string_view argument, std::string_view prefix) {
  if (argument.empty()) return wrong(SmtpSyntax::missing_argument);
  // RFC 5321 §3.3: no space on either side of the colon.
  if (!starts_with_ignoring_case(argument, prefix)) return wrong(SmtpSyntax::bad_argument);
  argument.remove_prefix(prefix.size());
  auto front = front_path(argument);
  if (!front) return wrong(SmtpSyntax::bad_path);
  argument.remove_prefix(front->consumed);
  if (!argument.empty() && argument.front() != ' ') return wrong(SmtpSyntax::bad_path);
  auto parameters = parse_parameters(argument);
  if (!parameters) return wrong(parameters.error());
  return PathAndParameters{std::move(front->path), std::move(*parameters)};
}

SmtpParsed<std::uint64_t> parse_size(std::string_view text) {
  if (text.empty() || text.size() > kSizeDigits ||
      !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) {
    return wrong(SmtpSyntax::bad_parameter);
  }
  const auto size = parse_number(text);
  if (!size) return wrong(SmtpSyntax::number_too_large);
  return *size;
}

std::optional<SmtpBody> body_of(std::string_view value) {
  for (const auto& [body, name] : kBodies) {
    if (equals_ignoring_case(value, name)) return body;
  }
  return std::nullopt;
}

std::optional<std::string> auth_of(std::string_view value) {
  // RFC 4954 §5: xtext that decodes to a mailbox, or to "<>".
  auto decoded = from_xtext(value);
  if (decoded && *decoded != "<>" && !parse_mailbox(*decoded)) return std::nullopt;
  return decoded;
}

/// Puts `parameter` where it belongs in `command`; what is wrong with it otherwise.
std::optional<SmtpSyntax> apply(SmtpParameter parameter, MailCommand& command) {
  const std::string value = parameter.value.value_or("");
  if (parameter.keyword == "SIZE") {
    const auto size = parse_size(value);
    if (!size) return size.error();
    command.size = *size;
    return std::nullopt;
  }
  if (parameter.keyword == "BODY") {
    command.body = body_of(value);
    return command.body ? std::nullopt : std::optional(SmtpSyntax::bad_parameter);
  }
  if (parameter.keyword == "AUTH") {
    command.auth = parameter.value ? auth_of(value) : std::nullopt;
    return command.auth ? std::nullopt : std::optional(SmtpSyntax::bad_parameter);
  }
  command.others.push_back(std::move(parameter));
  return std::nullopt;
}

void write_parameters(std::string& line, std::span<const SmtpParameter> parameters) {
  for (const SmtpParameter& parameter : parameters) {
    line.append(" ").append(parameter.keyword);
    if (parameter.value) line.append("=").append(*parameter.value);
  }
}

}  // namespace

std::string_view to_string(SmtpVerb verb) {
  for (const auto& [known, name] : kVerbs) {
    if (known == verb) return name;
  }
  return "";
}

std::string_view to_string(SmtpSyntax syntax) {
  switch (syntax) {
    case SmtpSyntax::missing_argument:
      return "An argument is missing";
    case SmtpSyntax::bad_argument:
      return "Syntax error in the argument";
    case SmtpSyntax::bad_path:
      return "Syntax error in the address";
    case SmtpSyntax::bad_parameter:
      return "Syntax error in a parameter";
    case SmtpSyntax::repeated_parameter:
      return "A parameter is given twice";
    case SmtpSyntax::number_too_large:
      return "A number is too large";
  }
  return "Syntax error";
}

SmtpCommand parse_smtp_command(std::string_view line) {
  SmtpCommand command{.raw = std::string(line)};
  // RFC 5321 §4.1.1: white space before the CRLF is tolerated.
  const std::size_t last = line.find_last_not_of(" \t");
  line = line.substr(0, last == std::string_view::npos ? 0 : last + 1);
  const std::size_t space = line.find(' ');
  const std::string_view word = line.substr(0, space);
  for (const auto& [verb, name] : kVerbs) {
    if (equals_ignoring_case(word, name)) command.verb = verb;
  }
  if (space != std::string_view::npos) command.argument = line.substr(space + 1);
  return command;
}

SmtpParsed<MailCommand> parse_mail(std::string_view argument) {
  auto parts = parse_path_line(argument, "FROM:");
  if (!parts) return wrong(parts.error());
  MailCommand command{.reverse_path = std::move(parts->path)};
  // <Postmaster> without a domain is a forward path alone (RFC 5321 §4.1.1.2, §4.1.1.3).
  if (!command.reverse_path.null() && command.reverse_path.domain.empty()) {
    return wrong(SmtpSyntax::bad_path);
  }
  for (SmtpParameter& parameter : parts->parameters) {
    if (const auto syntax = apply(std::move(parameter), command)) return wrong(*syntax);
  }
  return command;
}

SmtpParsed<RcptCommand> parse_rcpt(std::string_view argument) {
  auto parts = parse_path_line(argument, "TO:");
  if (!parts) return wrong(parts.error());
  // RFC 5321 §4.1.1.3: a forward path names somebody.
  if (parts->path.null()) return wrong(SmtpSyntax::bad_path);
  return RcptCommand{std::move(parts->path), std::move(parts->parameters)};
}

SmtpParsed<BdatCommand> parse_bdat(std::string_view argument) {
  // RFC 3030 §2: bdat-cmd = "BDAT" SP chunk-size [SP end-marker] CR LF.
  if (argument.empty()) return wrong(SmtpSyntax::missing_argument);
  const std::size_t space = argument.find(' ');
  const std::string_view digits = argument.substr(0, space);
  const bool last = space != std::string_view::npos;
  if (last && !equals_ignoring_case(argument.substr(space + 1), "LAST")) {
    return wrong(SmtpSyntax::bad_argument);
  }
  if (!std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; }) || digits.empty()) {
    return wrong(SmtpSyntax::bad_argument);
  }
  const auto size = parse_number(digits);
  if (!size) return wrong(SmtpSyntax::number_too_large);
  return BdatCommand{*size, last};
}

SmtpParsed<AuthCommand> parse_auth(std::string_view argument) {
  if (argument.empty()) return wrong(SmtpSyntax::missing_argument);
  auto command = parse_auth_argument(argument);
  if (!command) return wrong(SmtpSyntax::bad_argument);
  return std::move(*command);
}

SmtpParsed<std::string> parse_hello(std::string_view argument) {
  if (argument.empty()) return wrong(SmtpSyntax::missing_argument);
  // RFC 5321 §4.1.1.1: a domain, or an address literal where there is no name.
  if (!is_domain(argument) && !is_address_literal(argument)) return wrong(SmtpSyntax::bad_argument);
  return std::string(argument);
}

std::string compose(SmtpVerb verb, std::string_view argument) {
  std::string line(to_string(verb));
  if (!argument.empty()) line.append(" ").append(argument);
  return line.append("\r\n");
}

std::string compose(const MailCommand& command) {
  std::string line = "MAIL FROM:<" + command.reverse_path.text + ">";
  if (command.size) line.append(" SIZE=").append(std::to_string(*command.size));
  for (const auto& [body, name] : kBodies) {
    if (command.body == body) line.append(" BODY=").append(name);
  }
  if (command.auth) {
    line.append(" AUTH=").append(*command.auth == "<>" ? *command.auth : to_xtext(*command.auth));
  }
  write_parameters(line, command.others);
  return line.append("\r\n");
}

std::string compose(const RcptCommand& command) {
  std::string line = "RCPT TO:<" + command.forward_path.text + ">";
  write_parameters(line, command.parameters);
  return line.append("\r\n");
}

std::string compose(const BdatCommand& command) {
  return compose(SmtpVerb::bdat, std::to_string(command.size) + (command.last ? " LAST" : ""));
}

}  // namespace assay
