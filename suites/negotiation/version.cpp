// RFC 8996: TLS 1.0 and 1.1 are history.
#include "suites/observe.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

Task<Ending> refuses(Probe& probe, TlsVersion version) {
  OracleConfig offer = probe.tls_offer();
  offer.min_version = offer.max_version = version;
  offer.ciphers = "ALL:@SECLEVEL=0";
  const auto seen = co_await answer_to_offer(probe, offer);
  co_return seen ? *seen : probe.lost();
}

Task<Ending> tls10_refused(Probe& probe) { return refuses(probe, TlsVersion::tls10); }
Task<Ending> tls11_refused(Probe& probe) { return refuses(probe, TlsVersion::tls11); }

constexpr Check kChecks[] = {
    {.id = "negotiation.version.tls10_refused",
     .title = "TLS 1.0 is refused with protocol_version",
     .levels = {.all = Level::must},
     .roles = {.public_mx = Severity::note},
     .component = Component::configuration,
     .sources = {"RFC 8996 §4", "RFC 9325 §3.1.1", "RFC 5246 §E.1"},
     .scope = {.version = VersionScope::hello, .layer = Layer::endpoint},
     .control = Control::handshake,
     .run = tls10_refused,
     .steps =
         "A ClientHello of TLS 1.0, without supported_versions, with suites that TLS 1.0 knows.",
     .accepts = {kProtocolVersion},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"accept_tls10", ending::accepted}},
     .liberties = {{"close_on_old_version", ending::closed_without_alert},
                   {"handshake_failure_on_old_version", kHandshakeFailure}},
     .by_hand = "openssl s_client -tls1 -cipher ALL:@SECLEVEL=0 -connect HOST:465"},
    {.id = "negotiation.version.tls11_refused",
     .title = "TLS 1.1 is refused with protocol_version",
     .levels = {.all = Level::must},
     .roles = {.public_mx = Severity::note},
     .component = Component::configuration,
     .sources = {"RFC 8996 §5", "RFC 9325 §3.1.1", "RFC 5246 §E.1"},
     .scope = {.version = VersionScope::hello, .layer = Layer::endpoint},
     .control = Control::handshake,
     .run = tls11_refused,
     .steps =
         "A ClientHello of TLS 1.1, without supported_versions, with suites that TLS 1.1 knows.",
     .accepts = {kProtocolVersion},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"accept_tls11", ending::accepted}},
     .liberties = {{"close_on_old_version", ending::closed_without_alert},
                   {"handshake_failure_on_old_version", kHandshakeFailure}},
     .by_hand = "openssl s_client -tls1_1 -cipher ALL:@SECLEVEL=0 -connect HOST:465"},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> version() { return kChecks; }

}  // namespace assay::suites
