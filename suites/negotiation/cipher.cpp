// RFC 8446 §4.1.1 to §4.1.3, RFC 5246 §7.4.1: which suites a server chooses from.
#include "harness/crypto/suites.h"
#include "suites/negotiation/hello_talk.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::suites {
namespace {

constexpr Ending kUnofferedSuite{"unoffered_suite_chosen"};

constexpr std::uint16_t kUnassigned = 0x00fe;
constexpr std::uint16_t kPrivateUse = 0xfffe;  // RFC 8446 §B.4: the first octet 255

engine::Config offer_of(Probe& probe, std::vector<std::uint16_t> suites) {
  engine::Config offer = probe.engine_offer();
  offer.suites = std::move(suites);
  return offer;
}

/// carried_on, a refusal, or a suite that was not among the offered ones.
Ending choice_of(const Tried& tried, const std::vector<std::uint16_t>& offered) {
  const auto hello = server_hello(tried.exchange);
  const auto retry = retry_of(tried.exchange);
  for (const auto& each : {hello, retry}) {
    if (each && std::ranges::find(offered, each->cipher_suite) == offered.end())
      return kUnofferedSuite;
  }
  return tried.ending;
}

// Those that servers have, one of a kind.
constexpr std::uint16_t kSuites13[] = {0x1301, 0x1302, 0x1303, 0x1304, 0x1305};
constexpr std::uint16_t kSuites12[] = {0xc02b, 0xc030, 0xcca9, 0xc013, 0x009e, 0x009c, 0x002f};

Task<Ending> only_offered_selected(Probe& probe) {
  const auto trouble = co_await without_control(probe, probe.engine_offer());
  if (trouble) co_return *trouble;
  const bool newest = *probe.which().version == TlsVersion::tls13;
  const std::span<const std::uint16_t> suites = newest ? std::span<const std::uint16_t>(kSuites13)
                                                       : std::span<const std::uint16_t>(kSuites12);
  for (const std::uint16_t suite : suites) {
    const std::vector<std::uint16_t> alone = {suite};
    const Tried tried = co_await try_engine(probe, offer_of(probe, alone));
    probe.part(std::string(find_suite(suite)->name), choice_of(tried, alone));
  }
  for (const std::uint16_t suite : suites.first(2)) {
    const std::vector<std::uint16_t> pair = {kUnassigned, suite};
    const Tried tried = co_await try_engine(probe, offer_of(probe, pair));
    probe.part(fmt::format("behind_unassigned_{}", find_suite(suite)->name),
               choice_of(tried, pair));
  }
  co_return probe.worst();
}

Task<Ending> none_common(Probe& probe) {
  const auto trouble = co_await without_control(probe, probe.engine_offer());
  if (trouble) co_return *trouble;
  std::vector<std::uint16_t> suites = {kUnassigned, kPrivateUse};
  const Tried tried = co_await try_engine(probe, offer_of(probe, std::move(suites)));
  co_return refusal_of(tried);
}

Task<Ending> unknown_ignored(Probe& probe) {
  const auto trouble = co_await without_control(probe, probe.engine_offer());
  if (trouble) co_return *trouble;
  engine::Config offer = probe.engine_offer();
  std::vector<std::uint16_t> unknown;
  for (std::uint16_t i = 0; i < 10; ++i) {
    unknown.push_back(static_cast<std::uint16_t>(0x00f0 + i));  // unassigned
    unknown.push_back(static_cast<std::uint16_t>(0xff10 + i));  // private use
  }
  offer.suites.insert(offer.suites.begin(), unknown.begin(), unknown.end());
  const std::vector<std::uint16_t> offered = offer.suites;
  const Tried tried = co_await try_engine(probe, std::move(offer));
  const auto hello = server_hello(tried.exchange);
  if (hello && std::ranges::find(unknown, hello->cipher_suite) != unknown.end())
    co_return kUnofferedSuite;
  co_return choice_of(tried, offered);
}

constexpr Check kChecks[] = {
    {.id = "negotiation.cipher.only_offered_selected",
     .title = "The suite that is chosen is one of those that were offered",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.1.3", "RFC 5246 §7.4.1.3", "RFC 9846 §4.2.3"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = only_offered_selected,
     .steps = "A ClientHello with one suite alone, for several suites; two of them once more "
              "behind a suite that is not assigned.",
     .accepts = {ending::carried_on, kHandshakeFailure, kInsufficientSecurity},
     // How a suite is refused is another row's.
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"answers_with_own_suite", kUnofferedSuite}},
     .liberties = {{"one_suite_alone", kHandshakeFailure},
                   {"one_suite_alone_insufficient", kInsufficientSecurity}}},
    {.id = "negotiation.cipher.none_common",
     .title = "A hello without a suite in common is refused by handshake_failure",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.1.1", "RFC 5246 §7.2.2", "RFC 9846 §4.2.1"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = none_common,
     .steps = "A ClientHello whose suites are 0x00fe and 0xfffe.",
     .accepts = {kHandshakeFailure, kInsufficientSecurity},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"answers_with_own_suite", kHelloTaken}},
     .liberties = {{"refuses_by_insufficient_security", kInsufficientSecurity},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "negotiation.cipher.unknown_ignored",
     .title = "Suites that nobody knows are passed over",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.1.2", "RFC 9846 §4.2.2"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = unknown_ignored,
     .steps = "A ClientHello with twenty suites in front that are not assigned or of private use.",
     .accepts = {ending::carried_on},
     .breakers = {{"refuses_unknown_suites", kHandshakeFailure}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> cipher() { return kChecks; }

}  // namespace assay::suites
