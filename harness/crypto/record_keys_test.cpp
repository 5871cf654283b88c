#include "harness/crypto/record_keys.h"

#include "harness/base/hex.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace assay {
namespace {

const Opened kNoop{23, bytes_of("NOOP\r\n"), 0};

RecordKeys keys_of(const CipherSuite& suite) {
  const Bytes secret(48, 0x5a);
  const Bytes random(32, 1);
  if (suite.tls13) return RecordKeys::of_traffic_secret(suite, secret);
  return RecordKeys::of_master_secret(suite, {secret, random, random}, Writer::server,
                                      MacOrder::encrypt_then_mac);
}

TEST(RecordKeys, leave_records_in_the_clear_before_there_are_any) {
  const RecordKeys keys;
  EXPECT_TRUE(keys.clear());
  EXPECT_EQ(keys.suite(), nullptr);
  EXPECT_EQ(keys.aead(), nullptr);
  EXPECT_EQ(keys.cbc(), nullptr);
  const Bytes record = keys.seal(kNoop, 7);
  EXPECT_EQ(to_hex(record), "17030300064e4f4f500d0a");
  EXPECT_EQ(keys.open(record, 0), kNoop);
  EXPECT_FALSE(keys.open(View(record).first(4), 0));
}

TEST(RecordKeys, protect_by_every_suite_that_they_compute) {
  for (const CipherSuite& suite : cipher_suites()) {
    if (!RecordKeys::computes(suite)) {
      EXPECT_THROW(static_cast<void>(keys_of(suite)), std::invalid_argument) << suite.name;
      continue;
    }
    const RecordKeys keys = keys_of(suite);
    EXPECT_FALSE(keys.clear());
    EXPECT_EQ(keys.suite(), &suite);
    EXPECT_NE(keys.aead() != nullptr, keys.cbc() != nullptr) << suite.name;
    const Bytes record = keys.seal(kNoop, 3);
    EXPECT_EQ(to_hex(View(record).first(3)), "170303") << suite.name;
    const auto opened = keys.open(record, 3);
    ASSERT_TRUE(opened) << suite.name;
    EXPECT_EQ(opened->content, kNoop.content) << suite.name;
    EXPECT_FALSE(keys.open(record, 4)) << suite.name;
  }
}

TEST(RecordKeys, are_replaced_as_values) {
  RecordKeys keys;
  const RecordKeys first = keys_of(*find_suite(0x1301));
  keys = first;
  const Bytes record = keys.seal(kNoop, 0);
  EXPECT_EQ(first.open(record, 0), kNoop);
  keys = keys_of(*find_suite(0xc027));
  EXPECT_FALSE(keys.open(record, 0));
  keys = RecordKeys();
  EXPECT_TRUE(keys.clear());
}

}  // namespace
}  // namespace assay
