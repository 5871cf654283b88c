// RFC 3207 §4.2: after the upgrade both ends are where the greeting left them.
#include "clients/smtp.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kOutOfSequence{"out_of_sequence"};
constexpr Ending kTakenAsOnAFreshConnection{"taken_as_on_a_fresh_connection"};
constexpr Ending kOldHelloCounts{"old_hello_counts"};
constexpr std::string_view kMail = "MAIL FROM:<probe@assay.invalid>";

/// Whether a fresh connection takes MAIL without a hello; nothing when it did not say.
Task<std::optional<bool>> takes_mail_without_hello(Probe& probe) {
  const auto fresh = co_await connected_smtp(probe);
  if (!fresh) co_return std::nullopt;
  const Answer greeting = co_await fresh->answer();
  if (!greeting.came() || !greeting.positive) co_return std::nullopt;
  const Answer mail = co_await fresh->command(kMail);
  if (!mail.came() || mail.throttled) co_return std::nullopt;
  co_return mail.positive;
}

Task<Ending> ehlo_required_again(Probe& probe) {
  const auto dialogue = co_await greeted_smtp(probe);
  if (!dialogue) co_return probe.lost();
  const UpgradeResult upgrade = co_await dialogue->upgrade_with({});
  if (upgrade.kind != UpgradeResult::Kind::secured)
    co_return probe.inconclusive(upgrade.answer.text);
  const Answer mail = co_await dialogue->command(kMail);
  if (!mail.came()) co_return mail.stop == Stop::timed_out ? ending::hang : ending::closed;
  if (mail.throttled) co_return ending::throttled;
  if (mail.code == 503) co_return kOutOfSequence;
  if (!mail.positive) co_return ending::refused;
  // RFC 3207 §4.2 asks for the state after the greeting: the answer must be that of a fresh
  // connection.
  const auto fresh = co_await takes_mail_without_hello(probe);
  if (!fresh)
    co_return probe.inconclusive("a fresh connection did not say whether MAIL needs a hello");
  co_return *fresh ? kTakenAsOnAFreshConnection : kOldHelloCounts;
}

constexpr Check kChecks[] = {
    {.id = "integrity.state_reset.ehlo_required_again",
     .title = "The hello sent in the clear does not count inside TLS",
     .levels = {.smtp = Level::must},
     .sources = {"RFC 3207 §4.2", "RFC 5321 §4.1.4"},
     .scope = {.protocols = {Protocol::smtp}, .access = {Access::upgrade}},
     .run = ehlo_required_again,
     .steps = "EHLO in the clear, the upgrade, then MAIL inside TLS without another EHLO. Where "
              "that is accepted, MAIL "
              "without EHLO on a fresh connection decides: the answer must be the same.",
     .accepts = {kOutOfSequence, ending::refused, ending::closed},
     .weak = {kTakenAsOnAFreshConnection},
     .breakers = {{"keep_hello", kOldHelloCounts}},
     .liberties = {{"no_hello_needed", kTakenAsOnAFreshConnection},
                   {"close_without_hello", ending::closed},
                   {"refuse_hello_missing_by_550", ending::refused},
                   {"split_replies", kOutOfSequence}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> state_reset() { return kChecks; }

}  // namespace assay::suites
