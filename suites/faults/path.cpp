// What an attacker on the path makes of an honest server: what a client is shown that was told to
// work inside TLS alone. Servers show some of it by themselves.
#include "suites/faults/faults.h"
#include "suites/faults/tongue.h"

namespace assay::faults {
namespace {

constexpr std::uint8_t kHandshakeRecord = 0x16;  // RFC 8446 §B.1
/// A client that waits for the answer it was not given is told to go by then.
constexpr Milliseconds kHeldBack{1'000};

void hold_back_answers(Faults& faults) {
  faults.limits.push_back(
      [](ServerBudget& budget) { budget.idle = std::min(budget.idle, kHeldBack); });
  in_session(faults, [](SessionHooks& hooks) {
    hooks.on_command = [](View input, SessionState& state) -> std::optional<Step> {
      if (!state.secured()) return std::nullopt;
      return pass_over_unit(input, state);
    };
  });
}

constexpr NamedFault kFaults[] = {
    {.name = "list_refused",
     .summary = "The command that lists capabilities is not known in the clear",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_command = [](View input, SessionState& state) -> std::optional<Step> {
               if (state.secured() || !lists_capabilities(input, state)) return std::nullopt;
               return answer_unit(Saying::unknown_command, input, state);
             };
           });
         }},
    {.name = "greets_as_known_user",
     .summary = "The greeting says that the client has logged in",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_greeting = [](Bytes& greeting, const SessionState& state) {
               if (!state.secured()) greeting = said(Saying::known_user, {}, state);
             };
           });
         }},
    {.name = "handshake_refused_then_clear",
     .summary = "The handshake is refused by alert handshake_failure, and the session in the clear "
                "goes on",
     .apply =
         [](Faults& faults) {
           // Nothing that a certificate of ours could sign by.
           faults.tls_config.push_back([](Access access, OracleConfig& config) {
             if (access == Access::upgrade) config.signature_algorithms = "ed448";
           });
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_handshake_failed = [](View first, SessionState&) {
               return first.front() == kHandshakeRecord ? AfterFailure::back_to_clear
                                                        : AfterFailure::close;
             };
           });
         }},
    {.name = "silent_inside",
     .summary = "Inside TLS no command is answered, and the connection closed after a second",
     .apply = [](Faults& faults) { hold_back_answers(faults); }},
    {.name = "answers_behind_go_ahead",
     .summary = "Behind the go-ahead, in the clear, stands an answer to the client's next command; "
                "inside TLS no command is answered, and the connection closed after a second",
     .apply =
         [](Faults& faults) {
           hold_back_answers(faults);
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_reply = [](View unit, Step& step, SessionState& state) {
               if (!state.secured() && asks_for_upgrade(unit, state))
                 append(step.output, said(Saying::next_answer, unit, state));
             };
           });
         }},
    {.name = "fragment_behind_go_ahead",
     .summary =
         "Behind the go-ahead, in the clear, stands the beginning of an answer, without its end",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_reply = [](View unit, Step& step, SessionState& state) {
               if (!state.secured() && asks_for_upgrade(unit, state))
                 append(step.output, said(Saying::partial_answer, unit, state));
             };
           });
         }},
    {.name = "names_another_host",
     .summary = "The greeting names another host, and the certificate proves that one",
     .apply =
         [](Faults& faults) {
           faults.chain.leaf_names = std::vector<std::string>{"other.test"};
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_greeting = [](Bytes& greeting, const SessionState& state) {
               greeting = said(Saying::another_host, {}, state);
             };
           });
         }},
};

}  // namespace

std::span<const NamedFault> path() { return kFaults; }

}  // namespace assay::faults
