#include "harness/engine/server_hello13.h"

#include "harness/wire/alert.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace assay::engine {
namespace {

/// RFC 8446 §4.1.4: it changes something, and asks for what was supported and not yet sent.
bool is_of_use(Core& core, const Offer& offer, const Retry& retry) {
  const auto& groups = core.config().groups;
  const auto& wanted = retry.group;
  const bool offered = !wanted || std::ranges::find(groups, *wanted) != groups.end();
  const bool fresh = !wanted || !offer.shares.contains(*wanted);
  return core.require(wanted.has_value() || retry.cookie.has_value(), Sin::retry_pointless,
                      alert::kIllegalParameter, "a retry that changes nothing") &&
         core.require(offered, Sin::retry_pointless, alert::kIllegalParameter,
                      "a retry for a group that was not offered") &&
         core.require(fresh, Sin::retry_pointless, alert::kIllegalParameter,
                      "a retry for a share that was there");
}

}  // namespace

const CipherSuite* judge_server_hello13(Core& core, const Offer& offer, const ServerHello& hello,
                                        const CipherSuite* of_retry) {
  const CipherSuite* suite = find_suite(hello.cipher_suite);
  const bool right =
      core.require(equal(hello.legacy_session_id_echo, offer.hello.legacy_session_id),
                   Sin::session_id_not_echoed, alert::kIllegalParameter,
                   "a session id that is not ours") &&
      core.require(hello.legacy_compression_method == 0, Sin::compression_chosen,
                   alert::kIllegalParameter, "a compression method") &&
      core.require(offer.hello.offers_suite(hello.cipher_suite), Sin::suite_not_offered,
                   alert::kIllegalParameter, "a suite that was not offered") &&
      core.require(of_retry == nullptr || suite == of_retry, Sin::retry_broken,
                   alert::kIllegalParameter, "another suite than the retry named") &&
      core.require(hello.version() == 0x0304, Sin::retry_broken, alert::kIllegalParameter,
                   "another version than the retry named");
  if (!right) return nullptr;
  if (suite == nullptr || !suite->tls13) {
    core.fail(alert::kIllegalParameter, "a suite that is none of TLS 1.3");
    return nullptr;
  }
  return suite;
}

bool extensions_are_right(Core& core, const Offer& offer, const std::vector<Extension>& found,
                          std::initializer_list<std::uint16_t> defined) {
  if (!core.require(!repeated_extension(found), Sin::extension_repeated, alert::kIllegalParameter,
                    "an extension twice")) {
    return false;
  }
  for (const Extension& each : found) {
    const std::uint16_t type = each.extension_type;
    const bool at_home = std::ranges::find(defined, type) != defined.end();
    // RFC 8446 §4.2.2: a cookie is the one answer that nobody asks for.
    const bool asked = type == extension::kCookie || offers(offer, type);
    if (!core.require(asked, Sin::extension_unasked, alert::kUnsupportedExtension,
                      fmt::format("extension {:#06x}, which was not offered", type)) ||
        !core.require(at_home || (!offers(offer, type) && type != extension::kCookie),
                      Sin::extension_misplaced, alert::kIllegalParameter,
                      fmt::format("extension {:#06x} in the wrong message", type))) {
      return false;
    }
  }
  return true;
}

std::optional<Retry> read_retry(Core& core, const Offer& offer, const ServerHello& hello) {
  if (!extensions_are_right(core, offer, hello.extensions,
                            {extension::kSupportedVersions, extension::kKeyShare,
                             extension::kCookie, extension::kEncryptedClientHello})) {
    return std::nullopt;
  }
  Retry retry;
  if (const Extension* share = hello.find(extension::kKeyShare)) {
    const auto number = core.read<Number16>(*share);
    if (!number) return std::nullopt;
    retry.group = number->value;
  }
  if (const Extension* found = hello.find(extension::kCookie)) {
    auto cookie = core.read<Cookie>(*found);
    if (!cookie) return std::nullopt;
    retry.cookie = std::move(cookie->cookie);
  }
  if (!is_of_use(core, offer, retry)) return std::nullopt;
  return retry;
}

}  // namespace assay::engine
