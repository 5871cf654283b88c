#include "reference_server/nntp.h"

#include "harness/base/words.h"
#include "harness/protocol/line.h"
#include "harness/protocol/nntp_replies.h"
#include "harness/protocol/nntp_time.h"
#include "reference_server/command_line.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace assay {
namespace {

constexpr auto kClose = Step::Next::close;
constexpr std::size_t kSaslCommand = 66;  // of AUTHINFO SASL around its initial response

Step answered(Bytes reply) { return {.output = std::move(reply)}; }

std::string syntax_error(NntpSyntax syntax) { return compose_nntp_reply(501, to_string(syntax)); }

/// Verbs that stand alone (RFC 3977 §9.2, RFC 4642 §3.1).
bool takes_no_argument(NntpVerb verb) {
  return verb == NntpVerb::date || verb == NntpVerb::help || verb == NntpVerb::post ||
         verb == NntpVerb::quit || verb == NntpVerb::starttls;
}

/// What belongs to reading and posting (RFC 3977 §5 to §8): all but the session's own commands.
bool is_of_substance(NntpVerb verb) {
  switch (verb) {
    case NntpVerb::unknown:
    case NntpVerb::authinfo:
    case NntpVerb::capabilities:
    case NntpVerb::date:
    case NntpVerb::help:
    case NntpVerb::mode:
    case NntpVerb::quit:
    case NntpVerb::starttls:
      return false;
    default:
      return true;
  }
}

std::string help() {
  const std::vector<std::string> lines = {"ARTICLE [message-id|number]",
                                          "AUTHINFO USER|PASS|SASL",
                                          "BODY [message-id|number]",
                                          "CAPABILITIES",
                                          "DATE",
                                          "GROUP group",
                                          "HDR field [message-id|range]",
                                          "HEAD [message-id|number]",
                                          "HELP",
                                          "LAST",
                                          "LIST [keyword [wildmat]]",
                                          "LISTGROUP [group [range]]",
                                          "MODE READER",
                                          "NEWGROUPS date time [GMT]",
                                          "NEWNEWS wildmat date time [GMT]",
                                          "NEXT",
                                          "OVER [message-id|range]",
                                          "POST",
                                          "QUIT",
                                          "STARTTLS",
                                          "STAT [message-id|number]"};
  return compose_nntp_reply(100, "Help text follows", lines);
}

}  // namespace

NntpService::NntpService(NntpConfig config, const Accounts& accounts, NewsStore& store)
    : config_(std::move(config)),
      login_(config_, accounts),
      reader_(config_, store),
      lists_(config_, store),
      post_(config_, store) {}

SessionState NntpService::fresh(Security security) const {
  // RFC 4642 §2.2.2: MODE-READER has no place under TLS, and MODE READER is not undone by an
  // upgrade: so inside TLS reading needs no switch.
  const bool reader = !config_.mode_switching || security != Security::clear;
  return {.security = security, .protocol = NntpState{.reader = reader}};
}

Bytes NntpService::greeting(const SessionState& state) const {
  // RFC 4642 §2.2.2: the session starts over after the upgrade, without a second greeting.
  if (state.security == Security::upgraded) return {};
  return bytes_of(posting_line());
}

std::string NntpService::posting_line() const {
  // RFC 3977 §5.1.2: 200 or 201; its note says that clients take 201 to hold for ever, so it is
  // kept for servers on which no login would change it.
  return post_.may_come_to_permit()
             ? compose_nntp_reply(200, config_.hostname + " Assay ready, posting allowed")
             : compose_nntp_reply(201, config_.hostname + " Assay ready, posting prohibited");
}

Bytes NntpService::farewell(Farewell why) const {
  // RFC 3977 §3.2.1: 400 where the server ends the session by itself.
  switch (why) {
    case Farewell::shutting_down:
      return bytes_of(compose_nntp_reply(400, config_.hostname + " is shutting down"));
    case Farewell::idle:
      // RFC 3977 §3.1: an autologout timer closes the connection without a response.
      return {};
    case Farewell::too_many_errors:
      return bytes_of(compose_nntp_reply(400, config_.hostname + " saw too many errors"));
    case Farewell::too_slow:
      return bytes_of(compose_nntp_reply(400, config_.hostname + " gives up: too slow"));
    case Farewell::too_many_connections:
      return bytes_of(compose_nntp_reply(400, config_.hostname + " has too many connections"));
  }
  return {};
}

bool NntpService::receiving_content(const SessionState& state) const {
  return state.nntp().phase == NntpState::Phase::article;
}

Step NntpService::handle(SessionState& state, View input) const {
  if (input.empty()) return {};
  return counted(state, state.nntp().phase == NntpState::Phase::article ? post_.take(state, input)
                                                                        : take_line(state, input));
}

/// Counts refusals (5yz, and 48z for failed logins); the one beyond the limit is answered by 400 in
/// its place.
Step NntpService::counted(SessionState& state, Step step) const {
  const std::string_view reply = text_of(step.output);
  const bool refuses = reply.starts_with('5') || reply.starts_with("48");
  return Service::counted(state, std::move(step), refuses, config_.limits.errors);
}

Step NntpService::take_line(SessionState& state, View input) const {
  LineLimits limits{config_.limits.command_line, config_.limits.hard_line};
  if (state.nntp().phase == NntpState::Phase::auth) {
    // RFC 4643 §2.4.2: the lines of an exchange have a limit of their own.
    limits = exchange_limits(limits, config_.limits.sasl_blob);
  } else if (state.discarded_line == 0 && begins_authinfo_sasl(text_of(input))) {
    // RFC 4643 §2.4.1: so has this command. One beyond it is hopeless at once.
    limits.line = limits.hard = config_.limits.sasl_blob + kSaslCommand;
  }
  return act_on_line(
      state.discarded_line, input, limits, [&](View line) { return run_line(state, line); },
      [&](bool hopeless) { return overlong(state, hopeless); });
}

Step NntpService::run_line(SessionState& state, View line) const {
  if (state.nntp().phase == NntpState::Phase::auth)
    return answered(login_.go_on(state, text_of(line)));
  if (has_stray_control(line)) {
    // RFC 3977 §3.1: CRLF ends a command and nothing else does; the whole line is refused as one.
    return answered(compose_nntp_reply(501, "Stray control character in the command"));
  }
  return run(state, parse_nntp_command(text_of(line)));
}

Step NntpService::overlong(SessionState& state, bool hopeless) const {
  const bool exchange = state.nntp().phase == NntpState::Phase::auth;
  state.nntp().phase = NntpState::Phase::command;
  state.nntp().sasl = {};
  if (hopeless) return answered(compose_nntp_reply(400, "Line far too long, closing"), kClose);
  // RFC 3977 §3.2.1: 501 for a line longer than the server accepts; RFC 4643 §2.4.1: 481 in an
  // exchange.
  return answered(exchange ? compose_nntp_reply(481, "Authentication line too long")
                           : compose_nntp_reply(501, "Line too long"));
}

std::optional<std::string> NntpService::barred(const SessionState& state, NntpVerb verb) const {
  // RFC 3977 §3.2.1: 483. RFC 3977 §5.2.2 and §5.4.2 and RFC 4642 §2.2.1 keep it from CAPABILITIES,
  // QUIT and STARTTLS; HELP and DATE give nothing away.
  if (waits_for_tls(config_, state) &&
      (is_of_substance(verb) || verb == NntpVerb::authinfo || verb == NntpVerb::mode)) {
    return compose_nntp_reply(483, "Secure connection required");
  }
  if (state.nntp().reader || !is_of_substance(verb)) return std::nullopt;
  // RFC 3977 §6.2.2, §6.2.4: mandatory in every mode.
  if (verb == NntpVerb::head || verb == NntpVerb::stat) return std::nullopt;
  // RFC 3977 §3.2.1: 401 names the way there; RFC 4643 §2.2: no way there after a login.
  return state.user.empty() ? compose_nntp_reply(401, "MODE-READER Use MODE READER first")
                            : compose_nntp_reply(502, "Reading needs a new connection");
}

Step NntpService::run(SessionState& state, const NntpCommand& command) const {
  if (is_http_request(command.raw)) {
    return answered(compose_nntp_reply(400, "This is no HTTP server"), kClose);
  }
  if (auto refusal = barred(state, command.verb)) return answered(*refusal);
  if (takes_no_argument(command.verb) && !command.arguments.empty()) {
    return answered(syntax_error(NntpSyntax::too_many_arguments));
  }
  switch (command.verb) {
    case NntpVerb::starttls:
      return starttls(state);
    case NntpVerb::mode:
      return mode(state, command);
    case NntpVerb::quit:
      state.quitting = true;
      return answered(compose_nntp_reply(205, "Connection closing"), kClose);
    case NntpVerb::group:
    case NntpVerb::listgroup:
    case NntpVerb::next:
    case NntpVerb::last:
    case NntpVerb::article:
    case NntpVerb::head:
    case NntpVerb::body:
    case NntpVerb::stat:
    case NntpVerb::over:
    case NntpVerb::hdr:
      return answered(read(state, command));
    default:
      return answered(answer(state, command));
  }
}

Bytes NntpService::read(SessionState& state, const NntpCommand& command) const {
  switch (command.verb) {
    case NntpVerb::group:
    case NntpVerb::listgroup:
      return reader_.select(state, command);
    case NntpVerb::next:
    case NntpVerb::last:
      return reader_.move(state, command);
    case NntpVerb::over:
      return reader_.over(state, command);
    case NntpVerb::hdr:
      return reader_.hdr(state, command);
    default:
      return reader_.show(state, command);
  }
}

std::string NntpService::answer(SessionState& state, const NntpCommand& command) const {
  switch (command.verb) {
    case NntpVerb::capabilities:
      return capabilities(state, command);
    case NntpVerb::authinfo:
      return login_.begin(state, command);
    case NntpVerb::list:
      return lists_.list(command);
    case NntpVerb::newgroups:
      return lists_.newgroups(command);
    case NntpVerb::newnews:
      return lists_.newnews(command);
    case NntpVerb::post:
      return post_.begin(state);
    case NntpVerb::date:
      return compose_nntp_reply(111, nntp_timestamp(config_.time()));
    case NntpVerb::help:
      return help();
    default:
      // RFC 3977 §3.2.1: 500 for what is not recognized at all.
      return compose_nntp_reply(500, "Command not recognized");
  }
}

std::string NntpService::capabilities(const SessionState& state, const NntpCommand& command) const {
  // RFC 3977 §5.2.2: an unknown keyword changes nothing, what is no keyword is a syntax error.
  if (command.arguments.size() > 1) return syntax_error(NntpSyntax::too_many_arguments);
  if (!command.arguments.empty() && !is_nntp_keyword(command.arguments.front())) {
    return syntax_error(NntpSyntax::bad_argument);
  }
  const bool waits = waits_for_tls(config_, state);
  std::vector<std::string> lines = {"VERSION 2", "IMPLEMENTATION Assay"};
  // RFC 3977 §3.3.1: what this state does not have is not listed.
  if (state.nntp().reader && !waits) {
    for (const auto* label : {"READER", "HDR", "NEWNEWS", "OVER MSGID"}) lines.emplace_back(label);
    lines.push_back("LIST " + std::string(kListVariants));
    if (post_.permits(state)) lines.emplace_back("POST");
  }
  // RFC 3977 §3.4.2; RFC 4643 §2.2: not after a login.
  if (!state.nntp().reader && !waits && state.user.empty()) lines.emplace_back("MODE-READER");
  // RFC 4642 §2.1: not under TLS and not after a login.
  if (config_.starttls && !state.secured() && state.user.empty()) lines.emplace_back("STARTTLS");
  for (std::string& line : login_.capabilities(state)) lines.push_back(std::move(line));
  return compose_nntp_reply(101, "Capability list follows", lines);
}

Step NntpService::mode(SessionState& state, const NntpCommand& command) const {
  if (command.arguments.empty()) return answered(syntax_error(NntpSyntax::missing_argument));
  // RFC 3977 §3.2.1: 501 for an unknown variant.
  if (!equals_ignoring_case(command.arguments.front(), "READER")) {
    return answered(syntax_error(NntpSyntax::unknown_variant));
  }
  if (command.arguments.size() > 1) {
    return answered(syntax_error(NntpSyntax::too_many_arguments));
  }
  // RFC 4643 §2.2: no switch after a login; RFC 3977 §5.3.1: 502 closes.
  if (!state.nntp().reader && !state.user.empty()) {
    return answered(compose_nntp_reply(502, "Too late to switch, closing"), kClose);
  }
  // RFC 3977 §5.3.2: where there is nothing to switch, nothing changes.
  state.nntp().reader = true;
  return answered(posting_line());
}

Step NntpService::starttls(const SessionState& state) const {
  // RFC 4642 §2.2.1: 502 under TLS and after a login; never 480 or 483.
  if (state.secured() || !state.user.empty()) {
    return answered(compose_nntp_reply(502, "STARTTLS is not to be had any more"));
  }
  // RFC 3977 §3.2.1: 500 for an optional command that is not implemented.
  if (!config_.starttls) return answered(compose_nntp_reply(500, "Command not recognized"));
  return answered(compose_nntp_reply(382, "Continue with TLS negotiation"), Step::Next::start_tls);
}

}  // namespace assay
