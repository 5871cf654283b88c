// RFC 8446 §6.1, RFC 1939 §3, RFC 3977 §3.1.1: a message has an end of its own; what was cut before
// it is not the message.
#include "harness/check/encounter.h"
#include "suites/observe.h"
#include "suites/suites.h"

#include <algorithm>
#include <array>

namespace assay::suites {
namespace {

constexpr Ending kNoticed{"cut_noticed"};  // its user was told
constexpr Ending kTaken{"part_taken_for_whole"};
constexpr Ending kDeleted{"deleted_unread"};

constexpr std::array<std::string_view, 5> kRetrieving = {"RETR", "TOP", "ARTICLE", "HEAD", "BODY"};

bool asks_for_message(const ClientCommand& command) {
  return std::ranges::find(kRetrieving, command.verb) != kRetrieving.end();
}
bool deletes(const ClientCommand& command) { return command.verb == "DELE"; }

/// No connection lives on behind a cut. A client may have sent DELE right behind RETR: without QUIT
/// nothing comes of that (RFC 1939 §6). On a connection that reads nothing it is meant.
Ending ending_of(Probe& probe, const Encounter& met) {
  std::ptrdiff_t retrievals = 0;
  for (const Conversation& said : met.conversations) {
    const auto commands = commands_of(met.protocol, said.secured);
    const bool read = std::ranges::any_of(commands, asks_for_message);
    if (read) ++retrievals;
    if (!read && retrievals > 0 && std::ranges::any_of(commands, deletes)) return kDeleted;
  }
  if (const auto none = unjudged(probe, met)) return *none;
  if (retrievals == 0) return probe.inconclusive("the client asked for no message");
  if (!met.end.succeeded()) return kNoticed;
  if (retrievals > 1)
    return probe.inconclusive(
        "the client asked again, and reports success: what it kept is its own");
  return kTaken;
}

Task<Ending> cut_messages(Probe& probe) { return meets_each(probe, ending_of); }

constexpr Check kChecks[] = {
    {.id = "integrity.client_truncation.retr_cut",
     .title = "A message that was cut is not taken for a whole one",
     .side = Side::client,
     .levels = {.all = Level::must},
     .component = Component::client,
     .sources = {"RFC 1939 §3", "RFC 3977 §3.1.1", "RFC 8446 §6.1"},
     .scope = {.protocols = {Protocol::pop3, Protocol::nntp}},
     .needs = {Need::policy_required},
     .shows = {"message_cut_off", "message_closed_off", "message_without_end"},
     .run = cut_messages,
     .steps = "RETR or ARTICLE is answered by half of a message and FIN without close_notify; by "
              "half of "
              "it and close_notify; by all of it but the line with the dot, and close_notify. The "
              "client "
              "must tell of it by its exit code, and not delete the message on a later connection.",
     .accepts = {kNoticed},
     .breakers = {{"reports_success", kTaken}},
     .liberties = {{"leaves_without_farewell", kNoticed}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> client_truncation() { return kChecks; }

}  // namespace assay::suites
