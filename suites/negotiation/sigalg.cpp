// RFC 8446 §4.2.3, §4.4.3 and RFC 9155: what a server signs its handshake with.
#include "suites/negotiation/hello_talk.h"
#include "suites/suites.h"

#include <fmt/format.h>

namespace assay::suites {
namespace {

constexpr Ending kPkcs1{"pkcs1_signature"};
constexpr Ending kOldHash{"old_hash_signature"};
constexpr Ending kUnofferedScheme{"unoffered_scheme"};
/// No refusal is due: a scheme was offered that the control was signed by.
constexpr Ending kRefusedNeedlessly{"refused_though_signed_before"};
constexpr Ending kNoSignature{"suite_without_signature"};

constexpr std::uint16_t kRsaPkcs1Sha256 = 0x0401;
constexpr std::uint16_t kRsaPssSha256 = 0x0804;

engine::Config offer_of(Probe& probe, std::vector<std::uint16_t> schemes) {
  engine::Config offer = probe.engine_offer();
  offer.schemes = std::move(schemes);
  return offer;
}

Ending choice_of_both(const Tried& tried) {
  const auto scheme = scheme_of(tried.exchange);
  if (scheme == kRsaPkcs1Sha256) return kPkcs1;
  if (scheme && scheme != kRsaPssSha256) return kUnofferedScheme;
  return is_refusal(tried.ending) ? kRefusedNeedlessly : tried.ending;
}

Task<Ending> pkcs1_not_in_13(Probe& probe) {
  const std::vector<std::uint16_t> pss = {kRsaPssSha256};
  const auto trouble = co_await unless_carries_on(probe, offer_of(probe, pss),
                                                  "an offer of rsa_pss_rsae_sha256 alone");
  if (trouble) co_return *trouble;
  const std::vector<std::uint16_t> both = {kRsaPkcs1Sha256, kRsaPssSha256};
  const Tried first = co_await try_engine(probe, offer_of(probe, both));
  probe.part("pkcs1_and_pss", choice_of_both(first));
  const std::vector<std::uint16_t> pkcs1 = {kRsaPkcs1Sha256};
  const Tried alone = co_await try_engine(probe, offer_of(probe, pkcs1));
  const auto scheme = scheme_of(alone.exchange);
  probe.part("pkcs1", scheme == kRsaPkcs1Sha256 ? kPkcs1
                      : scheme                  ? kUnofferedScheme
                                                : alone.ending);
  co_return probe.worst();
}

/// RFC 5246 §7.4.1.4.1: the hash in front: 1 is MD5, 2 SHA-1.
bool has_old_hash(std::uint16_t scheme) { return scheme >> 8 == 1 || scheme >> 8 == 2; }

Ending signed_by(const Tried& tried) {
  const auto scheme = scheme_of(tried.exchange);
  return scheme && has_old_hash(*scheme) ? kOldHash : tried.ending;
}

/// Old hashes alone: nothing of the offer may sign.
Task<void> try_old_alone(Probe& probe, std::string name, std::vector<std::uint16_t> schemes) {
  const Tried tried = co_await try_engine(probe, offer_of(probe, std::move(schemes)));
  const Ending seen = signed_by(tried);
  const bool unsigned_suite = seen == ending::carried_on && !scheme_of(tried.exchange);
  // Signed by what was not offered, but by no old hash: our end refuses it, and this row is
  // content.
  const bool by_another = seen == ending::handshake_failed && scheme_of(tried.exchange);
  probe.part(std::move(name), unsigned_suite ? kNoSignature : by_another ? kUnofferedScheme : seen);
}

Task<Ending> sha1_md5_not_used(Probe& probe) {
  const auto trouble = co_await without_control(probe, probe.engine_offer());
  if (trouble) co_return *trouble;
  std::vector<std::uint16_t> schemes = {0x0201, 0x0203, 0x0101};
  for (const std::uint16_t each : engine::default_schemes()) schemes.push_back(each);
  const Tried first = co_await try_engine(probe, offer_of(probe, std::move(schemes)));
  const Ending seen = signed_by(first);
  probe.part("old_ones_first", is_refusal(seen) ? kRefusedNeedlessly : seen);
  const std::vector<std::uint16_t> sha1 = {0x0201, 0x0203};
  co_await try_old_alone(probe, "sha1", sha1);
  const std::vector<std::uint16_t> md5 = {0x0101};
  co_await try_old_alone(probe, "md5", md5);
  co_return probe.worst();
}

Task<Ending> missing_13(Probe& probe) {
  const auto trouble = co_await without_control(probe, probe.engine_offer());
  if (trouble) co_return *trouble;
  engine::Config offer = probe.engine_offer();
  offer.schemes.clear();
  const Tried tried = co_await try_engine(probe, std::move(offer));
  co_return refusal_of(tried);
}

constexpr Check kChecks[] = {
    {.id = "negotiation.sigalg.pkcs1_not_in_13",
     .title = "TLS 1.3 is not signed with RSASSA-PKCS1-v1_5, whatever the client offers",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.2.3", "RFC 8446 §4.4.3", "RFC 9846 §4.3.3", "RFC 9846 §4.5.2"},
     .scope = {.version = VersionScope::tls13, .layer = Layer::tls},
     .setup = {.rsa = true},
     .run = pkcs1_not_in_13,
     .steps = "A ClientHello whose schemes are rsa_pkcs1_sha256 and rsa_pss_rsae_sha256; another "
              "with the first alone. The control offers the second alone.",
     .accepts = {ending::carried_on, kHandshakeFailure, kInsufficientSecurity},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"signs_by_pkcs1", kPkcs1}},
     .liberties = {{"refuses_by_insufficient_security", ending::carried_on},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "negotiation.sigalg.sha1_md5_not_used",
     .title = "Handshakes are not signed with MD5 or SHA-1, whatever the client offers",
     .levels = {.all = Level::must},
     .roles = {.public_mx = Severity::warning},
     .component = Component::library,
     .sources = {"RFC 9155 §4", "RFC 8446 §4.4.3", "RFC 9846 §4.5.2"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = sha1_md5_not_used,
     .steps = "A ClientHello whose schemes begin with those of SHA-1 and MD5; others with SHA-1 "
              "alone, with MD5 alone.",
     .accepts = {ending::carried_on, kNoSignature, kHandshakeFailure},
     .weak = {ending::another_alert, ending::closed_without_alert, kUnofferedScheme},
     .breakers = {{"signs_by_sha1", kOldHash}},
     .liberties = {{"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert},
                   {"rsa_transport_as_well", ending::carried_on}}},
    {.id = "negotiation.sigalg.missing_13",
     .title = "A hello of TLS 1.3 without signature_algorithms is refused by missing_extension",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.2.3", "RFC 8446 §9.2", "RFC 9846 §4.3.3", "RFC 9846 §9.2"},
     .scope = {.version = VersionScope::tls13, .layer = Layer::tls},
     .run = missing_13,
     .steps = "A ClientHello of TLS 1.3 without signature_algorithms and without a PSK.",
     .accepts = {kMissingExtension},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"assumes_schemes", kHelloTaken}},
     .liberties = {{"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> sigalg() { return kChecks; }

}  // namespace assay::suites
