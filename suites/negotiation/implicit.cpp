// RFC 8314 §3, RFC 5321 §3.1: on a port of its own TLS comes first, the greeting right behind it.
#include "clients/dialogue.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kGreeted{"greeted_inside_tls"};
constexpr Ending kNotAGreeting{"not_a_greeting"};

Task<Ending> greeting_under_tls(Probe& probe) {
  const auto dialogue = co_await approached(probe);
  if (!dialogue) co_return probe.lost();
  const bool secured = co_await dialogue->secure(probe.tls_client(probe.tls_offer()));
  if (!secured) co_return ending::handshake_failed;
  const Answer greeting = co_await dialogue->answer();
  if (!greeting.came()) {
    if (greeting.stop == Stop::malformed) co_return kNotAGreeting;
    if (greeting.stop == Stop::timed_out) co_return ending::hang;
    co_return probe.inconclusive("no greeting: " + greeting.text);
  }
  if (dialogue->is_greeting(greeting)) co_return kGreeted;
  // RFC 5321 §3.1: 554 is a greeting, too; it says that there is no service to judge.
  if (!greeting.positive)
    co_return probe.inconclusive("the greeting says that there is no service: " + greeting.text);
  co_return kNotAGreeting;
}

constexpr Check kChecks[] = {
    {.id = "negotiation.implicit.greeting_under_tls",
     .title = "On the implicit port the greeting is the first thing inside TLS, before the client "
              "speaks",
     .levels = {.all = Level::must},
     .sources = {"RFC 5321 §3.1", "RFC 1939 §4", "RFC 3977 §5.1", "RFC 8314 §3"},
     .scope = {.protocols = kLineProtocols, .access = {Access::implicit}},
     .control = Control::handshake,
     .run = greeting_under_tls,
     .steps = "Connect, handshake, read without sending.",
     .accepts = {kGreeted},
     .breakers = {{"greeting_waits", ending::hang}, {"greeting_is_not_a_reply", kNotAGreeting}},
     .liberties = {{"multiline_greeting", kGreeted},
                   {"delayed_greeting", kGreeted},
                   {"split_replies", kGreeted},
                   {"many_tickets", kGreeted}},
     .by_hand = "openssl s_client -quiet -connect HOST:465"},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> implicit() { return kChecks; }

}  // namespace assay::suites
