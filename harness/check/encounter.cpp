#include "harness/check/encounter.h"

#include "harness/base/printable.h"
#include "harness/base/words.h"
#include "harness/protocol/ldap.h"
#include "harness/wire/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

namespace assay {
namespace {

constexpr Milliseconds kVisitorsLeave{2'000};  // once the client has ended
constexpr std::size_t kLongestMessage = 1UL << 20;

constexpr std::array<std::string_view, 6> kSmtpPrepares = {"EHLO", "HELO", "STARTTLS",
                                                           "NOOP", "RSET", "HELP"};
constexpr std::array<std::string_view, 4> kPop3Prepares = {"CAPA", "STLS", "NOOP", "LANG"};
constexpr std::array<std::string_view, 5> kNntpPrepares = {"CAPABILITIES", "MODE", "STARTTLS",
                                                           "DATE", "HELP"};

std::span<const std::string_view> preparing(Protocol protocol) {
  switch (protocol) {
    case Protocol::pop3:
      return kPop3Prepares;
    case Protocol::nntp:
      return kNntpPrepares;
    default:
      return kSmtpPrepares;
  }
}

ClientCommand line_command(Protocol protocol, std::string_view line) {
  ClientCommand command;
  const std::string verb = to_upper(line.substr(0, line.find(' ')));
  command.verb = printable(verb, 40);
  // AUTH alone is how clients of RFC 1734 ask a POP3 server for its mechanisms.
  const bool asks_for_mechanisms =
      protocol == Protocol::pop3 && verb == "AUTH" && line.size() == verb.size();
  if (verb == "QUIT") {
    command.errand = Errand::leaving;
  } else if (asks_for_mechanisms ||
             std::ranges::find(preparing(protocol), verb) != preparing(protocol).end()) {
    command.errand = Errand::preparing;
  }
  return command;
}

/// Anonymous binds, reads of the root DSE and StartTLS get ready; unbind and abandon leave.
ClientCommand operation_of(const LdapMessage& message) {
  if (const auto* bind = std::get_if<LdapBindRequest>(&message.op)) {
    const auto* simple = std::get_if<LdapSimpleBind>(&bind->authentication);
    const bool anonymous = bind->name.empty() && simple != nullptr && simple->password.empty();
    return {"BIND", anonymous ? Errand::preparing : Errand::working};
  }
  if (const auto* search = std::get_if<LdapSearchRequest>(&message.op))
    return {"SEARCH", search->base.empty() ? Errand::preparing : Errand::working};
  if (const auto* extended = std::get_if<LdapExtendedRequest>(&message.op))
    return {"EXTENDED", extended->name == ldap::kStartTls ? Errand::preparing : Errand::working};
  const LdapOp op = op_of(message);
  if (op == LdapOp::unbind_request) return {"UNBIND", Errand::leaving};
  if (op == LdapOp::abandon_request) return {"ABANDON", Errand::leaving};
  return {"OPERATION", Errand::working};
}

std::vector<ClientCommand> operations_of(View octets) {
  std::vector<ClientCommand> commands;
  while (!octets.empty() && !begins_like_record(octets)) {
    const MessageFront front = front_message(octets, kLongestMessage);
    if (front.kind != MessageFront::Kind::complete) {
      commands.push_back({"unfinished", Errand::working});
      break;
    }
    const LdapDecoded message = decode_ldap(octets.first(front.size));
    octets = octets.subspan(front.size);
    commands.push_back(message ? operation_of(*message)
                               : ClientCommand{"malformed", Errand::working});
  }
  return commands;
}

bool any_of(const std::vector<ClientCommand>& commands, bool also_preparing) {
  return std::ranges::any_of(commands, [&](const ClientCommand& command) {
    return command.errand == Errand::working ||
           (also_preparing && command.errand == Errand::preparing);
  });
}

std::optional<Ending> worked_outside(const Encounter& met) {
  if (met.leaked_in_clear()) return ending::leaked_in_clear;
  if (met.worked_in_clear()) return ending::went_on_in_clear;
  return std::nullopt;
}

Ending turned_away(const Encounter& met) {
  return met.end.succeeded() ? ending::turned_away_silently : ending::turned_away;
}

/// What the client is told.
struct Told {
  std::string host{};     // in place of the bench's
  bool address = false;   // in place of the name
  std::string message{};  // one line, where nothing is here
};

Task<Encounter> meet_all(Probe& probe, Setup setup, std::vector<std::string_view> shown,
                         Access access, Told told) {
  const ClientBench& bench = *probe.subject().client;
  Reception reception;
  reception.protocol = probe.endpoint().protocol;
  reception.access = access;
  reception.setup = setup;
  reception.host = told.host.empty() ? bench.host : told.host;
  reception.evidence = probe.budget().evidence_check;
  for (const std::string_view name : shown) {
    reception.faults.push_back(fault_named(bench.faults, name));
    if (reception.faults.back() == nullptr)
      throw std::logic_error(fmt::format("no table of faults has {}", name));
  }
  const auto server = bench.stage.serve_watched(reception);
  const Subject& served = server->subject();
  Endpoint endpoint = served.endpoints.front();
  if (told.address) {
    endpoint.sni.clear();
    endpoint.reference_name = "127.0.0.1";
  }
  if (told.message.empty()) told.message = message_with(probe, "A line.");
  const Occasion occasion{endpoint, probe.account(), served.anchors, probe.which().name,
                          told.message};
  Encounter met;
  met.protocol = probe.endpoint().protocol;
  met.nonces.add(probe.account().password);
  met.end = co_await bench.client.run(probe.loop(), occasion, probe.renew_deadline());
  // What it said last may not have been read yet.
  co_await server->quiet(Clock::now() + kVisitorsLeave);
  met.conversations = conversations_of(server->transcript());
  met.cut = std::ranges::any_of(server->transcript().entries(),
                                [](const TranscriptEntry& entry) { return entry.cut > 0; });
  probe.count_visits(met.conversations.size(), static_cast<std::size_t>(std::ranges::count(
                                                   met.conversations, true, &Conversation::tls)));
  probe.transcript().append(server->transcript());
  probe.note(met.end.said);
  co_return met;
}

}  // namespace

std::vector<ClientCommand> commands_of(Protocol protocol, View octets) {
  if (protocol == Protocol::ldap) return operations_of(octets);
  std::vector<ClientCommand> commands;
  std::string_view text = text_of(octets);
  while (!text.empty() && !begins_like_record(view_of(text))) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    commands.push_back(line_command(protocol, line));
  }
  return commands;
}

std::vector<Conversation> conversations_of(const Transcript& transcript) {
  std::set<std::size_t> answered;  // connections on which the server has spoken inside TLS
  std::vector<Conversation> conversations(transcript.connections());
  for (const TranscriptEntry& entry : transcript.entries()) {
    if (entry.connection == 0) continue;
    Conversation& conversation = conversations[entry.connection - 1];
    conversation.tls = conversation.tls || entry.secured || transcript.tls_begun(entry.connection);
    conversation.staple_wanted = transcript.wants_staple(entry.connection);
    if (entry.kind == TranscriptEntry::Kind::server && entry.secured)
      answered.insert(entry.connection);
    if (entry.kind != TranscriptEntry::Kind::client) continue;
    if (entry.secured && !answered.contains(entry.connection))
      conversation.unanswered += entry.octets.size();
    append(entry.secured     ? conversation.secured
           : entry.after_tls ? conversation.clear_again
                             : conversation.clear,
           entry.octets);
  }
  return conversations;
}

bool Encounter::began_tls() const { return std::ranges::any_of(conversations, &Conversation::tls); }

bool Encounter::wants_staple() const {
  return std::ranges::any_of(conversations, &Conversation::staple_wanted);
}

bool Encounter::leaked_in_clear() const {
  return std::ranges::any_of(conversations, [&](const Conversation& said) {
    return nonces.finds_in(text_of(said.clear)) || nonces.finds_in(text_of(said.clear_again));
  });
}

bool Encounter::leaked_inside() const {
  return std::ranges::any_of(conversations, [&](const Conversation& said) {
    return nonces.finds_in(text_of(said.secured));
  });
}

bool Encounter::worked_in_clear() const {
  return std::ranges::any_of(conversations, [&](const Conversation& said) {
    return any_of(commands_of(protocol, said.clear), false) ||
           any_of(commands_of(protocol, said.clear_again), false);
  });
}

bool Encounter::went_on_inside() const {
  return std::ranges::any_of(conversations, [&](const Conversation& said) {
    return any_of(commands_of(protocol, said.secured), true);
  });
}

bool Encounter::worked_inside() const {
  return std::ranges::any_of(conversations, [&](const Conversation& said) {
    return any_of(commands_of(protocol, said.secured), false);
  });
}

std::size_t Encounter::unanswered_inside() const {
  std::size_t most = 0;
  for (const Conversation& said : conversations) {
    const auto commands = commands_of(protocol, View(said.secured).first(said.unanswered));
    const auto count = std::ranges::count_if(
        commands, [](const ClientCommand& command) { return command.errand != Errand::leaving; });
    most = std::max(most, static_cast<std::size_t>(count));
  }
  return most;
}

std::string message_with(const Probe& probe, std::string_view text) {
  const bool article = probe.endpoint().protocol == Protocol::nntp;
  return fmt::format("From: <me@assay.invalid>\r\n{}\r\nSubject: a test\r\n\r\n{}\r\n",
                     article ? fmt::format("Newsgroups: {}", probe.account().group)
                             : fmt::format("To: <{}>", probe.account().sink),
                     text);
}

Task<Encounter> meet(Probe& probe) {
  const auto& shows = probe.which().check->shows;
  return meet_all(probe, probe.which().check->setup, {shows.begin(), shows.end()},
                  probe.endpoint().access, {});
}

Task<Encounter> meet_with(Probe& probe, std::string_view fault) {
  return meet_all(probe, probe.which().check->setup, {fault}, probe.endpoint().access, {});
}

Task<Encounter> meet_with(Probe& probe, std::string_view fault, Access access) {
  return meet_all(probe, probe.which().check->setup, {fault}, access, {});
}

Task<Encounter> meet_with(Probe& probe, Setup setup, std::vector<std::string_view> faults) {
  return meet_all(probe, setup, std::move(faults), probe.endpoint().access, {});
}

Task<Encounter> meet_as_localhost(Probe& probe, std::string_view fault) {
  Told told;
  told.host = "localhost";
  return meet_all(probe, probe.which().check->setup, {fault}, probe.endpoint().access,
                  std::move(told));
}

Task<Encounter> meet_by_address(Probe& probe) {
  Told told;
  told.address = true;
  const auto& shows = probe.which().check->shows;
  return meet_all(probe, probe.which().check->setup, {shows.begin(), shows.end()},
                  probe.endpoint().access, std::move(told));
}

Task<Encounter> meet_honest(Probe& probe) {
  return meet_all(probe, Setup{}, {}, probe.endpoint().access, {});
}

Task<Encounter> meet_sending(Probe& probe, std::string message) {
  Told told;
  told.message = std::move(message);
  return meet_all(probe, Setup{}, {}, probe.endpoint().access, std::move(told));
}

std::optional<Ending> unjudged(Probe& probe, const Encounter& met) {
  if (met.cut) return probe.inconclusive("the client said more than the evidence budget keeps");
  if (met.end.how == ClientEnd::How::timed_out)
    return probe.inconclusive("the client did not end in time");
  if (!met.came()) return probe.inconclusive("the client did not connect: " + met.end.said);
  return std::nullopt;
}

Ending ending_with_honest(Probe& probe, const Encounter& met) {
  if (const auto outside = worked_outside(met)) return *outside;
  if (met.worked_inside() && !met.cut) return ending::secured_first;
  if (const auto none = unjudged(probe, met)) return *none;
  return turned_away(met);
}

Ending ending_with_impostor(Probe& probe, const Encounter& met) {
  if (const auto outside = worked_outside(met)) return *outside;
  if (met.leaked_inside()) return ending::leaked_to_impostor;
  if (met.went_on_inside()) return ending::trusted_impostor;
  if (const auto none = unjudged(probe, met)) return *none;
  if (!met.began_tls()) return probe.inconclusive("the client never began TLS: " + met.end.said);
  return turned_away(met);
}

}  // namespace assay
