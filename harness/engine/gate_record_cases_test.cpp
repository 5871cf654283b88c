#include "harness/engine/gate_cases_test.h"
#include "harness/wire/alert.h"

namespace assay::engine {
namespace {

constexpr TlsVersion k12 = TlsVersion::tls12;
constexpr TlsVersion k13 = TlsVersion::tls13;

using Records = std::vector<PlainRecord>;

void edit_records(Config& config, std::function<void(Records&)> change) {
  config.emission.records = [change = std::move(change)](Records& records, const Exchange&) {
    change(records);
  };
}

/// The records of a TLS 1.3 server that are under the keys of the handshake.
void edit_protected(Config& server, std::function<void(Records&)> change) {
  server.emission.records = [change = std::move(change)](Records& records, const Exchange& told) {
    if (!told.secrets.server_handshake.empty() && told.client_verify_data.empty()) change(records);
  };
}

void pad_to(Records& records, std::size_t size) {
  PlainRecord& first = records.front();
  if (first.type == ContentType::handshake) first.padding = size - first.content.size();
}

PlainRecord record_of(ContentType type, Bytes content) {
  return {.type = type, .content = std::move(content)};
}

std::vector<GateCase> size_cases() {
  return {
      {.sin = Sin::ciphertext_too_long,
       .version = k13,
       .judge = Role::client,
       .alert = alert::kRecordOverflow,
       .commit =
           [](Config&, Config& server) {
             edit_protected(server, [](Records& all) { pad_to(all, 0x4200); });
           },
       .also = {Sin::plaintext_too_long}},
      {.sin = Sin::plaintext_too_long,
       .version = k13,
       .judge = Role::client,
       .alert = alert::kRecordOverflow,
       .commit =
           [](Config&, Config& server) {
             edit_protected(server, [](Records& all) { pad_to(all, 0x4001); });
           }},
      {.sin = Sin::plaintext_too_long,  // RFC 8449 §4
       .version = k12,
       .judge = Role::server,
       .alert = alert::kRecordOverflow,
       .commit =
           [](Config& client, Config& server) {
             client.record_size_limit = server.record_size_limit = 100;
             edit_records(client, [](Records& all) {
               if (all.front().type == ContentType::application_data) all[0].content.resize(101);
             });
           },
       .then = [](Ends& ends) { ends.client->send(Bytes(9)); }},
      {.sin = Sin::fragment_empty,
       .version = k12,
       .judge = Role::client,
       .alert = alert::kUnexpectedMessage,
       .commit =
           [](Config&, Config& server) {
             edit_records(server, [](Records& all) {
               if (all.back().type == ContentType::handshake) {
                 all.push_back(record_of(ContentType::handshake, {}));
               }
             });
           }},
      {.sin = Sin::fragment_empty,
       .version = k13,
       .judge = Role::client,
       .alert = alert::kUnexpectedMessage,
       .commit =
           [](Config&, Config& server) {
             edit_protected(server, [](Records& all) {
               all.insert(all.begin(), record_of(ContentType::handshake, {}));
             });
           }},
      {.sin = Sin::fragment_empty,  // RFC 8446 §5.4 names alerts too
       .version = k13,
       .judge = Role::server,
       .alert = alert::kUnexpectedMessage,
       .commit = [](Config& client, Config&) { client.tolerated = {}; },
       .then = [](Ends& ends) { ends.client->say({say_record(ContentType::alert, {})}); },
       .also = {Sin::alert_malformed}},
  };
}

std::vector<GateCase> kind_cases() {
  return {
      {.sin = Sin::record_unprotected,
       .version = k13,
       .judge = Role::client,
       .alert = alert::kUnexpectedMessage,
       .commit =
           [](Config&, Config& server) {
             edit_protected(server, [](Records& all) {
               for (PlainRecord& each : all) each.unprotected = true;
             });
           }},
      {.sin = Sin::record_type_unknown,
       .version = k12,
       .judge = Role::client,
       .alert = alert::kUnexpectedMessage,
       .commit =
           [](Config&, Config& server) {
             edit_records(server, [](Records& all) {
               if (all.front().type != ContentType::handshake) return;
               all.push_back(record_of(static_cast<ContentType>(99), {1}));
             });
           }},
      {.sin = Sin::record_type_unknown,
       .version = k13,
       .judge = Role::client,
       .alert = alert::kUnexpectedMessage,
       .commit =
           [](Config&, Config& server) {
             edit_protected(server, [](Records& all) {
               all.insert(all.begin(), record_of(ContentType::heartbeat, {1}));
             });
           }},
      {.sin = Sin::messages_interleaved,
       .version = k12,
       .judge = Role::client,
       .alert = alert::kUnexpectedMessage,
       .commit =
           [](Config&, Config& server) {
             edit_records(server, [](Records& all) {
               if (all.size() != 1 || all[0].content.size() < 100) return;
               Bytes& first = all[0].content;
               Bytes rest(first.begin() + 50, first.end());
               first.resize(50);
               all.push_back(record_of(ContentType::alert, {1, alert::kUserCanceled}));
               all.push_back(record_of(ContentType::handshake, std::move(rest)));
             });
           }},
      {.sin = Sin::message_across_keys,
       .version = k13,
       .judge = Role::client,
       .alert = alert::kUnexpectedMessage,
       .commit =
           [](Config& client, Config& server) {
             // The first octet of EncryptedExtensions stands behind the ServerHello, in the clear.
             client.middlebox_compatibility = false;
             server.emission.records = [](Records& all, const Exchange& told) {
               if (!told.client_verify_data.empty()) return;
               Bytes& content = all.front().content;
               told.secrets.server_handshake.empty() ? content.push_back(8)
                                                     : drop_front(content, 1);
             };
           }},
      {.sin = Sin::alert_malformed,
       .version = k12,
       .judge = Role::client,
       .alert = alert::kDecodeError,
       .commit = [](Config&, Config&) {},
       .then =
           [](Ends& ends) {
             ends.server->say({say_record(ContentType::alert, {1, alert::kUserCanceled, 0})});
           }},
      {.sin = Sin::fatal_alert_ignored,
       .version = k13,
       .judge = Role::client,
       .alert = std::nullopt,
       .commit = [](Config&, Config&) {},
       .then =
           [](Ends& ends) {
             ends.server->say({say_record(ContentType::alert, {2, alert::kInternalError})});
           }},
      // RFC 8446 §6: whatever its level says.
      {.sin = Sin::fatal_alert_ignored,
       .version = k13,
       .judge = Role::server,
       .alert = std::nullopt,
       .commit = [](Config&, Config&) {},
       .then =
           [](Ends& ends) {
             ends.client->say({say_record(ContentType::alert, {1, alert::kInternalError})});
           }},
  };
}

std::vector<GateCase> change_cipher_spec_cases() {
  const auto other_value = [](Config&, Config& server) {
    edit_records(server, [](Records& all) {
      for (PlainRecord& each : all) {
        if (each.type == ContentType::change_cipher_spec) each.content = {2};
      }
    });
  };
  return {
      {.sin = Sin::change_cipher_spec_value,
       .version = k13,
       .judge = Role::client,
       .alert = alert::kUnexpectedMessage,
       .commit = other_value},
      {.sin = Sin::change_cipher_spec_value,
       .version = k12,
       .judge = Role::client,
       .alert = alert::kDecodeError,
       .commit = other_value},
      {.sin = Sin::change_cipher_spec_place,
       .version = k13,
       .judge = Role::client,
       .alert = alert::kUnexpectedMessage,
       .commit = [](Config&, Config&) {},
       .then = [](Ends& ends) { ends.server->say({change_cipher_spec()}); }},
      {.sin = Sin::change_cipher_spec_place,  // RFC 8446 §5: never under keys
       .version = k13,
       .judge = Role::client,
       .alert = alert::kUnexpectedMessage,
       .commit =
           [](Config&, Config& server) {
             edit_protected(server, [](Records& all) {
               all.insert(all.begin(), record_of(ContentType::change_cipher_spec, {1}));
             });
           }},
  };
}

std::vector<GateCase> key_cases() {
  return {
      {.sin = Sin::old_keys_kept,
       .version = k13,
       .judge = Role::server,
       .alert = alert::kBadRecordMac,
       .commit = [](Config&, Config&) {},
       .then =
           [](Ends& ends) {
             // A KeyUpdate whose sender goes on under the key that it said it would leave.
             Flight update;
             update.push_back(say(HandshakeType::key_update, [] { return Bytes{0}; }));
             ends.client->say(std::move(update));
             ends.client->send(view_of("under the old key"));
           }},
  };
}

}  // namespace

std::vector<GateCase> record_cases() {
  std::vector<GateCase> all = size_cases();
  for (const auto& more : {kind_cases(), change_cipher_spec_cases(), key_cases()}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

}  // namespace assay::engine
