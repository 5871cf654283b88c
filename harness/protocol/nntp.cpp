#include "harness/protocol/nntp.h"

#include "harness/base/words.h"

#include <algorithm>
#include <array>
#include <utility>

namespace assay {
namespace {

constexpr std::array<std::pair<NntpVerb, std::string_view>, 21> kVerbs = {{
    {NntpVerb::article, "ARTICLE"}, {NntpVerb::authinfo, "AUTHINFO"},
    {NntpVerb::body, "BODY"},       {NntpVerb::capabilities, "CAPABILITIES"},
    {NntpVerb::date, "DATE"},       {NntpVerb::group, "GROUP"},
    {NntpVerb::hdr, "HDR"},         {NntpVerb::head, "HEAD"},
    {NntpVerb::help, "HELP"},       {NntpVerb::last, "LAST"},
    {NntpVerb::list, "LIST"},       {NntpVerb::listgroup, "LISTGROUP"},
    {NntpVerb::mode, "MODE"},       {NntpVerb::newgroups, "NEWGROUPS"},
    {NntpVerb::newnews, "NEWNEWS"}, {NntpVerb::next, "NEXT"},
    {NntpVerb::over, "OVER"},       {NntpVerb::post, "POST"},
    {NntpVerb::quit, "QUIT"},       {NntpVerb::starttls, "STARTTLS"},
    {NntpVerb::stat, "STAT"},
}};

constexpr std::string_view kWhite = " \t";
constexpr std::size_t kPrefixLooked = 64;  // octets in which AUTHINFO SASL must show itself

bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
tl::unexpected<NntpSyntax> wrong(NntpSyntax syntax) { return tl::make_unexpected(syntax); }

/// Takes the next word off `text` and the white space in front of it; empty at the end.
std::string_view take_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kWhite), text.size()));
  const std::string_view word = text.substr(0, text.find_first_of(kWhite));
  text.remove_prefix(word.size());
  return word;
}

std::optional<std::uint64_t> article_number(std::string_view digits) {
  // RFC 3977 §6: leading zeroes are fine, more than 16 digits are not.
  if (digits.size() > kNntpNumberDigits) return std::nullopt;
  return parse_number(digits);
}

bool is_mechanism(std::string_view text) {
  // RFC 4643 §3.5: mechanism = 1*20mech-char.
  return !text.empty() && text.size() <= 20 && std::ranges::all_of(text, [](char c) {
    return is_alpha(c) || is_digit(c) || c == '-' || c == '_';
  });
}

NntpParsed<AuthinfoCommand> parse_authinfo_sasl(const NntpCommand& command) {
  // RFC 4643 §3.1: AUTHINFO SASL mechanism [initial-response].
  if (command.arguments.size() < 2) return wrong(NntpSyntax::missing_argument);
  if (command.arguments.size() > 3) return wrong(NntpSyntax::too_many_arguments);
  if (!is_mechanism(command.arguments[1])) return wrong(NntpSyntax::bad_argument);
  std::optional<std::string> initial;
  if (command.arguments.size() == 3) initial = command.arguments[2];
  return AuthinfoCommand{AuthinfoCommand::Kind::sasl, to_upper(command.arguments[1]),
                         std::move(initial)};
}

}  // namespace

std::string_view to_string(NntpVerb verb) {
  for (const auto& [known, name] : kVerbs) {
    if (known == verb) return name;
  }
  return "";
}

std::string_view to_string(NntpSyntax syntax) {
  switch (syntax) {
    case NntpSyntax::missing_argument:
      return "An argument is missing";
    case NntpSyntax::too_many_arguments:
      return "Too many arguments";
    case NntpSyntax::bad_argument:
      return "Syntax error in an argument";
    case NntpSyntax::unknown_variant:
      return "Unknown variant of the command";
  }
  return "Syntax error";
}

NntpCommand parse_nntp_command(std::string_view line) {
  NntpCommand command{.raw = std::string(line)};
  const std::string_view word = line.substr(0, line.find_first_of(kWhite));
  for (const auto& [verb, name] : kVerbs) {
    if (equals_ignoring_case(word, name)) command.verb = verb;
  }
  line.remove_prefix(word.size());
  if (!line.empty()) command.rest = line.substr(1);
  // RFC 3977 §3.1: one or more spaces or TABs separate; §9.8: they may also end the line.
  for (auto argument = take_word(line); !argument.empty(); argument = take_word(line)) {
    command.arguments.emplace_back(argument);
  }
  return command;
}

bool is_message_id(std::string_view text) {
  // RFC 3977 §3.6: "<" first, ">" last and nowhere else, printable US-ASCII, 3 to 250 octets.
  return text.size() >= 3 && text.size() <= 250 && text.front() == '<' &&
         text.find('>') == text.size() - 1 &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

bool is_nntp_keyword(std::string_view text) {
  return text.size() >= 3 && is_alpha(text.front()) && std::ranges::all_of(text, [](char c) {
           return is_alpha(c) || is_digit(c) || c == '.' || c == '-';
         });
}

NntpParsed<NntpRange> parse_nntp_range(std::string_view text) {
  // RFC 3977 §9.2: range = article-number ["-" [article-number]].
  const std::size_t dash = text.find('-');
  const auto first = article_number(text.substr(0, dash));
  if (!first) return wrong(NntpSyntax::bad_argument);
  if (dash == std::string_view::npos) return NntpRange{*first, *first};
  const std::string_view end = text.substr(dash + 1);
  if (end.empty()) return NntpRange{*first, UINT64_MAX};
  const auto last = article_number(end);
  if (!last) return wrong(NntpSyntax::bad_argument);
  return NntpRange{*first, *last};
}

NntpParsed<NntpSelector> parse_range_selector(std::string_view text) {
  if (text.starts_with('<')) {
    if (!is_message_id(text)) return wrong(NntpSyntax::bad_argument);
    return NntpSelector{.message_id = std::string(text)};
  }
  const auto range = parse_nntp_range(text);
  if (!range) return wrong(range.error());
  return NntpSelector{.range = *range};
}

NntpParsed<NntpSelector> parse_article_selector(std::string_view text) {
  // RFC 3977 §6.2.1.1: one number here, no range.
  if (!text.starts_with('<') && !article_number(text)) return wrong(NntpSyntax::bad_argument);
  return parse_range_selector(text);
}

NntpParsed<AuthinfoCommand> parse_authinfo(const NntpCommand& command) {
  if (command.arguments.empty()) return wrong(NntpSyntax::missing_argument);
  const std::string variant = to_upper(command.arguments.front());
  if (variant == "SASL") return parse_authinfo_sasl(command);
  if (variant != "USER" && variant != "PASS") return wrong(NntpSyntax::unknown_variant);
  // RFC 4643 §3.1: everything behind the first white space may be the name or the password.
  std::string_view rest = command.rest;
  take_word(rest);
  if (rest.size() < 2) return wrong(NntpSyntax::missing_argument);
  return AuthinfoCommand{
      variant == "USER" ? AuthinfoCommand::Kind::user : AuthinfoCommand::Kind::pass,
      std::string(rest.substr(1))};
}

bool begins_authinfo_sasl(std::string_view line) {
  line = line.substr(0, kPrefixLooked);
  const std::string_view verb = line.substr(0, line.find_first_of(kWhite));
  line.remove_prefix(verb.size());
  return equals_ignoring_case(verb, "AUTHINFO") && equals_ignoring_case(take_word(line), "SASL") &&
         !line.empty();
}

std::string compose(NntpVerb verb, std::string_view argument) {
  std::string line(to_string(verb));
  if (!argument.empty()) line.append(" ").append(argument);
  return line.append("\r\n");
}

std::string compose_authinfo_sasl(std::string_view mechanism,
                                  std::optional<std::string_view> initial_response) {
  std::string argument = "SASL " + std::string(mechanism);
  if (initial_response) {
    argument.append(" ").append(initial_response->empty() ? "=" : *initial_response);
  }
  return compose(NntpVerb::authinfo, argument);
}

}  // namespace assay
