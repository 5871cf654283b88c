#include "harness/engine/gate_cases_test.h"
#include "harness/wire/alert.h"

#include <algorithm>

namespace assay::engine {
namespace {

constexpr TlsVersion k12 = TlsVersion::tls12;
constexpr TlsVersion k13 = TlsVersion::tls13;
constexpr std::uint16_t kUnknown = 0x1234;
constexpr auto kGoesOn = GateCase::After::goes_on;

using Commit = std::function<void(Config& client, Config& server)>;

/// A client's row.
GateCase answer(Sin sin, TlsVersion version, std::uint8_t alert, Commit commit,
                GateCase::After after = GateCase::After::connects) {
  return {.sin = sin,
          .version = version,
          .judge = Role::client,
          .alert = alert,
          .commit = std::move(commit),
          .after = after};
}

Commit says(std::function<void(ServerHello&)> change) {
  return
      [change = std::move(change)](Config&, Config& server) { edit_server_hello(server, change); };
}

Commit says_extensions(std::function<void(std::vector<Extension>&)> change) {
  return [change = std::move(change)](Config&, Config& server) {
    edit<EncryptedExtensions>(server, HandshakeType::encrypted_extensions,
                              [change](EncryptedExtensions& it) { change(it.extensions); });
  };
}

void after_retry(Config& client, Config& server, std::function<void(ServerHello&)> change) {
  client.groups = {0x001d, 0x0018};
  server.groups = {0x0018};
  edit_server_hello(server, [change = std::move(change)](ServerHello& it) {
    if (!it.is_hello_retry_request()) change(it);
  });
}

std::vector<GateCase> field_cases() {
  return {
      answer(Sin::session_id_not_echoed, k13, alert::kIllegalParameter,
             says([](ServerHello& it) { it.legacy_session_id_echo[0] ^= 1; })),
      answer(Sin::compression_chosen, k13, alert::kIllegalParameter,
             says([](ServerHello& it) { it.legacy_compression_method = 1; })),
      answer(Sin::compression_chosen, k12, alert::kIllegalParameter,
             says([](ServerHello& it) { it.legacy_compression_method = 1; })),
      answer(Sin::version_not_offered, k12, alert::kProtocolVersion,
             [](Config&, Config& server) {
               server.max_version = k12;
               edit_server_hello(server, [](ServerHello& it) { it.legacy_version = 0x0302; });
             }),
      answer(Sin::suite_not_offered, k13, alert::kIllegalParameter,
             [](Config& client, Config& server) {
               client.suites = {0x1301};
               server.suites = {0x1303};
               server.tolerated = {Sin::suite_not_offered};
             }),
      answer(Sin::suite_not_offered, k12, alert::kIllegalParameter,
             [](Config& client, Config& server) {
               client.suites = {0xc02b};
               server.suites = {0xc02c};
               server.tolerated = {Sin::suite_not_offered};
             }),
      // A server that was given no supported_versions takes it for a client of TLS 1.2, and says
      // in its random that it could do better.
      answer(Sin::downgrade, k13, alert::kIllegalParameter,
             [](Config& client, Config&) {
               edit_hello(client, [](ClientHello& it) {
                 remove_extension(it.extensions, extension::kSupportedVersions);
               });
             }),
      answer(Sin::key_share_invalid, k13, alert::kIllegalParameter, says([](ServerHello& it) {
               set_extension(it.extensions, extension::kKeyShare,
                             encode(KeyShareEntry{0x001d, Bytes(32)}));
             }),
             kGoesOn),
      answer(Sin::group_not_offered, k12, alert::kIllegalParameter,
             [](Config& client, Config& server) {
               client.groups = {0x001d};
               server.groups = {0x001e};
               server.tolerated = {Sin::group_not_offered};
             }),
      answer(Sin::renegotiation_info, k12, alert::kHandshakeFailure, says([](ServerHello& it) {
               set_extension(it.extensions, extension::kRenegotiationInfo,
                             encode(RenegotiationInfo{Bytes(12)}));
             })),
      answer(Sin::resumed_without_extended_master_secret, k12, alert::kHandshakeFailure,
             [](Config& client, Config& server) {
               resume_later(client, server);
               edit_server_hello(server, [](ServerHello& it) {
                 remove_extension(it.extensions, extension::kExtendedMasterSecret);
               });
             }),
      answer(Sin::field_malformed, k12, alert::kDecodeError,
             says([](ServerHello& it) { it.legacy_session_id_echo.assign(33, 1); })),
  };
}

std::vector<GateCase> retry_cases() {
  return {
      answer(Sin::retry_pointless, k13, alert::kIllegalParameter,
             [](Config&, Config& server) { server.retry_always = true; }),
      {.sin = Sin::retry_pointless,
       .version = k13,
       .judge = Role::client,
       .alert = alert::kUnexpectedMessage,
       .commit =
           [](Config& client, Config& server) {
             client.groups = {0x001d, 0x0018};
             server.groups = {0x0018};
             server.emission.message = [](Bytes& message, const Exchange& told) {
               const Said* first = told.last(HandshakeType::server_hello);
               if (message[0] == 2 && first != nullptr) message = first->octets;
             };
           },
       .shows =
           [](Ends& ends) {  // a third hello
             const auto& said = ends.client->exchange().messages;
             return std::ranges::count(said, HandshakeType::client_hello, &Said::type) == 3;
           }},
      answer(
          Sin::retry_broken, k13, alert::kIllegalParameter,
          [](Config& client, Config& server) {
            after_retry(client, server, [](ServerHello& it) { it.cipher_suite = 0x1303; });
          },
          kGoesOn),
      answer(Sin::retry_broken, k13, alert::kIllegalParameter,
             [](Config& client, Config& server) {
               after_retry(client, server, [](ServerHello& it) {
                 remove_extension(it.extensions, extension::kSupportedVersions);
               });
             }),
  };
}

std::vector<GateCase> extension_cases() {
  const Extension unknown{kUnknown, {}};
  const auto adds = [](const Extension& extension) {
    return [extension](auto& in) { in.push_back(extension); };
  };
  return {
      answer(Sin::extension_unasked, k13, alert::kUnsupportedExtension,
             says_extensions(adds(unknown))),
      answer(Sin::extension_unasked, k12, alert::kUnsupportedExtension,
             says([unknown](ServerHello& it) { it.extensions.push_back(unknown); })),
      answer(Sin::extension_unasked, k13, alert::kUnsupportedExtension,
             says_extensions(adds({extension::kRecordSizeLimit, {0x40, 0}}))),
      answer(Sin::extension_repeated, k13, alert::kIllegalParameter,
             says_extensions([](std::vector<Extension>& in) {
               in.push_back({extension::kSupportedGroups, {0, 2, 0, 0x1d}});
               in.push_back({extension::kSupportedGroups, {0, 2, 0, 0x1d}});
             })),
      answer(Sin::extension_repeated, k12, alert::kIllegalParameter, says([](ServerHello& it) {
               it.extensions.push_back({extension::kExtendedMasterSecret, {}});
             })),
      answer(Sin::extension_misplaced, k13, alert::kIllegalParameter,
             says_extensions(adds({extension::kKeyShare, {}}))),
      answer(Sin::extension_missing, k13, alert::kMissingExtension,
             says([](ServerHello& it) { remove_extension(it.extensions, extension::kKeyShare); }),
             kGoesOn),
      answer(Sin::trailing_data, k13, alert::kDecodeError,
             [](Config&, Config& server) {
               edit_body(server, HandshakeType::encrypted_extensions,
                         [](Bytes& body) { body.push_back(0); });
             }),
      answer(Sin::trailing_data, k12, alert::kDecodeError,
             [](Config&, Config& server) {
               edit_body(server, HandshakeType::server_hello_done,
                         [](Bytes& body) { body.push_back(0); });
             }),
      answer(Sin::alpn_not_offered, k13, alert::kIllegalParameter,
             [](Config& client, Config& server) {
               client.alpn = {"a"};
               says_extensions([](std::vector<Extension>& in) {
                 in.push_back({extension::kAlpn, {0, 2, 1, 'b'}});
               })(client, server);
             }),
      answer(Sin::record_size_limit_small, k13, alert::kIllegalParameter,
             [](Config& client, Config& server) {
               client.record_size_limit = 0x4000;
               server.record_size_limit = 63;
             }),
      answer(Sin::record_size_limit_small, k12, alert::kIllegalParameter,
             [](Config& client, Config& server) {
               client.record_size_limit = 0x4000;
               server.record_size_limit = 63;
             }),
      answer(Sin::max_fragment_length_value, k13, alert::kIllegalParameter,
             [](Config& client, Config& server) {
               client.max_fragment_length = server.max_fragment_length = 2;
               says_extensions([](std::vector<Extension>& in) {
                 set_extension(in, extension::kMaxFragmentLength, {3});
               })(client, server);
             }),
      answer(Sin::max_fragment_length_value, k12, alert::kIllegalParameter,
             [](Config& client, Config& server) {  // RFC 8449 §5: both
               client.max_fragment_length = 2;
               client.record_size_limit = server.record_size_limit = 0x400;
               edit_server_hello(server, [](ServerHello& it) {
                 it.extensions.push_back({extension::kMaxFragmentLength, {2}});
               });
             }),
  };
}

}  // namespace

std::vector<GateCase> server_hello_cases() {
  std::vector<GateCase> all = field_cases();
  for (const auto& more : {retry_cases(), extension_cases()}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

}  // namespace assay::engine
