#include "harness/crypto/suites.h"

#include <gtest/gtest.h>

#include <array>
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
    EXPECT_EQ(suite.tls13, !says("_WITH_")) << suite.name;
    EXPECT_EQ(suite.aead.has_value(), suite.bulk == BulkCipher::aead) << suite.name;
    EXPECT_NE(suite.aead.has_value(), suite.mac.has_value()) << suite.name;
    EXPECT_EQ(suite.export_grade, says("_EXPORT_")) << suite.name;
    if (!suite.aead) continue;
    EXPECT_EQ(suite.key_size() == 16, says("_128_")) << suite.name;
    EXPECT_EQ(suite.tag_size() == 8, says("CCM_8")) << suite.name;
    EXPECT_EQ(*suite.aead == AeadAlgorithm::chacha20_poly1305, says("CHACHA20")) << suite.name;
  }
}

TEST(CipherSuites, agree_on_keys_and_authenticate_as_their_names_say) {
  for (const CipherSuite& suite : cipher_suites()) {
    const auto begins = [&](std::string_view word) { return suite.name.starts_with(word); };
    const auto says = [&](std::string_view word) { return suite.name.find(word) != npos; };
    using enum KeyExchangeKind;
    EXPECT_EQ(suite.key_exchange == tls13, suite.tls13) << suite.name;
    EXPECT_EQ(suite.key_exchange == rsa, begins("TLS_RSA_")) << suite.name;
    EXPECT_EQ(suite.key_exchange == dhe, begins("TLS_DHE_")) << suite.name;
    EXPECT_EQ(suite.key_exchange == ecdhe, begins("TLS_ECDHE_")) << suite.name;
    EXPECT_EQ(suite.key_exchange == dh_anon, begins("TLS_DH_anon_")) << suite.name;
    EXPECT_EQ(suite.key_exchange == ecdh_anon, begins("TLS_ECDH_anon_")) << suite.name;
    EXPECT_EQ(suite.authentication == Authentication::tls13, suite.tls13) << suite.name;
    EXPECT_EQ(suite.authentication == Authentication::none, says("_anon_")) << suite.name;
    EXPECT_EQ(suite.authentication == Authentication::rsa, says("_RSA_")) << suite.name;
    EXPECT_EQ(suite.authentication == Authentication::ecdsa, says("_ECDSA_")) << suite.name;
    EXPECT_EQ(suite.authentication == Authentication::dss, says("_DSS_")) << suite.name;
  }
}

TEST(CipherSuites, protect_records_as_their_names_say) {
  for (const CipherSuite& suite : cipher_suites()) {
    if (suite.aead) continue;
    const auto says = [&](std::string_view word) { return suite.name.find(word) != npos; };
    const auto ends = [&](std::string_view word) { return suite.name.ends_with(word); };
    using enum BulkCipher;
    EXPECT_EQ(suite.bulk == null, says("_NULL_")) << suite.name;
    EXPECT_EQ(suite.bulk == aes_128_cbc, says("_AES_128_CBC_")) << suite.name;
    EXPECT_EQ(suite.bulk == aes_256_cbc, says("_AES_256_CBC_")) << suite.name;
    EXPECT_EQ(suite.bulk == triple_des_cbc, says("_3DES_EDE_CBC_")) << suite.name;
    EXPECT_EQ(suite.bulk == des_cbc, says("_DES_CBC_")) << suite.name;
    EXPECT_EQ(suite.bulk == rc4_128, says("_RC4_128_")) << suite.name;
    EXPECT_EQ(suite.bulk == rc4_40, says("_RC4_40_")) << suite.name;
    EXPECT_EQ(suite.bulk == rc2_40_cbc, says("_RC2_CBC_40_")) << suite.name;
    EXPECT_EQ(suite.bulk == des40_cbc, says("_DES40_CBC_")) << suite.name;
    EXPECT_EQ(suite.block_size() != 0, says("_CBC_")) << suite.name;
    EXPECT_EQ(suite.mac == Hash::md5, ends("_MD5")) << suite.name;
    EXPECT_EQ(suite.mac == Hash::sha1, ends("_SHA")) << suite.name;
    EXPECT_EQ(suite.mac == Hash::sha256, ends("_SHA256")) << suite.name;
    EXPECT_EQ(suite.mac == Hash::sha384, ends("_SHA384")) << suite.name;
  }
}

// RFC 5246 §C.
TEST(CipherSuites, know_the_sizes_of_keys_blocks_and_macs) {
  const auto sizes = [](std::uint16_t value) {
    const CipherSuite& suite = *find_suite(value);
    return std::array{suite.key_size(), suite.block_size(), suite.mac_size()};
  };
  EXPECT_EQ(sizes(0x000a), (std::array<std::size_t, 3>{24, 8, 20}));
  EXPECT_EQ(sizes(0x002f), (std::array<std::size_t, 3>{16, 16, 20}));
  EXPECT_EQ(sizes(0xc028), (std::array<std::size_t, 3>{32, 16, 48}));
  EXPECT_EQ(sizes(0x0001), (std::array<std::size_t, 3>{0, 0, 16}));
  EXPECT_EQ(sizes(0x0005), (std::array<std::size_t, 3>{16, 0, 20}));
  EXPECT_EQ(sizes(0x1301), (std::array<std::size_t, 3>{16, 0, 0}));
}

}  // namespace
}  // namespace assay
