#include "harness/protocol/pop3.h"

#include "harness/base/words.h"

#include <algorithm>
#include <array>
#include <utility>

namespace assay {
namespace {

constexpr std::array<std::pair<Pop3Verb, std::string_view>, 15> kVerbs = {{
    {Pop3Verb::user, "USER"},
    {Pop3Verb::pass, "PASS"},
    {Pop3Verb::apop, "APOP"},
    {Pop3Verb::auth, "AUTH"},
    {Pop3Verb::stls, "STLS"},
    {Pop3Verb::capa, "CAPA"},
    {Pop3Verb::stat, "STAT"},
    {Pop3Verb::list, "LIST"},
    {Pop3Verb::uidl, "UIDL"},
    {Pop3Verb::retr, "RETR"},
    {Pop3Verb::top, "TOP"},
    {Pop3Verb::dele, "DELE"},
    {Pop3Verb::rset, "RSET"},
    {Pop3Verb::noop, "NOOP"},
    {Pop3Verb::quit, "QUIT"},
}};

constexpr std::size_t kApopDigits = 32;

tl::unexpected<Pop3Syntax> wrong(Pop3Syntax syntax) { return tl::make_unexpected(syntax); }

bool is_lower_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

bool is_param(std::string_view text) {
  // RFC 2449 §3: param = 1*VCHAR.
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

/// The argument where there has to be one that is not empty.
Pop3Parsed<std::string_view> present(const Pop3Argument& argument) {
  if (!argument || argument->empty()) return wrong(Pop3Syntax::missing_argument);
  return *argument;
}

/// The two parameters of `argument`, one space between them.
Pop3Parsed<std::pair<std::string_view, std::string_view>> two_of(const Pop3Argument& argument) {
  const auto text = present(argument);
  if (!text) return wrong(text.error());
  const std::size_t space = text->find(' ');
  if (space == std::string_view::npos) return wrong(Pop3Syntax::missing_argument);
  const std::string_view second = text->substr(space + 1);
  // RFC 1939 §3: arguments are separated by a single space.
  if (second.find(' ') != std::string_view::npos) return wrong(Pop3Syntax::excess_argument);
  return std::pair(text->substr(0, space), second);
}

Pop3Parsed<std::uint64_t> number_of(std::string_view text) {
  // RFC 1939 §3: numbers are decimal.
  if (text.empty() || !std::ranges::all_of(text, is_digit)) return wrong(Pop3Syntax::bad_argument);
  const auto number = parse_number(text);
  if (!number) return wrong(Pop3Syntax::number_too_large);
  return *number;
}

}  // namespace

std::string_view to_string(Pop3Verb verb) {
  for (const auto& [known, name] : kVerbs) {
    if (known == verb) return name;
  }
  return "";
}

std::string_view to_string(Pop3Syntax syntax) {
  switch (syntax) {
    case Pop3Syntax::missing_argument:
      return "An argument is missing";
    case Pop3Syntax::excess_argument:
      return "There is an argument too many";
    case Pop3Syntax::bad_argument:
      return "Syntax error in the argument";
    case Pop3Syntax::number_too_large:
      return "A number is too large";
  }
  return "Syntax error";
}

Pop3Command parse_pop3_command(std::string_view line) {
  Pop3Command command;
  const std::size_t space = line.find(' ');
  for (const auto& [verb, name] : kVerbs) {
    if (equals_ignoring_case(line.substr(0, space), name)) command.verb = verb;
  }
  // Nothing is trimmed: a space at the end may belong to a password (RFC 1939 §7, PASS).
  if (space != std::string_view::npos) command.argument = line.substr(space + 1);
  return command;
}

Pop3Parsed<std::string> parse_user(const Pop3Argument& argument) {
  const auto name = present(argument);
  if (!name) return wrong(name.error());
  if (name->find(' ') != std::string_view::npos) return wrong(Pop3Syntax::excess_argument);
  if (!is_param(*name)) return wrong(Pop3Syntax::bad_argument);
  return std::string(*name);
}

Pop3Parsed<Secret> parse_pass(const Pop3Argument& argument) {
  // RFC 1939 §7: spaces may be treated as part of the password, since there is one argument.
  const auto password = present(argument);
  if (!password) return wrong(password.error());
  return Secret(*password);
}

Pop3Parsed<ApopCommand> parse_apop(const Pop3Argument& argument) {
  const auto parts = two_of(argument);
  if (!parts) return wrong(parts.error());
  const auto& [name, digest] = *parts;
  // RFC 1939 §7: sixteen octets in hexadecimal, using lower-case ASCII characters.
  if (!is_param(name) || digest.size() != kApopDigits ||
      !std::ranges::all_of(digest, is_lower_hex)) {
    return wrong(Pop3Syntax::bad_argument);
  }
  return ApopCommand{std::string(name), std::string(digest)};
}

Pop3Parsed<std::uint64_t> parse_message_number(const Pop3Argument& argument) {
  const auto text = present(argument);
  if (!text) return wrong(text.error());
  if (text->find(' ') != std::string_view::npos) return wrong(Pop3Syntax::excess_argument);
  return number_of(*text);
}

Pop3Parsed<std::optional<std::uint64_t>> parse_scan(const Pop3Argument& argument) {
  if (!argument) return std::optional<std::uint64_t>();
  const auto number = parse_message_number(argument);
  if (!number) return wrong(number.error());
  return std::optional(*number);
}

Pop3Parsed<TopCommand> parse_top(const Pop3Argument& argument) {
  const auto parts = two_of(argument);
  if (!parts) return wrong(parts.error());
  const auto message = number_of(parts->first);
  if (!message) return wrong(message.error());
  const auto lines = number_of(parts->second);
  if (!lines) return wrong(lines.error());
  return TopCommand{*message, *lines};
}

std::string compose(Pop3Verb verb, std::string_view argument) {
  std::string line(to_string(verb));
  if (!argument.empty()) line.append(" ").append(argument);
  return line.append("\r\n");
}

std::string compose(Pop3Verb verb, std::uint64_t message) {
  return compose(verb, std::to_string(message));
}

std::string compose(const TopCommand& command) {
  return compose(Pop3Verb::top,
                 std::to_string(command.message) + " " + std::to_string(command.lines));
}

std::string compose(const ApopCommand& command) {
  return compose(Pop3Verb::apop, command.name + " " + command.digest);
}

}  // namespace assay
