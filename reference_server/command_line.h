// Command lines of the text protocols: the front of a session's input, whole, too long, or not
// there yet. A line over its limit is thrown away as it comes, so that it costs no memory, and
// reported once. Used by the services of SMTP, POP3 and NNTP.
#pragma once

#include "harness/base/bytes.h"
#include "harness/protocol/step.h"

#include <cstddef>
#include <functional>
#include <string_view>

namespace assay {

struct LineLimits {
  std::size_t line = 0;  // octets, CRLF included; a longer line is too long
  std::size_t hard = 0;  // a line beyond this is hopeless: the session ends
};

/// Those of the lines of an AUTH exchange: they hold `blob` octets beside their CRLF, however short
/// a command has to be (RFC 4954 §4, RFC 5034 §4).
[[nodiscard]] LineLimits exchange_limits(LineLimits commands, std::size_t blob);

struct CommandLine {
  enum class Kind { unfinished, line, too_long, hopeless };
  Kind kind = Kind::unfinished;
  View text{};               // of a line, without its CRLF
  std::size_t consumed = 0;  // octets of the input that are done with; may be some of an unfinished
};

/// `discarded` counts, from call to call, what was thrown away of the line under way.
[[nodiscard]] CommandLine take_command_line(std::size_t& discarded, View input, LineLimits limits);

/// Takes the line at the front of `input` as above and acts on it: `run` gets one that is whole,
/// `overlong` tells whether one that is too long is hopeless. The step consumes what the line took.
[[nodiscard]] Step act_on_line(std::size_t& discarded, View input, LineLimits limits,
                               const std::function<Step(View line)>& run,
                               const std::function<Step(bool hopeless)>& overlong);

/// "POST / HTTP/1.1": a method, a target, a version (RFC 9112 §3). A browser that was lured here
/// must not have its request's body run as commands (ALPACA), so services end such a session.
[[nodiscard]] bool is_http_request(std::string_view line);

}  // namespace assay
