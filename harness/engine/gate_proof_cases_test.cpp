#include "harness/engine/gate_cases_test.h"
#include "harness/wire/alert.h"
#include "harness/wire/certificate.h"
#include "harness/wire/key_exchange.h"
#include "harness/wire/session.h"

namespace assay::engine {
namespace {

constexpr TlsVersion k12 = TlsVersion::tls12;
constexpr TlsVersion k13 = TlsVersion::tls13;
constexpr auto kGoesOn = GateCase::After::goes_on;
using enum HandshakeType;

using Commit = std::function<void(Config& client, Config& server)>;

GateCase row(Sin sin, TlsVersion version, Role judge, std::uint8_t alert, Commit commit,
             Sins also = {}, GateCase::After after = GateCase::After::connects) {
  return {.sin = sin,
          .version = version,
          .judge = judge,
          .alert = alert,
          .commit = std::move(commit),
          .after = after,
          .also = also};
}

Commit server_says(HandshakeType type, std::function<void(Bytes&)> change) {
  return [type, change = std::move(change)](Config&, Config& server) {
    edit_body(server, type, change);
  };
}

Commit client_says(HandshakeType type, std::function<void(Bytes&)> change) {
  return [type, change = std::move(change)](Config& client, Config& server) {
    server.client_authentication = ClientAuthentication::requested;
    client.credential = credential_of(KeyKind::p256);
    edit_body(client, type, change);
  };
}

void flip_last(Bytes& body) { body.back() ^= 1; }
void shorten(Bytes& body) { body.resize(8); }

Commit finishes(Role judge, void (*change)(Bytes&)) {
  return judge == Role::client ? server_says(finished, change) : client_says(finished, change);
}

std::vector<GateCase> finished_cases(TlsVersion version, Role judge) {
  // The analyzer loses sight of a std::function that is moved twice.
  // NOLINTBEGIN(clang-analyzer-cplusplus.NewDeleteLeaks)
  return {
      row(Sin::finished_wrong, version, judge, alert::kDecryptError, finishes(judge, flip_last)),
      row(Sin::finished_wrong, version, judge, alert::kDecodeError, finishes(judge, shorten)),
      row(Sin::finished_prefix, version, judge, alert::kDecodeError, finishes(judge, shorten))};
  // NOLINTEND(clang-analyzer-cplusplus.NewDeleteLeaks)
}

/// A signature by a scheme that the peer's hello names and its configuration does not.
void sign_unasked(Config& client, Config& server) {
  client.schemes = {0x0503};
  server.schemes = {0x0403};
  edit_hello(client, [](ClientHello& it) {
    set_extension(it.extensions, extension::kSignatureAlgorithms, encode(NumberList{{0x0403}}));
  });
}

std::vector<GateCase> signature_cases() {
  return {
      row(Sin::signature_wrong, k13, Role::client, alert::kDecryptError,
          server_says(certificate_verify, flip_last)),
      row(Sin::signature_wrong, k12, Role::client, alert::kDecryptError,
          server_says(server_key_exchange, flip_last)),
      row(Sin::signature_wrong, k13, Role::server, alert::kDecryptError,
          client_says(certificate_verify, flip_last)),
      row(Sin::signature_wrong, k12, Role::server, alert::kDecryptError,
          client_says(certificate_verify, flip_last)),
      row(Sin::scheme_not_offered, k13, Role::client, alert::kIllegalParameter, sign_unasked),
      row(Sin::scheme_not_offered, k12, Role::client, alert::kIllegalParameter, sign_unasked),
      // RFC 8446 §4.4.3: no PKCS #1 v1.5
      row(Sin::scheme_not_offered, k13, Role::client, alert::kIllegalParameter,
          server_says(certificate_verify,
                      [](Bytes& body) {
                        body[0] = 4;
                        body[1] = 1;
                      }),
          {Sin::signature_wrong}),
      row(
          Sin::dh_small, k12, Role::client, alert::kInsufficientSecurity,
          [](Config& client, Config& server) {
            client.suites = {0x009e};
            server.credential = credential_of(KeyKind::rsa2048);
            edit<ServerKeyExchange<DhParams>>(server, server_key_exchange,
                                              [](ServerKeyExchange<DhParams>& it) {
                                                it.params = {Bytes(64, 0xfb), {2}, {4}};
                                              });
          },
          {Sin::signature_wrong}, kGoesOn),
  };
}

Commit refuses(Role judge) {
  return [judge](Config& client, Config& server) {
    server.client_authentication = ClientAuthentication::required;
    client.credential = credential_of(KeyKind::p256);
    (judge == Role::client ? client : server).verify_peer = [](const std::vector<Bytes>& chain) {
      EXPECT_FALSE(chain.empty());
      return std::optional<std::uint8_t>(alert::kCertificateRevoked);
    };
  };
}

std::vector<GateCase> certificate_cases() {
  const Commit requires_one = [](Config&, Config& server) {
    server.client_authentication = ClientAuthentication::required;
  };
  std::vector<GateCase> all = {
      row(Sin::certificate_missing, k13, Role::server, alert::kCertificateRequired, requires_one),
      row(Sin::certificate_missing, k12, Role::server, alert::kHandshakeFailure, requires_one),
      row(Sin::certificate_missing, k13, Role::client, alert::kDecodeError,
          server_says(certificate,
                      [](Bytes& body) {
                        body = {0, 0, 0, 0};
                      }),
          {Sin::signature_wrong}),
      row(Sin::certificate_missing, k12, Role::client, alert::kDecodeError,
          server_says(certificate,
                      [](Bytes& body) {
                        body = {0, 0, 0};
                      }),
          {Sin::signature_wrong}),
      row(Sin::certificate_key, k12, Role::client, alert::kUnsupportedCertificate,
          [](Config& client, Config& server) {
            client.suites = {0xc02b};
            edit<Certificate12>(server, certificate, [](Certificate12& it) {
              it.certificate_list.front().cert_data = identity_of(KeyKind::rsa2048).chain.front();
            });
          },
          {Sin::signature_wrong, Sin::scheme_not_offered}),
      // RFC 8446 §4.4.2: of a client's certificate
      row(Sin::extension_unasked, k13, Role::server, alert::kUnsupportedExtension,
          [](Config& client, Config& server) {
            server.client_authentication = ClientAuthentication::required;
            client.credential = credential_of(KeyKind::p256);
            edit<Certificate13>(client, certificate, [](Certificate13& it) {
              it.certificate_list.front().extensions.push_back({extension::kStatusRequest, {}});
            });
          }),
      // RFC 8446 §4.4.2: its context is the request's
      row(Sin::field_malformed, k13, Role::client, alert::kIllegalParameter,
          [](Config&, Config& server) {
            edit<Certificate13>(server, certificate,
                                [](Certificate13& it) { it.certificate_request_context = {1}; });
          }),
      // RFC 8446 §4.3.2
      row(Sin::extension_missing, k13, Role::client, alert::kMissingExtension,
          [](Config& client, Config& server) {
            server.client_authentication = ClientAuthentication::requested;
            client.credential = credential_of(KeyKind::p256);
            edit<CertificateRequest13>(server, certificate_request,
                                       [](CertificateRequest13& it) { it.extensions.clear(); });
          }),
      {.sin = Sin::key_update_value,
       .version = k13,
       .judge = Role::client,
       .alert = alert::kIllegalParameter,
       .commit = [](Config&, Config&) {},
       .then = [](Ends& ends) { ends.server->say({say(key_update, [] { return Bytes{2}; })}); }},
  };
  for (const TlsVersion version : {k12, k13}) {
    for (const Role judge : {Role::client, Role::server}) {
      all.push_back(row(Sin::certificate_refused, version, judge, alert::kCertificateRevoked,
                        refuses(judge)));
    }
  }
  return all;
}

}  // namespace

std::vector<GateCase> proof_cases() {
  std::vector<GateCase> all = signature_cases();
  const auto add = [&all](const std::vector<GateCase>& more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  add(certificate_cases());
  for (const TlsVersion version : {k12, k13}) {
    for (const Role judge : {Role::client, Role::server}) add(finished_cases(version, judge));
  }
  return all;
}

}  // namespace assay::engine
