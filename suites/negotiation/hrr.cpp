// RFC 8446 §4.1.4: the HelloRetryRequest, what it says and what follows it.
#include "harness/crypto/key_exchange.h"
#include "suites/negotiation/hello_talk.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::suites {
namespace {

constexpr Ending kRetried{"retried_and_completed"};
/// A retry came, our end did what it asked for, and then something did not fit.
constexpr Ending kRetryBroken{"retry_not_completed"};
constexpr Ending kNoRetry{"completed_without_retry"};
constexpr Ending kAsSpecified{"as_specified"};
constexpr Ending kMisshapen{"retry_misshapen"};
constexpr Ending kKept{"parameters_kept"};
constexpr Ending kChanged{"parameters_changed"};
constexpr Ending kWrongShareTaken{"wrong_share_taken"};
constexpr Ending kSecondRetry{"second_retry"};

constexpr std::uint16_t kPrivateGroup = 0xfe10;  // RFC 8446 §4.2.7: ecdhe_private_use

bool is_second(const engine::Exchange& so_far) {
  return so_far.last(HandshakeType::server_hello) != nullptr;
}

/// Groups that are supported, and no share.
engine::Config no_share(Probe& probe) {
  engine::Config offer = probe.engine_offer();
  offer.shares = 0;
  return offer;
}

/// The same with a share of a group that nobody has.
engine::Config foreign_share(Probe& probe) {
  engine::Config offer = no_share(probe);
  offer.emission.hello = [](ClientHello& hello, const engine::Exchange& so_far) {
    if (is_second(so_far)) return;
    auto groups = decode<NumberList>(hello.find(extension::kSupportedGroups)->extension_data);
    groups.message->values.insert(groups.message->values.begin(), kPrivateGroup);
    set_extension(hello.extensions, extension::kSupportedGroups, encode(*groups));
    set_extension(hello.extensions, extension::kKeyShare,
                  encode(KeyShareList{{{kPrivateGroup, Bytes(32, 0x42)}}}));
  };
  return offer;
}

struct Stimulus {
  std::string_view name;
  engine::Config (*offer)(Probe& probe);
};
constexpr Stimulus kStimuli[] = {{"no_share", no_share}, {"foreign_share", foreign_share}};

Ending completion_of(const Tried& tried) {
  const bool retried = retries_in(tried.exchange) > 0;
  if (tried.ending == ending::carried_on) return retried ? kRetried : kNoRetry;
  return retried && tried.ending == ending::handshake_failed ? kRetryBroken : tried.ending;
}

Task<Ending> issued_and_completes(Probe& probe) {
  const auto trouble = co_await without_control(probe, probe.engine_offer());
  if (trouble) co_return *trouble;
  for (const Stimulus& each : kStimuli) {
    const Tried tried = co_await try_engine(probe, each.offer(probe));
    probe.part(std::string(each.name), completion_of(tried));
  }
  co_return probe.worst();
}

ClientHello first_hello_of(const engine::Exchange& exchange) {
  const auto found =
      std::ranges::find(exchange.messages, HandshakeType::client_hello, &engine::Said::type);
  return *decode<ClientHello>(found->body());
}

/// RFC 8446 §4.2.8: a group that was offered, and that no share came for.
std::string wrong_group(const Bytes& key_share, const ClientHello& hello) {
  const auto number = decode<Number16>(key_share);
  if (!number) return "key_share is not a group alone";
  const auto groups = decode<NumberList>(hello.find(extension::kSupportedGroups)->extension_data);
  if (std::ranges::find(groups->values, number->value) == groups->values.end())
    return fmt::format("group {:#06x} was not offered", number->value);
  const auto shares = decode<KeyShareList>(hello.find(extension::kKeyShare)->extension_data);
  const bool shared = std::ranges::any_of(shares->client_shares, [&](const KeyShareEntry& each) {
    return each.group == number->value;
  });
  return shared ? fmt::format("a share of group {:#06x} was there", number->value) : std::string();
}

std::string wrong_extension(const ServerHello& retry, const ClientHello& hello) {
  if (repeated_extension(retry.extensions)) return "an extension twice";
  for (const Extension& each : retry.extensions) {
    std::string wrong;
    switch (each.extension_type) {
      case extension::kSupportedVersions:
        if (!equal(each.extension_data, Bytes{0x03, 0x04})) wrong = "supported_versions is not 1.3";
        break;
      case extension::kKeyShare:
        wrong = wrong_group(each.extension_data, hello);
        break;
      case extension::kCookie: {
        // RFC 8446 §4.2.2: one octet at least.
        const auto cookie = decode<Cookie>(each.extension_data);
        if (!cookie || cookie->cookie.empty()) wrong = "a cookie that is none";
        break;
      }
      default:
        wrong = fmt::format("extension {:#06x} has no place in it", each.extension_type);
    }
    if (!wrong.empty()) return wrong;
  }
  return {};
}

/// What is wrong with it; empty when nothing is.
std::string misshapen(const ServerHello& retry, const ClientHello& hello) {
  if (retry.legacy_version != 0x0303) return "legacy_version is not 0x0303";
  if (!equal(retry.legacy_session_id_echo, hello.legacy_session_id))
    return "the session id is not the client's";
  if (!hello.offers_suite(retry.cipher_suite)) return "the suite was not offered";
  if (retry.legacy_compression_method != 0) return "a compression method";
  if (retry.find(extension::kSupportedVersions) == nullptr) return "no supported_versions";
  if (retry.find(extension::kKeyShare) == nullptr && retry.find(extension::kCookie) == nullptr)
    return "neither a group nor a cookie: it changes nothing";
  return wrong_extension(retry, hello);
}

Task<Ending> shape(Probe& probe) {
  for (const Stimulus& each : kStimuli) {
    const Tried tried = co_await try_engine(probe, each.offer(probe));
    if (!tried.began) co_return tried.ending;
    const auto retry = retry_of(tried.exchange);
    if (!retry) {
      probe.part(std::string(each.name),
                 probe.inapplicable(fmt::format("no retry came: {}", tried.ending.slug)));
      continue;
    }
    const std::string wrong = misshapen(*retry, first_hello_of(tried.exchange));
    if (!wrong.empty()) probe.explain(wrong);
    probe.part(std::string(each.name), wrong.empty() ? kAsSpecified : kMisshapen);
  }
  co_return probe.worst();
}

Task<Ending> same_parameters(Probe& probe) {
  const Tried tried = co_await try_engine(probe, no_share(probe));
  if (!tried.began) co_return tried.ending;
  const auto retry = retry_of(tried.exchange);
  if (!retry) co_return probe.inapplicable(fmt::format("no retry came: {}", tried.ending.slug));
  const auto hello = server_hello(tried.exchange);
  if (!hello) {
    co_return probe.inapplicable(
        fmt::format("no ServerHello came behind the retry: {}", tried.ending.slug));
  }
  const auto asked = group_of(*retry);
  const bool kept = hello->cipher_suite == retry->cipher_suite &&
                    hello->version() == retry->version() && (!asked || group_of(*hello) == asked);
  co_return kept ? kKept : kChanged;
}

/// The second hello has these shares.
Task<void> try_second_shares(Probe& probe, std::string name, KeyShareList shares) {
  engine::Config offer = no_share(probe);
  offer.emission.hello = [&shares](ClientHello& hello, const engine::Exchange& so_far) {
    if (is_second(so_far)) set_extension(hello.extensions, extension::kKeyShare, encode(shares));
  };
  const Tried tried = co_await try_engine(probe, std::move(offer));
  const bool again = retries_in(tried.exchange) > 1;
  probe.part(std::move(name), again                          ? kSecondRetry
                              : server_hello(tried.exchange) ? kWrongShareTaken
                                                             : tried.ending);
}

Task<Ending> wrong_share_second(Probe& probe) {
  const Tried control = co_await try_engine(probe, no_share(probe));
  if (!control.began) co_return control.ending;
  const auto retry = retry_of(control.exchange);
  const auto asked = retry ? group_of(*retry) : std::optional<std::uint16_t>();
  if (control.ending != ending::carried_on || !asked) {
    co_return probe.inapplicable(
        fmt::format("no retry asked for a share: {}", control.ending.slug));
  }
  const std::uint16_t other = *asked == group::kX25519 ? group::kSecp256r1 : group::kX25519;
  const auto share = KeyShare::generate(other);
  KeyShareList of_other{{{other, bytes_of(share->share())}}};
  co_await try_second_shares(probe, "another_group", std::move(of_other));
  KeyShareList none;
  co_await try_second_shares(probe, "none_as_before", std::move(none));
  co_return probe.worst();
}

constexpr Check kChecks[] = {
    {.id = "negotiation.hrr.issued_and_completes",
     .title = "A hello without a usable share is answered by a HelloRetryRequest, and its answer "
              "by a handshake",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.1.4", "RFC 8446 §4.4.1", "RFC 9846 §4.2.4", "RFC 9846 §4.1"},
     .scope = {.version = VersionScope::tls13, .layer = Layer::tls},
     .run = issued_and_completes,
     .steps = "A ClientHello with supported groups and an empty list of shares; another whose only "
              "share is of a private group. The retry is answered by what it asks for.",
     .accepts = {kRetried},
     .breakers = {{"forgets_retry", kRetryBroken}, {"refuses_without_share", kHandshakeFailure}},
     .liberties = {{"retries_with_cookie", kRetried}}},
    {.id = "negotiation.hrr.shape",
     .title = "A HelloRetryRequest names a group that was offered without a share, and nothing "
              "else but a cookie",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.1.3", "RFC 8446 §4.1.4", "RFC 8446 §4.2", "RFC 9846 §4.2.3",
                 "RFC 9846 §4.2.4", "RFC 9846 §4.3"},
     .scope = {.version = VersionScope::tls13, .layer = Layer::tls},
     .run = shape,
     .steps = "A ClientHello with supported groups and an empty list of shares; another whose only "
              "share is of a private group. Each field of the retry is compared with the hello.",
     .accepts = {kAsSpecified},
     .breakers = {{"retries_for_unoffered_group", kMisshapen}, {"adds_to_retry", kMisshapen}},
     .liberties = {{"retries_with_cookie", kAsSpecified},
                   {"orders_retry_otherwise", kAsSpecified}}},
    {.id = "negotiation.hrr.same_parameters",
     .title = "A ServerHello keeps the suite, the version and the group of the retry before it",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.1.4", "RFC 9846 §4.2.4"},
     .scope = {.version = VersionScope::tls13, .layer = Layer::tls},
     .run = same_parameters,
     .steps = "A ClientHello with every suite and no share; the retry is answered, and compared "
              "with the ServerHello.",
     .accepts = {kKept},
     .breakers = {{"changes_suite_after_retry", kChanged}}},
    {.id = "negotiation.hrr.wrong_share_second",
     .title = "A second hello without the share that was asked for is refused, and not by another "
              "retry",
     .levels = {.all = Level::should},
     .component = Component::library,
     .sources = {"RFC 8446 §4.1.2", "RFC 8446 §4.2.8", "RFC 9846 §4.2.2", "RFC 9846 §4.3.8"},
     .scope = {.version = VersionScope::tls13, .layer = Layer::tls},
     .run = wrong_share_second,
     .steps = "A ClientHello without a share; the retry is answered by a share of another group, "
              "and by none.",
     .accepts = {kIllegalParameter, kMissingExtension, kHandshakeFailure, ending::another_alert,
                 ending::closed_without_alert},
     .breakers = {{"takes_wrong_second_share", kWrongShareTaken}, {"retries_again", kSecondRetry}},
     .liberties = {{"refuses_by_missing_extension", kMissingExtension},
                   {"refuses_by_handshake_failure", kHandshakeFailure},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> hrr() { return kChecks; }

}  // namespace assay::suites
