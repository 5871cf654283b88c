#include "harness/crypto/kdf.h"

#include "harness/base/hex.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace assay {
namespace {

Bytes octets_of(std::string_view hex) { return from_hex(hex).value(); }

TEST(Hmac, agrees_with_rfc4231_case_2) {
  EXPECT_EQ(to_hex(hmac(Hash::sha256, view_of("Jefe"), view_of("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(hmac(Hash::sha384, view_of("Jefe"), view_of("what do ya want for nothing?"))),
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
            "8e2240ca5e69e2c78b3239ecfab21649");
}

// RFC 2202 §3, case 2.
TEST(Hmac, agrees_with_rfc2202_for_sha1) {
  EXPECT_EQ(to_hex(hmac(Hash::sha1, view_of("Jefe"), view_of("what do ya want for nothing?"))),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
}

TEST(Hmac, takes_an_empty_key_and_an_empty_message) {
  EXPECT_EQ(to_hex(hmac(Hash::sha256, {}, {})),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Hkdf, agrees_with_rfc5869_case_1) {
  const Bytes prk =
      hkdf_extract(Hash::sha256, octets_of("000102030405060708090a0b0c"), Bytes(22, 0x0b));
  EXPECT_EQ(to_hex(prk), "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
  EXPECT_EQ(to_hex(hkdf_expand(Hash::sha256, prk, octets_of("f0f1f2f3f4f5f6f7f8f9"), 42)),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}

TEST(Hkdf, agrees_with_rfc5869_case_3_without_salt_and_info) {
  const Bytes prk = hkdf_extract(Hash::sha256, {}, Bytes(22, 0x0b));
  EXPECT_EQ(to_hex(prk), "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04");
  EXPECT_EQ(to_hex(hkdf_expand(Hash::sha256, prk, {}, 42)),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(Hkdf, gives_255_digests_and_no_more) {
  EXPECT_EQ(hkdf_expand(Hash::sha256, Bytes(32), {}, 255UL * 32).size(), 255UL * 32);
  EXPECT_THROW(static_cast<void>(hkdf_expand(Hash::sha256, Bytes(32), {}, 255 * 32 + 1)),
               std::length_error);
}

TEST(HkdfExpandLabel, agrees_with_rfc8448) {
  const Bytes early = hkdf_extract(Hash::sha256, Bytes(32), Bytes(32));
  EXPECT_EQ(to_hex(early), "33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a");
  const Bytes empty_hash =
      octets_of("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(hkdf_expand_label(Hash::sha256, early, "derived", empty_hash, 32)),
            "6f2615a108c702c5678f54fc9dbab69716c076189c48250cebeac3576c3611ba");
  const Bytes secret =
      octets_of("b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21");
  EXPECT_EQ(to_hex(hkdf_expand_label(Hash::sha256, secret, "key", {}, 16)),
            "dbfaa693d1762c5b666af5d950258d01");
  EXPECT_EQ(to_hex(hkdf_expand_label(Hash::sha256, secret, "iv", {}, 12)),
            "5bd3c71b836e0b76bb73265f");
}

// The vectors that the TLS working group's list knows: msg03416 of its archive.
TEST(Prf12, agrees_with_the_published_sha256_vector) {
  EXPECT_EQ(
      to_hex(prf12(Hash::sha256, octets_of("9bbe436ba940f017b17652849a71db35"), "test label",
                   octets_of("a0ba9f936cda311827a6f796ffd5198c"), 100)),
      "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e"
      "14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5"
      "a72e5a5110fff70187347b66");
}

TEST(Prf12, agrees_with_the_published_sha384_vector) {
  EXPECT_EQ(
      to_hex(prf12(Hash::sha384, octets_of("b80b733d6ceefcdc71566ea48e5567df"), "test label",
                   octets_of("cd665cf6a8447dd6ff8b27555edb7465"), 48)),
      "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82b123"
      "3c9146a0");
}

TEST(Pbkdf2, agrees_with_rfc7914_section_11) {
  EXPECT_EQ(to_hex(pbkdf2(Hash::sha256, view_of("passwd"), view_of("salt"), 1, 64)),
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
            "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783");
}

TEST(Pbkdf2, takes_an_empty_password_and_an_empty_salt) {
  EXPECT_EQ(pbkdf2(Hash::sha256, {}, {}, 1, 32).size(), 32U);
}

TEST(Digest, agrees_with_fips180) {
  EXPECT_EQ(to_hex(digest(Hash::sha256, view_of("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(digest(Hash::sha256, {})),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(digest(Hash::sha384, {}).size(), 48U);
  EXPECT_EQ(to_hex(digest(Hash::sha1, view_of("abc"))), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(to_hex(digest(Hash::sha512, view_of("abc"))),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

TEST(RunningDigest, tells_the_digest_of_what_has_come_so_far) {
  RunningDigest running(Hash::sha256);
  EXPECT_EQ(running.current(), digest(Hash::sha256, {}));
  running.update(view_of("a"));
  running.update({});
  EXPECT_EQ(running.current(), digest(Hash::sha256, view_of("a")));
  running.update(view_of("bc"));
  EXPECT_EQ(running.current(), digest(Hash::sha256, view_of("abc")));
  EXPECT_EQ(running.current(), digest(Hash::sha256, view_of("abc")));
}

TEST(RunningDigest, goes_two_ways_from_a_copy) {
  for (const Hash hash : {Hash::sha256, Hash::sha384, Hash::sha512, Hash::sha1, Hash::md5}) {
    RunningDigest one(hash);
    one.update(view_of("a"));
    RunningDigest other = one;
    one.update(view_of("b"));
    other.update(view_of("c"));
    EXPECT_EQ(one.current(), digest(hash, view_of("ab")));
    EXPECT_EQ(other.current(), digest(hash, view_of("ac")));
    other = one;
    EXPECT_EQ(other.current(), digest(hash, view_of("ab")));
    EXPECT_EQ(other.hash(), hash);
  }
}

TEST(Hmac, keeps_its_key_for_the_next_message) {
  const Hmac keyed(Hash::sha384, view_of("Jefe"));
  const Bytes first = hmac(Hash::sha384, view_of("Jefe"), view_of("first"));
  EXPECT_EQ(keyed.tag({view_of("fi"), {}, view_of("rst")}), first);
  EXPECT_EQ(keyed.tag({view_of("second")}), hmac(Hash::sha384, view_of("Jefe"), view_of("second")));
  Hmac copy(Hash::sha1, {});
  copy = keyed;
  EXPECT_EQ(copy.tag({view_of("first")}), first);
}

}  // namespace
}  // namespace assay
