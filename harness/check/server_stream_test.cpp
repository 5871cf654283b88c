#include "harness/check/server_stream.h"

#include "harness/wire/hello.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

constexpr std::uint16_t kGcm12 = 0xc02f;
constexpr std::uint16_t kGcm13 = 0x1301;

class ServerStreamTest : public testing::Test {
 protected:
  void hear(ContentType type, View fragment, std::uint16_t version = kRecordVersion) {
    stream.feed(compose_record(type, fragment, version));
  }
  static Bytes hello(TlsVersion version, Bytes random = Bytes(kRandomSize, 7)) {
    ServerHello hello;
    hello.random = std::move(random);
    hello.cipher_suite = version == TlsVersion::tls13 ? kGcm13 : kGcm12;
    if (version < TlsVersion::tls12) hello.legacy_version = static_cast<std::uint16_t>(version);
    if (version == TlsVersion::tls13) hello.extensions.push_back({43, {0x03, 0x04}});
    return compose_handshake(HandshakeType::server_hello, encode(hello));
  }
  void greet(TlsVersion version) { hear(ContentType::handshake, hello(version)); }
  void turn_keys_on() { hear(ContentType::change_cipher_spec, Bytes{1}); }
  static Bytes sealed(std::uint8_t nonce, std::size_t content) {
    Bytes fragment(8 + content + 16, 0);
    fragment[7] = nonce;
    return fragment;
  }

  std::vector<Flaw> flaws;
  std::string last;
  ServerStream stream{[this](Flaw flaw, std::string what) {
    flaws.push_back(flaw);
    last = std::move(what);
  }};
};
using Flaws = std::vector<Flaw>;

TEST_F(ServerStreamTest, an_honest_server_of_tls13_shows_nothing) {
  greet(TlsVersion::tls13);
  turn_keys_on();
  hear(ContentType::application_data, Bytes(kMaxCiphertext13));
  hear(ContentType::application_data, Bytes(17));
  EXPECT_EQ(flaws, Flaws());
  EXPECT_EQ(stream.version(), TlsVersion::tls13);
  EXPECT_EQ(stream.random(), Bytes(kRandomSize, 7));
}

TEST_F(ServerStreamTest, an_honest_server_of_tls12_shows_nothing) {
  greet(TlsVersion::tls12);
  hear(ContentType::handshake, Bytes(kMaxPlaintext));
  turn_keys_on();
  hear(ContentType::handshake, sealed(0, 16));
  hear(ContentType::application_data, sealed(1, 0));  // RFC 5246 §6.2.1: data may be empty
  hear(ContentType::application_data, Bytes(kMaxCiphertext12, 2));
  EXPECT_EQ(flaws, Flaws());
  EXPECT_EQ(stream.version(), TlsVersion::tls12);
}

TEST_F(ServerStreamTest, records_come_in_pieces_of_any_size) {
  Bytes all = compose_record(ContentType::handshake, hello(TlsVersion::tls12));
  append(all, compose_record(ContentType::change_cipher_spec, Bytes{1}));
  append(all, compose_record(ContentType::application_data, sealed(3, 5)));
  append(all, compose_record(ContentType::application_data, sealed(3, 5)));
  for (const std::uint8_t octet : all) stream.feed(View(&octet, 1));
  EXPECT_EQ(flaws, Flaws{Flaw::nonce_repeated});
}

TEST_F(ServerStreamTest, a_record_over_its_limit_is_seen_and_told_by_its_header) {
  greet(TlsVersion::tls13);
  hear(ContentType::application_data, Bytes(kMaxCiphertext13 + 1));
  EXPECT_EQ(flaws, Flaws{Flaw::record_too_long});
  EXPECT_EQ(last, "the record 1703034101: more than 16640 octets");
}

TEST_F(ServerStreamTest, a_record_over_its_limit_is_seen_before_it_is_whole_and_told_once) {
  greet(TlsVersion::tls13);
  const Bytes whole = compose_record(ContentType::application_data, Bytes(kMaxCiphertext13 + 1));
  stream.feed(View(whole).first(kRecordHeaderSize));
  EXPECT_EQ(flaws, Flaws{Flaw::record_too_long});
  stream.feed(View(whole).subspan(kRecordHeaderSize));
  EXPECT_EQ(flaws, Flaws{Flaw::record_too_long});
}

TEST_F(ServerStreamTest, a_clear_record_has_room_for_content_alone) {
  greet(TlsVersion::tls12);
  hear(ContentType::handshake, Bytes(kMaxPlaintext + 1));
  EXPECT_EQ(flaws, Flaws{Flaw::record_too_long});
}

TEST_F(ServerStreamTest, a_handshake_record_with_nothing_in_it_is_seen_also_under_an_aead) {
  greet(TlsVersion::tls12);
  hear(ContentType::handshake, {});
  turn_keys_on();
  hear(ContentType::handshake, sealed(0, 0));
  EXPECT_EQ(flaws, (Flaws{Flaw::fragment_empty, Flaw::fragment_empty}));
}

TEST_F(ServerStreamTest, the_version_of_a_record_counts_from_the_hello_on) {
  hear(ContentType::alert, Bytes{1, 112}, 0x0301);  // unrecognized_name, a warning
  EXPECT_EQ(flaws, Flaws());
  hear(ContentType::handshake, hello(TlsVersion::tls12), 0x0301);
  EXPECT_EQ(flaws, Flaws{Flaw::record_version});
}

TEST_F(ServerStreamTest, tls13_has_nothing_in_the_clear_behind_its_hello_but_change_cipher_spec) {
  greet(TlsVersion::tls13);
  turn_keys_on();
  EXPECT_EQ(flaws, Flaws());
  hear(ContentType::handshake, Bytes{8, 0, 0, 2, 0, 0});
  EXPECT_EQ(flaws, Flaws{Flaw::record_in_the_clear});
}

TEST_F(ServerStreamTest, an_alert_of_tls13_may_be_clear_until_the_server_has_shown_keys) {
  greet(TlsVersion::tls13);
  hear(ContentType::alert, Bytes{2, 47});
  EXPECT_EQ(flaws, Flaws());
  hear(ContentType::application_data, Bytes(40));
  hear(ContentType::alert, Bytes{2, 40});
  EXPECT_EQ(flaws, Flaws{Flaw::record_in_the_clear});
}

TEST_F(ServerStreamTest, tls13_has_nothing_behind_the_hello_in_its_own_record) {
  Bytes both = hello(TlsVersion::tls13);
  append(both, Bytes{8, 0, 0, 2, 0, 0});
  hear(ContentType::handshake, both);
  EXPECT_EQ(flaws, Flaws{Flaw::record_in_the_clear});
}

TEST_F(ServerStreamTest, a_hello_retry_request_is_no_hello_yet) {
  hear(ContentType::handshake, hello(TlsVersion::tls13, hello_retry_random()));
  EXPECT_EQ(stream.version(), std::nullopt);
  turn_keys_on();
  greet(TlsVersion::tls13);
  EXPECT_EQ(stream.version(), TlsVersion::tls13);
  EXPECT_EQ(flaws, Flaws());
}

TEST_F(ServerStreamTest, new_keys_make_old_nonces_new) {
  greet(TlsVersion::tls12);
  turn_keys_on();
  hear(ContentType::handshake, sealed(5, 16));
  hear(ContentType::change_cipher_spec, sealed(6, 1));  // of a renegotiation
  hear(ContentType::handshake, sealed(5, 16));
  EXPECT_EQ(flaws, Flaws());
}

TEST_F(ServerStreamTest, other_versions_and_other_tongues_are_not_judged) {
  greet(TlsVersion::tls11);
  hear(ContentType::handshake, {});
  ServerStream clear{[this](Flaw flaw, const std::string&) { flaws.push_back(flaw); }};
  clear.feed(view_of("454 TLS not available\r\n"));
  ServerStream later{[this](Flaw flaw, const std::string&) { flaws.push_back(flaw); }};
  later.feed(compose_record(ContentType::handshake, hello(TlsVersion::tls12)));
  later.feed(view_of("421 closing\r\n"));
  later.feed(compose_record(ContentType::handshake, {}));
  EXPECT_EQ(flaws, Flaws());
}

}  // namespace
}  // namespace assay
