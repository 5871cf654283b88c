// RFC 3207 §4, RFC 2595 §4, RFC 4642 §2.2, RFC 4511 §4.14: the upgrade itself, and what is said
// about it.
#include "clients/dialogue.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kListedAndWorks{"listed_and_works"};
constexpr Ending kWorksUnlisted{"works_unlisted"};
constexpr Ending kListedButRefused{"listed_but_refused"};
constexpr Ending kListedTwice{"listed_more_than_once"};
constexpr Ending kAbsent{"not_listed"};
constexpr Ending kListedInside{"listed_inside_tls"};
constexpr Ending kListedOrNot{"listed_or_not"};
constexpr Ending kRefusedAndAlive{"refused_and_session_goes_on"};
constexpr Ending kAnotherCode{"refused_with_another_code"};
constexpr Ending kRefusedAndClosed{"refused_and_closed"};
constexpr Ending kGoAheadInside{"go_ahead_inside_tls"};

Task<Ending> basic(Probe& probe) {
  const auto dialogue = co_await greeted(probe);
  if (!dialogue) co_return probe.lost();
  const UpgradeResult upgrade = co_await dialogue->upgrade_with({});
  switch (upgrade.kind) {
    case UpgradeResult::Kind::refused:
      probe.explain(upgrade.answer.text);
      co_return dialogue->upgrade_listed() > 0
          ? ending::upgrade_refused
          : probe.inapplicable("the upgrade is neither listed nor taken: " + upgrade.answer.text);
    case UpgradeResult::Kind::throttled:
      co_return ending::throttled;
    case UpgradeResult::Kind::no_answer:
      co_return ending::hang;
    case UpgradeResult::Kind::broken:
      co_return upgrade.ending == ending::hang ? ending::hang : ending::handshake_failed;
    case UpgradeResult::Kind::secured:
      break;
  }
  const MarkerResult marker = co_await dialogue->marker();
  if (marker.answered) co_return ending::upgraded;
  co_return marker.first.stop == Stop::timed_out ? ending::hang : ending::marker_unanswered;
}

Task<Ending> advertised(Probe& probe) {
  const auto dialogue = co_await greeted(probe);
  if (!dialogue) co_return probe.lost();
  const std::size_t listed = dialogue->upgrade_listed();
  const UpgradeResult upgrade = co_await dialogue->upgrade_with({});
  if (upgrade.kind == UpgradeResult::Kind::throttled) co_return ending::throttled;
  const bool works = upgrade.kind == UpgradeResult::Kind::secured;
  if (!works && upgrade.kind != UpgradeResult::Kind::refused) {
    co_return probe.inconclusive("the upgrade was neither refused nor completed: " +
                                 upgrade.answer.text);
  }
  if (listed == 0 && !works)
    co_return probe.inapplicable("the upgrade is neither listed nor taken: " + upgrade.answer.text);
  if (listed == 0) co_return kWorksUnlisted;
  if (!works) co_return kListedButRefused;
  co_return listed == 1 ? kListedAndWorks : kListedTwice;
}

Task<Ending> not_advertised_under_tls(Probe& probe) {
  const auto dialogue = co_await secured(probe);
  if (!dialogue) co_return probe.lost();
  const bool listed = dialogue->upgrade_listed() > 0;
  if (probe.endpoint().protocol != Protocol::ldap) co_return listed ? kListedInside : kAbsent;
  // RFC 4512 §5.1 lists what the server knows, whatever the session may ask for now.
  probe.note(listed ? "listed inside TLS" : "not listed inside TLS");
  co_return kListedOrNot;
}

Task<Ending> refused_under_tls(Probe& probe) {
  const auto dialogue = co_await secured(probe);
  if (!dialogue) co_return probe.lost();
  const Answer again = co_await dialogue->ask(dialogue->upgrade_request());
  if (!again.came()) {
    if (again.stop == Stop::timed_out) co_return ending::hang;
    // RFC 4511 §4.4.1: a Notice of Disconnection has a code, and refuses.
    co_return again.code != 0 ? kRefusedAndClosed : ending::closed;
  }
  probe.note("answered " + std::to_string(again.code));
  if (dialogue->is_go_ahead(again)) co_return kGoAheadInside;
  const MarkerResult marker = co_await dialogue->marker();
  if (!marker.answered) {
    if (marker.first.stop == Stop::timed_out) co_return ending::hang;
    co_return marker.first.came() ? ending::marker_unanswered : kRefusedAndClosed;
  }
  co_return dialogue->refuses_by_text(again) ? kRefusedAndAlive : kAnotherCode;
}

constexpr Check kChecks[] = {
    {.id = "negotiation.upgrade.basic",
     .title = "The upgrade leads into TLS, and the service answers there",
     .levels = {.all = Level::must},
     .sources = {"RFC 3207 §4", "RFC 2595 §4", "RFC 4642 §2.2.2", "RFC 4511 §4.14.2"},
     .scope = {.protocols = kApplications, .access = {Access::upgrade}},
     .control = Control::connect,
     .run = basic,
     .steps = "The upgrade request, a handshake on the go-ahead, then an unknown and a known "
              "command inside TLS.",
     .accepts = {ending::upgraded},
     .breakers = {{"refuse_everything", ending::upgrade_refused},
                  {"never_read_hello", ending::hang}},
     .liberties = {{"split_replies", ending::upgraded},
                   {"delayed_greeting", ending::upgraded},
                   {"multiline_greeting", ending::upgraded},
                   {"reversed_capabilities", ending::upgraded},
                   {"many_tickets", ending::upgraded},
                   {"no_tickets", ending::upgraded}},
     .by_hand = "openssl s_client -starttls smtp -connect HOST:25"},
    {.id = "negotiation.upgrade.advertised",
     .title = "The upgrade is listed exactly once where it works, and works where it is listed",
     .levels =
         {.smtp = Level::must, .pop3 = Level::must, .nntp = Level::must, .ldap = Level::should},
     .roles = {.public_mx = Severity::note},
     .sources = {"RFC 3207 §2", "RFC 3207 §3", "RFC 2449 §5", "RFC 2595 §4", "RFC 4642 §2.1",
                 "RFC 3977 §5.2", "RFC 4511 §4.12"},
     .scope = {.protocols = kApplications, .access = {Access::upgrade}},
     .control = Control::connect,
     .run = advertised,
     .steps = "The capability list in the clear, then the upgrade, whatever the list said.",
     .accepts = {kListedAndWorks},
     .breakers = {{"unlisted_upgrade", kWorksUnlisted},
                  {"listed_but_refused", kListedButRefused},
                  {"list_upgrade_twice", kListedTwice}},
     .liberties = {{"reversed_capabilities", kListedAndWorks},
                   {"multiline_greeting", kListedAndWorks},
                   {"split_replies", kListedAndWorks}},
     .by_hand = "printf 'EHLO a.test\\r\\nQUIT\\r\\n' | nc HOST 25"},
    {.id = "negotiation.upgrade.not_advertised_under_tls",
     .title = "The upgrade is not listed inside TLS",
     .levels = {.smtp = Level::must, .pop3 = Level::bcp, .nntp = Level::must, .ldap = Level::info},
     .sources = {"RFC 3207 §4.2", "RFC 4642 §2.2.2", "RFC 2595 §4"},
     .scope = {.protocols = kApplications},
     .run = not_advertised_under_tls,
     .steps =
         "The capability list inside TLS, after the upgrade and on the implicit port. In LDAP, "
         "where the root DSE says what the server knows, it is only written down.",
     .accepts = {kAbsent, kListedOrNot},
     .breakers = {{"list_upgrade_inside", kListedInside, {}, {}, kLineProtocols}},
     .liberties = {{"reversed_capabilities", kAbsent, {}, {}, kLineProtocols},
                   {"multiline_greeting", kAbsent, {}, {}, {Protocol::smtp}},
                   {"split_replies", kAbsent, {}, {}, kLineProtocols},
                   {"split_replies", kListedOrNot, {}, {}, {Protocol::ldap}}},
     .by_hand =
         "printf 'EHLO a.test\\r\\nQUIT\\r\\n' | openssl s_client -quiet -crlf -connect HOST:465"},
    {.id = "negotiation.upgrade.refused_under_tls",
     .title = "A second upgrade inside TLS is refused, and the session goes on",
     .levels = {.smtp = Level::bcp, .pop3 = Level::may, .nntp = Level::must, .ldap = Level::must},
     .sources = {"RFC 4642 §2.2.2", "RFC 4511 §4.14.1", "RFC 4513 §3.1.1", "RFC 3207 §4.2",
                 "RFC 2595 §4"},
     .scope = {.protocols = kApplications},
     .run = refused_under_tls,
     .steps =
         "The upgrade request inside TLS, then an unknown and a known command in the same session.",
     .accepts = {kRefusedAndAlive},
     .weak = {kAnotherCode, kRefusedAndClosed},
     .breakers = {{"upgrade_inside", kGoAheadInside}, {"die_after_second_upgrade", ending::hang}},
     .liberties =
         {{"refuse_second_upgrade_by_454",
           kRefusedAndAlive,
           {},
           {},
           {Protocol::smtp, Protocol::pop3}},
          {"refuse_second_upgrade_by_550", kAnotherCode, {}, {}, {Protocol::smtp, Protocol::nntp}},
          {"close_on_second_upgrade", kRefusedAndClosed},
          {"split_replies", kRefusedAndAlive}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> upgrade() { return kChecks; }

}  // namespace assay::suites
