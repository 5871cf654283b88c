// The commands of POP3 (RFC 1939 §9, RFC 2449 §5, RFC 2595 §4, RFC 5034 §4), read by the service
// and composed by the dialogue. Reading is strict and gives data: a verb always, an argument or
// what is wrong with it.
#pragma once

#include "harness/base/secret.h"

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay {

/// RFC 2449 §4: octets of a command line, CRLF included, that a server takes and a client keeps to.
inline constexpr std::size_t kPop3CommandLimit = 255;

enum class Pop3Verb {
  unknown,
  user,
  pass,
  apop,
  auth,
  stls,
  capa,
  stat,
  list,
  uidl,
  retr,
  top,
  dele,
  rset,
  noop,
  quit
};

/// As it is written on the wire; empty for unknown.
[[nodiscard]] std::string_view to_string(Pop3Verb verb);

/// What stands behind the verb and one space, as it came; nothing when no space is there.
using Pop3Argument = std::optional<std::string>;

struct Pop3Command {
  Pop3Verb verb = Pop3Verb::unknown;
  Pop3Argument argument;
};

/// Splits a line (without CRLF) into verb and argument; verbs in any case (RFC 1939 §3).
[[nodiscard]] Pop3Command parse_pop3_command(std::string_view line);

enum class Pop3Syntax { missing_argument, excess_argument, bad_argument, number_too_large };

/// A sentence for a reply or a report.
[[nodiscard]] std::string_view to_string(Pop3Syntax syntax);

template <typename T>
using Pop3Parsed = tl::expected<T, Pop3Syntax>;

struct TopCommand {
  std::uint64_t message = 0;
  std::uint64_t lines = 0;  // of the body
};

struct ApopCommand {
  std::string name;
  std::string digest;  // 32 lower-case hexadecimal digits
};

/// Each takes the argument of its command.
[[nodiscard]] Pop3Parsed<std::string> parse_user(const Pop3Argument& argument);
/// The whole argument, spaces included.
[[nodiscard]] Pop3Parsed<Secret> parse_pass(const Pop3Argument& argument);
[[nodiscard]] Pop3Parsed<ApopCommand> parse_apop(const Pop3Argument& argument);
/// RETR and DELE.
[[nodiscard]] Pop3Parsed<std::uint64_t> parse_message_number(const Pop3Argument& argument);
/// LIST and UIDL: a message number, or none for all of them.
[[nodiscard]] Pop3Parsed<std::optional<std::uint64_t>> parse_scan(const Pop3Argument& argument);
[[nodiscard]] Pop3Parsed<TopCommand> parse_top(const Pop3Argument& argument);

/// A command line, CRLF included. The argument is written as it is: hostile ones are the caller's
/// right. AUTH is composed by compose_auth of sasl.h.
[[nodiscard]] std::string compose(Pop3Verb verb, std::string_view argument = {});
[[nodiscard]] std::string compose(Pop3Verb verb, std::uint64_t message);
[[nodiscard]] std::string compose(const TopCommand& command);
[[nodiscard]] std::string compose(const ApopCommand& command);

}  // namespace assay
