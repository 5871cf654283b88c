// Faults and liberties of an upgrade whose handshake fails or never begins.
#include "suites/faults/faults.h"
#include "suites/faults/tongue.h"

namespace assay::faults {
namespace {

constexpr std::uint8_t kHandshakeRecord = 0x16;  // RFC 8446 §B.1

constexpr NamedFault kFaults[] = {
    {.name = "clear_after_go_ahead",
     .summary = "What comes in place of a ClientHello is answered as if nothing had been asked for",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_handshake_failed = [](View, SessionState&) {
               return AfterFailure::back_to_clear;
             };
           });
         }},
    {.name = "half_secured",
     .summary =
         "After a handshake that failed the session goes on in the clear and believes in TLS",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_handshake_failed = [](View first, SessionState& state) {
               if (first.front() != kHandshakeRecord) return AfterFailure::close;
               state.security = Security::upgraded;
               return AfterFailure::back_to_clear;
             };
           });
         }},
    {.name = "clear_session_goes_on",
     .kind = NamedFault::Kind::liberty,
     .summary = "After a handshake that failed a fresh clear session goes on",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_handshake_failed = [](View first, SessionState&) {
               return first.front() == kHandshakeRecord ? AfterFailure::back_to_clear
                                                        : AfterFailure::close;
             };
           });
         }},
    {.name = "error_line_then_close",
     .kind = NamedFault::Kind::liberty,
     .summary = "A handshake that fails is answered by an error line in the clear, then a close",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_close = [](CloseCause cause, const SessionState& state) {
               CloseManner manner;
               if (cause == CloseCause::handshake_failed)
                 manner.last_words = said(Saying::handshake_failed, {}, state);
               return manner;
             };
           });
         }},
    {.name = "silent_on_garbage",
     .kind = NamedFault::Kind::liberty,
     .summary = "What is no TLS record is waited out without a word",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_bytes = [](Bytes& octets, Phase phase) {
               if (phase == Phase::handshake && octets.front() != kHandshakeRecord) octets.clear();
             };
           });
         }},
    {.name = "no_handshake_limit",
     .summary = "A handshake that does not begin is waited for without end",
     .apply =
         [](Faults& faults) {
           faults.limits.push_back(
               [](ServerBudget& budget) { budget.handshake = std::chrono::hours(24); });
         }},
    {.name = "long_handshake_limit",
     .kind = NamedFault::Kind::liberty,
     .summary = "A handshake that does not begin is cut, later than the account's budget says",
     .apply =
         [](Faults& faults) {
           faults.limits.push_back([](ServerBudget& budget) { budget.handshake *= 3; });
         }},
};

}  // namespace

std::span<const NamedFault> upgrade_failure() { return kFaults; }

}  // namespace assay::faults
