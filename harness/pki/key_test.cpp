#include "harness/pki/key.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace assay {
namespace {

TEST(Key, is_made_in_every_kind_and_signs) {
  const Bytes message{1, 2, 3};
  for (const auto kind : {KeyKind::p256, KeyKind::p384, KeyKind::p521, KeyKind::ed25519,
                          KeyKind::ed448, KeyKind::rsa2048, KeyKind::rsa1024, KeyKind::rsa512,
                          KeyKind::rsa_exponent3, KeyKind::p224, KeyKind::p256_explicit}) {
    const Key key = Key::generate(kind);
    EXPECT_NE(key.family(), KeyFamily::none) << slug_of(kind);
    EXPECT_FALSE(key.sign(message, SignatureDigest::sha256).empty()) << slug_of(kind);
    EXPECT_EQ(key.key_id().size(), 20U) << slug_of(kind);
  }
}

TEST(Key, survives_a_trip_through_pem) {
  const Key key = Key::generate(KeyKind::p256);
  const std::string pem = key.to_pem();
  EXPECT_TRUE(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
  const Key back = Key::from_pem(pem);
  EXPECT_TRUE(back.same_public_key(key));
  EXPECT_EQ(back.public_der(), key.public_der());
  EXPECT_FALSE(Key::generate(KeyKind::p256).same_public_key(key));
}

TEST(Key, says_that_a_pem_holds_no_key) {
  EXPECT_THROW((void)Key::from_pem("no key here"), std::runtime_error);
  EXPECT_THROW((void)Key::from_pem(""), std::runtime_error);
  EXPECT_THROW((void)Key().to_pem(), std::runtime_error);
}

TEST(Key, spells_explicit_parameters_out) {
  EXPECT_GT(Key::generate(KeyKind::p256_explicit).public_der().size(),
            2 * Key::generate(KeyKind::p256).public_der().size());
}

TEST(KeyRing, makes_one_key_per_kind_and_label) {
  KeyRing ring;
  const Key first = ring.key(KeyKind::p256, "leaf");
  EXPECT_TRUE(ring.key(KeyKind::p256, "leaf").same_public_key(first));
  EXPECT_FALSE(ring.key(KeyKind::p256, "root").same_public_key(first));
  EXPECT_EQ(ring.key(KeyKind::ed25519, "leaf").family(), KeyFamily::ed25519);
}

}  // namespace
}  // namespace assay
