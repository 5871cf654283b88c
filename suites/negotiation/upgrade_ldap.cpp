// RFC 4511 §4.14.1 and §4.14.2: StartTLS while another operation is outstanding: nothing of that
// operation may follow the success, neither in the clear nor inside TLS.
#include "clients/ldap.h"
#include "harness/wire/record.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kOperationsError{"operations_error"};
constexpr Ending kRefusedOtherwise{"refused_otherwise"};
constexpr Ending kAnsweredFirst{"search_answered_first"};
constexpr Ending kAbandoned{"search_abandoned"};
constexpr Ending kClearBehindSuccess{"results_in_clear_behind_success"};
constexpr std::string_view kContexts = "namingContexts: ";

/// A naming context of the subject; the root where it names none.
std::string base_of(const Dialogue& dialogue) {
  for (const std::string& line : dialogue.capabilities()) {
    if (line.starts_with(kContexts)) return line.substr(kContexts.size());
  }
  return {};
}

/// A search and StartTLS in one segment, and what came of the second.
struct Begun {
  std::unique_ptr<LdapDialogue> dialogue;
  std::optional<Ending> ended;  // there is no success
  bool answered = false;        // the search was, before it
};

Task<Begun> begin(Probe& probe) {
  Begun begun;
  begun.dialogue = co_await greeted_ldap(probe);
  if (!begun.dialogue) {
    begun.ended = probe.lost();
    co_return begun;
  }
  LdapDialogue& dialogue = *begun.dialogue;
  Bytes segment = dialogue.composed(
      LdapSearchRequest{.base = base_of(dialogue), .scope = LdapScope::whole_subtree});
  append(segment, dialogue.upgrade_request());
  dialogue.say(segment);
  const Answer go_ahead = co_await dialogue.answer_to_last();
  begun.answered = dialogue.has_answer_waiting();
  if (!go_ahead.came()) {
    begun.ended = go_ahead.stop == Stop::timed_out ? ending::hang : ending::closed;
  } else if (go_ahead.throttled) {
    begun.ended = ending::throttled;
  } else if (!dialogue.is_go_ahead(go_ahead)) {
    begun.ended = dialogue.refuses_by_text(go_ahead) ? kOperationsError : kRefusedOtherwise;
  }
  co_return begun;
}

/// What stands between the success and the ServerHello: whatever was said in the clear comes first.
Task<Ending> in_the_clear(Probe& probe) {
  const Begun begun = co_await begin(probe);
  if (begun.ended) co_return *begun.ended;
  if (begun.dialogue->has_more()) co_return kClearBehindSuccess;
  SecureLink& link = begun.dialogue->link();
  const auto client = probe.tls_client(probe.tls_offer());
  client->start();
  link.send_raw(client->take_output(), "a ClientHello");
  const Event first = co_await link.next(probe.handshake_deadline());
  const auto* received = std::get_if<Received>(&first);
  if (received == nullptr)
    co_return std::holds_alternative<TimedOut>(first) ? ending::hang : ending::closed;
  const auto type = static_cast<ContentType>(received->octets.front());
  const bool record = type == ContentType::handshake || type == ContentType::alert;
  if (!record) co_return kClearBehindSuccess;
  co_return begun.answered ? kAnsweredFirst : kAbandoned;
}

Task<Ending> inside_tls(Probe& probe) {
  const Begun begun = co_await begin(probe);
  if (begun.ended) co_return *begun.ended;
  LdapDialogue& dialogue = *begun.dialogue;
  const bool secured = co_await dialogue.secure(probe.tls_client(probe.tls_offer()));
  if (!secured) {
    co_return std::holds_alternative<TimedOut>(dialogue.handshake_event()) ? ending::hang
                                                                           : ending::closed;
  }
  const MarkerResult marker = co_await dialogue.marker();
  if (marker.unasked) co_return ending::answered_inside_tls;
  if (!marker.answered)
    co_return marker.first.stop == Stop::timed_out ? ending::hang : ending::closed;
  const bool nothing = co_await dialogue.owes_nothing();
  if (!nothing) co_return ending::answered_inside_tls;
  co_return begun.answered ? kAnsweredFirst : kAbandoned;
}

Task<Ending> ldap_outstanding_ops(Probe& probe) {
  const Ending clear = co_await in_the_clear(probe);
  probe.part("in_the_clear", clear);
  const Ending inside = co_await inside_tls(probe);
  probe.part("inside_tls", inside);
  co_return probe.worst();
}

constexpr Check kChecks[] = {
    {.id = "negotiation.upgrade.ldap_outstanding_ops",
     .title = "Nothing of an operation that was outstanding follows the success of StartTLS",
     .levels = {.ldap = Level::must},
     .sources = {"RFC 4511 §4.14.1", "RFC 4511 §4.14.2", "RFC 4513 §3.1.1"},
     .scope = {.protocols = {Protocol::ldap}, .access = {Access::upgrade}},
     .control = Control::handshake,
     .run = ldap_outstanding_ops,
     .steps = "One segment: a search of the whole tree and StartTLS. On the success a ClientHello: "
              "what comes next must be a record. On a second connection the handshake, a marker "
              "and an unbind: no result of the search may be among what comes.",
     .accepts = {kOperationsError, kAnsweredFirst, kAbandoned, kRefusedOtherwise, ending::closed},
     .breakers = {{"results_behind_success", kClearBehindSuccess},
                  {"results_inside_tls", ending::answered_inside_tls}},
     .liberties = {{"refuse_upgrade_behind_search", kOperationsError},
                   {"refuse_upgrade_behind_search_otherwise", kRefusedOtherwise},
                   {"close_on_upgrade_behind_search", ending::closed},
                   {"abandon_search_at_upgrade", kAbandoned},
                   {"split_replies", kAnsweredFirst},
                   {"many_tickets", kAnsweredFirst}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> upgrade_ldap() { return kChecks; }

}  // namespace assay::suites
