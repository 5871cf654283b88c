#include "reference_server/command_line.h"

#include "harness/protocol/line.h"

#include <utility>

namespace assay {

LineLimits exchange_limits(LineLimits commands, std::size_t blob) {
  constexpr std::size_t kCrlf = 2;
  return {blob + kCrlf, commands.hard + blob + kCrlf};
}

CommandLine take_command_line(std::size_t& discarded, View input, LineLimits limits) {
  const auto over = [&](std::size_t consumed, std::size_t octets) -> CommandLine {
    discarded = 0;
    using Kind = CommandLine::Kind;
    return {octets > limits.hard ? Kind::hopeless : Kind::too_long, {}, consumed};
  };
  if (const auto line = front_line(input)) {
    const std::size_t octets = std::exchange(discarded, 0) + line->consumed;
    if (octets > limits.line) return over(line->consumed, octets);
    return {CommandLine::Kind::line, line->text, line->consumed};
  }
  if (discarded + input.size() <= limits.line) return {};
  // A CR at the end is left where it is: an LF may follow.
  const std::size_t excess = input.size() - (input.back() == '\r' ? 1 : 0);
  discarded += excess;
  if (discarded > limits.hard) return over(excess, discarded);
  return {CommandLine::Kind::unfinished, {}, excess};
}

Step act_on_line(std::size_t& discarded, View input, LineLimits limits,
                 const std::function<Step(View line)>& run,
                 const std::function<Step(bool hopeless)>& overlong) {
  using Kind = CommandLine::Kind;
  const CommandLine line = take_command_line(discarded, input, limits);
  Step step;
  if (line.kind == Kind::line) {
    step = run(line.text);
  } else if (line.kind != Kind::unfinished) {
    step = overlong(line.kind == Kind::hopeless);
  }
  step.consumed = line.consumed;
  return step;
}

bool is_http_request(std::string_view line) {
  const std::size_t version = line.rfind(" HTTP/1.");
  return version != std::string_view::npos && version > line.find(' ');
}

}  // namespace assay
