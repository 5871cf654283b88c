#include "harness/crypto/cbc.h"

#include "harness/base/hex.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace assay {
namespace {

using enum MacOrder;

Bytes octets_of(std::string_view hex) { return from_hex(hex).value(); }

CbcProtection protection_of(std::uint16_t suite, MacOrder order = mac_then_encrypt) {
  const Bytes secret(48, 0x5a);
  const Bytes random(32, 1);
  return CbcProtection::of_master_secret(*find_suite(suite), {secret, random, random},
                                         Writer::client, order);
}

constexpr std::uint16_t kBlockSuites[] = {0xc012, 0xc013, 0xc014, 0xc027, 0xc028};
constexpr std::uint16_t kOneOfEach[] = {0xc012, 0xc013, 0xc028, 0x003b};
constexpr std::uint16_t kNullSuites[] = {0x0001, 0x0002, 0x003b};

const Opened kNoop{23, bytes_of("NOOP\r\n"), 0};

/// What it opens to, but for the padding, which the tests of padding look at.
std::optional<Opened> without_padding(std::optional<Opened> opened) {
  if (opened) opened->padding = 0;
  return opened;
}

// There are no published records of these suites. These were made by libssl 3.0.19 as a client
// whose second protected record says "ping pong".
TEST(CbcProtection, opens_what_libssl_wrote) {
  struct Written {
    std::uint16_t suite;
    MacOrder order;
    std::string_view master_secret, client_random, server_random, record;
  };
  const Written all[] = {
      {0xc013, mac_then_encrypt,
       "31597009fcd73aa4ae1bfc96642d9a2c2404c5b19b550fcf94a9a37cfb9b4c11a74bce5d8c79296fb60f4dc6e3"
       "41abfb",
       "4936d643f2e9aaf7a499159664871f53c67a70ed5205774cc9e9f35fa881ab76",
       "4a3d9bfc72143005a996070ca5e9a58fd3c9053a12edc91f2904df37cd077b71",
       "17030300309591801f4d44a10b7cd0eac6749c70f1ab722689fd9dc8b5b46624a2656c0e25293b57c33b702743"
       "c62930ca4c3840e0"},
      {0xc028, mac_then_encrypt,
       "a768090aca3c62f8244052f3bb68e420f69bc3e4f673d2fb7930a4e6f0d0ab768fb3ddc0d01ff6333a40ee10ad"
       "f74d5a",
       "9b32af4449ff80002cf109e2a55a78e364e1a130de25c679fd6788d654821cc6",
       "693c06d80d96516b67e5d9a2b2eb944c17a2ee6e274c1e266520420ce12f9283",
       "1703030050b20f9cc68dc8e52f68d36ec9db7aa821884b172ec1bbd2dea2913a607e175bfc4b6f27de1efd6026"
       "918062785055502670bbfaed2b2be4a1f3dbd268b23e246a94d9fec6697cc0bc789fc9c16ac2bb15"},
      {0xc013, encrypt_then_mac,
       "20df67bb8c2be16309cb7f53071de0925ff47f926c4c695d12a757dbacb7eb528dc5609308625fc2e8e44ffc59"
       "bd040b",
       "94acd1219507a34185afe076406f9099cbd059dd072bbbd08efadbf646ba3e4a",
       "2b26c7839872cfa33c1e8e4dd7df7b6393a23a58037634cd81482c66ad0b3492",
       "17030300346cbb5e4167ef4a430dedf02738136e468c894ac489c0c654fb3a8efc42700c2f2243dc91900b8796"
       "bef8ef38ead9541f05528458"},
      {0xc028, encrypt_then_mac,
       "d8a54e6cf0a0656d3517f633d1d8912d6ee76b6d93b16eba98451502fbf91a0cc83c48c712a30c5c5f9343c8f9"
       "8faede",
       "11fdb9af6e2189ca294e8c8d0aa507fd266cbea5efeaa6f5cc5646d3e779ae1c",
       "c339adc963803480e9e9d37c75fa722e4ea8d4830b87bd513b0bd5805c610de1",
       "1703030050125c836d04c61adae2d7ff21a1ba025af911976e2710c1b923e5398dc7a660bc01409d4d39229ded"
       "9af385b66b9c711154b49ba0dda69ef1deaf7ccff1044c49865b338eb19fd16e2d6bcd20311f9c4b"},
      {0x003b, mac_then_encrypt,
       "7703d2b2f15b3ea5cec61935952d8d769cef31b6cfabab8a7a89720937aa6c4eb3dc9b1cbae28e35f0b81fa3f1"
       "778a0f",
       "c8bdaa1757494fadda0171eea6162c7f0877077c0689eaddb81f8d2c2bd165bf",
       "e24f3fbc1ef337954c3808b4d9786dc6983b96184de224edbcd6a6a90e5906fb",
       "170303002970696e6720706f6e67bc615e42c7748c0f61b579948a4f5343aa058921d1e6acd6618a516a10c0ec"
       "e8"},
  };
  for (const Written& written : all) {
    const Bytes secret = octets_of(written.master_secret);
    const Bytes client = octets_of(written.client_random);
    const Bytes server = octets_of(written.server_random);
    const auto protection = CbcProtection::of_master_secret(
        *find_suite(written.suite), {secret, client, server}, Writer::client, written.order);
    const Bytes record = octets_of(written.record);
    const Opened expected{23, bytes_of("ping pong"), 0};
    EXPECT_EQ(without_padding(protection.open(record, 1)), expected) << std::hex << written.suite;
    EXPECT_FALSE(protection.open(record, 2));
  }
}

TEST(CbcProtection, opens_at_the_right_number_only) {
  for (const MacOrder order : {mac_then_encrypt, encrypt_then_mac}) {
    for (const std::uint16_t suite : kBlockSuites) {
      const CbcProtection protection = protection_of(suite, order);
      const Bytes record = protection.seal(kNoop, 5);
      EXPECT_EQ(without_padding(protection.open(record, 5)), kNoop) << std::hex << suite;
      EXPECT_FALSE(protection.open(record, 4)) << std::hex << suite;
      EXPECT_NE(protection.seal(kNoop, 5), record) << "an IV of its own";
    }
  }
  for (const std::uint16_t suite : kNullSuites) {
    const CbcProtection protection = protection_of(suite);
    const Bytes record = protection.seal(kNoop, 5);
    EXPECT_EQ(text_of(View(record).subspan(5, 6)), "NOOP\r\n");
    EXPECT_EQ(protection.open(record, 5), kNoop) << std::hex << suite;
    EXPECT_FALSE(protection.open(record, 4)) << std::hex << suite;
  }
}

TEST(CbcProtection, opens_nothing_altered) {
  for (const MacOrder order : {mac_then_encrypt, encrypt_then_mac}) {
    for (const std::uint16_t suite : kOneOfEach) {
      const CbcProtection protection = protection_of(suite, order);
      const Bytes record = protection.seal(kNoop, 0);
      for (std::size_t i = 0; i < record.size(); ++i) {
        if (i == 3 || i == 4) continue;  // the length, which is for whoever splits records
        Bytes altered = record;
        altered[i] ^= 0x01;
        EXPECT_FALSE(protection.open(altered, 0)) << std::hex << suite << " at " << i;
      }
      for (std::size_t size = 0; size < record.size(); ++size) {
        EXPECT_FALSE(protection.open(View(record).first(size), 0)) << std::hex << suite;
      }
    }
  }
}

TEST(CbcProtection, keeps_contents_of_every_length) {
  for (const MacOrder order : {mac_then_encrypt, encrypt_then_mac}) {
    for (const std::uint16_t suite : kBlockSuites) {
      const CbcProtection protection = protection_of(suite, order);
      for (std::size_t size = 0; size < 70; ++size) {
        const Opened what{22, Bytes(size, 0x07), 0};
        const Bytes record = protection.seal(what, size);
        EXPECT_EQ(without_padding(protection.open(record, size)), what);
        EXPECT_LT(protection.open(record, size)->padding, find_suite(suite)->block_size());
      }
    }
  }
}

TEST(CbcProtection, pads_as_far_as_255_octets) {
  const CbcProtection protection = protection_of(0xc013);
  // 6 octets and a MAC of 20 leave five for the padding.
  EXPECT_EQ(protection.open(protection.seal(kNoop, 0), 0)->padding, 5U);
  const Bytes longest = protection.seal(kNoop, 0, {.extra_blocks = 15});
  EXPECT_EQ(protection.open(longest, 0)->padding, 245U);
  EXPECT_THROW(static_cast<void>(protection.seal(kNoop, 0, {.extra_blocks = 16})),
               std::invalid_argument);
}

TEST(CbcProtection, refuses_wrong_padding_unless_it_neglects_it) {
  for (const MacOrder order : {mac_then_encrypt, encrypt_then_mac}) {
    const CbcProtection protection = protection_of(0xc013, order);
    const std::size_t size = order == mac_then_encrypt ? 5 : 9;
    Bytes octets(size, static_cast<std::uint8_t>(size));
    octets[0] ^= 0x01;
    const Bytes uneven = protection.seal(kNoop, 0, {.padding = octets});
    EXPECT_FALSE(protection.open(uneven, 0));
    EXPECT_FALSE(protection.open_neglecting(CbcNeglect::mac, uneven, 0));
    EXPECT_EQ(without_padding(protection.open_neglecting(CbcNeglect::padding, uneven, 0)), kNoop);
    EXPECT_EQ(without_padding(protection.open_neglecting(CbcNeglect::both, uneven, 0)), kNoop);
    const Bytes beyond = protection.seal(kNoop, 0, {.padding_length = 0xff});
    EXPECT_FALSE(protection.open(beyond, 0));
    EXPECT_FALSE(protection.open_neglecting(CbcNeglect::both, beyond, 0));
  }
}

TEST(CbcProtection, refuses_a_wrong_mac_unless_it_neglects_it) {
  for (const MacOrder order : {mac_then_encrypt, encrypt_then_mac}) {
    for (const std::uint16_t suite : kOneOfEach) {
      const CbcProtection protection = protection_of(suite, order);
      const Bytes altered = protection.seal(kNoop, 0, {.mac_mask = {0x00, 0x80}});
      EXPECT_FALSE(protection.open(altered, 0));
      EXPECT_FALSE(protection.open_neglecting(CbcNeglect::padding, altered, 0));
      EXPECT_EQ(without_padding(protection.open_neglecting(CbcNeglect::mac, altered, 0)), kNoop);
      const Bytes none = protection.seal(kNoop, 0, {.mac_size = 0});
      EXPECT_FALSE(protection.open(none, 0));
    }
  }
}

TEST(CbcProtection, encrypts_a_plaintext_as_it_stands) {
  const CbcProtection protection = protection_of(0xc013);
  // The padding of 32 octets leaves no room for a MAC.
  const CbcShape all_padding{.plaintext = Bytes(32, 31), .iv = Bytes(16, 0x22)};
  const Bytes record = protection.seal(kNoop, 0, all_padding);
  EXPECT_EQ(record.size(), 5U + 16 + 32);
  EXPECT_EQ(to_hex(View(record).first(21)), "1703030030" + to_hex(Bytes(16, 0x22)));
  EXPECT_FALSE(protection.open(record, 0));
  EXPECT_FALSE(protection.open_neglecting(CbcNeglect::both, record, 0));
  EXPECT_THROW(static_cast<void>(protection.seal(kNoop, 0, {.plaintext = Bytes(31)})),
               std::invalid_argument);
  EXPECT_THROW(static_cast<void>(protection.seal(kNoop, 0, {.padding = Bytes(1)})),
               std::invalid_argument);
  EXPECT_THROW(static_cast<void>(protection.seal(kNoop, 0, {.iv = Bytes(15)})),
               std::invalid_argument);
}

TEST(CbcProtection, authenticates_the_version_that_it_sends) {
  const CbcProtection protection = protection_of(0xc027);
  Bytes record = protection.seal(kNoop, 0, {.version = 0x0302});
  EXPECT_EQ(to_hex(View(record).first(3)), "170302");
  EXPECT_TRUE(protection.open(record, 0));
  record[2] = 0x03;
  EXPECT_FALSE(protection.open(record, 0));
}

TEST(CbcProtection, is_copied_with_its_keys) {
  for (const std::uint16_t suite : kBlockSuites) {
    const CbcProtection first = protection_of(suite, encrypt_then_mac);
    const Bytes record = first.seal(kNoop, 0);
    CbcProtection copy = protection_of(suite, mac_then_encrypt);
    EXPECT_FALSE(copy.open(record, 0));
    copy = first;
    EXPECT_TRUE(copy.open(record, 0));
    EXPECT_TRUE(first.open(copy.seal(kNoop, 1), 1));
  }
}

TEST(CbcProtection, is_not_to_be_had_for_other_suites) {
  for (const CipherSuite& suite : cipher_suites()) {
    if (CbcProtection::computes(suite)) {
      EXPECT_NO_THROW(static_cast<void>(protection_of(suite.value).seal(kNoop, 0))) << suite.name;
    } else {
      EXPECT_THROW(static_cast<void>(protection_of(suite.value)), std::invalid_argument)
          << suite.name;
    }
  }
}

}  // namespace
}  // namespace assay
