// Faults and liberties of the TLS end: what it should refuse and takes, what it offers, how it
// refuses.
#include "harness/wire/handshake.h"
#include "harness/wire/hello.h"
#include "harness/wire/record.h"
#include "suites/faults/faults.h"

#include <algorithm>

namespace assay::faults {
namespace {

void tolerate(Faults& faults, Sin sin) { faults.tls.tolerated.set(sin); }

std::optional<ClientHello> hello_in(View first_octets) {
  RecordSplitter records;
  records.feed(first_octets);
  const auto record = records.next();
  if (!record || record->header.type != ContentType::handshake) return std::nullopt;
  HandshakeAssembler assembler;
  assembler.feed(record->fragment());
  const auto message = assembler.next();
  if (!message || message->type != HandshakeType::client_hello) return std::nullopt;
  return decode<ClientHello>(message->body).message;
}

bool offers_old_version_alone(const ClientHello& hello) {
  return std::ranges::none_of(hello.versions(),
                              [](std::uint16_t version) { return version >= 0x0303; });
}

/// ECDHE with GCM or ChaCha20 (RFC 5289, RFC 7905), or any suite of TLS 1.3.
bool is_sound(std::uint16_t suite) {
  return (suite >= 0x1301 && suite <= 0x1305) || (suite >= 0xc02b && suite <= 0xc030) ||
         (suite >= 0xcca8 && suite <= 0xccaa);
}

bool offers_no_sound_suite(const ClientHello& hello) {
  return std::ranges::none_of(hello.cipher_suites, is_sound);
}

CloseManner refuse(std::optional<std::uint8_t> alert_description) {
  CloseManner manner{.close_notify = false};
  if (alert_description)
    manner.last_words = compose_record(ContentType::alert, Bytes{2, *alert_description});
  return manner;
}

void refuse_hello(SessionHooks& hooks, bool (*when)(const ClientHello&),
                  std::optional<std::uint8_t> alert_description) {
  hooks.on_hello = [when, alert_description](View first) -> std::optional<CloseManner> {
    const auto hello = hello_in(first);
    if (!hello || !when(*hello)) return std::nullopt;
    return refuse(alert_description);
  };
}

void offer(Faults& faults, void (*change)(Access, OracleConfig&)) {
  faults.tls_config.push_back(change);
}

constexpr NamedFault kFaults[] = {
    {.name = "refuse_own_alpn",
     .summary = "A client that offers the service's ALPN name is refused",
     .apply =
         [](Faults& faults) {
           offer(faults, [](Access, OracleConfig& config) { config.alpn = {"h2"}; });
         }},
    {.name = "select_own_alpn",
     .kind = NamedFault::Kind::liberty,
     .summary = "The ALPN name of a service is selected",
     .apply =
         [](Faults& faults) {
           offer(faults, [](Access, OracleConfig& config) {
             config.alpn = {"pop3", "nntp", "nnsp"};
           });
         }},
    {.name = "select_alpn_on_implicit",
     .kind = NamedFault::Kind::liberty,
     .summary = "The ALPN name of a service is selected where TLS comes first, and passed over "
                "behind the upgrade",
     .apply =
         [](Faults& faults) {
           offer(faults, [](Access access, OracleConfig& config) {
             if (access == Access::implicit) config.alpn = {"pop3", "nntp", "nnsp"};
           });
         }},
    {.name = "skip_tag",
     .summary = "Records are acted on whatever their tag",
     .apply = [](Faults& faults) { tolerate(faults, Sin::bad_record_tag); }},
    {.name = "compare_half_tag",
     .summary = "Only the first half of a record's tag is compared",
     .apply = [](Faults& faults) { tolerate(faults, Sin::half_record_tag); }},
    {.name = "any_sequence",
     .summary = "Records are taken out of their turn",
     .apply = [](Faults& faults) { tolerate(faults, Sin::record_out_of_order); }},
    {.name = "accept_tls10",
     .summary = "TLS 1.0 is negotiated",
     .apply =
         [](Faults& faults) {
           offer(faults, [](Access, OracleConfig& config) {
             config.min_version = TlsVersion::tls10;
             config.ciphers = "ALL:-aNULL:-eNULL:@SECLEVEL=0";
           });
         }},
    {.name = "accept_tls11",
     .summary = "TLS 1.1 is negotiated",
     .apply =
         [](Faults& faults) {
           offer(faults, [](Access, OracleConfig& config) {
             config.min_version = TlsVersion::tls11;
             config.ciphers = "ALL:-aNULL:-eNULL:@SECLEVEL=0";
           });
         }},
    {.name = "accept_null",
     .summary = "Suites without encryption are negotiated",
     .apply =
         [](Faults& faults) {
           offer(faults,
                 [](Access, OracleConfig& config) { config.ciphers = "eNULL:" + config.ciphers; });
         }},
    {.name = "accept_anon",
     .summary = "Suites without authentication are negotiated, and preferred",
     .apply =
         [](Faults& faults) {
           offer(faults, [](Access, OracleConfig& config) {
             config.ciphers = "ADH:AECDH:-eNULL:" + config.ciphers;
           });
         }},
    {.name = "many_tickets",
     .kind = NamedFault::Kind::liberty,
     .summary = "Eight session tickets follow the handshake",
     .apply =
         [](Faults& faults) {
           offer(faults, [](Access, OracleConfig& config) { config.tickets = 8; });
         }},
    {.name = "no_tickets",
     .kind = NamedFault::Kind::liberty,
     .summary = "No session ticket follows the handshake",
     .apply =
         [](Faults& faults) {
           offer(faults, [](Access, OracleConfig& config) { config.tickets = 0; });
         }},
    {.name = "close_on_old_version",
     .kind = NamedFault::Kind::liberty,
     .summary = "A ClientHello of an old version is answered by a close without an alert",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             refuse_hello(hooks, offers_old_version_alone, std::nullopt);
           });
         }},
    {.name = "handshake_failure_on_old_version",
     .kind = NamedFault::Kind::liberty,
     .summary = "A ClientHello of an old version is answered by handshake_failure",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             refuse_hello(hooks, offers_old_version_alone, alert::kHandshakeFailure);
           });
         }},
    {.name = "close_on_weak_suites",
     .kind = NamedFault::Kind::liberty,
     .summary = "A ClientHello with weak suites alone is answered by a close without an alert",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             refuse_hello(hooks, offers_no_sound_suite, std::nullopt);
           });
         }},
    {.name = "insufficient_security_on_weak_suites",
     .kind = NamedFault::Kind::liberty,
     .summary = "A ClientHello with weak suites alone is answered by insufficient_security",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             refuse_hello(hooks, offers_no_sound_suite, alert::kInsufficientSecurity);
           });
         }},
    {.name = "internal_error_on_weak_suites",
     .kind = NamedFault::Kind::liberty,
     .summary = "A ClientHello with weak suites alone is answered by internal_error",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             refuse_hello(hooks, offers_no_sound_suite, alert::kInternalError);
           });
         }},
    {.name = "upgrade_ignores_name",
     .summary =
         "The upgrade path never reads the client's server_name: it serves the default certificate",
     .apply =
         [](Faults& faults) {
           offer(faults, [](Access access, OracleConfig& config) {
             if (access == Access::upgrade) config.identities_by_name.clear();
           });
         }},
};

}  // namespace

std::span<const NamedFault> tls() { return kFaults; }

}  // namespace assay::faults
