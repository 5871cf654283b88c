// The traces of RFC 8448, octet for octet: the engine as their client, and as the server of the
// simple one.
#include "harness/base/hex.h"
#include "harness/engine/pair_fixture_test.h"
#include "harness/engine/rfc8448_test.h"
#include "harness/wire/alert.h"
#include "harness/wire/certificate.h"

namespace assay::engine::rfc8448 {
namespace {

Bytes octets(std::string_view hex) { return from_hex(hex).value(); }

ClientHello hello_of(std::string_view record) {
  return *decode<ClientHello>(View(octets(record)).subspan(9));
}

/// A client that says the hellos of a trace with the keys of their shares.
Config client_of(std::vector<ClientHello> hellos, std::map<std::uint16_t, Bytes> keys) {
  Config config;
  config.groups = {0x001d, 0x0017, 0x0018};
  config.schemes = {0x0403, 0x0804};
  config.record_size_limit = 0x4001;
  config.middlebox_compatibility = false;
  config.private_keys = std::move(keys);
  config.emission.hello = [hellos, at = std::size_t{0}](ClientHello& hello,
                                                        const Exchange& /*exchange*/) mutable {
    hello = hellos.at(at++);
  };
  return config;
}

/// One end of a trace: what it is fed, and what it must say.
class Replay {
 public:
  explicit Replay(Config config) : end_(engine_of(std::move(config))) { end_->start(); }

  void hears(std::string_view hex) { end_->feed(octets(hex)); }
  void says(std::string_view hex) { EXPECT_EQ(to_hex(end_->take_output()), hex) << failure(); }
  void is_told(View octets) {
    while (auto event = end_->next_event()) {
      if (const auto* data = std::get_if<Received>(&*event)) {
        EXPECT_EQ(to_hex(data->octets), to_hex(octets));
        return;
      }
    }
    ADD_FAILURE() << "no data";
  }
  void hears_the_end(std::string_view hex) {
    hears(hex);
    bool closed = false;
    while (auto event = end_->next_event()) {
      closed = closed || std::holds_alternative<CloseNotify>(*event);
    }
    EXPECT_TRUE(closed);
  }
  std::string failure() {
    while (auto event = end_->next_event()) {
      if (const auto* failed = std::get_if<LocalFailure>(&*event)) return failed->reason;
    }
    return {};
  }
  Engine& end() { return *end_; }

 private:
  std::unique_ptr<Engine> end_;
};

/// What both ends of the traces send.
Bytes fifty_octets() {
  Bytes data;
  for (std::uint8_t i = 0; i < 50; ++i) data.push_back(i);
  return data;
}

TEST(Trace, simple_handshake_of_a_client) {
  Replay run(client_of({hello_of(kSimpleHello)}, {{0x001d, octets(kSimplePrivate)}}));
  run.says(kSimpleHello);
  run.hears(kSimpleServerHello);
  run.hears(kSimpleServerFlight);
  run.says(kSimpleClientFinished);
  run.hears(kSimpleTicket);
  const auto sessions = run.end().take_sessions();
  ASSERT_EQ(sessions.size(), 1U) << run.failure();
  EXPECT_EQ(to_hex(sessions[0].secret), kResumedPsk);
  EXPECT_EQ(sessions[0].lifetime, 30U);
  EXPECT_EQ(sessions[0].age_add, 0xfad6aac5U);
  EXPECT_EQ(sessions[0].max_early_data, 1024U);
  run.end().send(fifty_octets());
  run.says(kSimpleClientData);
  run.hears(kSimpleServerData);
  run.is_told(fifty_octets());
  run.end().close();
  run.says(kSimpleClientClose);
  run.hears_the_end(kSimpleServerClose);
}

TEST(Trace, simple_handshake_tells_the_published_secrets) {
  Replay run(client_of({hello_of(kSimpleHello)}, {{0x001d, octets(kSimplePrivate)}}));
  run.hears(kSimpleServerHello);
  run.hears(kSimpleServerFlight);
  const Exchange& told = run.end().exchange();
  const TrafficSecrets& secrets = told.secrets;
  EXPECT_EQ(to_hex(secrets.client_handshake),
            "b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21");
  EXPECT_EQ(to_hex(secrets.server_handshake),
            "b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38");
  EXPECT_EQ(to_hex(secrets.client_application),
            "9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5");
  EXPECT_EQ(to_hex(secrets.server_application),
            "a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643");
  EXPECT_EQ(to_hex(secrets.exporter),
            "fe22f881176eda18eb8f44529e6792c50c9a3f89452f68d8ae311b4309d3cf50");
  EXPECT_EQ(to_hex(secrets.resumption),
            "7df235f2031d2a051287d02b0241b0bfdaf86cc856231f2d5aba46c434ec196c");
  EXPECT_EQ(to_hex(told.server_verify_data),
            "9b9b141d906337fbd2cbdce71df4deda4ab42c309572cb7fffee5454b78f0718");
  EXPECT_EQ(to_hex(told.client_verify_data),
            "a8ec436d677634ae525ac1fcebe11a039ec17694fac6e98527b642f2edd5ce61");
}

TEST(Trace, simple_handshake_of_a_server) {
  // Its messages are those that its client has heard; Finished and all records are its own.
  Replay client(client_of({hello_of(kSimpleHello)}, {{0x001d, octets(kSimplePrivate)}}));
  client.hears(kSimpleServerHello);
  client.hears(kSimpleServerFlight);
  client.hears(kSimpleTicket);
  std::map<HandshakeType, Bytes> of_trace;
  for (const Said& each : client.end().exchange().messages) {
    if (each.by == Role::server && each.type != HandshakeType::finished) {
      of_trace[each.type] = each.octets;
    }
  }
  Config config = server_config(KeyKind::rsa2048);
  config.record_size_limit = 0x4001;
  config.store = std::make_shared<SessionStore>();
  config.private_keys = {{0x001d, octets(kSimpleServerPrivate)}};
  config.emission.message = [of_trace](Bytes& message, const Exchange& /*exchange*/) {
    const auto found = of_trace.find(static_cast<HandshakeType>(message[0]));
    if (found != of_trace.end()) message = found->second;
  };
  Replay run(std::move(config));
  run.hears(kSimpleHello);
  run.says(std::string(kSimpleServerHello) + std::string(kSimpleServerFlight));
  run.hears(kSimpleClientFinished);
  run.says(kSimpleTicket);
  run.hears(kSimpleClientData);
  run.is_told(fifty_octets());
  run.end().send(fifty_octets());
  run.says(kSimpleServerData);
  run.hears_the_end(kSimpleClientClose);
  run.end().close();
  run.says(kSimpleServerClose);
}

TEST(Trace, resumed_handshake_with_early_data) {
  ClientHello hello = hello_of(kResumedHello);
  auto psks = *decode<OfferedPsks>(hello.extensions.back().extension_data);
  Session session;
  session.suite = 0x1301;
  session.secret = octets(kResumedPsk);
  session.ticket = psks.identities.front().identity;
  session.lifetime = 30;
  session.max_early_data = 1024;
  session.received = std::chrono::system_clock::now();
  psks.binders.front().binder.assign(32, 0);  // to be made by the client
  hello.extensions.back().extension_data = encode(psks);
  Config config = client_of({hello}, {{0x001d, octets(kResumedPrivate)}});
  config.sessions = {session};
  config.early_data = bytes_of("ABCDEF");
  Replay run(std::move(config));
  run.says(std::string(kResumedHello) + std::string(kResumedEarlyData));
  run.hears(kResumedServerHello);
  const TrafficSecrets& secrets = run.end().exchange().secrets;
  EXPECT_EQ(to_hex(secrets.client_early),
            "3fbbe6a60deb66c30a32795aba0eff7eaa10105586e7be5c09678d63b6caab62");
  EXPECT_EQ(to_hex(secrets.client_handshake),
            "2faac08f851d35fea3604fcb4de82dc62c9b164a70974d0462e27f1ab278700f");
  EXPECT_EQ(to_hex(secrets.server_handshake),
            "fe927ae271312e8bf0275b581c54eef020450dc4ecffaa05a1a35d27518e7803");
  run.hears(kResumedServerFlight);
  EXPECT_EQ(to_hex(secrets.client_application),
            "2abbf2b8e381d23dbebe1dd2a7d16a8bf484cb4950d23fb7fb7fa8547062d9a1");
  EXPECT_EQ(to_hex(secrets.server_application),
            "cc21f1bf8feb7dd5fa505bd9c4b468a9984d554a993dc49e6d285598fb672691");
  EXPECT_EQ(to_hex(run.end().exchange().server_verify_data),
            "48d3e0e1b3d907c6acff145e16090388c77b05c050b634ab1a88bbd0dd1a34b2");
  EXPECT_EQ(to_hex(run.end().exchange().client_verify_data),
            "7230a9c952c25cd6138fc5e6628308c41c5335dd81b9f96bcea50fd32bda416d");
  run.says(std::string(kResumedEndOfEarlyData) + std::string(kResumedClientFinished));
  run.end().send(fifty_octets());
  run.says(kResumedClientData);
  run.hears(kResumedServerData);
  run.is_told(fifty_octets());
  run.end().close();
  run.says(kResumedClientClose);
  run.hears_the_end(kResumedServerClose);
}

TEST(Trace, retry_with_a_group_and_a_cookie) {
  Replay run(
      client_of({hello_of(kRetryHello), hello_of(kRetryHello2)},
                {{0x001d, octets(kRetryPrivateX25519)}, {0x0017, octets(kRetryPrivateP256)}}));
  run.says(kRetryHello);
  run.hears(kRetryRequest);
  run.says(kRetryHello2);
  run.hears(kRetryServerHello);
  run.hears(kRetryServerFlight);
  run.says(kRetryClientFinished);
  run.end().close();
  run.says(kRetryClientClose);
  run.hears_the_end(kRetryServerClose);
}

/// The messages that a client of RFC 8448 §6 sends, opened with the secret of its handshake.
std::map<HandshakeType, Bytes> client_messages(View secret) {
  const auto keys = RecordKeys::of_traffic_secret(*find_suite(0x1301), secret);
  const auto opened = keys.open(octets(kClientAuthClientFlight), 0);
  std::map<HandshakeType, Bytes> messages;
  HandshakeAssembler assembler;
  assembler.feed(opened.value().content);
  while (const auto message = assembler.next()) {
    messages[message->type] = compose_handshake(message->type, message->body);
  }
  return messages;
}

TEST(Trace, client_authentication) {
  Config config = client_of({hello_of(kClientAuthHello)}, {{0x001d, octets(kClientAuthPrivate)}});
  config.credential = credential_of(KeyKind::rsa2048);
  // A signature by RSASSA-PSS is never the same twice: both proofs are the trace's, Finished is
  // ours.
  config.emission.message = [](Bytes& message, const Exchange& exchange) {
    const auto type = static_cast<HandshakeType>(message[0]);
    if (type != HandshakeType::certificate && type != HandshakeType::certificate_verify) return;
    message = client_messages(exchange.secrets.client_handshake).at(type);
  };
  Replay run(std::move(config));
  run.says(kClientAuthHello);
  run.hears(kClientAuthServerHello);
  run.hears(kClientAuthServerFlight);
  run.says(kClientAuthClientFlight);
  run.end().close();
  run.says(kClientAuthClientClose);
  run.hears_the_end(kClientAuthServerClose);
}

TEST(Trace, middlebox_compatibility) {
  Config config = client_of({hello_of(kMiddleboxHello)}, {{0x001d, octets(kMiddleboxPrivate)}});
  config.middlebox_compatibility = true;
  Replay run(std::move(config));
  run.says(kMiddleboxHello);
  run.hears(kMiddleboxServerHello);
  run.hears(kMiddleboxServerFlight);
  run.says(kMiddleboxClientFinished);
  run.end().close();
  run.says(kMiddleboxClientClose);
  run.hears_the_end(kMiddleboxServerClose);
}

}  // namespace
}  // namespace assay::engine::rfc8448
