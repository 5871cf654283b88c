#include "harness/wire/hello.h"

#include "harness/base/hex.h"
#include "harness/base/reader.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

// RFC 8448 §3, without the four octets of the message header.
constexpr std::string_view kClientHello =
    "0303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece700000613011303130201000091"
    "0000"
    "000b0009000006736572766572ff01000100000a00140012001d001700180019010001010102010301040023000000"
    "3300"
    "260024001d002099381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c002b000302030400"
    "0d00"
    "20001e040305030603020308040805080604010501060102010402050206020202002d00020101001c00024001";
constexpr std::string_view kServerHello =
    "0303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e00330024001d00"
    "20c9"
    "828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304";

Bytes octets_of(std::string_view hex) { return from_hex(hex).value(); }

Bytes server_hello12(View extensions) {
  Bytes body;
  put_u16(body, 0x0303);
  append(body, Bytes(32, 0x5a));
  put_vector(body, 1, {});
  put_u16(body, 0xc02f);
  put_u8(body, 0);
  if (!extensions.empty()) put_vector(body, 2, extensions);
  return body;
}

TEST(ClientHello, is_read_from_the_published_trace) {
  const auto hello = decode<ClientHello>(octets_of(kClientHello));
  ASSERT_TRUE(hello) << hello.failed_field;
  EXPECT_EQ(hello->cipher_suites, (std::vector<std::uint16_t>{0x1301, 0x1303, 0x1302}));
  EXPECT_EQ(hello->versions(), (std::vector<std::uint16_t>{0x0304}));
  EXPECT_EQ(to_hex(hello->random).substr(0, 8), "cb34ecb1");
  EXPECT_EQ(hello->extensions.size(), 9U);
  EXPECT_EQ(hello->find(extension::kEarlyData), nullptr);
}

TEST(ServerHello, is_read_from_the_published_trace) {
  const auto hello = decode<ServerHello>(octets_of(kServerHello));
  ASSERT_TRUE(hello) << hello.failed_field;
  EXPECT_EQ(hello->version(), 0x0304);
  EXPECT_EQ(hello->legacy_version, 0x0303);
  EXPECT_EQ(hello->cipher_suite, 0x1301);
  EXPECT_FALSE(hello->is_hello_retry_request());
}

TEST(ServerHello, of_tls12_may_have_no_extensions) {
  const auto hello = decode<ServerHello>(server_hello12({}));
  ASSERT_TRUE(hello);
  EXPECT_EQ(hello->version(), 0x0303);
  EXPECT_FALSE(hello->encrypt_then_mac());
  EXPECT_FALSE(hello->extended_master_secret());
}

TEST(ServerHello, tells_its_flags_and_keeps_unknown_extensions) {
  const auto hello = decode<ServerHello>(server_hello12(octets_of("00160000 00170000 fafa0001aa")));
  ASSERT_TRUE(hello);
  EXPECT_TRUE(hello->encrypt_then_mac());
  EXPECT_TRUE(hello->extended_master_secret());
  ASSERT_NE(hello->find(0xfafa), nullptr);
  EXPECT_EQ(hello->find(0xfafa)->extension_data, Bytes{0xaa});
}

TEST(ServerHello, with_the_retry_random_is_a_retry_request) {
  Bytes body = octets_of(kServerHello);
  // SHA-256 of "HelloRetryRequest".
  const Bytes random =
      octets_of("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");
  std::copy(random.begin(), random.end(), body.begin() + 2);
  const auto hello = decode<ServerHello>(body);
  ASSERT_TRUE(hello);
  EXPECT_TRUE(hello->is_hello_retry_request());
}

TEST(Hellos, name_the_field_that_does_not_fit) {
  const Bytes whole = octets_of(kServerHello);
  EXPECT_EQ(decode<ServerHello>(View(whole).first(20)).failed_field, "random");
  EXPECT_EQ(decode<ServerHello>(View(whole).first(60)).failed_field, "extensions");
  Bytes longer = whole;
  longer.push_back(0);
  EXPECT_EQ(decode<ServerHello>(longer).failed_field, "end");
  EXPECT_EQ(decode<ServerHello>(server_hello12(octets_of("0017000500"))).failed_field,
            "extension_data");
}

TEST(Hellos, are_refused_at_every_cut) {
  const Bytes client = octets_of(kClientHello);
  for (std::size_t size = 0; size < client.size(); ++size) {
    // RFC 8446 §4.1.2: 45 octets of this hello are a whole one without extensions.
    if (size == 45) continue;
    EXPECT_FALSE(decode<ClientHello>(View(client).first(size))) << size;
  }
}

TEST(Hellos, come_out_as_they_went_in) {
  const Bytes client = octets_of(kClientHello);
  EXPECT_EQ(to_hex(encode(*decode<ClientHello>(client))), to_hex(client));
  const Bytes server = octets_of(kServerHello);
  EXPECT_EQ(to_hex(encode(*decode<ServerHello>(server))), to_hex(server));
  const Bytes bare = server_hello12({});
  EXPECT_EQ(to_hex(encode(*decode<ServerHello>(bare))), to_hex(bare));
  // RFC 5246 §7.4.1.2: an empty block is not the same octets as none.
  Bytes empty_block = bare;
  put_u16(empty_block, 0);
  EXPECT_EQ(to_hex(encode(*decode<ServerHello>(empty_block))), to_hex(empty_block));
}

TEST(DowngradeMark, is_written_and_read_in_the_last_eight_octets) {
  Bytes random(kRandomSize, 0x11);
  EXPECT_EQ(downgrade_mark(random), DowngradeMark::none);
  mark_downgrade(random, DowngradeMark::to_tls12);
  EXPECT_EQ(to_hex(View(random).last(8)), "444f574e47524401");
  EXPECT_EQ(downgrade_mark(random), DowngradeMark::to_tls12);
  mark_downgrade(random, DowngradeMark::below_tls12);
  EXPECT_EQ(downgrade_mark(random), DowngradeMark::below_tls12);
  EXPECT_EQ(random[23], 0x11);
}

}  // namespace
}  // namespace assay
