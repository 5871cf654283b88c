#include "harness/wire/extension.h"

#include "harness/base/hex.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

Bytes octets_of(std::string_view hex) { return from_hex(hex).value(); }

TEST(Extension, of_the_published_trace_is_read_and_written) {
  // RFC 8448 §3: key_share, supported_groups and server_name of the client.
  const Bytes share =
      octets_of("0024001d002099381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c");
  const auto shares = decode<KeyShareList>(share);
  ASSERT_TRUE(shares);
  ASSERT_EQ(shares->client_shares.size(), 1U);
  EXPECT_EQ(shares->client_shares[0].group, group::kX25519);
  EXPECT_EQ(shares->client_shares[0].key_exchange.size(), 32U);
  EXPECT_EQ(to_hex(encode(*shares)), to_hex(share));

  const Bytes groups = octets_of("0012001d00170018001901000101010201030104");
  EXPECT_EQ(decode<NumberList>(groups)->values.size(), 9U);
  EXPECT_EQ(to_hex(encode(*decode<NumberList>(groups))), to_hex(groups));

  const Bytes name = octets_of("0009000006736572766572");
  EXPECT_EQ(text_of(decode<ServerNameList>(name)->server_name_list[0].host_name), "server");
  EXPECT_EQ(to_hex(encode(*decode<ServerNameList>(name))), to_hex(name));
}

TEST(Extension, with_a_list_that_breaks_off_names_the_field) {
  EXPECT_EQ(decode<NumberList>(octets_of("0003001d00")).failed_field, "list");
  EXPECT_EQ(decode<KeyShareList>(octets_of("0006001d00201122")).failed_field, "key_exchange");
  EXPECT_EQ(decode<NumberList>(octets_of("0002001d00")).failed_field, "end");
  EXPECT_EQ(decode<Cookie>(octets_of("0002aa")).failed_field, "cookie");
}

TEST(Extensions, are_found_replaced_and_removed_by_type) {
  std::vector<Extension> list = {{extension::kAlpn, {1}}, {extension::kCookie, {2}}};
  EXPECT_FALSE(repeated_extension(list));
  set_extension(list, extension::kAlpn, {9});
  EXPECT_EQ(find_extension(list, extension::kAlpn)->extension_data, Bytes{9});
  EXPECT_EQ(list.size(), 2U);
  set_extension(list, extension::kKeyShare, {3});
  EXPECT_EQ(list.back().extension_type, extension::kKeyShare);
  list.push_back({extension::kCookie, {4}});
  EXPECT_EQ(repeated_extension(list), extension::kCookie);
  remove_extension(list, extension::kCookie);
  EXPECT_EQ(find_extension(list, extension::kCookie), nullptr);
}

TEST(OfferedPsks, tell_where_their_binders_begin) {
  const OfferedPsks psks{{{{1, 2, 3}, 7}}, {{Bytes(32, 0xbb)}, {Bytes(48, 0xcc)}}};
  const Bytes written = encode(psks);
  EXPECT_EQ(size_of_binders(psks.binders), 2U + 33 + 49);
  const View tail = View(written).last(size_of_binders(psks.binders));
  EXPECT_EQ(tail[1], 33 + 49);
  const auto again = decode<OfferedPsks>(written);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->identities[0].obfuscated_ticket_age, 7U);
  EXPECT_EQ(again->binders[1].binder.size(), 48U);
}

TEST(Grease, takes_the_sixteen_reserved_values) {
  // RFC 8701 §2.
  EXPECT_EQ(grease(0), 0x0a0a);
  EXPECT_EQ(grease(15), 0xfafa);
  EXPECT_EQ(grease(17), 0x1a1a);
  EXPECT_TRUE(is_grease(0x8a8a));
  EXPECT_FALSE(is_grease(0x8a9a));
  EXPECT_FALSE(is_grease(0x1301));
}

}  // namespace
}  // namespace assay
