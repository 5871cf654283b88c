// What a client offers, as a server that looks closely reads it.
#include "harness/engine/pair_fixture_test.h"
#include "harness/wire/hello.h"

#include <algorithm>

namespace assay::engine {
namespace {

ClientHello hello_of(const Config& config) {
  auto client = engine_of(config);
  client->start();
  const auto hello = decode<ClientHello>(client->exchange().messages.front().body());
  EXPECT_TRUE(hello) << hello.failed_field;
  return *hello;
}

TEST(Offer, greases_with_shares_of_groups_that_it_supports_and_no_type_twice) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Config config = client_config();
    config.grease = true;
    config.groups = {0x001d};
    config.seed = seed;
    const ClientHello hello = hello_of(config);
    EXPECT_FALSE(repeated_extension(hello.extensions)) << seed;
    const auto groups = decode<NumberList>(hello.find(extension::kSupportedGroups)->extension_data);
    const auto shares = decode<KeyShareList>(hello.find(extension::kKeyShare)->extension_data);
    ASSERT_EQ(shares->client_shares.size(), 2U);
    EXPECT_TRUE(is_grease(shares->client_shares.front().group));
    for (const KeyShareEntry& share : shares->client_shares) {
      EXPECT_NE(std::ranges::find(groups->values, share.group), groups->values.end()) << seed;
    }
  }
}

TEST(Offer, that_is_greased_is_taken_by_libssl_and_by_the_engine) {
  Config config = client_config();
  config.grease = true;
  EXPECT_TRUE(Pair(engine_of(config), oracle_of(oracle_server())).connected());
  EXPECT_TRUE(Pair(engine_of(config), engine_of(server_config())).connected());
}

}  // namespace
}  // namespace assay::engine
