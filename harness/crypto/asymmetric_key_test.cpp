#include "harness/crypto/asymmetric_key.h"

#include "harness/base/hex.h"
#include "harness/crypto/key_fixture_test.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace assay {
namespace {

TEST(PublicKey, is_taken_out_of_a_certificate) {
  const auto key = PublicKey::from_certificate(from_hex(kRfc8448Certificate).value());
  ASSERT_TRUE(key);
  EXPECT_EQ(key->algorithm(), KeyAlgorithm::rsa);
  EXPECT_EQ(key->modulus_size(), 128U);
  EXPECT_EQ(PublicKey::from_spki(key->to_spki())->to_spki(), key->to_spki());
}

TEST(PublicKey, knows_what_it_is) {
  const auto is = [](const char* kind, KeyAlgorithm algorithm, KeyCurve curve,
                     std::size_t modulus) {
    const PublicKey key = public_of(key_of(kind));
    return key.algorithm() == algorithm && key.curve() == curve && key.modulus_size() == modulus;
  };
  EXPECT_TRUE(is("RSA", KeyAlgorithm::rsa, KeyCurve::none, 256));
  EXPECT_TRUE(is("RSA-PSS", KeyAlgorithm::rsa_pss, KeyCurve::none, 256));
  EXPECT_TRUE(is("P-256", KeyAlgorithm::ec, KeyCurve::p256, 0));
  EXPECT_TRUE(is("P-384", KeyAlgorithm::ec, KeyCurve::p384, 0));
  EXPECT_TRUE(is("P-521", KeyAlgorithm::ec, KeyCurve::p521, 0));
  EXPECT_TRUE(is("P-224", KeyAlgorithm::ec, KeyCurve::other, 0));
  EXPECT_TRUE(is("ED25519", KeyAlgorithm::ed25519, KeyCurve::none, 0));
  EXPECT_TRUE(is("ED448", KeyAlgorithm::ed448, KeyCurve::none, 0));
  EXPECT_TRUE(is("X25519", KeyAlgorithm::other, KeyCurve::none, 0));
}

TEST(PublicKey, is_not_made_of_what_is_cut_short_lengthened_or_altered) {
  const Bytes spki = key_of("P-256").public_key().to_spki();
  const Bytes certificate = from_hex(kRfc8448Certificate).value();
  for (std::size_t size = 0; size < spki.size(); ++size) {
    EXPECT_FALSE(PublicKey::from_spki(View(spki).first(size))) << size;
  }
  for (std::size_t size = 0; size < certificate.size(); ++size) {
    EXPECT_FALSE(PublicKey::from_certificate(View(certificate).first(size))) << size;
  }
  Bytes longer = spki;
  longer.push_back(0);
  EXPECT_FALSE(PublicKey::from_spki(longer));
  Bytes off_the_curve = spki;
  off_the_curve.back() ^= 0x01;
  EXPECT_FALSE(PublicKey::from_spki(off_the_curve));
  EXPECT_TRUE(PublicKey::from_spki(spki)) << "nothing of the failures is left";
  EXPECT_TRUE(PublicKey::from_certificate(certificate));
  Bytes longer_certificate = certificate;
  longer_certificate.push_back(0);
  EXPECT_FALSE(PublicKey::from_certificate(longer_certificate));
  for (std::size_t i = 0; i < certificate.size(); ++i) {
    Bytes altered = certificate;
    altered[i] ^= 0x81;
    EXPECT_NO_THROW(static_cast<void>(PublicKey::from_certificate(altered))) << i;
  }
}

// RFC 5280 §4.1.2.1: version 1 is not written.
TEST(PublicKey, is_taken_out_of_a_certificate_of_version_1) {
  const Bytes spki = key_of("P-256").public_key().to_spki();
  Bytes fields = {0x02, 0x01, 0x01};                              // serialNumber
  for (int i = 0; i < 4; ++i) append(fields, Bytes{0x30, 0x00});  // signature to subject
  append(fields, spki);
  Bytes certificate = {0x30, static_cast<std::uint8_t>(fields.size() + 2), 0x30,
                       static_cast<std::uint8_t>(fields.size())};
  append(certificate, fields);
  const auto key = PublicKey::from_certificate(certificate);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->to_spki(), spki);
}

TEST(PrivateKey, is_pkcs8_or_nothing) {
  EXPECT_THROW(static_cast<void>(PrivateKey::from_pkcs8(Bytes(40, 0x30))), std::runtime_error);
  EXPECT_THROW(static_cast<void>(PrivateKey::from_pkcs8({})), std::runtime_error);
}

}  // namespace
}  // namespace assay
