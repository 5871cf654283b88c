#include "harness/crypto/key_exchange.h"

#include "harness/base/hex.h"
#include "harness/crypto/finite_field.h"
#include "harness/crypto/mlkem.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>

namespace assay {
namespace {

constexpr std::uint16_t kSecp256r1 = 0x0017;
constexpr std::uint16_t kX25519 = 0x001d;
constexpr std::uint16_t kX448 = 0x001e;
constexpr std::uint16_t kX25519MlKem768 = 0x11ec;

Bytes octets_of(std::string_view hex) { return from_hex(hex).value(); }

struct Vector {
  std::uint16_t group;
  std::string_view private_one;
  std::string_view share_one;  // empty: not published here
  std::string_view private_other;
  std::string_view share_other;
  std::string_view secret;
};

constexpr Vector kVectors[] = {
    // RFC 7748 §6.1
    {kX25519, "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
     "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
     "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
     "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
     "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"},
    // RFC 7748 §6.2
    {kX448,
     "9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28dd9c9baf574a9419744897391006382a6f127"
     "ab1d9ac2d8c0a598726b",
     "9b08f7cc31b7e3e67d22d5aea121074a273bd2b83de09c63faa73d2c22c5d9bbc836647241d953d40c5b12da8812"
     "0d53177f80e532c41fa0",
     "1c306a7ac2a0e2e0990b294470cba339e6453772b075811d8fad0d1d6927c120bb5ee8972b0d3e21374c9c921b09"
     "d1b0366f10b65173992d",
     "3eb7a829b0cd20f5bcfc0b599b6feccf6da4627107bdb0d4f345b43027d8b972fc3e34fb4232a13ca706dcb57aec"
     "3dae07bdc1c67bf33609",
     "07fff4181ac6cc95ec1c16a94a0f74d12da232ce40a77552281d282bb60c0b56fd2464c335543936521c24403085"
     "d59a449a5037514a879d"},
    // RFC 8448 §3: client and server of the simple handshake
    {kX25519, "49af42ba7f7994852d713ef2784bcbcaa7911de26adc5642cb634540e7ea5005",
     "99381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c",
     "b1580eeadf6dd589b8ef4f2d5652578cc810e9980191ec8d058308cea216a21e",
     "c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f",
     "8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d"},
    // RFC 5903 §8.1
    {kSecp256r1, "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433",
     "04dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c37725811805271a0461cdb8252d61f1c456f"
     "a3e59ab1f45b33accf5f58389e0577b8990bb3",
     "c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53",
     "04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf6356fbf3ca366cc23e8157854c13"
     "c58d6aac23f046ada30f8353e74f33039872ab",
     "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de"},
    // RFC 5903 §8.2
    {0x0018,
     "099f3c7034d4a2c699884d73a375a67f7624ef7c6b3c0f160647b67414dce655e35b538041e649ee3faef896783a"
     "b194",
     "04667842d7d180ac2cde6f74f37551f55755c7645c20ef73e31634fe72b4c55ee6de3ac808acb4bdb4c88732aee9"
     "5f41aa9482ed1fc0eeb9cafc4984625ccfc23f65032149e0e144ada024181535a0f38eeb9fcff3c2c947dae69b4c"
     "634573a81c",
     "41cb0779b4bdb85d47846725fbec3c9430fab46cc8dc5060855cc9bda0aa2942e0308312916b8ed2960e4bd55a74"
     "48fc",
     "04e558dbef53eecde3d3fccfc1aea08a89a987475d12fd950d83cfa41732bc509d0d1ac43a0336def96fda41d077"
     "4a3571dcfbec7aacf3196472169e838430367f66eebe3c6e70c416dd5f0c68759dd1fff83fa40142209dff5eaad9"
     "6db9e6386c",
     "11187331c279962d93d604243fd592cb9d0a926f422e47187521287e7156c5c4d603135569b9e9d09cf5d4a270f5"
     "9746"},
    // RFC 5903 §8.3
    {0x0019,
     "0037ade9319a89f4dabdb3ef411aaccca5123c61acab57b5393dce47608172a095aa85a30fe1c2952c6771d937ba"
     "9777f5957b2639bab072462f68c27a57382d4a52",
     "",
     "0145ba99a847af43793fdd0e872e7cdfa16be30fdc780f97bccc3f078380201e9c677d600b343757a3bdbf2a3163"
     "e4c2f869cca7458aa4a4effc311f5cb151685eb9",
     "",
     "01144c7d79ae6956bc8edb8e7c787c4521cb086fa64407f97894e5e6b2d79b04d1427e73ca4baa240a347868598"
     "10c06b3c715a3a8cc3151f2bee417996d19f3ddea"},
};

TEST(KeyShare, agrees_with_the_vectors_of_the_rfcs) {
  for (const Vector& vector : kVectors) {
    const auto one = KeyShare::of_private(vector.group, octets_of(vector.private_one)).value();
    const auto other = KeyShare::of_private(vector.group, octets_of(vector.private_other)).value();
    if (!vector.share_one.empty()) {
      EXPECT_EQ(to_hex(one.share()), vector.share_one);
      EXPECT_EQ(to_hex(other.share()), vector.share_other);
    }
    EXPECT_EQ(one.agree(other.share()), octets_of(vector.secret)) << vector.group;
    EXPECT_EQ(other.agree(one.share()), octets_of(vector.secret)) << vector.group;
  }
}

TEST(KeyShare, agrees_with_the_answer_in_every_group) {
  for (const NamedGroup& group : named_groups()) {
    const auto client = KeyShare::generate(group.value).value();
    EXPECT_EQ(client.share().size(), group.client_share_size) << group.name;
    const auto answer = answer_share(group.value, client.share());
    ASSERT_TRUE(answer) << group.name;
    EXPECT_EQ(answer->share.size(), group.server_share_size) << group.name;
    EXPECT_EQ(client.agree(answer->share), answer->secret) << group.name;
  }
}

// TLS 1.2, where the server's share comes first.
TEST(KeyShare, agrees_with_another_key_share) {
  for (const NamedGroup& group : named_groups()) {
    if (group.value == kX25519MlKem768) continue;
    const auto one = KeyShare::generate(group.value).value();
    const auto other = KeyShare::generate(group.value).value();
    EXPECT_NE(bytes_of(one.share()), bytes_of(other.share())) << group.name;
    const auto secret = one.agree(other.share());
    ASSERT_TRUE(secret) << group.name;
    EXPECT_EQ(other.agree(one.share()), secret) << group.name;
  }
}

TEST(KeyShare, may_be_moved) {
  auto one = KeyShare::generate(kX25519).value();
  const Bytes share = bytes_of(one.share());
  const KeyShare other = std::move(one);
  EXPECT_EQ(bytes_of(other.share()), share);
}

TEST(KeyShare, refuses_shares_of_another_size) {
  for (const NamedGroup& group : named_groups()) {
    const auto client = KeyShare::generate(group.value).value();
    const auto answer = answer_share(group.value, client.share()).value();
    Bytes share = answer.share;
    share.pop_back();
    EXPECT_FALSE(client.agree(share)) << group.name;
    share = answer.share;
    share.push_back(0);
    EXPECT_FALSE(client.agree(share)) << group.name;
    share = answer.share;
    share.insert(share.begin(), 0);
    EXPECT_FALSE(client.agree(share)) << group.name;
    EXPECT_FALSE(client.agree({})) << group.name;

    share = bytes_of(client.share());
    share.pop_back();
    EXPECT_FALSE(answer_share(group.value, share)) << group.name;
    share.resize(share.size() + 2);
    EXPECT_FALSE(answer_share(group.value, share)) << group.name;
    EXPECT_FALSE(answer_share(group.value, {})) << group.name;
  }
}

// RFC 7748 §7: the points of small order, and what else has one of these coordinates.
TEST(KeyShare, refuses_a_point_of_low_order) {
  const std::string ones(60, 'f');
  const auto x25519 = KeyShare::generate(kX25519).value();
  for (const std::string& hex :
       {std::string(64, '0'), "01" + std::string(62, '0'),
        std::string("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
        std::string("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
        "ec" + ones + "7f", "ed" + ones + "7f", "ee" + ones + "7f", "ec" + ones + "ff"}) {
    EXPECT_FALSE(x25519.agree(octets_of(hex))) << hex;
    EXPECT_FALSE(answer_share(kX25519, octets_of(hex))) << hex;
  }
  // 0, 1, -1, and 0 and 1 once more with p added.
  const auto x448 = KeyShare::generate(kX448).value();
  for (const std::string_view hex :
       {"0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        "000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        "000000000000000000000000",
        "fefffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffffffffffffffffffffffffff"
        "ffffffffffffffffffffffff",
        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffffffffffffffffffffffffff"
        "ffffffffffffffffffffffff",
        "00000000000000000000000000000000000000000000000000000000ffffffffffffffffffffffffffffffff"
        "ffffffffffffffffffffffff"}) {
    ASSERT_EQ(hex.size(), 112U);
    EXPECT_FALSE(x448.agree(octets_of(hex))) << hex;
  }
}

// RFC 7748 §5: the highest bit of a coordinate of X25519 does not count.
TEST(KeyShare, looks_past_the_highest_bit_of_x25519) {
  const auto one = KeyShare::generate(kX25519).value();
  Bytes share = bytes_of(KeyShare::generate(kX25519).value().share());
  const auto secret = one.agree(share);
  share.back() ^= 0x80;
  EXPECT_EQ(one.agree(share), secret);
}

TEST(KeyShare, refuses_a_point_off_the_curve) {
  for (const std::uint16_t group : std::initializer_list<std::uint16_t>{0x0017, 0x0018, 0x0019}) {
    const auto one = KeyShare::generate(group).value();
    Bytes share = bytes_of(KeyShare::generate(group).value().share());
    ASSERT_TRUE(one.agree(share));
    share.back() ^= 1;
    EXPECT_FALSE(one.agree(share)) << group;
    EXPECT_FALSE(answer_share(group, share)) << group;
    std::fill(share.begin() + 1, share.end(), std::uint8_t{0});
    EXPECT_FALSE(one.agree(share)) << group;
    std::fill(share.begin() + 1, share.end(), std::uint8_t{0xff});
    EXPECT_FALSE(one.agree(share)) << group;
  }
}

// RFC 8446 §4.2.8.2: one form only. 2 and 3 are the compressed ones, 6 and 7 the hybrid ones of
// X9.62, 0 is the point at infinity.
TEST(KeyShare, refuses_a_point_in_another_form) {
  for (const std::uint16_t group : std::initializer_list<std::uint16_t>{0x0017, 0x0018, 0x0019}) {
    const auto one = KeyShare::generate(group).value();
    const Bytes share = bytes_of(KeyShare::generate(group).value().share());
    const auto parity = static_cast<std::uint8_t>(share.back() & 1U);
    Bytes compressed(share.begin(), share.begin() + static_cast<std::ptrdiff_t>(share.size() / 2));
    compressed.push_back(share[share.size() / 2]);
    compressed[0] = static_cast<std::uint8_t>(2 + parity);
    EXPECT_FALSE(one.agree(compressed)) << group;
    compressed.resize(share.size());
    EXPECT_FALSE(one.agree(compressed)) << group;
    Bytes hybrid = share;
    hybrid[0] = static_cast<std::uint8_t>(6 + parity);
    EXPECT_FALSE(one.agree(hybrid)) << group;
    EXPECT_FALSE(one.agree(Bytes{0})) << group;
    EXPECT_FALSE(one.agree(Bytes(share.size()))) << group;
  }
}

// RFC 7919 §5.1.
TEST(KeyShare, refuses_a_value_out_of_the_field) {
  for (const std::uint16_t group : std::initializer_list<std::uint16_t>{0x0100, 0x0101, 0x0102}) {
    const auto one = KeyShare::generate(group).value();
    const Bytes& p = find_field(group)->p;
    Bytes value(p.size());
    EXPECT_FALSE(one.agree(value)) << group;
    value.back() = 1;
    EXPECT_FALSE(one.agree(value)) << group;
    EXPECT_FALSE(answer_share(group, value)) << group;
    value.back() = 2;
    EXPECT_EQ(one.agree(value).value().size(), p.size()) << group;
    EXPECT_FALSE(one.agree(p)) << group;
    value = p;
    --value.back();
    EXPECT_FALSE(one.agree(value)) << group;
    EXPECT_FALSE(one.agree(Bytes(p.size(), 0xff))) << group;
  }
}

// draft-ietf-tls-ecdhe-mlkem §4: the parts where they belong, seen from either half.
TEST(KeyShare, puts_ml_kem_before_x25519) {
  const MlKem768Key key = mlkem768_generate(Bytes(32, 1), Bytes(32, 2));
  const auto x25519 = KeyShare::generate(kX25519).value();
  Bytes client_share = key.encapsulation_key;
  append(client_share, x25519.share());
  const auto answer = answer_share(kX25519MlKem768, client_share).value();
  const View server_share(answer.share);
  Bytes secret =
      mlkem768_decapsulate(key.decapsulation_key, server_share.first(kMlKem768CiphertextSize))
          .value();
  append(secret, x25519.agree(server_share.last(32)).value());
  EXPECT_EQ(answer.secret, secret);
}

TEST(KeyShare, refuses_a_hybrid_share_with_either_half_bad) {
  const auto client = KeyShare::generate(kX25519MlKem768).value();
  const auto answer = answer_share(kX25519MlKem768, client.share()).value();
  Bytes share = bytes_of(client.share());
  share[0] = share[1] = 0xff;  // a coefficient of 0xfff
  EXPECT_FALSE(answer_share(kX25519MlKem768, share));
  share = bytes_of(client.share());
  std::fill(share.end() - 32, share.end(), std::uint8_t{0});
  EXPECT_FALSE(answer_share(kX25519MlKem768, share));
  share = answer.share;
  std::fill(share.end() - 32, share.end(), std::uint8_t{0});
  EXPECT_FALSE(client.agree(share));
  // FIPS 203 §6.3: an altered ciphertext is no error; only the secret differs.
  share = answer.share;
  share[0] ^= 1;
  const auto secret = client.agree(share).value();
  EXPECT_NE(secret, answer.secret);
  EXPECT_TRUE(equal(View(secret).last(32), View(answer.secret).last(32)));
}

TEST(KeyShare, takes_private_keys_of_the_curve_only) {
  const Bytes one = octets_of("0000000000000000000000000000000000000000000000000000000000000001");
  EXPECT_TRUE(KeyShare::of_private(kSecp256r1, one));
  EXPECT_FALSE(KeyShare::of_private(kSecp256r1, Bytes(32)));
  EXPECT_FALSE(KeyShare::of_private(kSecp256r1, Bytes(32, 0xff)));
  EXPECT_FALSE(KeyShare::of_private(kSecp256r1, Bytes(31, 1)));
  EXPECT_FALSE(KeyShare::of_private(kX25519, Bytes(33, 1)));
  EXPECT_FALSE(KeyShare::of_private(kX448, {}));
  EXPECT_FALSE(KeyShare::of_private(0x0100, one));
  EXPECT_FALSE(KeyShare::of_private(kX25519MlKem768, one));
}

TEST(KeyShare, is_not_to_be_had_for_an_unknown_group) {
  for (const std::uint16_t group :
       std::initializer_list<std::uint16_t>{0x0000, 0x0016, 0x0103, 0x0a0a, 0x11eb, 0xffff}) {
    EXPECT_EQ(find_group(group), nullptr) << group;
    EXPECT_FALSE(KeyShare::generate(group)) << group;
    EXPECT_FALSE(answer_share(group, Bytes(32, 9))) << group;
  }
}

TEST(NamedGroup, is_found_by_its_value) {
  EXPECT_EQ(find_group(kX25519MlKem768)->name, "X25519MLKEM768");
  EXPECT_EQ(find_group(0x0018)->name, "secp384r1");
  EXPECT_EQ(named_groups().size(), 9U);
}

}  // namespace
}  // namespace assay
