// Faults and liberties that only a directory has: operations that are outstanding when TLS begins,
// and lengths that LDAP does not allow.
#include "harness/protocol/ber.h"
#include "harness/protocol/ldap.h"
#include "suites/faults/faults.h"
#include "suites/faults/ldap_tongue.h"
#include "suites/faults/tongue.h"

#include <memory>

namespace assay::faults {
namespace {

constexpr std::string_view kEndOfContents{"\0\0", 2};  // X.690 §8.1.5

/// A search of more than one entry, in the clear.
bool is_clear_tree_search(View unit, const SessionState& state) {
  if (state.secured() || !std::holds_alternative<LdapState>(state.protocol)) return false;
  const LdapDecoded message = decode_ldap(unit);
  if (!message) return false;
  const auto* search = std::get_if<LdapSearchRequest>(&message->op);
  return search != nullptr && search->scope != LdapScope::base_object;
}

/// The search at the front of the input, if there is one: taken, and kept.
std::optional<Step> keep_search(View input, const SessionState& state, Bytes& kept) {
  const std::size_t size = front_unit(input, state);
  if (size == 0 || !is_clear_tree_search(input.first(size), state)) return std::nullopt;
  kept = bytes_of(input.first(size));
  return Step{size, {}, Step::Next::go_on};
}

/// StartTLS behind such a search gets `saying`.
void refuse_behind_search(SessionHooks& hooks, Saying saying, Step::Next next) {
  const auto kept = std::make_shared<Bytes>();
  hooks.on_command = [kept, saying, next](View input, SessionState& state) -> std::optional<Step> {
    if (auto taken = keep_search(input, state, *kept)) return taken;
    if (kept->empty() || !asks_for_upgrade(input, state)) return std::nullopt;
    if (next == Step::Next::close) return pass_over_unit(input, state, next);
    return answer_unit(saying, input, state, next);
  };
}

/// The length in octets of a message of indefinite length at the front; 0 where there is none.
std::size_t indefinite_message(View input, const SessionState& state) {
  if (!std::holds_alternative<LdapState>(state.protocol)) return 0;
  if (input.size() < 4 || input[0] != ber::kSequence || input[1] != 0x80) return 0;
  // In a search of the root DSE no two zeros stand together but at its end.
  const std::size_t end = find(input, kEndOfContents, 2);
  return end == npos ? 0 : end + kEndOfContents.size();
}

/// The message with the definite form of its length.
Bytes definite(View message) {
  BerWriter writer;
  writer.open(ber::kSequence);
  writer.elements(message.subspan(2, message.size() - 2 - kEndOfContents.size()));
  writer.close();
  return writer.take();
}

/// Answers a message of indefinite length in the service's place; without a word where `saying` is
/// none.
void answer_indefinite(SessionHooks& hooks, std::optional<Saying> saying, Step::Next next) {
  hooks.on_command = [saying, next](View input, SessionState& state) -> std::optional<Step> {
    const std::size_t size = indefinite_message(input, state);
    if (size == 0) return std::nullopt;
    Step step{size, {}, next};
    if (saying) step.output = said(*saying, definite(input.first(size)), state);
    return step;
  };
}

/// A bind whose answer is a refusal.
bool is_failed_bind(View unit, const Step& step) {
  const LdapDecoded request = decode_ldap(unit);
  if (!request || op_of(*request) != LdapOp::bind_request) return false;
  const LdapDecoded response = decode_ldap(step.output);
  const LdapResult* result = response ? result_of(*response) : nullptr;
  return result != nullptr && result->code != LdapResultCode::success;
}

/// Refers the client to the server that it has reached, by a URL of plain LDAP.
template <bool kToUpgrade>
void refer(SessionHooks& hooks) {
  hooks.on_command = [port = hooks.port](View input, SessionState& state) -> std::optional<Step> {
    if (!std::holds_alternative<LdapState>(state.protocol)) return std::nullopt;
    if (state.secured() == kToUpgrade || lists_capabilities(input, state)) return std::nullopt;
    Step step = ldap_tongue::referred(input, port, kToUpgrade);
    if (step.consumed == 0) return std::nullopt;
    return step;
  };
}

constexpr NamedFault kFaults[] = {
    {.name = "refer_upgrade",
     .summary = "StartTLS is answered by a referral to a URL of plain LDAP",
     .apply = [](Faults& faults) { in_session(faults, refer<true>); }},
    {.name = "refer_search",
     .summary =
         "Inside TLS every search, but that of the root DSE, is answered by a referral to a URL "
         "of plain LDAP",
     .apply = [](Faults& faults) { in_session(faults, refer<false>); }},
    {.name = "keep_identity_after_failed_bind",
     .summary = "A bind that fails leaves the session to whom it was bound before",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             const auto before = std::make_shared<SessionState>();
             hooks.on_command = [before](View, SessionState& state) -> std::optional<Step> {
               *before = state;
               return std::nullopt;
             };
             hooks.on_reply = [before](View unit, Step& step, SessionState& state) {
               const bool directory = std::holds_alternative<LdapState>(state.protocol);
               if (directory && is_failed_bind(unit, step)) state = *before;
             };
           });
         }},
    {.name = "close_on_failed_bind",
     .kind = NamedFault::Kind::liberty,
     .summary = "A bind that fails ends the connection",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_reply = [](View unit, Step& step, SessionState& state) {
               const bool directory = std::holds_alternative<LdapState>(state.protocol);
               if (!directory || !is_failed_bind(unit, step)) return;
               step.output.clear();
               step.next = Step::Next::close;
             };
           });
         }},
    {.name = "results_behind_success",
     .summary = "The results of a search that was outstanding follow the success of StartTLS in "
                "the clear",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             const auto held = std::make_shared<Bytes>();
             hooks.on_reply = [held](View unit, Step& step, SessionState& state) {
               if (is_clear_tree_search(unit, state)) *held = std::exchange(step.output, {});
               if (asks_for_upgrade(unit, state)) append(step.output, *held);
             };
           });
         }},
    {.name = "results_inside_tls",
     .summary = "The results of a search that was outstanding at StartTLS come inside TLS",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             const auto kept = std::make_shared<Bytes>();
             hooks.on_command = [kept](View input, SessionState& state) {
               return keep_search(input, state, *kept);
             };
             hooks.on_upgrade = [kept](Upgrade& upgrade) {
               upgrade.input = std::exchange(*kept, {});
             };
           });
         }},
    {.name = "abandon_search_at_upgrade",
     .kind = NamedFault::Kind::liberty,
     .summary = "A search that is outstanding at StartTLS is abandoned",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             const auto kept = std::make_shared<Bytes>();
             hooks.on_command = [kept](View input, SessionState& state) {
               return keep_search(input, state, *kept);
             };
           });
         }},
    {.name = "refuse_upgrade_behind_search",
     .kind = NamedFault::Kind::liberty,
     .summary = "StartTLS is refused by operationsError while a search is outstanding",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             refuse_behind_search(hooks, Saying::nothing_behind, Step::Next::go_on);
           });
         }},
    {.name = "refuse_upgrade_behind_search_otherwise",
     .kind = NamedFault::Kind::liberty,
     .summary = "StartTLS is refused by unwillingToPerform while a search is outstanding",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             refuse_behind_search(hooks, Saying::unnamed, Step::Next::go_on);
           });
         }},
    {.name = "close_on_upgrade_behind_search",
     .kind = NamedFault::Kind::liberty,
     .summary = "StartTLS while a search is outstanding ends the connection",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             refuse_behind_search(hooks, Saying::unnamed, Step::Next::close);
           });
         }},
    {.name = "abandon_upgrade_for_tail",
     .kind = NamedFault::Kind::liberty,
     .summary = "An upgrade with octets behind it is abandoned without an answer, and these are "
                "answered in the clear",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_upgrade_request = [](const Bytes& tail,
                                           const SessionState& state) -> std::optional<Step> {
               if (tail.empty() || !std::holds_alternative<LdapState>(state.protocol))
                 return std::nullopt;
               return Step{};
             };
           });
         }},
    {.name = "any_length",
     .summary = "A message of indefinite length is acted on",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             answer_indefinite(hooks, Saying::go_ahead, Step::Next::go_on);
           });
         }},
    {.name = "pass_over_indefinite",
     .summary = "A message of indefinite length is passed over, and the session goes on",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             answer_indefinite(hooks, std::nullopt, Step::Next::go_on);
           });
         }},
    {.name = "close_on_indefinite",
     .kind = NamedFault::Kind::liberty,
     .summary = "A message of indefinite length ends the connection without a notice",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             answer_indefinite(hooks, std::nullopt, Step::Next::close);
           });
         }},
    {.name = "refuse_indefinite_and_close",
     .kind = NamedFault::Kind::liberty,
     .summary = "A message of indefinite length is answered by protocolError, then a close",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             answer_indefinite(hooks, Saying::no_such_command, Step::Next::close);
           });
         }},
    {.name = "refuse_indefinite",
     .kind = NamedFault::Kind::liberty,
     .summary = "A message of indefinite length is answered by protocolError, and the session goes "
                "on",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             answer_indefinite(hooks, Saying::no_such_command, Step::Next::go_on);
           });
         }},
};

}  // namespace

std::span<const NamedFault> directory() { return kFaults; }

}  // namespace assay::faults
