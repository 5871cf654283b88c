#include "harness/crypto/aead.h"

#include "harness/base/hex.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <utility>

namespace assay {
namespace {

Bytes octets_of(std::string_view hex) { return from_hex(hex).value(); }

constexpr AeadAlgorithm kAll[] = {
    AeadAlgorithm::aes_128_gcm,   AeadAlgorithm::aes_256_gcm, AeadAlgorithm::chacha20_poly1305,
    AeadAlgorithm::aes_128_ccm,   AeadAlgorithm::aes_256_ccm, AeadAlgorithm::aes_128_ccm_8,
    AeadAlgorithm::aes_256_ccm_8,
};

Bytes key_for(AeadAlgorithm algorithm) { return Bytes(parameters_of(algorithm).key_size, 0x42); }

// McGrew and Viega, The Galois/Counter Mode of Operation, appendix B, cases 4 and 16.
constexpr std::string_view kGcmText =
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b5"
    "25"
    "b16aedf5aa0de657ba637b39";
constexpr std::string_view kGcmData = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
constexpr std::string_view kGcmNonce = "cafebabefacedbaddecaf888";

TEST(Aead, agrees_with_the_gcm_vectors) {
  const Aead small(AeadAlgorithm::aes_128_gcm, octets_of("feffe9928665731c6d6a8f9467308308"));
  EXPECT_EQ(
      to_hex(small.seal(octets_of(kGcmNonce), octets_of(kGcmData), octets_of(kGcmText))),
      "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5a"
      "ac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47");
  const Aead large(AeadAlgorithm::aes_256_gcm,
                   octets_of("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
  EXPECT_EQ(
      to_hex(large.seal(octets_of(kGcmNonce), octets_of(kGcmData), octets_of(kGcmText))),
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b10"
      "56828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b");
}

TEST(Aead, agrees_with_rfc8439_section_2_8_2) {
  const Aead aead(AeadAlgorithm::chacha20_poly1305,
                  octets_of("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"));
  const Bytes sealed =
      aead.seal(octets_of("070000004041424344454647"), octets_of("50515253c0c1c2c3c4c5c6c7"),
                view_of("Ladies and Gentlemen of the class of '99: If I could offer "
                        "you only one tip for the future, sunscreen would be it."));
  EXPECT_EQ(
      to_hex(sealed),
      "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69"
      "da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad67594"
      "5585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691");
}

TEST(Aead, opens_what_it_sealed_and_nothing_altered) {
  const Bytes nonce(12, 7);
  const Bytes data = bytes_of("header");
  for (const AeadAlgorithm algorithm : kAll) {
    const Aead aead(algorithm, key_for(algorithm));
    const Bytes sealed = aead.seal(nonce, data, view_of("some text"));
    EXPECT_EQ(aead.open(nonce, data, sealed), bytes_of("some text"));
    EXPECT_FALSE(aead.open(nonce, view_of("Header"), sealed));
    EXPECT_FALSE(aead.open(Bytes(12, 8), data, sealed));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
      Bytes altered = sealed;
      altered[i] ^= 0x01;
      EXPECT_FALSE(aead.open(nonce, data, altered)) << i;
    }
    EXPECT_FALSE(aead.open(nonce, data, View(sealed).first(3)));
  }
}

// The context of a direction is kept: nothing of one text may be left in it for the next.
TEST(Aead, begins_afresh_with_each_text) {
  for (const AeadAlgorithm algorithm : kAll) {
    const Aead kept(algorithm, key_for(algorithm));
    for (std::uint8_t i = 0; i < 20; ++i) {
      const Bytes nonce(12, i);
      const Bytes data(i % 7U, i);
      const Bytes text(i % 5U * std::size_t{100}, i);
      const Bytes sealed = kept.seal(nonce, data, text);
      EXPECT_EQ(sealed, Aead(algorithm, key_for(algorithm)).seal(nonce, data, text));
      if (i % 3 == 0) {
        EXPECT_FALSE(kept.open(nonce, view_of("other data"), sealed));
      }
      EXPECT_EQ(kept.open(nonce, data, sealed), text);
    }
  }
}

TEST(Aead, is_copied_and_moved_with_its_key) {
  for (const AeadAlgorithm algorithm : kAll) {
    Aead first(algorithm, key_for(algorithm));
    const Bytes sealed = first.seal(Bytes(12), {}, view_of("text"));
    const Aead copy = first;
    EXPECT_EQ(copy.open(Bytes(12), {}, sealed), bytes_of("text"));
    Aead other(algorithm, Bytes(parameters_of(algorithm).key_size, 1));
    EXPECT_FALSE(other.open(Bytes(12), {}, sealed));
    other = copy;
    EXPECT_EQ(other.open(Bytes(12), {}, sealed), bytes_of("text"));
    const Aead moved = std::move(first);
    EXPECT_EQ(moved.seal(Bytes(12), {}, view_of("text")), sealed);
  }
}

TEST(Aead, seals_behind_what_stands_in_front) {
  const Aead aead(AeadAlgorithm::aes_128_gcm, Bytes(16));
  Bytes buffer = bytes_of("header, text");
  aead.seal_in_place(Bytes(12), {}, buffer, 8);
  EXPECT_EQ(text_of(View(buffer).first(8)), "header, ");
  EXPECT_EQ(aead.open(Bytes(12), {}, View(buffer).subspan(8)), bytes_of("text"));
}

TEST(Aead, seals_an_empty_text_and_empty_data) {
  for (const AeadAlgorithm algorithm : kAll) {
    const Aead aead(algorithm, key_for(algorithm));
    const Bytes sealed = aead.seal(Bytes(12), {}, {});
    EXPECT_EQ(sealed.size(), parameters_of(algorithm).tag_size);
    EXPECT_EQ(aead.open(Bytes(12), {}, sealed), Bytes());
  }
}

TEST(Aead, decrypts_without_looking_at_the_tag) {
  const Bytes nonce(12, 7);
  const Bytes text(100, 'x');
  for (const AeadAlgorithm algorithm : kAll) {
    const Aead aead(algorithm, key_for(algorithm));
    Bytes sealed = aead.seal(nonce, view_of("data"), text);
    sealed.resize(text.size());
    EXPECT_EQ(aead.open_unverified(nonce, sealed), text);
    sealed[40] ^= 0x20;
    EXPECT_EQ(aead.open_unverified(nonce, sealed)[40], 'X');
    EXPECT_TRUE(aead.open_unverified(nonce, {}).empty());
  }
}

TEST(Aead, refuses_keys_and_nonces_of_a_wrong_size) {
  EXPECT_THROW(Aead(AeadAlgorithm::aes_256_gcm, Bytes(16)), std::invalid_argument);
  const Aead aead(AeadAlgorithm::aes_128_gcm, Bytes(16));
  EXPECT_THROW(static_cast<void>(aead.seal(Bytes(11), {}, {})), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(aead.open_unverified(Bytes(13), {})), std::invalid_argument);
}

}  // namespace
}  // namespace assay
