#include "harness/crypto/key_block.h"

#include "harness/base/hex.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

// RFC 5246 §6.3.
TEST(KeyBlock, is_cut_in_the_order_of_its_clause) {
  const Bytes master(48, 1);
  const Bytes client(32, 2);
  const Bytes server(32, 3);
  const KeyMaterial12 material{master, client, server};
  Bytes seed = server;
  append(seed, client);
  const auto block = [&](Hash hash, std::size_t each) {
    return to_hex(prf12(hash, master, "key expansion", seed, 2 * each));
  };
  const auto joined = [&](std::uint16_t suite) {
    const WriterKeys ours = writer_keys(*find_suite(suite), material, Writer::client);
    const WriterKeys theirs = writer_keys(*find_suite(suite), material, Writer::server);
    return to_hex(ours.mac_key) + to_hex(theirs.mac_key) + to_hex(ours.key) + to_hex(theirs.key) +
           to_hex(ours.iv) + to_hex(theirs.iv);
  };
  EXPECT_EQ(joined(0xc013), block(Hash::sha256, 20 + 16));
  EXPECT_EQ(joined(0xc028), block(Hash::sha384, 48 + 32));
  EXPECT_EQ(joined(0x000a), block(Hash::sha256, 20 + 24));
  EXPECT_EQ(joined(0x0001), block(Hash::sha256, 16));
  EXPECT_EQ(joined(0xc02f), block(Hash::sha256, 16 + 4));
  EXPECT_EQ(joined(0xcca8), block(Hash::sha256, 32 + 12));
}

}  // namespace
}  // namespace assay
