// RFC 9325 §4.1, RFC 5246 §A.5: suites without encryption, suites without authentication.
#include "suites/observe.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kHandshakeFailure{"alert_handshake_failure"};
constexpr Ending kInsufficientSecurity{"alert_insufficient_security"};
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

constexpr Check kChecks[] = {
    {.id = "encryption.weak.null",
     .title = "Suites that do not encrypt are refused",
     .levels = {.all = Level::must},
     .roles = {.public_mx = Severity::warning},
     .component = Component::configuration,
     .sources = {"RFC 9325 §4.1"},
     .scope = {.version = VersionScope::tls12},
     .control = Control::handshake,
     .run = null,
     .steps = "A ClientHello of TLS 1.2 with NULL suites alone.",
     .accepts = {kHandshakeFailure, kInsufficientSecurity, ending::another_alert,
                 ending::closed_without_alert},
     .breakers = {{"accept_null", ending::accepted}},
     .liberties = {{"insufficient_security_on_weak_suites", kInsufficientSecurity},
                   {"internal_error_on_weak_suites", Ending{"alert_internal_error"}},
                   {"close_on_weak_suites", ending::closed_without_alert}},
     .by_hand = "openssl s_client -tls1_2 -cipher eNULL:@SECLEVEL=0 -connect HOST:465"},
    {.id = "encryption.weak.anon",
     .title = "Suites without authentication are refused, and never preferred",
     .levels = {.all = Level::bcp},
     .roles = {.public_mx = Severity::note},
     .component = Component::configuration,
     .sources = {"RFC 5246 §A.5", "RFC 5246 §F.1.1.1"},
     .scope = {.version = VersionScope::tls12},
     .control = Control::handshake,
     .run = anon,
     .steps = "A ClientHello of TLS 1.2 with anonymous suites alone; a second one with anonymous "
              "suites before sound ones.",
     .accepts = {kHandshakeFailure, kInsufficientSecurity, ending::another_alert,
                 ending::closed_without_alert, kSoundSuite},
     .breakers = {{"accept_anon", ending::accepted}},
     .liberties = {{"insufficient_security_on_weak_suites", kInsufficientSecurity},
                   {"internal_error_on_weak_suites", Ending{"alert_internal_error"}},
                   {"close_on_weak_suites", ending::closed_without_alert}},
     .by_hand = "openssl s_client -tls1_2 -cipher aNULL:@SECLEVEL=0 -connect HOST:465"},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> weak() { return kChecks; }

}  // namespace assay::suites
