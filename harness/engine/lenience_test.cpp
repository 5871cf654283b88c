// An end that tolerates a sin goes on with what it has: it neither throws nor hangs on it.
#include "harness/engine/pair_fixture_test.h"

namespace assay::engine {
namespace {

constexpr TlsVersion kVersions[] = {TlsVersion::tls12, TlsVersion::tls13};

TEST(Lenience, a_record_size_limit_that_leaves_no_room_still_makes_records) {
  for (const TlsVersion version : kVersions) {
    for (const std::uint16_t limit : std::initializer_list<std::uint16_t>{0, 1, 63}) {
      Config client = client_config();
      client.max_version = version;
      client.record_size_limit = 512;
      client.emission.hello = [limit](ClientHello& hello, const Exchange& /*exchange*/) {
        set_extension(hello.extensions, extension::kRecordSizeLimit, encode(Number16{limit}));
      };
      Config server = server_config();
      server.record_size_limit = 512;
      server.tolerated = {Sin::record_size_limit_small};
      Pair pair(engine_of(client), engine_of(server));
      ASSERT_TRUE(pair.connected()) << pair.why();
      pair.expect_to_talk();
    }
  }
}

TEST(Lenience, a_record_size_limit_that_was_not_asked_for_limits_what_is_written_alone) {
  for (const TlsVersion version : kVersions) {
    Config client = client_config();
    client.max_version = version;
    client.tolerated = {Sin::extension_unasked};
    Config server = server_config();
    const HandshakeType bearer = version == TlsVersion::tls13 ? HandshakeType::encrypted_extensions
                                                              : HandshakeType::server_hello;
    server.emission.message = [bearer](Bytes& message, const Exchange& /*exchange*/) {
      if (static_cast<HandshakeType>(message[0]) != bearer) return;
      const View body = View(message).subspan(4);
      const Extension added{extension::kRecordSizeLimit, encode(Number16{100})};
      if (bearer == HandshakeType::server_hello) {
        auto hello = *decode<ServerHello>(body);
        hello.extensions.push_back(added);
        message = compose_handshake(bearer, encode(hello));
      } else {
        auto extensions = *decode<EncryptedExtensions>(body);
        extensions.extensions.push_back(added);
        message = compose_handshake(bearer, encode(extensions));
      }
    };
    Pair pair(engine_of(client), engine_of(server));
    ASSERT_TRUE(pair.connected()) << pair.why();
    pair.expect_to_talk();
  }
}

}  // namespace
}  // namespace assay::engine
