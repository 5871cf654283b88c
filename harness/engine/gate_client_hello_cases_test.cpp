#include "harness/engine/gate_cases_test.h"
#include "harness/wire/alert.h"

namespace assay::engine {
namespace {

constexpr TlsVersion k12 = TlsVersion::tls12;
constexpr TlsVersion k13 = TlsVersion::tls13;
constexpr std::uint16_t kUnknown = 0x1234;
constexpr auto kGoesOn = GateCase::After::goes_on;

/// A server's row whose client says another hello.
GateCase hello(Sin sin, TlsVersion version, std::uint8_t alert,
               std::function<void(ClientHello&)> change,
               GateCase::After after = GateCase::After::connects) {
  return {.sin = sin,
          .version = version,
          .judge = Role::server,
          .alert = alert,
          .commit = [change = std::move(change)](Config& client,
                                                 Config&) { edit_hello(client, change); },
          .after = after};
}

void put(ClientHello& in, std::uint16_t type, Bytes data) {
  set_extension(in.extensions, type, std::move(data));
}

std::vector<GateCase> shape_cases() {
  return {
      hello(Sin::trailing_data, k13, alert::kDecodeError,
            [](ClientHello& it) {
              it.extensions.push_back({extension::kRecordSizeLimit, {0x40, 0x01, 0}});
            }),
      hello(Sin::field_malformed, k12, alert::kDecodeError,
            [](ClientHello& it) {
              put(it, extension::kAlpn, {0, 9, 2, 'h'});
            }),
      hello(Sin::field_malformed, k13, alert::kDecodeError,
            [](ClientHello& it) { it.legacy_session_id.assign(33, 1); }),
      hello(Sin::extension_repeated, k12, alert::kIllegalParameter,
            [](ClientHello& it) {
              it.extensions.push_back({kUnknown, {}});
              it.extensions.push_back({kUnknown, {}});
            }),
      hello(Sin::extension_repeated, k13, alert::kIllegalParameter,
            [](ClientHello& it) {
              it.extensions.push_back({kUnknown, {}});
              it.extensions.push_back({kUnknown, {}});
            }),
      hello(Sin::extension_missing, k13, alert::kMissingExtension,
            [](ClientHello& it) { remove_extension(it.extensions, extension::kSupportedGroups); }),
      hello(
          Sin::extension_missing, k13, alert::kMissingExtension,
          [](ClientHello& it) { remove_extension(it.extensions, extension::kSignatureAlgorithms); },
          kGoesOn),
      hello(
          Sin::extension_missing, k13, alert::kMissingExtension,
          [](ClientHello& it) { remove_extension(it.extensions, extension::kKeyShare); }, kGoesOn),
      hello(Sin::compression_offered, k13, alert::kIllegalParameter,
            [](ClientHello& it) {
              it.legacy_compression_methods = {0, 1};
            }),
      hello(Sin::null_compression_missing, k12, alert::kIllegalParameter,
            [](ClientHello& it) { it.legacy_compression_methods = {1}; }),
      hello(Sin::fallback_inappropriate, k12, alert::kInappropriateFallback,
            [](ClientHello& it) { it.cipher_suites.push_back(0x5600); }),
      hello(
          Sin::old_version, k12, alert::kProtocolVersion,
          [](ClientHello& it) { it.legacy_version = 0x0302; }, kGoesOn),
      hello(Sin::name_malformed, k13, alert::kDecodeError,
            [](ClientHello& it) {
              put(it, extension::kServerName, encode(ServerNameList{{ServerName{}}}));
            }),
      hello(Sin::name_malformed, k12, alert::kIllegalParameter,
            [](ClientHello& it) {
              const ServerName name{.host_name = bytes_of("localhost")};
              put(it, extension::kServerName, encode(ServerNameList{{name, name}}));
            }),
      hello(Sin::max_fragment_length_value, k12, alert::kIllegalParameter,
            [](ClientHello& it) { put(it, extension::kMaxFragmentLength, {5}); }),
      hello(Sin::renegotiation_info, k12, alert::kHandshakeFailure,
            [](ClientHello& it) {
              put(it, extension::kRenegotiationInfo, encode(RenegotiationInfo{Bytes(12)}));
            }),
  };
}

std::vector<GateCase> limit_cases() {
  std::vector<GateCase> cases;
  for (const TlsVersion version : {k12, k13}) {
    for (const std::uint16_t limit : std::initializer_list<std::uint16_t>{0, 1, 63}) {
      cases.push_back({.sin = Sin::record_size_limit_small,
                       .version = version,
                       .judge = Role::server,
                       .alert = alert::kIllegalParameter,
                       .commit = [limit](Config& client, Config& server) {
                         client.record_size_limit = server.record_size_limit = 0x4000;
                         edit_hello(client, [limit](ClientHello& it) {
                           put(it, extension::kRecordSizeLimit, encode(Number16{limit}));
                         });
                       }});
    }
  }
  return cases;
}

std::vector<GateCase> share_cases() {
  const auto edit_shares = [](ClientHello& it, const std::function<void(KeyShareList&)>& change) {
    auto list = *decode<KeyShareList>(it.find(extension::kKeyShare)->extension_data);
    change(list);
    put(it, extension::kKeyShare, encode(list));
  };
  const auto retried = [](Config& client, Config& server,
                          std::function<void(ClientHello&)> change) {
    client.groups = {0x001d, 0x0018};
    server.groups = {0x0018};
    client.emission.hello = [change = std::move(change)](ClientHello& it, const Exchange& told) {
      if (!told.messages.empty()) change(it);
    };
  };
  return {
      hello(
          Sin::key_share_invalid, k13, alert::kIllegalParameter,
          [edit_shares](ClientHello& it) {
            edit_shares(it, [](KeyShareList& list) {
              list.client_shares.front().key_exchange.assign(32, 0);
            });
          },
          kGoesOn),
      {.sin = Sin::key_share_invalid,  // RFC 8422 §5.11
       .version = k12,
       .judge = Role::server,
       .alert = alert::kIllegalParameter,
       .commit =
           [](Config& client, Config&) {
             edit_body(client, HandshakeType::client_key_exchange,
                       [](Bytes& body) { std::fill(body.begin() + 1, body.end(), 0); });
           },
       .after = kGoesOn},
      hello(Sin::key_share_repeated, k13, alert::kIllegalParameter,
            [edit_shares](ClientHello& it) {
              edit_shares(it, [](KeyShareList& list) {
                const KeyShareEntry entry = list.client_shares.front();
                list.client_shares.push_back(entry);
              });
            }),
      hello(Sin::key_share_repeated, k13, alert::kIllegalParameter,
            [edit_shares](ClientHello& it) {
              edit_shares(it, [](KeyShareList& list) {
                list.client_shares.push_back({0x0101, Bytes(384, 2)});
              });
            }),
      {.sin = Sin::second_hello_share,
       .version = k13,
       .judge = Role::server,
       .alert = alert::kIllegalParameter,
       .commit =
           [=](Config& client, Config& server) {
             retried(client, server, [edit_shares](ClientHello& it) {
               edit_shares(it, [](KeyShareList& list) {
                 list.client_shares.push_back({0x001d, Bytes(32, 9)});
               });
             });
           }},
      {.sin = Sin::second_hello_changed,
       .version = k13,
       .judge = Role::server,
       .alert = alert::kIllegalParameter,
       .commit =
           [=](Config& client, Config& server) {
             retried(client, server, [](ClientHello& it) {
               it.extensions.push_back({kUnknown, {}});
             });
           }},
      {.sin = Sin::second_hello_changed,  // RFC 8446 §4.2.2: the cookie comes back
       .version = k13,
       .judge = Role::server,
       .alert = alert::kIllegalParameter,
       .commit =
           [=](Config& client, Config& server) {
             server.retry_with_cookie = true;
             retried(client, server,
                     [](ClientHello& it) { remove_extension(it.extensions, extension::kCookie); });
           }},
  };
}

std::vector<GateCase> choice_cases() {
  return {
      {.sin = Sin::suite_not_offered,
       .version = k13,
       .judge = Role::server,
       .alert = alert::kHandshakeFailure,
       .commit =
           [](Config& client, Config& server) {
             client.suites = {0x1301};
             server.suites = {0x1303};
             client.tolerated = {Sin::suite_not_offered};
           }},
      {.sin = Sin::group_not_offered,
       .version = k12,
       .judge = Role::server,
       .alert = alert::kHandshakeFailure,
       .commit =
           [](Config& client, Config& server) {
             client.groups = {0x001d};
             server.groups = {0x001e};
             client.tolerated = {Sin::group_not_offered};
           }},
      {.sin = Sin::resumed_without_extended_master_secret,
       .version = k12,
       .judge = Role::server,
       .alert = alert::kHandshakeFailure,
       .commit =
           [](Config& client, Config& server) {
             resume_later(client, server);
             client.extended_master_secret = false;
             client.tolerated = {Sin::resumed_without_extended_master_secret};
           }},
      {.sin = Sin::premaster_version,
       .version = k12,
       .judge = Role::server,
       .alert = alert::kBadRecordMac,  // RFC 5246 §7.4.7.1: not before Finished
       .commit =
           [](Config& client, Config& server) {
             client.suites = {0x009c};
             server.credential = credential_of(KeyKind::rsa2048);
             server.max_version = k12;
             // The hello tells of more than the premaster secret does.
             edit_body(client, HandshakeType::client_hello, [](Bytes& body) { body[1] = 4; });
           }},
  };
}

}  // namespace

std::vector<GateCase> client_hello_cases() {
  std::vector<GateCase> all = shape_cases();
  for (const auto& more : {limit_cases(), share_cases(), choice_cases()}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

}  // namespace assay::engine
