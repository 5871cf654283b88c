#include "reference_server/smtp.h"

#include "harness/base/words.h"
#include "harness/protocol/line.h"
#include "harness/protocol/replies.h"

#include <algorithm>
#include <utility>

namespace assay {
namespace {

using Hello = SmtpState::Hello;

std::string syntax_error(SmtpSyntax syntax) {
  return compose_reply(501, "5.5.4", to_string(syntax));
}

std::string unexpected_argument() { return compose_reply(501, "5.5.4", "No argument is allowed"); }

std::string unknown_parameter() {
  // RFC 5321 §4.1.1.11: parameters that are not implemented are refused by 555.
  return compose_reply(555, "5.5.4", "Parameter not recognized or not implemented");
}

/// Verbs that stand alone (RFC 5321 §4.1.1, RFC 3207 §4).
bool takes_no_argument(SmtpVerb verb) {
  return verb == SmtpVerb::data || verb == SmtpVerb::rset || verb == SmtpVerb::quit ||
         verb == SmtpVerb::starttls;
}

}  // namespace

SmtpService::SmtpService(SmtpConfig config, const Accounts& accounts, Store& store)
    : config_(std::move(config)), login_(config_, accounts), transfer_(config_, store) {}

SessionState SmtpService::fresh(Security security) const {
  return {.security = security, .protocol = SmtpState{}};
}

Bytes SmtpService::greeting(const SessionState& state) const {
  // RFC 3207 §4.2: the session starts over after the upgrade, without a second greeting.
  if (state.security == Security::upgraded) return {};
  return bytes_of("220 " + config_.hostname + " ESMTP Assay\r\n");
}

Bytes SmtpService::farewell(Farewell why) const {
  // RFC 5321 §3.8: 421 announces that the server closes by itself.
  switch (why) {
    case Farewell::shutting_down:
      return bytes_of(compose_reply(421, "4.3.2", config_.hostname + " is shutting down"));
    case Farewell::idle:
      return bytes_of(compose_reply(421, "4.4.2", config_.hostname + " waited too long"));
    case Farewell::too_many_errors:
      return bytes_of(compose_reply(421, "4.7.0", config_.hostname + " saw too many errors"));
    case Farewell::too_slow:
      return bytes_of(compose_reply(421, "4.4.2", config_.hostname + " gives up: too slow"));
    case Farewell::too_many_connections:
      return bytes_of(compose_reply(421, "4.7.0", config_.hostname + " has too many connections"));
  }
  return {};
}

Step SmtpService::handle(SessionState& state, View input) const {
  if (input.empty()) return {};
  switch (state.smtp().phase) {
    case SmtpState::Phase::data:
      return counted(state, transfer_.take_data(state, input));
    case SmtpState::Phase::chunk:
      return counted(state, transfer_.take_chunk(state, input));
    case SmtpState::Phase::command:
    case SmtpState::Phase::auth:
      break;
  }
  return counted(state, take_line(state, input));
}

/// Counts permanent refusals; the one beyond the limit is answered by 421 in its place.
Step SmtpService::counted(SessionState& state, Step step) const {
  const bool refuses = text_of(step.output).starts_with('5');
  return Service::counted(state, std::move(step), refuses, config_.limits.errors);
}

LineLimits SmtpService::line_limits(const SessionState& state) const {
  const LineLimits commands{config_.limits.command_line, config_.limits.hard_line};
  const bool exchange = state.smtp().phase == SmtpState::Phase::auth;
  return exchange ? exchange_limits(commands, config_.limits.sasl_blob) : commands;
}

Step SmtpService::take_line(SessionState& state, View input) const {
  return act_on_line(
      state.discarded_line, input, line_limits(state),
      [&](View line) { return run_line(state, line); },
      [&](bool hopeless) { return overlong(state, hopeless); });
}

Step SmtpService::run_line(SessionState& state, View line) const {
  if (state.smtp().phase == SmtpState::Phase::auth) {
    return answered(login_.go_on(state, text_of(line)));
  }
  if (has_stray_control(line)) {
    // RFC 5321 §2.3.8: CR and LF appear together or not at all; the whole line is refused as one.
    return answered(compose_reply(500, "5.5.2", "Stray control character in the command"));
  }
  return run(state, parse_smtp_command(text_of(line)));
}

Step SmtpService::overlong(SessionState& state, bool hopeless) const {
  const bool exchange = state.smtp().phase == SmtpState::Phase::auth;
  state.smtp().phase = SmtpState::Phase::command;
  state.smtp().sasl = {};
  if (hopeless) {
    // RFC 5321 §3.8: 421 where the server closes by itself.
    Step step = answered(compose_reply(421, "4.7.0", "Line far too long, closing"));
    step.next = Step::Next::close;
    return step;
  }
  // RFC 5321 §4.5.3.1.9 and RFC 4954 §6: 500 says that a line was too long.
  return answered(exchange ? compose_reply(500, "5.5.6", "Authentication line too long")
                           : compose_reply(500, "5.5.2", "Line too long"));
}

bool SmtpService::barred(const SessionState& state, SmtpVerb verb) const {
  if (!config_.tls_required || state.secured()) return false;
  // RFC 3207 §4: all commands but these wait for TLS. HELO is let through as EHLO is.
  switch (verb) {
    case SmtpVerb::noop:
    case SmtpVerb::ehlo:
    case SmtpVerb::helo:
    case SmtpVerb::starttls:
    case SmtpVerb::quit:
      return false;
    default:
      return true;
  }
}

bool SmtpService::receiving_content(const SessionState& state) const {
  return state.smtp().phase == SmtpState::Phase::data ||
         state.smtp().phase == SmtpState::Phase::chunk;
}

Step SmtpService::run(SessionState& state, const SmtpCommand& command) const {
  if (is_http_request(command.raw)) {
    // ALPACA: a browser that was lured here must not have its request's body run as commands.
    return answered(compose_reply(421, "4.7.0", "This is no HTTP server"), Step::Next::close);
  }
  if (command.verb == SmtpVerb::bdat) return bdat(state, command);
  if (barred(state, command.verb)) {
    return answered(compose_reply(530, "5.7.0", "Must issue a STARTTLS command first"));
  }
  if (takes_no_argument(command.verb) && !command.argument.empty()) {
    return answered(unexpected_argument());
  }
  if (command.verb == SmtpVerb::starttls) return starttls(state);
  if (command.verb == SmtpVerb::quit) {
    state.quitting = true;
    return answered(compose_reply(221, "2.0.0", config_.hostname + " closing connection"),
                    Step::Next::close);
  }
  return answered(answer(state, command));
}

std::string SmtpService::answer(SessionState& state, const SmtpCommand& command) const {
  switch (command.verb) {
    case SmtpVerb::ehlo:
    case SmtpVerb::helo:
      return hello(state, command);
    case SmtpVerb::auth:
      return login_.begin(state, command.argument);
    case SmtpVerb::mail:
      return mail(state, command);
    case SmtpVerb::rcpt:
      return rcpt(state, command);
    case SmtpVerb::data:
      return transfer_.begin_data(state);
    case SmtpVerb::rset:
      state.smtp().transaction = {};
      return compose_reply(250, "2.0.0", "Forgotten");
    case SmtpVerb::noop:
      return compose_reply(250, "2.0.0", "OK");
    case SmtpVerb::vrfy:
      if (command.argument.empty()) return syntax_error(SmtpSyntax::missing_argument);
      // RFC 5321 §3.5.3: 252 where the server will not say.
      return compose_reply(252, "2.5.0", "Send some mail, it will be tried");
    case SmtpVerb::help:
      return compose_reply(214, "2.0.0",
                           "EHLO HELO STARTTLS AUTH MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT");
    case SmtpVerb::expn:
      return compose_reply(502, "5.5.1", "Command not implemented");
    case SmtpVerb::unknown:
    case SmtpVerb::starttls:
    case SmtpVerb::bdat:
    case SmtpVerb::quit:
      break;
  }
  // RFC 5321 §4.2.4: 500 for what is not recognized at all.
  return compose_reply(500, "5.5.2", "Command not recognized");
}

std::string SmtpService::hello(SessionState& state, const SmtpCommand& command) const {
  SmtpState& smtp = state.smtp();
  auto name = parse_hello(command.argument);
  // RFC 2034 §3: no enhanced code in what answers EHLO or HELO.
  if (!name) return compose_reply(501, "", to_string(name.error()));
  smtp.client_name = std::move(*name);
  // RFC 5321 §4.1.4: it resets as RSET does.
  smtp.transaction = {};
  smtp.hello = command.verb == SmtpVerb::ehlo ? Hello::ehlo : Hello::helo;
  if (smtp.hello == Hello::helo) return compose_reply(250, "", config_.hostname);

  std::vector<std::string> lines = {config_.hostname + " greets " + smtp.client_name,
                                    "PIPELINING",
                                    "SIZE " + std::to_string(config_.limits.message),
                                    "8BITMIME",
                                    "CHUNKING",
                                    "ENHANCEDSTATUSCODES"};
  // RFC 3207 §4.2: not offered again once TLS is up.
  if (config_.starttls && !state.secured()) lines.emplace_back("STARTTLS");
  const std::string mechanisms = login_.mechanisms(state);
  if (!mechanisms.empty()) lines.push_back("AUTH " + mechanisms);
  return compose_reply(250, lines);
}

Step SmtpService::starttls(const SessionState& state) const {
  if (state.secured()) return answered(compose_reply(503, "5.5.1", "TLS is up already"));
  if (!config_.starttls) return answered(compose_reply(502, "5.5.1", "STARTTLS not implemented"));
  return answered(compose_reply(220, "2.0.0", "Ready to start TLS"), Step::Next::start_tls);
}

std::string SmtpService::mail(SessionState& state, const SmtpCommand& command) const {
  SmtpState& smtp = state.smtp();
  // RFC 5321 §4.1.4: a session that takes mail begins with EHLO or HELO; transactions do not nest.
  if (smtp.hello == Hello::none) return compose_reply(503, "5.5.1", "EHLO first");
  if (smtp.transaction.open) return compose_reply(503, "5.5.1", "A transaction is open");
  auto parsed = parse_mail(command.argument);
  if (!parsed) return syntax_error(parsed.error());
  // Parameters belong to extensions, and those to EHLO (RFC 5321 §2.2.1).
  if (smtp.hello == Hello::helo && parsed->has_parameters()) return unknown_parameter();
  if (!parsed->others.empty() || parsed->body == SmtpBody::binary_mime) return unknown_parameter();
  if (parsed->auth && !offers_auth(config_.auth, state)) return unknown_parameter();
  if (parsed->size.value_or(0) > config_.limits.message) {
    // RFC 1870 §6.1: a declared size beyond the limit is refused here.
    return compose_reply(552, "5.3.4", "Message exceeds the size that is announced");
  }
  smtp.transaction = {.open = true, .mail = std::move(*parsed)};
  return compose_reply(250, "2.1.0", "Sender accepted");
}

bool SmtpService::takes_mail_for(const SessionState& state, const SmtpPath& path) const {
  // RFC 5321 §4.1.1.3: postmaster without a domain is always somebody.
  if (!state.user.empty() || path.domain.empty()) return true;
  return std::ranges::any_of(config_.domains, [&](const std::string& domain) {
    return equals_ignoring_case(domain, path.domain);
  });
}

std::string SmtpService::rcpt(SessionState& state, const SmtpCommand& command) const {
  SmtpTransaction& transaction = state.smtp().transaction;
  if (!transaction.open) return compose_reply(503, "5.5.1", "MAIL first");
  if (transaction.chunked) return compose_reply(503, "5.5.1", "The message has begun");
  auto parsed = parse_rcpt(command.argument);
  std::string refusal;
  if (!parsed) {
    refusal = syntax_error(parsed.error());
  } else if (!parsed->parameters.empty()) {
    refusal = unknown_parameter();
  } else if (!takes_mail_for(state, parsed->forward_path)) {
    refusal = compose_reply(550, "5.7.1", "No mail is relayed to this domain");
  } else if (transaction.recipients.size() >= config_.limits.recipients) {
    // RFC 5321 §4.5.3.1.10: 452 for recipients beyond the limit; those before it stay.
    refusal = compose_reply(452, "4.5.3", "Too many recipients");
  }
  if (!refusal.empty()) {
    ++transaction.refused_recipients;
    return refusal;
  }
  transaction.recipients.push_back(std::move(parsed->forward_path));
  return compose_reply(250, "2.1.5", "Recipient accepted");
}

Step SmtpService::bdat(SessionState& state, const SmtpCommand& command) const {
  const auto parsed = parse_bdat(command.argument);
  std::string refusal;
  if (barred(state, SmtpVerb::bdat)) {
    refusal = compose_reply(530, "5.7.0", "Must issue a STARTTLS command first");
  }
  if (parsed) return transfer_.begin_chunk(state, *parsed, std::move(refusal));
  if (!refusal.empty()) return answered(refusal);
  if (parsed.error() != SmtpSyntax::number_too_large) return answered(syntax_error(parsed.error()));
  return answered(compose_reply(421, "4.7.0", "No chunk of that size can be taken, closing"),
                  Step::Next::close);
}

}  // namespace assay
