// RFC 5321 §2.3.8, §4.1.1.4 and §4.5.2, RFC 3977 §3.1.1: whatever a message holds, a client sends
// lines that end with CRLF, and a line that is one dot for the end alone.
#include "harness/check/encounter.h"
#include "suites/observe.h"
#include "suites/suites.h"

#include <algorithm>
#include <array>

namespace assay::suites {
namespace {

using namespace std::string_view_literals;

constexpr Ending kNormalised{"normalised"};
constexpr Ending kRefused{"refused"};
constexpr Ending kRaw{"raw_sequence"};

struct Sequence {
  std::string_view name;
  std::string_view octets;
  EnumSet<Protocol> protocols;
};
// RFC 3977 §3.1.1 has no NUL in articles; RFC 5321 §2.3.1 leaves it to what follows.
constexpr std::array<Sequence, 6> kSequences = {
    {{"lf_dot_lf", "\n.\n"sv, {Protocol::smtp, Protocol::nntp}},
     {"lf_dot_crlf", "\n.\r\n"sv, {Protocol::smtp, Protocol::nntp}},
     {"cr_dot_cr", "\r.\r"sv, {Protocol::smtp, Protocol::nntp}},
     {"crlf_dot_cr", "\r\n.\r"sv, {Protocol::smtp, Protocol::nntp}},
     {"crcrlf_dot_crcrlf", "\r\r\n.\r\r\n"sv, {Protocol::smtp, Protocol::nntp}},
     {"nul", "\0"sv, {Protocol::nntp}}}};

/// Whether a line is one dot, by whichever reading of line ends; or an octet of zero is there.
bool holds_sequence(std::string_view octets) {
  if (octets.find('\0') != std::string_view::npos) return true;
  for (std::size_t begin = 0; begin <= octets.size();) {
    const std::size_t end = std::min(octets.find_first_of("\r\n", begin), octets.size());
    const bool whole = begin > 0 && end < octets.size();
    if (whole && octets.substr(begin, end - begin) == ".") return true;
    begin = end + 1;
  }
  return false;
}

Ending ending_of(Probe& probe, const Encounter& met, std::string_view before,
                 std::string_view after) {
  if (const auto none = unjudged(probe, met)) return *none;
  for (const Conversation& said : met.conversations) {
    const std::string_view octets = text_of(said.secured);
    const std::size_t begin = octets.find(before);
    if (begin == std::string_view::npos) continue;
    const std::size_t from = begin + before.size();
    const std::size_t to = octets.find(after, from);
    // Where the rest does not come, the client has taken the sequence for the end of its input.
    if (to == std::string_view::npos) return kNormalised;
    return holds_sequence(octets.substr(from, to - from)) ? kRaw : kNormalised;
  }
  if (!met.end.succeeded()) return kRefused;
  return probe.inconclusive("the message is not in what the client sent, and it reports success");
}

Task<Ending> smuggles_nothing(Probe& probe) {
  for (const Sequence& sequence : kSequences) {
    if (!sequence.protocols.contains(probe.endpoint().protocol)) continue;
    const std::string before = probe.entropy().word(16);
    const std::string after = probe.entropy().word(16);
    std::string text = before;
    text += sequence.octets;
    text += after;
    const Encounter met = co_await meet_sending(probe, message_with(probe, text));
    const Ending seen = ending_of(probe, met, before, after);
    probe.part(std::string(sequence.name), seen);
  }
  co_return probe.worst();
}

constexpr Check kChecks[] = {
    {.id = "integrity.client_out.no_smuggling",
     .title = "A message cannot end itself on the way out",
     .side = Side::client,
     .levels = {.all = Level::must},
     .component = Component::client,
     .sources = {"RFC 5321 §2.3.8", "RFC 5321 §4.1.1.4", "RFC 5321 §4.5.2", "RFC 3977 §3.1.1"},
     .scope = {.protocols = {Protocol::smtp, Protocol::nntp}},
     .needs = {Need::policy_required, Need::message_file},
     .run = smuggles_nothing,
     .steps =
         "The client is given messages that hold LF . LF, LF . CRLF, CR . CR, CRLF . CR, CR CRLF . "
         "CR CRLF, in NNTP an octet of zero as well. Between what stands before and behind it no "
         "line may be sent that is one dot, whichever way lines are told apart.",
     .accepts = {kNormalised, kRefused},
     .breakers = {{"sends_message_raw", kRaw}},
     .liberties = {{"refuses_odd_lines", kRefused}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> client_out() { return kChecks; }

}  // namespace assay::suites
