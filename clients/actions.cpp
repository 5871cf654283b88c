#include "clients/actions.h"

#include "clients/dialogue.h"
#include "clients/ldap.h"
#include "clients/nntp.h"
#include "clients/pop3.h"
#include "clients/smtp.h"
#include "clients/tls.h"
#include "harness/check/encounter.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay {
namespace {

/// A refusal comes sooner than this; a peer that serves one at a time says nothing for longer.
constexpr Milliseconds kOverlapWindow{500};
constexpr Milliseconds kHurry{1'000};

/// A client is sent to the honest server: it must come, secure itself and do its work.
Task<bool> client_works(Probe& probe) {
  const Encounter met = co_await meet_honest(probe);
  if (met.worked_inside() && met.end.succeeded()) co_return true;
  co_return probe.lose(ending::inconclusive, "with an honest server: " + met.end.said);
}

Task<Facts> discover_client(Probe& probe) {
  Facts facts;
  const Encounter met = co_await meet_honest(probe);
  facts.reachable = facts.greeted = met.came();
  facts.tls = met.began_tls();
  facts.served = met.worked_inside() && met.end.succeeded();
  if (!facts.served) facts.trouble = "with an honest server: " + met.end.said;
  co_return facts;
}

Task<bool> control(Probe& probe, Control shape) {
  if (probe.subject().client) co_return co_await client_works(probe);
  const auto dialogue = co_await connected(probe);
  if (!dialogue) co_return false;
  bool good = true;
  switch (shape) {
    case Control::none:
      break;
    case Control::connect:
      if (probe.endpoint().access == Access::upgrade) good = co_await dialogue->greet();
      break;
    case Control::handshake:
      good = co_await dialogue->approach();
      if (good) good = co_await dialogue->secure(probe.tls_client(probe.tls_offer()));
      break;
    case Control::secured:
      good = co_await dialogue->open();
      break;
  }
  if (good) dialogue->leave();
  co_return good;
}

/// One dialogue at one version; what it found goes into `facts`. Stays open, so that a second one
/// shows whether the subject serves two at once; null when it did not come to its end.
Task<std::unique_ptr<Dialogue>> look(Probe& probe, TlsVersion version, Facts& facts) {
  auto dialogue = co_await connected(probe);
  if (!dialogue) co_return nullptr;
  facts.reachable = true;
  const bool upgrade = probe.endpoint().access == Access::upgrade;
  const bool near = co_await dialogue->approach();
  if (upgrade) {
    if (!dialogue->banner().empty()) facts.banner = dialogue->banner();
    if (!dialogue->capabilities().empty()) facts.capabilities = dialogue->capabilities();
  }
  facts.greeted = facts.greeted || near || !dialogue->capabilities().empty();
  if (!near) co_return nullptr;
  OracleConfig offer = probe.tls_offer();
  offer.min_version = offer.max_version = version;
  offer.status_request = true;
  const bool secured = co_await dialogue->secure(probe.tls_client(offer));
  if (!secured) co_return nullptr;
  facts.agreements[version] = *dialogue->link().agreement();
  facts.tls = true;
  const bool settled = co_await dialogue->settle();
  if (!settled) co_return nullptr;
  facts.served = true;
  if (!upgrade) facts.banner = dialogue->banner();
  facts.capabilities_secured = dialogue->capabilities();
  co_return dialogue;
}

Task<Facts> discover(Probe& probe) {
  if (probe.subject().client) co_return co_await discover_client(probe);
  Facts facts;
  auto first = co_await look(probe, TlsVersion::tls13, facts);
  facts.trouble = probe.why();
  if (!facts.reachable || !facts.greeted) co_return facts;
  const auto begin = Clock::now();
  // A peer that serves one at a time says nothing to the second: that is known long before a reply
  // is overdue.
  if (first) probe.hurry(std::max(kHurry, probe.silence_window()));
  auto second = co_await look(probe, TlsVersion::tls12, facts);
  probe.hurry({});
  const bool held_up = first && !second && Clock::now() - begin >= kOverlapWindow;
  if (first) first->leave();
  if (held_up) {
    // Nothing while the first was held; something now: one at a time.
    first.reset();
    second = co_await look(probe, TlsVersion::tls12, facts);
    facts.serial = second != nullptr;
  }
  if (second) second->leave();
  if (facts.served) facts.trouble.clear();
  facts.reaction = probe.slowest_reaction();
  co_return facts;
}

}  // namespace

Task<std::unique_ptr<Dialogue>> connected_to(Probe& probe, const Endpoint& endpoint,
                                             Probe::Wrap wrap) {
  auto link = co_await probe.connect_to(endpoint, std::move(wrap));
  if (!link) co_return nullptr;
  switch (endpoint.protocol) {
    case Protocol::pop3:
      co_return std::make_unique<Pop3Dialogue>(probe, endpoint, std::move(link));
    case Protocol::ldap:
      co_return std::make_unique<LdapDialogue>(probe, endpoint, std::move(link));
    case Protocol::nntp:
      co_return std::make_unique<NntpDialogue>(probe, endpoint, std::move(link));
    case Protocol::tls:
      co_return std::make_unique<TlsDialogue>(probe, endpoint, std::move(link));
    case Protocol::smtp:
      break;
  }
  co_return std::make_unique<SmtpDialogue>(probe, endpoint, std::move(link));
}

Actions client_actions() { return {control, discover}; }

}  // namespace assay
