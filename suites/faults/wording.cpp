// Liberties that every right peer has: how replies are worded, cut and timed; and the faults of
// answering late, lost or out of order.
#include "harness/base/words.h"
#include "suites/faults/faults.h"
#include "suites/faults/tongue.h"

#include <algorithm>
#include <memory>

namespace assay::faults {
namespace {

std::vector<Bytes> reply_lines(View octets) {
  std::vector<Bytes> lines;
  while (!octets.empty()) {
    const std::size_t end = find(octets, "\r\n");
    const std::size_t size = end == npos ? octets.size() : end + 2;
    lines.push_back(bytes_of(octets.first(size)));
    octets = octets.subspan(size);
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
     .summary = "Capabilities are listed in the reverse order, in lower case",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_reply = [](View unit, Step& step, SessionState& state) {
               if (!lists_capabilities(unit, state)) return;
               std::vector<Bytes> lines = reply_lines(step.output);
               if (lines.size() < 3 || lines.front()[0] != '2') return;
               std::reverse(lines.begin() + 1, lines.end());
               step.output.clear();
               for (std::size_t i = 0; i < lines.size(); ++i) {
                 lines[i][3] = i + 1 == lines.size() ? ' ' : '-';
                 for (std::uint8_t& octet : lines[i]) {
                   if (octet >= 'A' && octet <= 'Z') octet = static_cast<std::uint8_t>(octet + 32);
                 }
                 append(step.output, lines[i]);
               }
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
                 greeting = bytes_of(tongue_of(state).no_greeting);
             };
           });
         }},
    {.name = "lose_batch",
     .summary = "Of several commands in one segment only the first is acted on",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_bytes = [](Bytes& octets, Phase) {
               const std::size_t end = find(octets, "\r\n");
               const bool batch =
                   is_command(octets, "MAIL") && end != npos && end + 2 < octets.size();
               if (batch) octets.resize(end + 2);
             };
           });
         }},
    {.name = "swap_answers",
     .summary = "Answers to several commands in one segment come in the reverse order",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_output = [](Bytes octets) {
               std::vector<Bytes> lines = reply_lines(octets);
               const bool single_lines = std::ranges::all_of(
                   lines, [](const Bytes& line) { return line.size() > 3 && line[3] == ' '; });
               std::vector<Piece> pieces;
               if (lines.size() > 1 && single_lines) std::ranges::reverse(lines);
               for (Bytes& line : lines) pieces.push_back({std::move(line), Milliseconds(0)});
               return pieces;
             };
           });
         }},
};

}  // namespace

std::span<const NamedFault> wording() { return kFaults; }

}  // namespace assay::faults
