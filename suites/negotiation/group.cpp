// RFC 8446 §4.2.7, RFC 8422 §4 and §5: which groups a server takes part in.
#include "harness/crypto/key_exchange.h"
#include "harness/crypto/suites.h"
#include "suites/negotiation/hello_talk.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::suites {
namespace {

constexpr Ending kUnofferedGroup{"unoffered_group_used"};
constexpr Ending kNonEcSuite{"suite_without_curves"};
constexpr Ending kRetryWithoutGroup{"retry_without_a_group"};

bool over_curves(std::uint16_t suite) {
  const CipherSuite* known = find_suite(suite);
  return known != nullptr && known->key_exchange == KeyExchangeKind::ecdhe;
}

bool is_newest(const Probe& probe) { return *probe.which().version == TlsVersion::tls13; }

/// In TLS 1.2 only suites over curves: the others have no group to look at.
engine::Config offer_of(Probe& probe, std::vector<std::uint16_t> groups) {
  engine::Config offer = probe.engine_offer();
  if (!is_newest(probe))
    std::erase_if(offer.suites, [](std::uint16_t suite) { return !over_curves(suite); });
  offer.groups = std::move(groups);
  return offer;
}

/// Whether any group that the subject named is none of these.
bool names_another(const engine::Exchange& exchange, const std::vector<std::uint16_t>& offered) {
  std::vector<std::uint16_t> named;
  for (const auto& hello : {server_hello(exchange), retry_of(exchange)}) {
    const auto group = hello ? group_of(*hello) : std::optional<std::uint16_t>();
    if (group) named.push_back(*group);
  }
  if (const auto curve = curve_of(exchange)) named.push_back(*curve);
  return std::ranges::any_of(
      named, [&](std::uint16_t each) { return std::ranges::find(offered, each) == offered.end(); });
}

/// A HelloRetryRequest that asks for none changes nothing: another row's finding.
bool asks_for_a_group(const ServerHello& retry) {
  return retry.find(extension::kKeyShare) != nullptr;
}

Task<Ending> only_offered_used(Probe& probe) {
  const auto trouble = co_await without_control(probe, probe.engine_offer());
  if (trouble) co_return *trouble;
  std::string refused;
  for (const std::uint16_t group : engine::default_groups()) {
    if (!is_newest(probe) && group >= group::kFfdhe2048) continue;
    const std::vector<std::uint16_t> alone = {group};
    const Tried tried = co_await try_engine(probe, offer_of(probe, alone));
    if (!tried.began) co_return tried.ending;
    const std::string name(find_group(group)->name);
    const bool another = names_another(tried.exchange, alone);
    const auto retry = retry_of(tried.exchange);
    const bool refuses = is_refusal(tried.ending) || (retry && !asks_for_a_group(*retry));
    if (!another && refuses) {  // a group that the subject does not have
      refused += fmt::format("{}{} ({})", refused.empty() ? "" : ", ", name, tried.ending.slug);
      continue;
    }
    probe.part(name, another ? kUnofferedGroup : tried.ending);
  }
  if (!refused.empty()) probe.note(fmt::format("refused alone: {}", refused));
  if (probe.parts().empty()) co_return probe.inapplicable("every group alone is refused");
  co_return probe.worst();
}

constexpr std::uint16_t kWithoutCurves[] = {0x009e, 0x009c, 0x002f};  // DHE, and RSA alone
constexpr std::uint16_t kUnknownGroup = 0x0a0b;
constexpr std::uint16_t kPrivateGroup = 0xfe10;  // RFC 8446 §4.2.7: ecdhe_private_use

Task<Ending> none_common_13(Probe& probe) {
  const auto trouble = co_await without_control(probe, probe.engine_offer());
  if (trouble) co_return *trouble;
  engine::Config offer = offer_with(probe, [](ClientHello& hello, const engine::Exchange&) {
    set_extension(hello.extensions, extension::kKeyShare,
                  encode(KeyShareList{{{kUnknownGroup, Bytes(32, 0x42)}}}));
  });
  offer.groups = {kUnknownGroup};
  const Tried tried = co_await try_engine(probe, std::move(offer));
  if (const auto retry = retry_of(tried.exchange)) {
    co_return asks_for_a_group(*retry) ? kUnofferedGroup : kRetryWithoutGroup;
  }
  co_return refusal_of(tried);
}

Task<Ending> none_common_12(Probe& probe) {
  auto trouble = co_await unless_carries_on(probe, offer_of(probe, engine::default_groups()),
                                            "an offer of suites over curves alone");
  if (trouble) co_return *trouble;
  engine::Config offer = offer_of(probe, {kUnknownGroup, kPrivateGroup});
  for (const std::uint16_t without : kWithoutCurves) offer.suites.push_back(without);
  const Tried tried = co_await try_engine(probe, std::move(offer));
  const auto hello = server_hello(tried.exchange);
  if (hello && over_curves(hello->cipher_suite)) co_return kUnofferedGroup;
  co_return tried.ending == ending::carried_on ? kNonEcSuite : tried.ending;
}

Task<Ending> unknown_ignored(Probe& probe) {
  const auto trouble = co_await without_control(probe, probe.engine_offer());
  if (trouble) co_return *trouble;
  const engine::Config offer =
      offer_with(probe, [](ClientHello& hello, const engine::Exchange& so_far) {
        if (so_far.last(HandshakeType::server_hello) != nullptr) return;
        NumberList groups;
        for (std::uint16_t i = 0; i < 50; ++i) {
          groups.values.push_back(static_cast<std::uint16_t>(0x0b00 + i));
        }
        for (const std::uint16_t known : engine::default_groups()) groups.values.push_back(known);
        set_extension(hello.extensions, extension::kSupportedGroups, encode(groups));
      });
  const Tried tried = co_await try_engine(probe, offer);
  co_return names_another(tried.exchange, engine::default_groups()) ? kUnofferedGroup
                                                                    : tried.ending;
}

constexpr Check kChecks[] = {
    {.id = "negotiation.group.only_offered_used",
     .title = "The group that is used is one of those that were offered",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.2.7", "RFC 8422 §5.4", "RFC 9846 §4.3.7"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = only_offered_used,
     .steps = "A ClientHello with one group alone, for each that our engine has; in TLS 1.2 with "
              "suites over curves alone. Groups that the subject refuses are noted.",
     .accepts = {ending::carried_on},
     .breakers = {{"reads_its_own_group", kUnofferedGroup}}},
    {.id = "negotiation.group.none_common_13",
     .title = "A hello of TLS 1.3 without a group in common is refused by handshake_failure",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.1.1", "RFC 9846 §4.2.1"},
     .scope = {.version = VersionScope::tls13, .layer = Layer::tls},
     .run = none_common_13,
     .steps = "A ClientHello whose only group is 0x0a0b, with 32 octets for a share of it.",
     .accepts = {kHandshakeFailure, kInsufficientSecurity},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"reads_its_own_group", kUnofferedGroup}},
     .liberties = {{"refuses_by_insufficient_security", kInsufficientSecurity},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "negotiation.group.none_common_12",
     .title = "Without a curve in common a suite without curves is chosen, or the hello refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8422 §4", "RFC 8422 §5.1"},
     .scope = {.version = VersionScope::tls12, .layer = Layer::tls},
     .run = none_common_12,
     .steps = "A ClientHello of TLS 1.2 whose groups nobody knows, with the suites over curves and "
              "three without.",
     .accepts = {kNonEcSuite, kHandshakeFailure, ending::another_alert,
                 ending::closed_without_alert},
     .breakers = {{"takes_any_curve", kUnofferedGroup}},
     .liberties = {{"rsa_transport_as_well", kNonEcSuite},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "negotiation.group.unknown_ignored",
     .title = "Groups that nobody knows are passed over",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.2.7", "RFC 8701 §3.2", "RFC 9846 §4.3.7"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = unknown_ignored,
     .steps = "A ClientHello with fifty groups in front that are not assigned.",
     .accepts = {ending::carried_on},
     .breakers = {{"refuses_unknown_groups", kHandshakeFailure}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> group() { return kChecks; }

}  // namespace assay::suites
