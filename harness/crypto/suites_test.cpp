#include "harness/crypto/suites.h"

#include <gtest/gtest.h>

#include <set>

namespace assay {
namespace {

TEST(CipherSuites, are_listed_once_each) {
  std::set<std::uint16_t> values;
  for (const CipherSuite& suite : cipher_suites()) {
    EXPECT_TRUE(values.insert(suite.value).second) << suite.name;
    EXPECT_EQ(find_suite(suite.value), &suite);
  }
  EXPECT_EQ(find_suite(0xfafa), nullptr);
}

TEST(CipherSuites, divide_the_nonce_as_their_rfcs_say) {
  EXPECT_EQ(find_suite(0x1301)->fixed_iv_size(), 12U);
  EXPECT_EQ(find_suite(0xc02f)->fixed_iv_size(), 4U);
  EXPECT_EQ(find_suite(0xc02f)->explicit_nonce_size(), 8U);
  EXPECT_EQ(find_suite(0xcca8)->fixed_iv_size(), 12U);
  EXPECT_EQ(find_suite(0xcca8)->explicit_nonce_size(), 0U);
  EXPECT_EQ(find_suite(0xc0ae)->tag_size(), 8U);
  EXPECT_FALSE(find_suite(0x002f)->aead);
}

// Names contain what they stand for, so the columns can be held against them.
TEST(CipherSuites, have_columns_that_fit_their_names) {
  for (const CipherSuite& suite : cipher_suites()) {
    const auto says = [&](std::string_view word) { return suite.name.find(word) != npos; };
    EXPECT_EQ(suite.hash == Hash::sha384, says("SHA384")) << suite.name;
    EXPECT_EQ(!suite.aead, says("_CBC_")) << suite.name;
    EXPECT_EQ(suite.tls13, !says("_WITH_")) << suite.name;
    if (!suite.aead) continue;
    EXPECT_EQ(suite.key_size() == 16, says("_128_")) << suite.name;
    EXPECT_EQ(suite.tag_size() == 8, says("CCM_8")) << suite.name;
    EXPECT_EQ(*suite.aead == AeadAlgorithm::chacha20_poly1305, says("CHACHA20")) << suite.name;
  }
}

}  // namespace
}  // namespace assay
