// Liberties that every right peer has: how replies are worded, cut and timed; and the faults of
// answering late, lost or out of order.
#include "harness/base/words.h"
#include "suites/faults/faults.h"
#include "suites/faults/tongue.h"

#include <algorithm>
#include <memory>

namespace assay::faults {
namespace {

/// The commands that batches begin with; LDAP's begin with a message.
void lose_all_but_first(Bytes& octets) {
  std::size_t first = 0;
  for (const std::string_view command : {"MAIL", "STAT", "DATE"}) {
    if (is_command(octets, command)) first = find(octets, "\r\n") + 2;
  }
  const SessionState directory{.protocol = LdapState{}};
  if (first == 0) first = front_unit(octets, directory);
  if (first > 1 && first < octets.size()) octets.resize(first);
}

bool is_status_line(View line) {
  const std::string_view text = text_of(line);
  return text.starts_with("+OK") || text.starts_with("101 ") || text.starts_with("111 ");
}

/// Replies of one line in the reverse order; where the first of several is one line, it comes last.
std::vector<Bytes> swapped_answers(View octets) {
  std::vector<Bytes> lines = reply_lines(octets);
  if (lines.size() < 2) return lines;
  const bool single_lines = std::ranges::all_of(
      lines, [](const Bytes& line) { return line.size() > 3 && line[3] == ' '; });
  if (is_status_line(lines[0]) && is_status_line(lines[1])) {
    std::rotate(lines.begin(), lines.begin() + 1, lines.end());
  } else if (single_lines) {
    std::ranges::reverse(lines);
  }
  return lines;
}

constexpr NamedFault kFaults[] = {
    {.name = "multiline_greeting",
     .kind = NamedFault::Kind::liberty,
     .summary = "The greeting has several lines",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_greeting = [](Bytes& greeting, const SessionState& state) {
               // RFC 5321 §4.2.1 alone has greetings of several lines.
               if (state.security == Security::upgraded ||
                   !std::holds_alternative<SmtpState>(state.protocol)) {
                 return;
               }
               Bytes longer = bytes_of("220-welcome\r\n220-to a server of many words\r\n");
               append(longer, greeting);
               greeting = std::move(longer);
             };
           });
         }},
    {.name = "delayed_greeting",
     .kind = NamedFault::Kind::liberty,
     .summary = "The greeting and every reply come 30 ms late",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_output = [](Bytes octets) {
               std::vector<Piece> pieces;
               pieces.push_back({std::move(octets), Milliseconds(30)});
               return pieces;
             };
           });
         }},
    {.name = "split_replies",
     .kind = NamedFault::Kind::liberty,
     .summary = "Replies come in pieces of three octets, a segment or record each",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_output = [](Bytes octets) {
               std::vector<Piece> pieces;
               for (std::size_t at = 0; at < octets.size(); at += 3) {
                 const View piece =
                     View(octets).subspan(at, std::min<std::size_t>(3, octets.size() - at));
                 pieces.push_back({bytes_of(piece), Milliseconds(0)});
               }
               return pieces;
             };
           });
         }},
    {.name = "reversed_capabilities",
     .kind = NamedFault::Kind::liberty,
     .summary =
         "Capabilities are listed in the reverse order, in lower case where case does not matter",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_reply = [](View unit, Step& step, SessionState& state) {
               if (lists_capabilities(unit, state)) reverse_capabilities(step, state);
             };
           });
         }},
    {.name = "greeting_waits",
     .summary = "The greeting inside TLS comes only after the client has spoken",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             const auto held = std::make_shared<Bytes>();
             hooks.on_greeting = [held](Bytes& greeting, const SessionState& state) {
               if (state.security == Security::implicit) *held = std::exchange(greeting, {});
             };
             hooks.on_reply = [held](View, Step& step, SessionState&) {
               Bytes first = std::exchange(*held, {});
               append(first, step.output);
               step.output = std::move(first);
             };
           });
         }},
    {.name = "greeting_is_not_a_reply",
     .summary = "The first line inside TLS is no greeting of the protocol",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_greeting = [](Bytes& greeting, const SessionState& state) {
               if (state.security == Security::implicit)
                 greeting = said(Saying::no_greeting, {}, state);
             };
           });
         }},
    {.name = "lose_batch",
     .summary = "Of several commands in one segment only the first is acted on",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_bytes = [](Bytes& octets, Phase) { lose_all_but_first(octets); };
           });
         }},
    {.name = "swap_answers",
     .summary = "Answers to several commands in one segment come in another order",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_output = [](Bytes octets) {
               std::vector<Bytes> lines = swapped_answers(octets);
               std::vector<Piece> pieces;
               for (Bytes& line : lines) pieces.push_back({std::move(line), Milliseconds(0)});
               return pieces;
             };
           });
         }},
};

}  // namespace

std::span<const NamedFault> wording() { return kFaults; }

}  // namespace assay::faults
