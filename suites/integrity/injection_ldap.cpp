// RFC 4511 §4.14.1, RFC 4513 §3.1.1: a bind sent in the clear behind StartTLS binds nobody inside
// TLS.
#include "clients/ldap.h"
#include "harness/base/printable.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kBound{"bound_by_plaintext"};
constexpr Ending kAnsweredInClear{"bind_answered_in_clear"};
/// Beyond the message ids of the dialogue itself.
constexpr std::int32_t kBindId = 1000;

/// Who the session is inside TLS (RFC 4532), and whether answers came that nobody asked for there.
struct Identity {
  Answer answer;
  std::string authz_id;
  bool unasked = false;
};

Task<Identity> who_am_i(LdapDialogue& dialogue) {
  Identity identity;
  LdapOperation question = LdapExtendedRequest{.name = std::string(ldap::kWhoAmI)};
  identity.answer = co_await dialogue.request(std::move(question));
  while (identity.answer.came() && identity.answer.unasked) {
    identity.unasked = true;
    identity.answer = co_await dialogue.answer();
  }
  const auto* response = std::get_if<LdapExtendedResponse>(&dialogue.response().op);
  if (identity.answer.came() && response != nullptr)
    identity.authz_id = response->value.value_or("");
  co_return identity;
}

Task<Ending> ldap_bind_after_starttls(Probe& probe) {
  const auto dialogue = co_await greeted_ldap(probe);
  if (!dialogue) co_return probe.lost();
  const Account& account = probe.account();
  Bytes segment = dialogue->upgrade_request();
  append(segment, encode_ldap(ldap_simple_bind(kBindId, account.bind_dn, account.password)));
  dialogue->say(segment);
  const Answer first = co_await dialogue->any_answer();
  if (!first.came())
    co_return first.stop == Stop::timed_out ? ending::hang : ending::connection_broken;
  if (first.throttled) co_return ending::throttled;
  // RFC 4511 §4.2.1: a bind abandons what is under way, StartTLS like the rest, without an answer.
  if (dialogue->response().id == kBindId) co_return kAnsweredInClear;
  if (!dialogue->is_go_ahead(first)) co_return ending::upgrade_refused;
  const bool secured = co_await dialogue->secure(probe.tls_client(probe.tls_offer()));
  if (!secured) {
    co_return std::holds_alternative<TimedOut>(dialogue->handshake_event())
        ? ending::hang
        : ending::connection_broken;
  }
  bool unasked = false;
  // A bind that is still under way may count for the second question alone.
  for (int i = 0; i < 2; ++i) {
    const Identity identity = co_await who_am_i(*dialogue);
    unasked = unasked || identity.unasked;
    if (!identity.answer.came()) {
      co_return identity.answer.stop == Stop::timed_out ? ending::hang : ending::connection_broken;
    }
    if (!identity.authz_id.empty()) {
      probe.explain("inside TLS the session is " + printable(identity.authz_id, 100));
      co_return kBound;
    }
    if (!identity.answer.positive && !unasked)
      co_return probe.inconclusive("Who am I? was refused: " + identity.answer.text);
  }
  const bool nothing = co_await dialogue->owes_nothing();
  co_return nothing && !unasked ? ending::discarded : ending::answered_inside_tls;
}

constexpr Check kChecks[] = {
    {.id = "integrity.injection.ldap_bind_after_starttls",
     .title = "A bind sent in the clear behind StartTLS binds nobody inside TLS",
     .levels = {.ldap = Level::bcp},
     .severity = Severity::error,
     .sources = {"RFC 4511 §4.14.1", "RFC 4513 §3.1.1", "RFC 4532 §2"},
     .scope = {.protocols = {Protocol::ldap}, .access = {Access::upgrade}},
     .needs = {Need::account, Need::bind_dn},
     .traits = {Trait::intrusive},
     .run = ldap_bind_after_starttls,
     .steps = "One segment: StartTLS and a simple bind with the account's name and password. "
              "Inside TLS twice Who am I?, which must name nobody, then an unbind: nothing may be "
              "answered that was not asked there.",
     .accepts = {ending::discarded, ending::upgrade_refused, ending::connection_broken,
                 kAnsweredInClear},
     .breakers = {{"keep_plaintext", kBound}},
     .liberties = {{"refuse_pipelined_upgrade", ending::upgrade_refused},
                   {"feed_tail_to_tls", ending::connection_broken},
                   {"close_on_pipelined_upgrade", ending::connection_broken},
                   {"abandon_upgrade_for_tail", kAnsweredInClear},
                   {"split_replies", ending::discarded},
                   {"many_tickets", ending::discarded}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> injection_ldap() { return kChecks; }

}  // namespace assay::suites
