#include "harness/crypto/finite_field.h"

#include "harness/base/hex.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <initializer_list>
#include <memory>
#include <utility>

namespace assay {
namespace {

Bytes octets_of(std::string_view hex) { return from_hex(hex).value(); }

/// 65537 and 3: a generator of all, and small enough to reckon with.
FiniteField small_field() { return {octets_of("010001"), {3}}; }

/// `octets` as a number, plus one.
Bytes incremented(Bytes octets) {
  for (std::size_t i = octets.size(); i > 0 && ++octets[i - 1] == 0; --i) {
  }
  return octets;
}

TEST(FiniteField, knows_the_groups_of_rfc7919) {
  for (const auto& [group, size] : std::initializer_list<std::pair<std::uint16_t, std::size_t>>{
           {0x0100, 256}, {0x0101, 384}, {0x0102, 512}}) {
    const FiniteField& field = *find_field(group);
    ASSERT_EQ(field.p.size(), size);
    EXPECT_EQ(field.g, Bytes{2});
    // RFC 7919 §A: 64 ones at either end, and between them the digits of e.
    EXPECT_EQ(to_hex(View(field.p).first(16)), "ffffffffffffffffadf85458a2bb4a9a");
    EXPECT_EQ(to_hex(View(field.p).last(8)), "ffffffffffffffff");
  }
  EXPECT_EQ(find_field(0x00ff), nullptr);
  EXPECT_EQ(find_field(0x0103), nullptr);
  EXPECT_EQ(find_field(0x001d), nullptr);
}

TEST(FiniteField, agrees_both_ways) {
  for (const std::uint16_t group : std::initializer_list<std::uint16_t>{0x0100, 0x0101, 0x0102}) {
    const auto one = FiniteFieldKey::generate(*find_field(group)).value();
    const auto other = FiniteFieldKey::generate(*find_field(group)).value();
    EXPECT_NE(bytes_of(one.share()), bytes_of(other.share()));
    const auto secret = one.agree_padded(other.share());
    ASSERT_TRUE(secret);
    EXPECT_EQ(secret->size(), find_field(group)->p.size());
    EXPECT_EQ(other.agree_padded(one.share()), secret);
    EXPECT_EQ(one.agree_stripped(other.share()), other.agree_stripped(one.share()));
  }
}

TEST(FiniteField, agrees_with_the_dh_of_libcrypto) {
  using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
  using Context = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;
  const Context generator(EVP_PKEY_CTX_new_from_name(nullptr, "DH", nullptr), &EVP_PKEY_CTX_free);
  ASSERT_EQ(EVP_PKEY_keygen_init(generator.get()), 1);
  ASSERT_EQ(EVP_PKEY_CTX_set_group_name(generator.get(), "ffdhe2048"), 1);
  EVP_PKEY* made = nullptr;
  ASSERT_EQ(EVP_PKEY_generate(generator.get(), &made), 1);
  const Key theirs(made, &EVP_PKEY_free);
  unsigned char* encoded = nullptr;
  const std::size_t encoded_size = EVP_PKEY_get1_encoded_public_key(made, &encoded);
  const Bytes their_share(encoded, encoded + encoded_size);
  OPENSSL_free(encoded);

  const auto ours = FiniteFieldKey::generate(*find_field(0x0100)).value();
  const Key our_public(EVP_PKEY_dup(made), &EVP_PKEY_free);
  ASSERT_EQ(
      EVP_PKEY_set1_encoded_public_key(our_public.get(), ours.share().data(), ours.share().size()),
      1);
  const Context derivation(EVP_PKEY_CTX_new_from_pkey(nullptr, made, nullptr), &EVP_PKEY_CTX_free);
  ASSERT_EQ(EVP_PKEY_derive_init(derivation.get()), 1);
  ASSERT_EQ(EVP_PKEY_derive_set_peer(derivation.get(), our_public.get()), 1);
  Bytes secret(256);
  std::size_t size = secret.size();
  ASSERT_EQ(EVP_PKEY_derive(derivation.get(), secret.data(), &size), 1);
  secret.resize(size);  // stripped, unless one asks for the other
  EXPECT_EQ(ours.agree_stripped(their_share), secret);
}

// 2^3 is 8, of which p is two octets longer.
TEST(FiniteField, pads_the_secret_for_tls13_and_strips_it_for_tls12) {
  const auto small = FiniteFieldKey::of_private(small_field(), Bytes{3}).value();
  EXPECT_EQ(small.agree_padded(Bytes{2}), octets_of("000008"));
  EXPECT_EQ(small.agree_stripped(Bytes{2}), octets_of("08"));

  const auto large = FiniteFieldKey::of_private(*find_field(0x0100), Bytes{15}).value();
  Bytes padded(256);
  padded[254] = 0x80;
  EXPECT_EQ(large.agree_padded(Bytes{2}), padded);
  EXPECT_EQ(large.agree_stripped(Bytes{2}), octets_of("8000"));
}

TEST(FiniteField, pads_its_own_share) {
  const auto key = FiniteFieldKey::of_private(small_field(), Bytes{2}).value();
  EXPECT_EQ(to_hex(key.share()), "000009");
}

// RFC 7919 §5.1: 1 < Y < p - 1.
TEST(FiniteField, refuses_a_value_out_of_its_range) {
  const auto key = FiniteFieldKey::generate(small_field()).value();
  for (const std::string_view hex :
       {"", "00", "01", "000001", "010000", "010001", "010002", "ffffff", "01000002"}) {
    EXPECT_FALSE(key.agree_padded(octets_of(hex))) << hex;
    EXPECT_FALSE(key.agree_stripped(octets_of(hex))) << hex;
  }
  for (const std::string_view hex : {"02", "000002", "00ffff", "ffff"}) {
    EXPECT_TRUE(key.agree_padded(octets_of(hex))) << hex;
  }
  EXPECT_FALSE(key.agree_padded(Bytes(0x10000, 1)));
}

TEST(FiniteField, reckons_with_whatever_a_bad_server_sends) {
  Bytes composite(64, 0xff);  // 2^512 - 1 has many factors
  Bytes even(64, 0xff);
  even.back() = 0xfe;
  for (const FiniteField& field :
       {FiniteField{{5}, {2}}, FiniteField{{6}, {5}}, FiniteField{composite, {2}},
        FiniteField{even, {3}}, FiniteField{octets_of("0000010001"), {3}},
        FiniteField{{23}, octets_of("ffff")}, FiniteField{Bytes(64, 0x81), Bytes(100, 7)}}) {
    const auto one = FiniteFieldKey::generate(field);
    const auto other = FiniteFieldKey::generate(field);
    ASSERT_TRUE(one && other) << to_hex(field.p);
    // In the smallest of them, shares may be out of range.
    const auto secret = one->agree_padded(other->share());
    const auto same = other->agree_padded(one->share());
    if (secret && same) {
      EXPECT_EQ(*secret, *same) << to_hex(field.p);
    }
  }
}

TEST(FiniteField, takes_generators_that_generate_nothing) {
  for (const Bytes& g : {Bytes{}, Bytes{0}, Bytes{1}}) {
    const auto key = FiniteFieldKey::generate({octets_of("010001"), g});
    ASSERT_TRUE(key);
    EXPECT_LE(key->share()[2], 1);
  }
}

TEST(FiniteField, strips_a_secret_of_nothing_to_nothing) {
  // 2^9 modulo 2^8: only where p is no prime.
  const auto key = FiniteFieldKey::of_private({octets_of("0100"), {3}}, Bytes{9}).value();
  EXPECT_EQ(key.agree_padded(Bytes{2}), octets_of("0000"));
  EXPECT_EQ(key.agree_stripped(Bytes{2}), Bytes{});
}

TEST(FiniteField, has_no_key_where_there_is_no_room_or_no_end) {
  for (const Bytes& p : {Bytes{}, Bytes{0}, Bytes{1}, Bytes{2}, Bytes{3}, Bytes{4}}) {
    EXPECT_FALSE(FiniteFieldKey::generate({p, {2}})) << to_hex(p);
    EXPECT_FALSE(FiniteFieldKey::of_private({p, {2}}, Bytes{2})) << to_hex(p);
  }
  Bytes long_modulus(2049);
  long_modulus.back() = 0x61;
  EXPECT_TRUE(FiniteFieldKey::generate({long_modulus, {2}}));  // zeros are no length
  long_modulus.front() = 1;
  EXPECT_FALSE(FiniteFieldKey::generate({long_modulus, {2}}));
  EXPECT_FALSE(FiniteFieldKey::generate({Bytes(0xffff, 0xff), {2}}));
  EXPECT_FALSE(FiniteFieldKey::of_private(small_field(), Bytes(2049, 1)));
}

TEST(FiniteField, computes_a_secret_of_any_value_where_nobody_looks) {
  const auto key = FiniteFieldKey::of_private(small_field(), Bytes{5});
  EXPECT_EQ(key->agree_unchecked(Bytes{0}), Bytes{});
  EXPECT_EQ(key->agree_unchecked(Bytes{1}), Bytes{1});
  EXPECT_EQ(key->agree_unchecked(octets_of("010000")), octets_of("010000"));
  EXPECT_EQ(key->agree_unchecked(octets_of("010002")), Bytes{1});
  EXPECT_EQ(key->agree_unchecked(Bytes{7}), *key->agree_stripped(Bytes{7}));
}

TEST(FiniteField, tells_primes_that_are_safe) {
  EXPECT_EQ(kind_of_modulus(find_field(0x0100)->p), Modulus::safe_prime);
  EXPECT_EQ(kind_of_modulus(small_field().p), Modulus::prime);
  EXPECT_EQ(kind_of_modulus(octets_of("010005")), Modulus::composite);
  EXPECT_EQ(kind_of_modulus(incremented(find_field(0x0100)->p)), Modulus::composite);
  EXPECT_EQ(kind_of_modulus({}), Modulus::composite);
}

TEST(FiniteField, draws_every_exponent_that_a_small_field_has) {
  // In the field of 7 with 3, exponents 2 to 5 give 2, 6, 4 and 5.
  bool seen[7] = {};
  for (int i = 0; i < 400; ++i) {
    seen[FiniteFieldKey::generate({{7}, {3}}).value().share()[0]] = true;
  }
  EXPECT_TRUE(seen[2] && seen[4] && seen[5] && seen[6]);
  EXPECT_FALSE(seen[0] || seen[1] || seen[3]);
}

TEST(FiniteField, counts_p_as_out_of_range_in_the_groups_too) {
  const FiniteField& field = *find_field(0x0100);
  const auto key = FiniteFieldKey::generate(field).value();
  Bytes below = field.p;
  below.back() = 0xfe;
  Bytes in_range = field.p;
  in_range.back() = 0xfd;
  EXPECT_TRUE(key.agree_padded(in_range));
  EXPECT_FALSE(key.agree_padded(below));
  EXPECT_FALSE(key.agree_padded(field.p));
  EXPECT_FALSE(key.agree_padded(incremented(field.p)));
}

}  // namespace
}  // namespace assay
