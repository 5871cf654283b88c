// RFC 9325 §4.1, RFC 7465, RFC 5246 §A.5: suites without encryption, without authentication, and
// with ciphers that are broken.
#include "suites/engine_talk.h"
#include "suites/observe.h"
#include "suites/suites.h"

#include <fmt/format.h>

namespace assay::suites {
namespace {

constexpr Ending kSoundSuite{"sound_suite"};
constexpr Ending kAnonymous{"anonymous_suite"};

OracleConfig offer_of(const Probe& probe, std::string_view ciphers) {
  OracleConfig offer = probe.tls_offer();
  offer.min_version = offer.max_version = TlsVersion::tls12;
  offer.ciphers = ciphers;
  return offer;
}

Task<Ending> null(Probe& probe) {
  // 0001, 0002, 003B, C006, C010, C015: all that encrypt nothing.
  const auto seen = co_await answer_to_offer(probe, offer_of(probe, "eNULL:@SECLEVEL=0"));
  co_return seen ? *seen : probe.lost();
}

Task<Ending> anonymous_first(Probe& probe) {
  const auto dialogue = co_await approached(probe);
  if (!dialogue) co_return probe.lost();
  const OracleConfig offer =
      offer_of(probe, "ADH:AECDH:-eNULL:ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:AESGCM:@SECLEVEL=0");
  const bool agreed = co_await dialogue->secure(probe.tls_client(offer));
  if (!agreed) co_return ending_of(dialogue->handshake_event());
  const std::string& suite = dialogue->link().agreement()->suite_name;
  probe.note("agreed on " + suite);
  co_return suite.find("_anon_") == std::string::npos ? kSoundSuite : kAnonymous;
}

Task<Ending> anon(Probe& probe) {
  const auto alone =
      co_await answer_to_offer(probe, offer_of(probe, "ADH:AECDH:-eNULL:@SECLEVEL=0"));
  probe.part("anonymous_alone", alone ? *alone : probe.lost());
  const Ending first = co_await anonymous_first(probe);
  probe.part("anonymous_first", first);
  co_return probe.worst();
}

/// To suites that libssl knows no more: only a ServerHello can take one of them.
Task<Ending> answer_to_suites(Probe& probe, std::vector<std::uint16_t> suites) {
  engine::Config offer = probe.engine_offer();
  offer.suites = std::move(suites);
  const Tried tried = co_await try_engine(probe, std::move(offer));
  const auto hello = server_hello(tried.exchange);
  if (!hello) co_return tried.ending;
  const CipherSuite* suite = find_suite(hello->cipher_suite);
  const bool sound = suite != nullptr && (suite->aead || suite->bulk == BulkCipher::aes_128_cbc);
  probe.note(fmt::format("agreed on {}", suite == nullptr
                                             ? fmt::format("{:#06x}", hello->cipher_suite)
                                             : std::string(suite->name)));
  if (!sound) co_return ending::accepted;
  co_return tried.ending == ending::carried_on ? kSoundSuite : tried.ending;
}

Task<Ending> exported(Probe& probe) {
  std::vector<std::uint16_t> suites = {0x0003, 0x0006, 0x0008, 0x000b, 0x000e,
                                       0x0011, 0x0014, 0x0017, 0x0019};
  return answer_to_suites(probe, std::move(suites));
}

Task<Ending> single_des(Probe& probe) {
  // DES, and RFC 5469 §4: its like with RC2 and 40 bits, which nobody should have any more either.
  std::vector<std::uint16_t> suites = {0x0009, 0x000c, 0x000f, 0x0012, 0x0015, 0x001a, 0x0006,
                                       0x0008, 0x000b, 0x000e, 0x0011, 0x0014, 0x0019};
  return answer_to_suites(probe, std::move(suites));
}

Task<Ending> rc4(Probe& probe) {
  const std::vector<std::uint16_t> alone = {0x0004, 0x0005, 0x0018, 0xc007, 0xc011, 0xc016};
  // AES, by ECDHE and by RSA, with GCM and with CBC.
  std::vector<std::uint16_t> first = alone;
  first.insert(first.end(), {0xc02b, 0xc02f, 0xc009, 0xc013, 0x009c, 0x002f});
  const Ending preferred = co_await answer_to_suites(probe, std::move(first));
  probe.part("rc4_first", preferred);
  const Ending taken = co_await answer_to_suites(probe, alone);
  probe.part("rc4_alone", taken);
  co_return probe.worst();
}

constexpr Check kChecks[] = {
    {.id = "encryption.weak.null",
     .title = "Suites that do not encrypt are refused",
     .levels = {.all = Level::must},
     .roles = {.public_mx = Severity::warning},
     .component = Component::configuration,
     .sources = {"RFC 9325 §4.1"},
     .scope = {.version = VersionScope::tls12, .layer = Layer::endpoint},
     .control = Control::handshake,
     .run = null,
     .steps = "A ClientHello of TLS 1.2 with NULL suites alone.",
     .accepts = {kHandshakeFailure, kInsufficientSecurity, ending::another_alert,
                 ending::closed_without_alert},
     .breakers = {{"accept_null", ending::accepted}},
     .liberties = {{"insufficient_security_on_weak_suites", kInsufficientSecurity},
                   {"internal_error_on_weak_suites", kInternalError},
                   {"close_on_weak_suites", ending::closed_without_alert}},
     .by_hand = "openssl s_client -tls1_2 -cipher eNULL:@SECLEVEL=0 -connect HOST:465"},
    {.id = "encryption.weak.anon",
     .title = "Suites without authentication are refused, and never preferred",
     .levels = {.all = Level::bcp},
     .roles = {.public_mx = Severity::note},
     .component = Component::configuration,
     .sources = {"RFC 5246 §A.5", "RFC 5246 §F.1.1.1"},
     .scope = {.version = VersionScope::tls12, .layer = Layer::endpoint},
     .control = Control::handshake,
     .run = anon,
     .steps = "A ClientHello of TLS 1.2 with anonymous suites alone; a second one with anonymous "
              "suites before sound ones.",
     .accepts = {kHandshakeFailure, kInsufficientSecurity, ending::another_alert,
                 ending::closed_without_alert, kSoundSuite},
     .breakers = {{"accept_anon", ending::accepted}},
     .liberties = {{"insufficient_security_on_weak_suites", kInsufficientSecurity},
                   {"internal_error_on_weak_suites", kInternalError},
                   {"close_on_weak_suites", ending::closed_without_alert}},
     .by_hand = "openssl s_client -tls1_2 -cipher aNULL:@SECLEVEL=0 -connect HOST:465"},
    {.id = "encryption.weak.export",
     .title = "Suites of export grade are refused",
     .levels = {.all = Level::must},
     .roles = {.public_mx = Severity::warning},
     .component = Component::configuration,
     .sources = {"RFC 9325 §4.1", "CVE-2015-0204", "CVE-2015-4000"},
     .scope = {.version = VersionScope::tls12, .layer = Layer::tls},
     .control = Control::handshake,
     .run = exported,
     .steps = "A ClientHello of TLS 1.2 with suites of export grade alone.",
     .accepts = {kHandshakeFailure, ending::another_alert, ending::closed_without_alert},
     .breakers = {{"takes_weak_suites", ending::accepted}},
     .liberties = {{"insufficient_security_on_weak_suites", kInsufficientSecurity},
                   {"internal_error_on_weak_suites", kInternalError},
                   {"close_on_weak_suites", ending::closed_without_alert}}},
    {.id = "encryption.weak.rc4",
     .title = "RC4 is refused, and never preferred",
     .levels = {.all = Level::must},
     .roles = {.public_mx = Severity::warning},
     .component = Component::configuration,
     .sources = {"RFC 7465 §2"},
     .scope = {.version = VersionScope::tls12, .layer = Layer::tls},
     .control = Control::handshake,
     .run = rc4,
     .steps = "A ClientHello of TLS 1.2 with RC4 suites before sound ones; a second one with RC4 "
              "suites alone.",
     .accepts = {kSoundSuite, kHandshakeFailure, kInsufficientSecurity, ending::another_alert,
                 ending::closed_without_alert},
     .breakers = {{"takes_weak_suites", ending::accepted}},
     .liberties = {{"serves_by_engine", kSoundSuite},
                   {"insufficient_security_on_weak_suites", kSoundSuite},
                   {"internal_error_on_weak_suites", kSoundSuite},
                   {"close_on_weak_suites", kSoundSuite}}},
    {.id = "encryption.weak.single_des",
     .title = "Single DES and ciphers of 40 bits are refused",
     .levels = {.all = Level::must},
     .roles = {.public_mx = Severity::warning},
     .component = Component::configuration,
     .sources = {"RFC 9325 §4.1"},
     .scope = {.version = VersionScope::tls12, .layer = Layer::tls},
     .control = Control::handshake,
     .run = single_des,
     .steps = "A ClientHello of TLS 1.2 with suites of single DES, DES40 and RC2 alone.",
     .accepts = {kHandshakeFailure, ending::another_alert, ending::closed_without_alert},
     .breakers = {{"takes_weak_suites", ending::accepted}},
     .liberties = {{"insufficient_security_on_weak_suites", kInsufficientSecurity},
                   {"internal_error_on_weak_suites", kInternalError},
                   {"close_on_weak_suites", ending::closed_without_alert}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> weak() { return kChecks; }

}  // namespace assay::suites
