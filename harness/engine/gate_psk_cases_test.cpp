#include "harness/engine/gate_cases_test.h"
#include "harness/wire/alert.h"
#include "harness/wire/session.h"

namespace assay::engine {
namespace {

constexpr TlsVersion k12 = TlsVersion::tls12;
constexpr TlsVersion k13 = TlsVersion::tls13;
constexpr auto kGoesOn = GateCase::After::goes_on;

/// A server's row whose client offers a PSK in another hello.
GateCase offer(Sin sin, std::uint8_t alert, std::function<void(ClientHello&)> change,
               GateCase::After after = GateCase::After::connects) {
  return {.sin = sin,
          .version = k13,
          .judge = Role::server,
          .alert = alert,
          .commit =
              [change = std::move(change)](Config& client, Config& server) {
                share_psk(client, server);
                edit_hello(client, change);
              },
          .after = after};
}

bool resumed(Ends& ends) { return ends.pair->connected() && ends.pair->agreement().resumed; }

void edit_early_data(Config& client, Config& server, bool with_psk) {
  Session psk = external_psk();
  psk.max_early_data = 100;
  client.sessions = {psk, external_psk()};
  client.sessions[1].ticket = bytes_of("another identity");
  if (with_psk) server.external_psks = {client.sessions[1]};
  client.early_data = bytes_of("early");
  edit<EncryptedExtensions>(server, HandshakeType::encrypted_extensions,
                            [](EncryptedExtensions& it) {
                              it.extensions.push_back({extension::kEarlyData, {}});
                            });
}

}  // namespace

std::vector<GateCase> psk_cases() {
  return {
      offer(
          Sin::psk_not_last, alert::kIllegalParameter,
          [](ClientHello& it) {
            it.extensions.push_back({0x1234, {}});
          },
          kGoesOn),
      {.sin = Sin::psk_binder,
       .version = k13,
       .judge = Role::server,
       .alert = alert::kDecryptError,
       .commit =
           [](Config& client, Config& server) {
             share_psk(client, server);
             edit_body(client, HandshakeType::client_hello, [](Bytes& body) { body.back() ^= 1; });
           }},
      offer(Sin::psk_binder_count, alert::kIllegalParameter,
            [](ClientHello& it) {
              Bytes& data = it.extensions.back().extension_data;
              auto psks = *decode<OfferedPsks>(data);
              psks.identities.push_back({bytes_of("another"), 0});
              data = encode(psks);
            }),
      offer(Sin::psk_modes, alert::kMissingExtension,
            [](ClientHello& it) {
              remove_extension(it.extensions, extension::kPskKeyExchangeModes);
            }),
      {.sin = Sin::psk_modes,  // RFC 8446 §4.2.9: no share under psk_ke
       .version = k13,
       .judge = Role::client,
       .alert = alert::kIllegalParameter,
       .commit =
           [](Config& client, Config& server) {
             share_psk(client, server);
             client.psk_modes = {0};
             server.tolerated = {Sin::psk_modes};
           }},
      {.sin = Sin::psk_hash,
       .version = k13,
       .judge = Role::server,
       .alert = std::nullopt,
       .commit =
           [](Config& client, Config& server) {
             share_psk(client, server, external_psk(0x1302));
             client.suites = server.suites = {0x1301};
             client.tolerated = {Sin::psk_index};
           },
       .shows = resumed},
      {.sin = Sin::ticket_unknown,
       .version = k13,
       .judge = Role::server,
       .alert = std::nullopt,
       .commit =
           [](Config& client, Config& server) {
             resume_later(client, server);
             client.sessions.front().ticket[0] ^= 1;
           },
       .shows = resumed},
      {.sin = Sin::ticket_unknown,
       .version = k12,
       .judge = Role::server,
       .alert = std::nullopt,
       .commit =
           [](Config& client, Config& server) {
             resume_later(client, server);
             client.sessions.front().ticket[0] ^= 1;
           },
       .shows = resumed},
      {.sin = Sin::psk_index,
       .version = k13,
       .judge = Role::client,
       .alert = alert::kIllegalParameter,
       .commit =
           [](Config& client, Config& server) {
             share_psk(client, server);
             edit_server_hello(server, [](ServerHello& it) {
               set_extension(it.extensions, extension::kPreSharedKey, encode(Number16{5}));
             });
           }},
      {.sin = Sin::psk_index,  // its hash is the suite's
       .version = k13,
       .judge = Role::client,
       .alert = alert::kIllegalParameter,
       .commit =
           [](Config& client, Config& server) {
             share_psk(client, server, external_psk(0x1302));
             client.suites = server.suites = {0x1301};
             server.tolerated = {Sin::psk_hash};
           }},
      {.sin = Sin::psk_index,  // RFC 8446 §4.2.10: early data goes with the first
       .version = k13,
       .judge = Role::client,
       .alert = alert::kIllegalParameter,
       .commit = [](Config& client, Config& server) { edit_early_data(client, server, true); },
       .after = kGoesOn},
      {.sin = Sin::psk_index,  // and not without any
       .version = k13,
       .judge = Role::client,
       .alert = alert::kIllegalParameter,
       .commit = [](Config& client, Config& server) { edit_early_data(client, server, false); },
       .after = kGoesOn},
      {.sin = Sin::early_data_too_long,
       .version = k13,
       .judge = Role::server,
       .alert = alert::kUnexpectedMessage,
       .commit =
           [](Config& client, Config& server) {
             share_psk(client, server);
             client.sessions.front().max_early_data = 9;
             server.external_psks.front().max_early_data = 8;
             client.early_data = bytes_of("nine here");
           }},
      {.sin = Sin::ticket_lifetime,
       .version = k13,
       .judge = Role::client,
       .alert = alert::kIllegalParameter,
       .commit =
           [](Config&, Config& server) {
             server.store = std::make_shared<SessionStore>();
             edit<NewSessionTicket13>(
                 server, HandshakeType::new_session_ticket,
                 [](NewSessionTicket13& it) { it.ticket_lifetime = kMaxTicketLifetime + 1; });
           }},
  };
}

}  // namespace assay::engine
