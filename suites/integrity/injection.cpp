// RFC 3207 §4.2, RFC 2595 §4, RFC 4642 §2.2.2, RFC 4511 §4.14.1: what was said in the clear is
// never acted on inside TLS.
#include "clients/dialogue.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kCompletedInsideTls{"completed_inside_tls"};

/// The ending of an upgrade with something behind it that did not lead into TLS.
Ending safe_ending(Probe& probe, const UpgradeResult& upgrade) {
  switch (upgrade.kind) {
    case UpgradeResult::Kind::refused:
      return ending::upgrade_refused;
    case UpgradeResult::Kind::broken:
      // A handshake that stalls is no safe ending: nobody refused anything.
      return upgrade.ending == ending::hang ? ending::hang : ending::connection_broken;
    case UpgradeResult::Kind::throttled:
      probe.explain(upgrade.answer.text);
      return ending::throttled;
    case UpgradeResult::Kind::no_answer:
    case UpgradeResult::Kind::secured:
      break;
  }
  return ending::hang;
}

Task<Ending> marked(Dialogue& dialogue) {
  const MarkerResult marker = co_await dialogue.marker();
  if (marker.unasked) co_return ending::answered_inside_tls;
  if (marker.answered) {
    const bool nothing = co_await dialogue.owes_nothing();
    co_return nothing ? ending::discarded : ending::answered_inside_tls;
  }
  // A go-ahead to a connection that then breaks at once is how some servers drop what they were
  // fed.
  co_return marker.first.came()
      ? ending::marker_unanswered
      : (marker.first.stop == Stop::timed_out ? ending::hang : ending::connection_broken);
}

Task<Ending> discards_pipelined_plaintext(Probe& probe) {
  const auto dialogue = co_await greeted(probe);
  if (!dialogue) co_return probe.lost();
  const UpgradeResult upgrade = co_await dialogue->upgrade_with(dialogue->canary());
  if (upgrade.kind != UpgradeResult::Kind::secured) co_return safe_ending(probe, upgrade);
  co_return co_await marked(*dialogue);
}

/// Whether the segment is seen before the go-ahead or behind it depends on who is faster, and so
/// does the safe way that a server has of not running it: which one it was stands in the
/// transcript, not in the ending.
Ending whichever_way(Ending seen) {
  const bool safe = seen == ending::discarded || seen == ending::upgrade_refused ||
                    seen == ending::connection_broken;
  return safe ? ending::not_acted_on : seen;
}

Task<Ending> second_segment(Probe& probe, Milliseconds gap) {
  const auto dialogue = co_await greeted(probe);
  if (!dialogue) co_return probe.lost();
  const UpgradeResult upgrade = co_await dialogue->upgrade_then(dialogue->canary(), gap);
  if (upgrade.kind != UpgradeResult::Kind::secured)
    co_return whichever_way(safe_ending(probe, upgrade));
  const Ending seen = co_await marked(*dialogue);
  co_return whichever_way(seen);
}

Task<Ending> discards_second_segment(Probe& probe) {
  for (const int gap : {0, 20}) {
    const Ending seen = co_await second_segment(probe, Milliseconds(gap));
    probe.part(gap == 0 ? "gap_0ms" : "gap_20ms", seen);
  }
  co_return probe.worst();
}

Task<Ending> partial_line(Probe& probe) {
  const auto dialogue = co_await greeted(probe);
  if (!dialogue) co_return probe.lost();
  const Bytes whole = dialogue->canary();
  const View prefix = View(whole).first(dialogue->canary_split());
  const View rest = View(whole).subspan(prefix.size());
  const UpgradeResult upgrade = co_await dialogue->upgrade_with(bytes_of(prefix));
  if (upgrade.kind == UpgradeResult::Kind::refused) co_return ending::upgrade_refused;
  if (upgrade.kind != UpgradeResult::Kind::secured) co_return safe_ending(probe, upgrade);
  const Answer alone = co_await dialogue->ask(bytes_of(rest));
  if (alone.came() && alone.positive) co_return kCompletedInsideTls;
  if (!alone.came())
    co_return alone.stop == Stop::timed_out ? ending::hang : ending::connection_broken;
  co_return co_await marked(*dialogue);
}

/// A directory's threads race for what stands behind the request: one that keeps it may lose it
/// once.
constexpr int kTries = 3;

Task<Ending> discards_partial_line(Probe& probe) {
  const int tries = probe.endpoint().protocol == Protocol::ldap ? kTries : 1;
  Ending seen;
  for (int i = 0; i < tries; ++i) {
    seen = co_await partial_line(probe);
    if (seen == kCompletedInsideTls) break;
  }
  co_return seen;
}

constexpr Check kChecks[] = {
    {.id = "integrity.injection.discards_pipelined_plaintext",
     .title = "A command pipelined behind the upgrade is never run inside TLS",
     .levels = {.smtp = Level::must, .pop3 = Level::bcp, .nntp = Level::must, .ldap = Level::bcp},
     .severity = Severity::error,
     .sources = {"RFC 3207 §4.2", "RFC 3207 §6", "RFC 2595 §4", "RFC 4642 §2.2.2", "RFC 4642 §5",
                 "RFC 4511 §4.14.1", "CVE-2011-0411"},
     .scope = {.protocols = kApplications, .access = {Access::upgrade}},
     .run = discards_pipelined_plaintext,
     .steps = "One segment: the upgrade request and a harmless command. On the go-ahead a "
              "handshake, then an unknown "
              "command and a known one inside TLS: their answers must be the next two.",
     .accepts = {ending::discarded, ending::upgrade_refused, ending::connection_broken},
     .breakers = {{"keep_plaintext", ending::answered_inside_tls}},
     .liberties = {{"refuse_pipelined_upgrade", ending::upgrade_refused},
                   {"feed_tail_to_tls", ending::connection_broken},
                   {"close_on_pipelined_upgrade", ending::connection_broken},
                   {"split_replies", ending::discarded},
                   {"reversed_capabilities", ending::discarded},
                   {"many_tickets", ending::discarded}},
     .by_hand = "printf 'EHLO a.test\\r\\nSTARTTLS\\r\\nNOOP\\r\\n' | nc HOST 25   # then look for "
                "a second reply inside TLS"},
    {.id = "integrity.injection.discards_second_segment",
     .title = "A command that follows the upgrade in a segment of its own is never run inside TLS",
     .levels = {.smtp = Level::must, .pop3 = Level::bcp, .nntp = Level::must, .ldap = Level::bcp},
     .severity = Severity::error,
     .sources = {"RFC 3207 §4.2", "RFC 3207 §6", "RFC 2595 §4", "RFC 4642 §2.2.2", "RFC 4642 §5",
                 "RFC 4511 §4.14.1"},
     .scope = {.protocols = kApplications, .access = {Access::upgrade}},
     .run = discards_second_segment,
     .steps = "The upgrade request, then at once (and, on a second connection, 20 ms later) a "
              "harmless command in a "
              "segment of its own, before any answer is read. Handshake, then the marker as above.",
     .accepts = {ending::not_acted_on},
     .breakers = {{"keep_second_segment", ending::answered_inside_tls}},
     .liberties = {{"drain_second_segment", ending::not_acted_on},
                   {"refuse_second_segment", ending::not_acted_on},
                   {"split_replies", ending::not_acted_on},
                   {"many_tickets", ending::not_acted_on}}},
    {.id = "integrity.injection.discards_partial_line",
     .title = "The start of a command sent in the clear is not completed inside TLS",
     .levels = {.smtp = Level::must, .pop3 = Level::bcp, .nntp = Level::must, .ldap = Level::bcp},
     .severity = Severity::error,
     .sources = {"RFC 3207 §4.2", "RFC 3207 §6", "RFC 2595 §4", "RFC 4642 §2.2.1",
                 "RFC 4511 §4.14.1"},
     .scope = {.protocols = kApplications, .access = {Access::upgrade}},
     .run = discards_partial_line,
     .steps = "One segment: the upgrade request and the first octets of a command. Inside TLS the "
              "rest of that command, which must be refused, then the marker. In LDAP on three "
              "connections: its servers race for what stands behind the request.",
     .accepts = {ending::discarded, ending::upgrade_refused, ending::connection_broken},
     .breakers = {{"keep_plaintext", kCompletedInsideTls}},
     .liberties = {{"refuse_pipelined_upgrade", ending::upgrade_refused},
                   {"feed_tail_to_tls", ending::connection_broken},
                   {"close_on_pipelined_upgrade", ending::connection_broken},
                   {"split_replies", ending::discarded, {}, {}, kLineProtocols},
                   // A message whose first octets are gone has no tag of one (RFC 4511 §4.1.1).
                   {"split_replies", ending::connection_broken, {}, {}, {Protocol::ldap}}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> injection() { return kChecks; }

}  // namespace assay::suites
