// Faults and liberties of how a connection ends.
#include "suites/faults/faults.h"
#include "suites/faults/tongue.h"

#include <memory>

namespace assay::faults {
namespace {

CloseManner without_close_notify(CloseCause cause, const SessionState&) {
  CloseManner manner;
  manner.close_notify = cause != CloseCause::service;
  return manner;
}

constexpr NamedFault kFaults[] = {
    {.name = "ignore_close_notify",
     .summary = "A close_notify is neither answered nor followed by an end, not even behind the "
                "peer's FIN",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_close = [](CloseCause cause, const SessionState&) {
               CloseManner manner;
               if (cause == CloseCause::peer_close_notify)
                 manner = {false, CloseManner::Tcp::stay_open, {}};
               return manner;
             };
           });
         }},
    {.name = "reset_on_close_notify",
     .kind = NamedFault::Kind::liberty,
     .summary = "A close_notify is answered by a reset",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_close = [](CloseCause cause, const SessionState&) {
               CloseManner manner;
               if (cause == CloseCause::peer_close_notify)
                 manner = {false, CloseManner::Tcp::reset, {}};
               return manner;
             };
           });
         }},
    {.name = "fin_without_close_notify",
     .kind = NamedFault::Kind::liberty,
     .summary = "A close_notify is answered by a bare FIN",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_close = [](CloseCause cause, const SessionState&) {
               CloseManner manner;
               manner.close_notify = cause != CloseCause::peer_close_notify;
               return manner;
             };
           });
         }},
    {.name = "reset_in_mid_answer",
     .summary = "A command with a close_notify right behind it is answered by a reset",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             const auto last_was_command = std::make_shared<bool>(false);
             hooks.on_command = [last_was_command](View input,
                                                   SessionState& state) -> std::optional<Step> {
               *last_was_command = state.secured() && is_unknown_command(input, state);
               if (*last_was_command) return pass_over_unit(input, state);
               return std::nullopt;
             };
             hooks.on_close = [last_was_command](CloseCause cause, const SessionState&) {
               CloseManner manner;
               if (cause == CloseCause::peer_close_notify && *last_was_command)
                 manner = {false, CloseManner::Tcp::reset, {}};
               return manner;
             };
           });
         }},
    {.name = "fin_behind_farewell",
     .kind = NamedFault::Kind::liberty,
     .summary = "Behind a farewell comes a bare FIN",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) { hooks.on_close = without_close_notify; });
         }},
    {.name = "fin_in_mid_farewell",
     .summary = "A bare FIN comes in the middle of a farewell",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_close = without_close_notify;
             hooks.on_reply = [](View, Step& step, SessionState& state) {
               const bool last = step.next == Step::Next::close && state.secured();
               if (last) step.output.resize(step.output.size() / 2);
             };
           });
         }},
    {.name = "close_with_peer",
     .kind = NamedFault::Kind::liberty,
     .summary = "A close_notify is answered by one only when the peer's FIN comes, too (TLS 1.3 "
                "half-close)",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_close = [](CloseCause cause, const SessionState&) {
               CloseManner manner;
               if (cause == CloseCause::peer_close_notify) manner.tcp = CloseManner::Tcp::with_peer;
               return manner;
             };
           });
         }},
};

}  // namespace

std::span<const NamedFault> ending() { return kFaults; }

}  // namespace assay::faults
