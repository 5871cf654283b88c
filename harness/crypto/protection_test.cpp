#include "harness/crypto/protection.h"

#include "harness/base/hex.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace assay {
namespace {

Bytes octets_of(std::string_view hex) { return from_hex(hex).value(); }

RecordProtection protection_of(std::uint16_t value) {
  const CipherSuite& suite = *find_suite(value);
  const Bytes secret(48, 0x5a);
  if (suite.tls13) return RecordProtection::of_traffic_secret(suite, View(secret).first(32));
  const Bytes random(32, 1);
  return RecordProtection::of_master_secret(suite, {secret, random, random}, Writer::client);
}

constexpr std::uint16_t kOneOfEach[] = {0x1301, 0x1302, 0x1303, 0x1304, 0x1305, 0xc02f,
                                        0xc030, 0xcca8, 0xc0ac, 0xc0ad, 0xc0ae, 0xc0af};

// RFC 8448 §3: the client's Finished under its handshake keys.
TEST(RecordProtection, agrees_with_the_published_trace) {
  const auto protection = RecordProtection::of_traffic_secret(
      *find_suite(0x1301),
      octets_of("b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21"));
  const Opened finished{
      22, octets_of("14000020a8ec436d677634ae525ac1fcebe11a039ec17694fac6e98527b642f2edd5ce61"), 0};
  const Bytes record = protection.seal(finished, 0);
  EXPECT_EQ(
      to_hex(record),
      "170303003575ec4dc238cce60b298044a71e219c56cc77b0517fe9b93c7a4bfc44d87f38f80338ac98fc46de"
      "b384bd1caeacab6867d726c40546");
  EXPECT_EQ(protection.open(record, 0), finished);
}

TEST(RecordProtection, opens_at_the_right_number_only) {
  for (const std::uint16_t value : kOneOfEach) {
    const RecordProtection protection = protection_of(value);
    const Opened what{23, bytes_of("NOOP\r\n"), 0};
    const Bytes record = protection.seal(what, 5);
    EXPECT_EQ(protection.open(record, 5), what) << std::hex << value;
    EXPECT_FALSE(protection.open(record, 4)) << std::hex << value;
    EXPECT_FALSE(protection.open(record, 6)) << std::hex << value;
  }
}

TEST(RecordProtection, writes_the_number_where_tls12_gcm_shows_it) {
  const Bytes record = protection_of(0xc02f).seal({23, bytes_of("x"), 0}, 0x0102);
  EXPECT_EQ(to_hex(View(record).first(13)), "17030300190000000000000102");
}

TEST(RecordProtection, takes_another_explicit_nonce_when_told) {
  const RecordProtection protection = protection_of(0xc02f);
  const Opened what{23, bytes_of("x"), 0};
  const Bytes record = protection.seal(what, 2, {.explicit_nonce = 0x0f});
  EXPECT_EQ(to_hex(View(record).first(13)), "1703030019000000000000000f");
  EXPECT_EQ(protection.open(record, 2), what);
  EXPECT_FALSE(protection.open(record, 0x0f));  // the number is authenticated apart from the nonce
}

TEST(RecordProtection, protects_another_header_when_told) {
  for (const std::uint16_t value : kOneOfEach) {
    const RecordProtection protection = protection_of(value);
    const Bytes record =
        protection.seal({22, bytes_of("x"), 0}, 0, {.outer_type = 99, .version = 0x0399});
    EXPECT_EQ(to_hex(View(record).first(3)), "630399");
    const auto opened = protection.open(record, 0);
    ASSERT_TRUE(opened) << std::hex << value;
    EXPECT_EQ(opened->type, find_suite(value)->tls13 ? 22 : 99);
  }
}

TEST(RecordProtection, keeps_padding_and_records_of_nothing_else) {
  const RecordProtection protection = protection_of(0x1303);
  for (const Opened& what :
       {Opened{21, {1, 0}, 100}, Opened{23, {}, 0}, Opened{0, {}, 9}, Opened{23, {5, 0, 0}, 2}}) {
    EXPECT_EQ(protection.open(protection.seal(what, 1), 1), what);
  }
}

TEST(RecordProtection, opens_without_looking_at_the_tag_when_told) {
  for (const std::uint16_t value : kOneOfEach) {
    const RecordProtection protection = protection_of(value);
    const Opened what{23, bytes_of("NOOP\r\n"), 0};
    Bytes record = protection.seal(what, 0);
    record.back() ^= 0x80;
    EXPECT_FALSE(protection.open(record, 0)) << std::hex << value;
    EXPECT_EQ(protection.open_unverified(record, 0), what) << std::hex << value;
  }
}

TEST(RecordProtection, compares_as_many_octets_of_the_tag_as_it_is_told) {
  const RecordProtection protection = protection_of(0x1301);
  const Opened what{23, bytes_of("NOOP\r\n"), 0};
  Bytes record = protection.seal(what, 0);
  record[record.size() - 9] ^= 1;  // the eighth octet of the tag
  EXPECT_EQ(protection.open_by({.present = 16, .compared = 7}, record, 0), what);
  EXPECT_FALSE(protection.open_by({.present = 16, .compared = 8}, record, 0));
}

TEST(RecordProtection, opens_a_record_whose_tag_was_cut_short) {
  for (const std::uint16_t value : std::initializer_list<std::uint16_t>{0x1301, 0xc02f, 0xcca8}) {
    const RecordProtection protection = protection_of(value);
    const Opened what{23, bytes_of("NOOP\r\n"), 0};
    Bytes record = protection.seal(what, 0);
    record.resize(record.size() - 6);
    record[4] = static_cast<std::uint8_t>(record[4] - 6);
    EXPECT_EQ(protection.open_by({.present = 10, .compared = 10}, record, 0), what);
    EXPECT_FALSE(protection.open_by({.present = 9, .compared = 9}, record, 0));
  }
}

TEST(RecordProtection, finds_nothing_in_a_record_without_room) {
  for (const std::uint16_t value : kOneOfEach) {
    const RecordProtection protection = protection_of(value);
    for (std::uint8_t size = 0; size < 8; ++size) {
      Bytes record{23, 3, 3, 0, size};
      record.resize(5U + size);
      EXPECT_FALSE(protection.open(record, 0));
      EXPECT_FALSE(protection.open_unverified(record, 0));
    }
  }
}

TEST(RecordProtection, gives_the_two_ends_of_tls12_different_keys) {
  const Bytes master(48, 1);
  const Bytes client(32, 2);
  const Bytes server(32, 3);
  const CipherSuite& suite = *find_suite(0xcca8);
  const auto one =
      RecordProtection::of_master_secret(suite, {master, client, server}, Writer::client);
  const auto other =
      RecordProtection::of_master_secret(suite, {master, client, server}, Writer::server);
  EXPECT_FALSE(other.open(one.seal({23, bytes_of("x"), 0}, 0), 0));
}

TEST(RecordProtection, is_not_to_be_had_for_cbc_suites) {
  EXPECT_THROW(static_cast<void>(protection_of(0x002f)), std::invalid_argument);
}

}  // namespace
}  // namespace assay
