#include "harness/channel/read_keys.h"

#include "harness/base/hex.h"
#include "harness/base/reader.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

const std::string kRandom(64, 'a');
const std::string kSecret(64, 'b');

Record client_hello(View extensions) {
  Bytes body;
  put_u16(body, 0x0303);
  append(body, Bytes(32, 0xaa));
  put_vector(body, 1, {});
  put_vector(body, 2, Bytes{0x13, 0x01});
  put_vector(body, 1, Bytes{0});
  put_vector(body, 2, extensions);
  RecordSplitter splitter;
  splitter.feed(
      compose_record(ContentType::handshake, compose_handshake(HandshakeType::client_hello, body)));
  return splitter.next().value();
}

Bytes server_hello(std::uint16_t suite, std::uint16_t version) {
  Bytes body;
  put_u16(body, 0x0303);
  append(body, Bytes(32, 0x55));
  put_vector(body, 1, {});
  put_u16(body, suite);
  put_u8(body, 0);
  Bytes extensions;
  if (version == 0x0304) extensions = {0x00, 0x2b, 0x00, 0x02, 0x03, 0x04};
  put_vector(body, 2, extensions);
  return compose_record(ContentType::handshake,
                        compose_handshake(HandshakeType::server_hello, body));
}

TEST(ReadKeys, needs_the_server_hello_and_the_key_log) {
  ReadKeys keys(Role::server);
  keys.see_incoming(client_hello({}));
  keys.see_key_log("CLIENT_HANDSHAKE_TRAFFIC_SECRET " + kRandom + " " + kSecret);
  EXPECT_FALSE(keys.handshake_keys());
  for (const std::uint8_t octet : server_hello(0x1301, 0x0304)) keys.see_outgoing(View(&octet, 1));
  EXPECT_TRUE(keys.tls13());
  EXPECT_TRUE(keys.handshake_keys());
  EXPECT_FALSE(keys.application_keys());
  keys.see_key_log("SERVER_TRAFFIC_SECRET_0 " + kRandom + " " + kSecret);
  EXPECT_FALSE(keys.application_keys());
  keys.see_key_log("CLIENT_TRAFFIC_SECRET_0 " + kRandom + " " + kSecret);
  EXPECT_TRUE(keys.application_keys());
}

TEST(ReadKeys, takes_the_master_secret_in_tls12) {
  ReadKeys keys(Role::server);
  keys.see_outgoing(server_hello(0xc02f, 0x0303));
  EXPECT_FALSE(keys.application_keys());
  keys.see_key_log("CLIENT_RANDOM " + kRandom + " " + kSecret + kSecret.substr(0, 32));
  EXPECT_TRUE(keys.application_keys());
  EXPECT_FALSE(keys.handshake_keys());
}

TEST(ReadKeys, gives_up_on_cbc_unknown_suites_and_a_suite_of_the_other_version) {
  for (const auto& [suite, version] :
       std::initializer_list<std::pair<std::uint16_t, std::uint16_t>>{
           {0xc013, 0x0303}, {0xfafa, 0x0303}, {0x1301, 0x0303}, {0xc02f, 0x0304}}) {
    ReadKeys keys(Role::server);
    keys.see_outgoing(server_hello(suite, version));
    EXPECT_TRUE(keys.negotiated());
    EXPECT_FALSE(keys.readable());
  }
}

TEST(ReadKeys, gives_up_where_early_data_may_come) {
  ReadKeys keys(Role::server);
  keys.see_incoming(client_hello(Bytes{0x00, 0x2a, 0x00, 0x00}));
  keys.see_outgoing(server_hello(0x1301, 0x0304));
  EXPECT_FALSE(keys.readable());
}

TEST(ReadKeys, passes_over_key_log_lines_that_make_no_sense) {
  ReadKeys keys(Role::server);
  keys.see_outgoing(server_hello(0x1301, 0x0304));
  for (const std::string_view line :
       {"", "# comment", "CLIENT_TRAFFIC_SECRET_0", "CLIENT_TRAFFIC_SECRET_0 aa zz",
        "CLIENT_TRAFFIC_SECRET_0 aa bb cc", "SOMETHING_ELSE aa bb"}) {
    keys.see_key_log(line);
    EXPECT_FALSE(keys.application_keys());
  }
}

}  // namespace
}  // namespace assay
