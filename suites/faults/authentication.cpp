// Faults and liberties of login: what is let through in the clear, how it is refused, what is
// listed where.
#include "suites/faults/faults.h"
#include "suites/faults/tongue.h"

#include <memory>

namespace assay::faults {
namespace {

void answer_clear_login(SessionHooks& hooks, Saying saying) {
  hooks.on_command = [saying](View input, SessionState& state) -> std::optional<Step> {
    if (state.secured() || !is_login(input, state)) return std::nullopt;
    return answer_unit(saying, input, state);
  };
}

void refuse_by_530(SessionHooks& hooks) {
  hooks.on_command = [](View input, SessionState& state) -> std::optional<Step> {
    if (state.secured() || !is_command(input, "AUTH")) return std::nullopt;
    return answer_line(input, "530 5.7.0 Must issue STARTTLS first\r\n");
  };
}

constexpr NamedFault kFaults[] = {
    {.name = "clear_login_succeeds",
     .summary = "A login in the clear succeeds although only TLS should allow it",
     .apply =
         [](Faults& faults) {
           in_session(faults,
                      [](SessionHooks& hooks) { answer_clear_login(hooks, Saying::welcome); });
         }},
    {.name = "clear_login_is_challenged",
     .summary = "AUTH LOGIN in the clear is challenged for the name and the password, and only "
                "then refused",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             const auto asked = std::make_shared<int>(0);
             hooks.on_command = [asked](View input, SessionState& state) -> std::optional<Step> {
               if (state.secured()) return std::nullopt;
               if (*asked == 1) {
                 ++*asked;
                 return answer_line(input, "334 UGFzc3dvcmQ6\r\n");
               }
               if (*asked == 2) {
                 *asked = 0;
                 return answer_line(input, "538 5.7.11 Encryption required\r\n");
               }
               if (!is_command(input, "AUTH LOGIN")) return std::nullopt;
               ++*asked;
               return answer_line(input, "334 VXNlcm5hbWU6\r\n");
             };
           });
         }},
    {.name = "refuse_clear_login_by_530",
     .kind = NamedFault::Kind::liberty,
     .summary = "AUTH in the clear is refused by 530",
     .apply = [](Faults& faults) { in_session(faults, refuse_by_530); }},
    {.name = "refuse_clear_login_by_535",
     .kind = NamedFault::Kind::liberty,
     .summary = "A login in the clear is refused as if the password were wrong",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             answer_clear_login(hooks, Saying::wrong_password);
           });
         }},
    {.name = "list_plus_in_clear",
     .summary = "SCRAM-SHA-256-PLUS is listed in the clear, where there is nothing to bind to",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_reply = [](View unit, Step& step, SessionState& state) {
               if (!state.secured() && lists_capabilities(unit, state))
                 list_mechanism(step, state, "SCRAM-SHA-256-PLUS");
             };
           });
         }},
};

}  // namespace

std::span<const NamedFault> authentication() { return kFaults; }

}  // namespace assay::faults
