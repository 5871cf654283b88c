#include "reference_server/pop3.h"

#include "harness/protocol/apop.h"
#include "harness/protocol/line.h"
#include "harness/protocol/pop3_replies.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace assay {
namespace {

constexpr std::size_t kPrefixLimit = 40;  // leaves room in the 70 of RFC 1939 §7 for any number

/// Verbs that stand alone (RFC 1939 §5, RFC 2449 §5, RFC 2595 §4).
bool takes_no_argument(Pop3Verb verb) {
  return verb == Pop3Verb::stls || verb == Pop3Verb::capa || verb == Pop3Verb::stat ||
         verb == Pop3Verb::rset || verb == Pop3Verb::noop || verb == Pop3Verb::quit;
}

/// RFC 1939 §3 to §7, RFC 2449 §5, RFC 2595 §4, RFC 5034 §4: each command has its state; CAPA and
/// QUIT have both.
bool belongs_to(Pop3State::Phase phase, Pop3Verb verb) {
  switch (verb) {
    case Pop3Verb::capa:
    case Pop3Verb::quit:
      return true;
    case Pop3Verb::user:
    case Pop3Verb::pass:
    case Pop3Verb::apop:
    case Pop3Verb::auth:
    case Pop3Verb::stls:
      return phase == Pop3State::Phase::authorization;
    default:
      return phase == Pop3State::Phase::transaction;
  }
}

/// Inside TLS everything goes; before it, where TLS is required, what leads there or away.
bool waits_for_tls(Pop3Verb verb) {
  return verb != Pop3Verb::capa && verb != Pop3Verb::stls && verb != Pop3Verb::quit;
}

}  // namespace

Pop3Service::Pop3Service(Pop3Config config, const Accounts& accounts, Store& store)
    : config_(std::move(config)), login_(config_, accounts, store), commands_(config_, store) {
  const std::string& prefix = config_.uid_prefix;
  if (prefix.size() > kPrefixLimit ||
      !std::ranges::all_of(prefix, [](char c) { return c > ' ' && c <= '~'; })) {
    throw std::invalid_argument("uid_prefix: at most 40 visible characters");
  }
  // A library without MD5 is found out here, not by the first client that says APOP.
  if (config_.timestamp) (void)apop_digest("", "");
}

SessionState Pop3Service::fresh(Security security) const {
  SessionState state{.security = security, .protocol = Pop3State{}};
  // RFC 1939 §7: the timestamp is another one in each greeting; where none is given there is none.
  const bool greeted = security != Security::upgraded;
  if (greeted && config_.timestamp && offers_login(config_, state)) {
    state.pop3().timestamp = config_.timestamp();
  }
  return state;
}

Bytes Pop3Service::greeting(const SessionState& state) const {
  // RFC 2595 §4: the server stays in the AUTHORIZATION state, so there is no second greeting.
  if (state.security == Security::upgraded) return {};
  const std::string& timestamp = state.pop3().timestamp;
  return bytes_of(
      pop3_ok(config_.hostname + " POP3 Assay" + (timestamp.empty() ? "" : " " + timestamp)));
}

Bytes Pop3Service::farewell(Farewell why) const {
  switch (why) {
    case Farewell::shutting_down:
      // RFC 3206 §4: [SYS/TEMP] where it is worth trying again.
      return bytes_of(pop3_error(config_.hostname + " is shutting down", "SYS/TEMP"));
    case Farewell::idle:
      // RFC 1939 §3: when the timer expires, nothing is sent and nothing is removed.
      return {};
    case Farewell::too_many_errors:
      return bytes_of(pop3_error(config_.hostname + " saw too many errors"));
    case Farewell::too_slow:
      return bytes_of(pop3_error(config_.hostname + " gives up: too slow"));
    case Farewell::too_many_connections:
      return bytes_of(pop3_error(config_.hostname + " has too many connections", "SYS/TEMP"));
  }
  return {};
}

bool Pop3Service::receiving_content(const SessionState&) const { return false; }

Step Pop3Service::handle(SessionState& state, View input) const {
  if (input.empty()) return {};
  Step step = counted(state, take_line(state, input));
  // RFC 1939 §6: however a session ends but for QUIT, nothing is removed. The lock does not wait
  // for the connection to be gone.
  if (step.next == Step::Next::close) state.pop3() = {};
  return step;
}

/// Counts refusals; the one beyond the limit is answered by the farewell in its place.
Step Pop3Service::counted(SessionState& state, Step step) const {
  const std::string_view reply = text_of(step.output);
  const bool refuses = reply.starts_with("-ERR") && !reply.starts_with("-ERR [IN-USE]");
  return Service::counted(state, std::move(step), refuses, config_.limits.errors);
}

LineLimits Pop3Service::line_limits(const SessionState& state) const {
  const LineLimits commands{config_.limits.command_line, config_.limits.hard_line};
  const bool exchange = state.pop3().phase == Pop3State::Phase::auth;
  return exchange ? exchange_limits(commands, config_.limits.sasl_blob) : commands;
}

Step Pop3Service::take_line(SessionState& state, View input) const {
  return act_on_line(
      state.discarded_line, input, line_limits(state),
      [&](View line) { return run_line(state, line); },
      [&](bool hopeless) { return overlong(state, hopeless); });
}

Step Pop3Service::run_line(SessionState& state, View line) const {
  if (state.pop3().phase == Pop3State::Phase::auth)
    return answered(login_.go_on(state, text_of(line)));
  // RFC 1939 §3: commands end with CRLF and are printable; the whole line is refused as one.
  if (has_stray_control(line)) {
    return answered(pop3_error("Stray control character in the command"));
  }
  const Pop3Command command = parse_pop3_command(text_of(line));
  // Of unknown verbs alone: a password may end like a request.
  if (command.verb == Pop3Verb::unknown && is_http_request(text_of(line))) {
    return answered(pop3_error("This is no HTTP server"), Step::Next::close);
  }
  return run(state, command);
}

Step Pop3Service::overlong(SessionState& state, bool hopeless) const {
  const bool exchange = state.pop3().phase == Pop3State::Phase::auth;
  if (exchange) state.pop3().phase = Pop3State::Phase::authorization;
  state.pop3().sasl = {};
  if (hopeless) return answered(pop3_error("Line far too long, closing"), Step::Next::close);
  // RFC 2449 §4: 255 octets are a command's limit.
  return answered(pop3_error(exchange ? "Authentication line too long" : "Line too long"));
}

Step Pop3Service::run(SessionState& state, const Pop3Command& command) const {
  // RFC 1939 §7: PASS follows its USER immediately.
  if (command.verb != Pop3Verb::pass) state.pop3().name.clear();
  const std::string no = refusal(state, command);
  if (!no.empty()) return answered(no);
  switch (command.verb) {
    case Pop3Verb::capa:
      return {.output = capa(state)};
    case Pop3Verb::stls:
      return stls(state);
    case Pop3Verb::quit:
      return quit(state);
    case Pop3Verb::user:
    case Pop3Verb::pass:
    case Pop3Verb::apop:
    case Pop3Verb::auth:
      return answered(login_.begin(state, command));
    default:
      return {.output = commands_.answer(state.pop3().maildrop, command)};
  }
}

/// What is wrong with a command before anybody looks at what it asks; empty when nothing is.
std::string Pop3Service::refusal(const SessionState& state, const Pop3Command& command) const {
  // RFC 2595 §2.2: nobody is authenticated before TLS is up, and no other command is of use.
  if (config_.tls_required && !state.secured() && waits_for_tls(command.verb)) {
    return pop3_error("Must issue a STLS command first");
  }
  // RFC 1939 §3: -ERR for commands that are not recognized, and for those of another state.
  if (command.verb == Pop3Verb::unknown) return pop3_error("Command not recognized");
  if (!belongs_to(state.pop3().phase, command.verb)) return pop3_error("Not in this state");
  if (takes_no_argument(command.verb) && command.argument) {
    return pop3_error(to_string(Pop3Syntax::excess_argument));
  }
  return {};
}

Bytes Pop3Service::capa(const SessionState& state) const {
  // RFC 2449 §6.4, RFC 3206 §6: error replies bear codes. RFC 2449 §6.6: pipelined commands wait
  // their turn.
  std::string lines = "TOP\r\nUIDL\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\nPIPELINING\r\n";
  // RFC 2595 §4: announced in the AUTHORIZATION state alone, and not again once TLS is up.
  if (config_.starttls && !state.secured() &&
      state.pop3().phase == Pop3State::Phase::authorization) {
    lines += "STLS\r\n";
  }
  // RFC 2449 §6.2, RFC 5034 §3: in both states, where they are to be had at all.
  if (offers_user(config_, state)) lines += "USER\r\n";
  const std::string mechanisms = login_.mechanisms(state);
  if (!mechanisms.empty()) lines += "SASL " + mechanisms + "\r\n";
  lines += "IMPLEMENTATION Assay\r\n";
  return pop3_multi_line("Capability list follows", view_of(lines));
}

Step Pop3Service::stls(const SessionState& state) const {
  // RFC 2595 §4: -ERR where a security layer is active already.
  if (state.secured()) return answered(pop3_error("TLS is up already"));
  if (!config_.starttls) return answered(pop3_error("STLS not implemented"));
  return answered(pop3_ok("Begin TLS negotiation"), Step::Next::start_tls);
}

Step Pop3Service::quit(SessionState& state) const {
  state.quitting = true;
  // RFC 1939 §6: the UPDATE state is entered from TRANSACTION alone.
  const std::string reply = state.pop3().phase == Pop3State::Phase::transaction
                                ? commands_.update(state.pop3().maildrop)
                                : pop3_ok(config_.hostname + " signing off");
  return answered(reply, Step::Next::close);
}

}  // namespace assay
