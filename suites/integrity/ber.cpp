// RFC 4511 §5.1 and §4.1.1: messages have definite lengths; what has none ends the session.
#include "clients/ldap.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kNoticeAndClose{"notice_and_close"};
constexpr Ending kRefusedAndClosed{"refused_and_closed"};
constexpr Ending kRefusedAndAlive{"refused_and_session_goes_on"};
constexpr Ending kPassedOver{"passed_over"};
constexpr Ending kAnswered{"answered"};

/// The same message with the indefinite form of its length (X.690 §8.1.3.6): 30 80, its content,
/// 00 00.
Bytes with_indefinite_length(const Bytes& message) {
  Bytes changed{0x30, 0x80};
  append(changed, View(message).subspan(2));
  append(changed, Bytes{0, 0});
  return changed;
}

Task<std::unique_ptr<LdapDialogue>> ready(Probe& probe) {
  if (probe.which().access == Access::clear) return greeted_ldap(probe);
  return secured_ldap(probe);
}

Task<Ending> indefinite_length(Probe& probe) {
  const auto dialogue = co_await ready(probe);
  if (!dialogue) co_return probe.lost();
  dialogue->say(with_indefinite_length(dialogue->canary()));
  // Behind it a good one: whoever answers this has gone on.
  dialogue->say(dialogue->canary());
  bool refused = false;
  for (;;) {
    const Answer answer = co_await dialogue->answer();
    if (!answer.came()) {
      if (answer.stop == Stop::timed_out) co_return ending::hang;
      if (refused) co_return kRefusedAndClosed;
      co_return answer.code != 0 ? kNoticeAndClose : ending::closed;
    }
    if (!answer.unasked) co_return refused ? kRefusedAndAlive : kPassedOver;
    if (answer.positive) co_return kAnswered;
    refused = true;
  }
}

constexpr Check kChecks[] = {
    {.id = "integrity.ber.indefinite_length",
     .title = "A message of indefinite length is not acted on and ends the session",
     .levels = {.ldap = Level::must},
     .sources = {"RFC 4511 §4.1.1", "RFC 4511 §5.1"},
     .scope = {.protocols = {Protocol::ldap},
               .access = {Access::clear, Access::upgrade, Access::implicit}},
     .run = indefinite_length,
     .steps = "A search of the root DSE whose message has the indefinite form of its length, then "
              "a good one with another message id.",
     .accepts = {kNoticeAndClose, ending::closed, kRefusedAndClosed},
     .weak = {kRefusedAndAlive},
     .breakers = {{"any_length", kAnswered}, {"pass_over_indefinite", kPassedOver}},
     .liberties = {{"close_on_indefinite", ending::closed},
                   {"refuse_indefinite_and_close", kRefusedAndClosed},
                   {"refuse_indefinite", kRefusedAndAlive},
                   {"split_replies", kNoticeAndClose}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> ber() { return kChecks; }

}  // namespace assay::suites
