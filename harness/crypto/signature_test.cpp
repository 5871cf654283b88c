#include "harness/crypto/signature.h"

#include "harness/base/hex.h"
#include "harness/crypto/key_fixture_test.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace assay {
namespace {

Bytes octets_of(std::string_view hex) { return from_hex(hex).value(); }

/// A kind of key that the scheme is for.
std::string kind_for(const SignatureScheme& scheme) {
  switch (scheme.key) {
    case KeyAlgorithm::rsa:
      return "RSA";
    case KeyAlgorithm::rsa_pss:
      return "RSA-PSS";
    case KeyAlgorithm::ed25519:
      return "ED25519";
    case KeyAlgorithm::ed448:
      return "ED448";
    case KeyAlgorithm::dsa:
      return "DSA";
    default:
      break;
  }
  if (scheme.curve == KeyCurve::p384) return "P-384";
  return scheme.curve == KeyCurve::p521 ? "P-521" : "P-256";
}

// RFC 8448 §3: what was said before CertificateVerify, but for the certificate.
constexpr std::string_view kHellosAndExtensions =
    "010000c00303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7000006130113031302"
    "0100"
    "00910000000b0009000006736572766572ff01000100000a00140012001d0017001800190100010101020103010400"
    "2300"
    "00003300260024001d002099381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c002b0003"
    "0203"
    "04000d0020001e040305030603020308040805080604010501060102010402050206020202002d00020101001c0002"
    "4001"
    "020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e003300"
    "2400"
    "1d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304"
    "080000240022000a00140012001d00170018001901000101010201030104001c0002400100000000";
constexpr std::string_view kRfc8448Signature =
    "5a747c5d88fa9bd2e55ab085a61015b7211f824cd484145ab3ff52f1fda8477b0b7abc90db78e2d33a5c141a078653"
    "fa"
    "6bef780c5ea248eeaaa785c4f394cab6d30bbe8d4859ee511f602957b15411ac027671459e46445c9ea58c181e818e"
    "95"
    "b8c3fb0bf3278409d3be152a3da5043e063dda65cdf5aea20d53dfacd42f74f3";

TEST(Signature, agrees_with_the_published_trace) {
  const Bytes certificate = octets_of(kRfc8448Certificate);
  RunningDigest transcript(Hash::sha256);
  transcript.update(octets_of(kHellosAndExtensions));
  // The Certificate message around it: one entry, no context, no extensions.
  transcript.update(octets_of("0b0001b9000001b50001b0"));
  transcript.update(certificate);
  transcript.update(Bytes(2));
  // RFC 8446 §4.4.3.
  Bytes content(64, 0x20);
  append(content, "TLS 1.3, server CertificateVerify");
  content.push_back(0);
  append(content, transcript.current());
  const PublicKey key = PublicKey::from_certificate(certificate).value();
  Bytes signature = octets_of(kRfc8448Signature);
  EXPECT_EQ(verify(0x0804, key, content, signature, EcdsaCurve::of_scheme), Verified::good);
  EXPECT_EQ(verify(0x0805, key, content, signature, EcdsaCurve::of_scheme), Verified::bad);
  // 1024 bits have no room for two digests of 64 octets.
  EXPECT_EQ(verify(0x0806, key, content, signature, EcdsaCurve::of_scheme), Verified::key_unfit);
  signature[5] ^= 0x01;
  EXPECT_EQ(verify(0x0804, key, content, signature, EcdsaCurve::of_scheme), Verified::bad);
}

// RFC 8032 §7.1, TEST 2, and §7.4, blank. In front of each key: PKCS#8 as RFC 8410 §7 has it.
TEST(Signature, agrees_with_rfc8032) {
  const PrivateKey small = PrivateKey::from_pkcs8(
      octets_of("302e020100300506032b657004220420"
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  const Bytes signature = sign(0x0807, small, Bytes{0x72}).value();
  EXPECT_EQ(to_hex(signature),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  EXPECT_EQ(verify(0x0807, public_of(small), Bytes{0x72}, signature, EcdsaCurve::of_scheme),
            Verified::good);
  const PrivateKey large =
      PrivateKey::from_pkcs8(octets_of("3047020100300506032b6571043b0439"
                                       "6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6"
                                       "e348a3528c8a3fcc2f044e39a3fc5b94492f8f032e7549a20098f95b"));
  EXPECT_EQ(to_hex(sign(0x0808, large, {}).value()),
            "533a37f6bbe457251f023c0d88f976ae2dfb504a843e34d2074fd823d41a591f"
            "2b233f034f628281f2fd7a22ddd47d7828c59bd0a21bfd3980ff0d2028d4b18a"
            "9df63e006c5d1c2d345b925d8dc00b4104852db99ac5c7cdda8530a113a0f4db"
            "b61149f05a7363268c71d95808ff2e652600");
}

TEST(Signature, verifies_what_it_signed_and_nothing_altered) {
  const Bytes message = bytes_of("what is signed");
  for (const SignatureScheme& scheme : signature_schemes()) {
    const PrivateKey& key = key_of(kind_for(scheme));
    const PublicKey peer = public_of(key);
    auto signature = sign(scheme.value, key, message);
    ASSERT_TRUE(signature) << scheme.name;
    const auto verified = [&](View text) {
      return verify(scheme.value, peer, text, *signature, EcdsaCurve::of_scheme);
    };
    EXPECT_EQ(verified(message), Verified::good) << scheme.name;
    EXPECT_EQ(verified(view_of("what is not")), Verified::bad) << scheme.name;
    signature->at(signature->size() / 2) ^= 0x04;
    EXPECT_EQ(verified(message), Verified::bad) << scheme.name;
    signature->clear();
    EXPECT_EQ(verified(message), Verified::bad) << scheme.name;
  }
}

TEST(Signature, tells_another_key_and_another_scheme_apart) {
  const Bytes message = bytes_of("what is signed");
  for (const SignatureScheme& scheme : signature_schemes()) {
    const auto signature = sign(scheme.value, key_of(kind_for(scheme)), message).value();
    const PublicKey peer = public_of(key_of(kind_for(scheme)));
    for (const SignatureScheme& other : signature_schemes()) {
      if (other.value == scheme.value) continue;
      const bool fit = fits(other, peer, EcdsaCurve::any);
      EXPECT_EQ(verify(other.value, peer, message, signature, EcdsaCurve::any),
                fit ? Verified::bad : Verified::key_unfit)
          << scheme.name << " as " << other.name;
      EXPECT_EQ(sign(other.value, key_of(kind_for(scheme)), message).has_value(), fit);
    }
  }
  const PublicKey stranger = PrivateKey::from_pkcs8(fresh_pkcs8("P-256")).public_key();
  const auto signature = sign(0x0403, key_of("P-256"), message).value();
  EXPECT_EQ(verify(0x0403, stranger, message, signature, EcdsaCurve::of_scheme), Verified::bad);
}

// RFC 8446 §4.2.3.
TEST(Signature, is_bound_to_the_curve_in_tls13_and_not_in_tls12) {
  const Bytes message = bytes_of("what is signed");
  const PublicKey peer = public_of(key_of("P-384"));
  const auto signature = sign(0x0403, key_of("P-384"), message);
  ASSERT_TRUE(signature);
  EXPECT_EQ(verify(0x0403, peer, message, *signature, EcdsaCurve::any), Verified::good);
  EXPECT_EQ(verify(0x0403, peer, message, *signature, EcdsaCurve::of_scheme), Verified::key_unfit);
}

TEST(Signature, refuses_a_salt_that_is_not_as_long_as_the_digest) {
  const Bytes message = bytes_of("what is signed");
  const PrivateKey& key = key_of("RSA");
  for (const int salt : {0, 20, 31, 32, 33}) {
    const crypto::OwnedDigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* operation = nullptr;
    ASSERT_EQ(EVP_DigestSignInit_ex(context.get(), &operation, "SHA256", nullptr, nullptr,
                                    key.handle(), nullptr),
              1);
    ASSERT_EQ(EVP_PKEY_CTX_set_rsa_padding(operation, RSA_PKCS1_PSS_PADDING), 1);
    ASSERT_EQ(EVP_PKEY_CTX_set_rsa_pss_saltlen(operation, salt), 1);
    Bytes signature(256);
    std::size_t size = signature.size();
    ASSERT_EQ(
        EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()), 1);
    EXPECT_EQ(verify(0x0804, public_of(key), message, signature, EcdsaCurve::of_scheme),
              salt == 32 ? Verified::good : Verified::bad)
        << salt;
  }
}

TEST(Signature, knows_no_scheme_that_is_not_in_the_table) {
  std::set<std::uint16_t> values;
  for (const SignatureScheme& scheme : signature_schemes()) {
    EXPECT_TRUE(values.insert(scheme.value).second) << scheme.name;
    EXPECT_EQ(find_signature_scheme(scheme.value), &scheme);
  }
  EXPECT_EQ(find_signature_scheme(0xfafa), nullptr);
  EXPECT_FALSE(sign(0xfafa, key_of("P-256"), {}));
  EXPECT_EQ(verify(0xfafa, public_of(key_of("P-256")), {}, {}, EcdsaCurve::any),
            Verified::key_unfit);
}

// RFC 8446 §4.2.3: not PKCS#1, not SHA-1, not DSA.
TEST(Signature, knows_what_tls13_takes_for_certificate_verify) {
  for (const SignatureScheme& scheme : signature_schemes()) {
    const bool old = scheme.kind == SignatureKind::pkcs1 || scheme.kind == SignatureKind::dsa ||
                     scheme.hash == Hash::sha1 || scheme.hash == Hash::md5;
    EXPECT_EQ(scheme.certificate_verify13, !old) << scheme.name;
  }
}

}  // namespace
}  // namespace assay
