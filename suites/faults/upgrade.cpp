// Faults and liberties around the upgrade command: what is kept over it, what is said about it,
// what is done about what came behind it.
#include "suites/faults/faults.h"
#include "suites/faults/tongue.h"

#include <memory>

namespace assay::faults {
namespace {

constexpr std::uint8_t kHandshakeRecord = 0x16;
/// Whether the unit is MAIL in an SMTP session where no hello was said.
bool is_mail_without_hello(View input, const SessionState& state) {
  const auto* smtp = std::get_if<SmtpState>(&state.protocol);
  return smtp != nullptr && smtp->hello == SmtpState::Hello::none && is_command(input, "MAIL");
}

/// Answers the upgrade in the clear, or inside TLS.
template <bool kSecured>
void answer_with(SessionHooks& hooks, Saying saying, Step::Next next = Step::Next::go_on) {
  hooks.on_command = [saying, next](View input, SessionState& state) -> std::optional<Step> {
    if (state.secured() != kSecured || !asks_for_upgrade(input, state)) return std::nullopt;
    return answer_unit(saying, input, state, next);
  };
}

void refuse_with_tail(SessionHooks& hooks) {
  // Shared by the two hooks of one session: the refusal answers the request.
  const auto request = std::make_shared<Bytes>();
  hooks.on_command = [request](View input, SessionState& state) -> std::optional<Step> {
    if (asks_for_upgrade(input, state)) *request = bytes_of(input.first(front_unit(input, state)));
    return std::nullopt;
  };
  hooks.on_upgrade_request = [request](const Bytes& tail,
                                       const SessionState& state) -> std::optional<Step> {
    if (tail.empty()) return std::nullopt;
    return Step{0, said(Saying::nothing_behind, *request, state), Step::Next::go_on};
  };
}

constexpr NamedFault kFaults[] = {
    {.name = "keep_plaintext",
     .summary = "Octets read in the clear behind the upgrade command are acted on inside TLS",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_upgrade = [](Upgrade& upgrade) { upgrade.input = upgrade.tail; };
           });
         }},
    {.name = "keep_second_segment",
     .summary = "Octets that arrive in the clear between the go-ahead and the ClientHello are "
                "acted on inside TLS",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             // Shared by the two hooks of one session.
             const auto kept = std::make_shared<Bytes>();
             hooks.on_bytes = [kept](Bytes& octets, Phase phase) {
               if (phase != Phase::handshake || octets.front() == kHandshakeRecord) return;
               const std::size_t hello = find(octets, "\x16\x03");
               const std::size_t clear = hello == npos ? octets.size() : hello;
               append(*kept, View(octets).first(clear));
               drop_front(octets, clear);
             };
             hooks.on_upgrade = [kept](Upgrade& upgrade) {
               upgrade.input = upgrade.tail;
               append(upgrade.input, *kept);
             };
           });
         }},
    {.name = "keep_hello",
     .summary = "What the client said before the upgrade still counts inside TLS",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_upgrade = [](Upgrade& upgrade) {
               upgrade.after.protocol = upgrade.before.protocol;
             };
           });
         }},
    {.name = "no_hello_needed",
     .kind = NamedFault::Kind::liberty,
     .summary = "MAIL is taken without a hello, in the clear and inside TLS alike",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_command = [](View input, SessionState& state) -> std::optional<Step> {
               if (is_mail_without_hello(input, state)) {
                 state.smtp().hello = SmtpState::Hello::ehlo;
               }
               return std::nullopt;
             };
           });
         }},
    {.name = "close_without_hello",
     .kind = NamedFault::Kind::liberty,
     .summary = "MAIL without a hello inside TLS ends the connection",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_command = [](View input, SessionState& state) -> std::optional<Step> {
               if (!state.secured() || !is_mail_without_hello(input, state)) {
                 return std::nullopt;
               }
               return answer_line(input, "", Step::Next::close);
             };
           });
         }},
    {.name = "refuse_hello_missing_by_550",
     .kind = NamedFault::Kind::liberty,
     .summary = "MAIL without a hello inside TLS is refused by 550 instead of 503",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_command = [](View input, SessionState& state) -> std::optional<Step> {
               if (!state.secured() || !is_mail_without_hello(input, state)) {
                 return std::nullopt;
               }
               return answer_line(input, "550 5.7.1 Say hello first\r\n");
             };
           });
         }},
    {.name = "refuse_everything",
     .summary = "Every upgrade is refused and every handshake is answered by a close",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             answer_with<false>(hooks, Saying::no_such_command);
             hooks.on_hello = [](View) -> std::optional<CloseManner> {
               return CloseManner{.close_notify = false};
             };
           });
         }},
    {.name = "never_read_hello",
     .summary = "After the go-ahead no ClientHello is ever read",
     .apply =
         [](Faults& faults) {
           faults.limits.push_back(
               [](ServerBudget& budget) { budget.handshake = std::chrono::hours(24); });
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_bytes = [](Bytes& octets, Phase phase) {
               if (phase == Phase::handshake) octets.clear();
             };
           });
         }},
    {.name = "unlisted_upgrade",
     .summary = "The upgrade works and is not among the capabilities",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_reply = [](View unit, Step& step, SessionState& state) {
               if (!state.secured() && lists_capabilities(unit, state)) hide_upgrade(step, state);
             };
           });
         }},
    {.name = "listed_but_refused",
     .summary = "The upgrade is among the capabilities and refused by 502 whenever it is asked for",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             answer_with<false>(hooks, Saying::no_such_command);
           });
         }},
    {.name = "upgrade_put_off",
     .summary = "The upgrade is listed, and refused by a code for what passes",
     .apply =
         [](Faults& faults) {
           in_session(faults,
                      [](SessionHooks& hooks) { answer_with<false>(hooks, Saying::not_now); });
         }},
    {.name = "list_upgrade_twice",
     .summary = "The upgrade is among the capabilities twice",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_reply = [](View unit, Step& step, SessionState& state) {
               if (!state.secured() && lists_capabilities(unit, state)) list_upgrade(step, state);
             };
           });
         }},
    {.name = "list_upgrade_inside",
     .summary = "The upgrade is among the capabilities inside TLS, too",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_reply = [](View unit, Step& step, SessionState& state) {
               if (state.secured() && lists_capabilities(unit, state)) list_upgrade(step, state);
             };
           });
         }},
    {.name = "upgrade_inside",
     .summary = "A second upgrade inside TLS gets the go-ahead",
     .apply =
         [](Faults& faults) {
           in_session(faults,
                      [](SessionHooks& hooks) { answer_with<true>(hooks, Saying::go_ahead); });
         }},
    {.name = "die_after_second_upgrade",
     .summary = "A second upgrade inside TLS is refused, and nothing is answered after it",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             const auto dead = std::make_shared<bool>(false);
             hooks.on_command = [dead](View input, SessionState& state) -> std::optional<Step> {
               if (*dead) return pass_over_unit(input, state);
               if (!state.secured() || !asks_for_upgrade(input, state)) return std::nullopt;
               *dead = true;
               return answer_unit(Saying::tls_active, input, state);
             };
           });
         }},
    {.name = "refuse_second_upgrade_by_454",
     .kind = NamedFault::Kind::liberty,
     .summary = "A second upgrade inside TLS is refused by 454",
     .apply =
         [](Faults& faults) {
           in_session(faults,
                      [](SessionHooks& hooks) { answer_with<true>(hooks, Saying::not_now); });
         }},
    {.name = "refuse_second_upgrade_by_550",
     .kind = NamedFault::Kind::liberty,
     .summary = "A second upgrade inside TLS is refused by a code that no text names for it",
     .apply =
         [](Faults& faults) {
           in_session(faults,
                      [](SessionHooks& hooks) { answer_with<true>(hooks, Saying::unnamed); });
         }},
    {.name = "close_on_second_upgrade",
     .kind = NamedFault::Kind::liberty,
     .summary = "A second upgrade inside TLS is refused, then the connection is closed",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             answer_with<true>(hooks, Saying::tls_active, Step::Next::close);
           });
         }},
    {.name = "refuse_pipelined_upgrade",
     .kind = NamedFault::Kind::liberty,
     .summary = "An upgrade with octets behind it is refused, and these are answered in the clear",
     .apply = [](Faults& faults) { in_session(faults, refuse_with_tail); }},
    {.name = "refuse_second_segment",
     .kind = NamedFault::Kind::liberty,
     .summary = "An upgrade is refused when octets follow it within 50 ms, and these are answered "
                "in the clear",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             refuse_with_tail(hooks);
             hooks.upgrade_pause = Milliseconds(50);
           });
         }},
    {.name = "close_on_pipelined_upgrade",
     .kind = NamedFault::Kind::liberty,
     .summary = "An upgrade with octets behind it ends the connection",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_upgrade_request = [](const Bytes& tail,
                                           const SessionState&) -> std::optional<Step> {
               if (tail.empty()) return std::nullopt;
               return Step{0, {}, Step::Next::close};
             };
           });
         }},
    {.name = "feed_tail_to_tls",
     .kind = NamedFault::Kind::liberty,
     .summary = "Octets behind the upgrade command are handed to TLS, which refuses them",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_tail = [](const Bytes& tail) { return tail; };
           });
         }},
    {.name = "drain_second_segment",
     .kind = NamedFault::Kind::liberty,
     .summary =
         "Octets that arrive in the clear between the go-ahead and the ClientHello are thrown away",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_bytes = [](Bytes& octets, Phase phase) {
               if (phase != Phase::handshake || octets.front() == kHandshakeRecord) return;
               const std::size_t hello = find(octets, "\x16\x03");
               drop_front(octets, hello == npos ? octets.size() : hello);
             };
           });
         }},
};

}  // namespace

std::span<const NamedFault> upgrade() { return kFaults; }

}  // namespace assay::faults
