// Faults of a path to a server that is asked for a message: it ends before the message does.
#include "harness/base/words.h"
#include "suites/faults/faults.h"

#include <algorithm>
#include <array>

namespace assay::faults {
namespace {

constexpr std::string_view kEnd = ".\r\n";
constexpr std::array<std::string_view, 2> kPop3Verbs = {"RETR", "TOP"};
constexpr std::array<std::string_view, 3> kNntpVerbs = {"ARTICLE", "HEAD", "BODY"};

bool asks_for_message(View unit, const SessionState& state) {
  const std::string_view text = text_of(unit);
  const std::string verb = to_upper(text.substr(0, text.find_first_of(" \r\n")));
  if (std::holds_alternative<Pop3State>(state.protocol))
    return std::ranges::find(kPop3Verbs, verb) != kPop3Verbs.end();
  return std::holds_alternative<NntpState>(state.protocol) &&
         std::ranges::find(kNntpVerbs, verb) != kNntpVerbs.end();
}

enum class Kept { half, all_but_the_end };

/// Inside TLS, of an answer that is a text.
template <Kept kKept>
void cut_messages(SessionHooks& hooks) {
  hooks.on_reply = [](View unit, Step& step, SessionState& state) {
    const bool text = text_of(step.output).ends_with("\r\n.\r\n");
    if (!state.secured() || !text || !asks_for_message(unit, state)) return;
    const std::size_t whole = step.output.size();
    step.output.resize(kKept == Kept::half ? whole / 2 : whole - kEnd.size());
    step.next = Step::Next::close;
  };
}

void end_without_close_notify(SessionHooks& hooks) {
  hooks.on_close = [](CloseCause, const SessionState&) {
    CloseManner manner;
    manner.close_notify = false;
    return manner;
  };
}

constexpr NamedFault kFaults[] = {
    {.name = "message_cut_off",
     .summary = "Of a message that is asked for half is sent, then the connection ends without "
                "close_notify",
     .apply =
         [](Faults& faults) {
           in_session(faults, cut_messages<Kept::half>);
           in_session(faults, end_without_close_notify);
         }},
    {.name = "message_closed_off",
     .summary = "Of a message that is asked for half is sent, then close_notify",
     .apply = [](Faults& faults) { in_session(faults, cut_messages<Kept::half>); }},
    {.name = "message_without_end",
     .summary = "Of a message that is asked for all is sent but the line that ends it, then "
                "close_notify",
     .apply = [](Faults& faults) { in_session(faults, cut_messages<Kept::all_but_the_end>); }},
};

}  // namespace

std::span<const NamedFault> retrieval() { return kFaults; }

}  // namespace assay::faults
