#include "harness/engine/hello_choice13.h"

#include "harness/wire/alert.h"

#include <algorithm>
#include <utility>

namespace assay::engine {
namespace {

class Chooser {
 public:
  Chooser(Core& core, const ClientHello& hello) : core_(core), hello_(hello) {}

  std::optional<HelloChoice13> choose(std::optional<std::uint16_t> retried_for) {
    // RFC 8446 §4.1.2: exactly one octet, zero.
    if (!core_.require(hello_.legacy_compression_methods == Bytes{0}, Sin::compression_offered,
                       alert::kIllegalParameter, "compression methods other than null")) {
      return std::nullopt;
    }
    auto wanted = read_wanted(core_, hello_);
    if (!wanted) return std::nullopt;
    choice_.wanted = std::move(*wanted);
    if (!choose_suite() || !read_shares()) return std::nullopt;
    auto psk = choose_psk(core_, hello_, *choice_.suite);
    if (!psk) return std::nullopt;
    choice_.psk = std::move(*psk);
    if (!extensions_are_there() || !choose_alpn(core_, choice_.wanted, choice_.agreement)) {
      return std::nullopt;
    }
    const bool needs_group = !choice_.psk || choice_.psk->with_dhe;
    choice_.group = retried_for;
    if (needs_group && !retried_for && !choose_group()) return std::nullopt;
    if (!needs_group) choice_.group.reset();
    return std::move(choice_);
  }

 private:
  [[nodiscard]] const Config& config() const { return core_.config(); }

  bool choose_suite() {
    std::vector<std::uint16_t> ours;
    for (const std::uint16_t each : config().suites) {
      const CipherSuite* suite = find_suite(each);
      if (suite != nullptr && suite->tls13) ours.push_back(each);
    }
    auto chosen = first_common(ours, hello_.cipher_suites);
    const bool any = config().tolerated.has(Sin::suite_not_offered) && !ours.empty();
    if (!chosen && any) chosen = ours.front();
    if (!chosen) {
      core_.fail(alert::kHandshakeFailure, "no suite in common");
      return false;
    }
    choice_.suite = find_suite(*chosen);
    core_.told().suite = *chosen;
    core_.transcript().choose(choice_.suite->hash);
    return true;
  }

  bool read_shares() {
    const Extension* found = hello_.find(extension::kKeyShare);
    if (found == nullptr) return true;
    auto list = core_.read<KeyShareList>(*found);
    if (!list) return false;
    choice_.shares = std::move(list->client_shares);
    std::vector<std::uint16_t> seen;
    for (const KeyShareEntry& each : choice_.shares) {
      const auto& supported = choice_.wanted.groups;
      const bool fresh = std::ranges::find(seen, each.group) == seen.end();
      // RFC 8446 §9.2: a hello without supported_groups lacks more than this one.
      const bool listed = !choice_.wanted.groups_sent ||
                          std::ranges::find(supported, each.group) != supported.end();
      // RFC 8446 §4.2.8: one a group, and of the groups that are supported.
      if (!core_.require(fresh && listed, Sin::key_share_repeated, alert::kIllegalParameter,
                         "a share twice, or of a group that is not supported")) {
        return false;
      }
      seen.push_back(each.group);
    }
    return true;
  }

  /// RFC 8446 §9.2: groups and shares come together; schemes unless a PSK stands in for them.
  bool extensions_are_there() {
    const bool shares = hello_.find(extension::kKeyShare) != nullptr;
    const auto& wanted = choice_.wanted;
    const bool there = shares == wanted.groups_sent &&
                       (choice_.psk || (wanted.schemes_sent && wanted.groups_sent));
    return core_.require(there, Sin::extension_missing, alert::kMissingExtension,
                         "a hello without groups, shares or signature schemes");
  }

  bool choose_group() {
    // One round trip is worth more than preference.
    for (const std::uint16_t each : config().groups) {
      choice_.group = each;
      if (choice_.share() != nullptr) return true;
    }
    choice_.group = first_common(config().groups, choice_.wanted.groups);
    if (!choice_.group) core_.fail(alert::kHandshakeFailure, "no group in common");
    return choice_.group.has_value();
  }

  Core& core_;
  const ClientHello& hello_;
  HelloChoice13 choice_;
};

/// The hello without what a second one may have otherwise.
Bytes kept_of(const ClientHello& hello) {
  ClientHello rest = hello;
  for (const std::uint16_t type : {extension::kKeyShare, extension::kEarlyData, extension::kCookie,
                                   extension::kPreSharedKey, extension::kPadding}) {
    remove_extension(rest.extensions, type);
  }
  return encode(rest);
}

bool cookie_came_back(const SaidRetry& retry, const ClientHello& second) {
  const Extension* echoed = second.find(extension::kCookie);
  if (!retry.cookie) return echoed == nullptr;
  return echoed != nullptr && equal(echoed->extension_data, encode(Cookie{*retry.cookie}));
}

/// The one share that was asked for; a retry for its cookie alone leaves them as they were.
bool share_came(const SaidRetry& retry, const ClientHello& second) {
  if (!retry.group) return true;
  const Extension* shares = second.find(extension::kKeyShare);
  if (shares == nullptr) return false;
  const auto list = decode<KeyShareList>(shares->extension_data);
  return list && list->client_shares.size() == 1 &&
         list->client_shares.front().group == *retry.group;
}

}  // namespace

const KeyShareEntry* HelloChoice13::share() const {
  if (!group) return nullptr;
  const auto found = std::ranges::find(shares, *group, &KeyShareEntry::group);
  return found == shares.end() ? nullptr : &*found;
}

std::optional<HelloChoice13> choose13(Core& core, const ClientHello& hello,
                                      std::optional<std::uint16_t> retried_for) {
  return Chooser(core, hello).choose(retried_for);
}

bool second_hello_is_right(Core& core, const SaidRetry& retry, const ClientHello& second) {
  return core.require(equal(kept_of(second), kept_of(retry.first)), Sin::second_hello_changed,
                      alert::kIllegalParameter, "a second hello that is not like the first") &&
         core.require(cookie_came_back(retry, second), Sin::second_hello_changed,
                      alert::kIllegalParameter, "a cookie that is not ours") &&
         core.require(share_came(retry, second), Sin::second_hello_share, alert::kIllegalParameter,
                      "a second hello without the share that was asked for");
}

}  // namespace assay::engine
