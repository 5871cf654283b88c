#include "harness/wire/describe.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

std::string description_of(ContentType type, View fragment) {
  RecordSplitter splitter;
  splitter.feed(compose_record(ContentType::alert, Bytes{1, 0}));
  splitter.feed(compose_record(type, fragment));
  static_cast<void>(splitter.next());
  const auto record = splitter.next();
  return record ? describe(*record) : "no record";
}

TEST(Describe, names_messages_alerts_and_sizes) {
  const Bytes hello = compose_handshake(HandshakeType::client_hello, Bytes(513));
  EXPECT_EQ(description_of(ContentType::handshake, hello), "handshake ClientHello 517 bytes");
  EXPECT_EQ(description_of(ContentType::application_data, Bytes(42)), "application_data 42 bytes");
  EXPECT_EQ(description_of(ContentType::alert, Bytes{2, 20}), "alert fatal bad_record_mac");
  EXPECT_EQ(description_of(ContentType::alert, Bytes{1, 0}), "alert warning close_notify");
  EXPECT_EQ(description_of(ContentType::change_cipher_spec, Bytes{1}),
            "change_cipher_spec 1 bytes");
}

TEST(Describe, lists_the_messages_of_one_record) {
  Bytes flight = compose_handshake(HandshakeType::certificate, Bytes(10));
  append(flight, compose_handshake(HandshakeType::server_hello_done, {}));
  EXPECT_EQ(description_of(ContentType::handshake, flight),
            "handshake Certificate, ServerHelloDone 18 bytes");
}

TEST(Describe, says_when_a_message_goes_on_in_the_next_record) {
  const Bytes hello = compose_handshake(HandshakeType::certificate, Bytes(513));
  EXPECT_EQ(description_of(ContentType::handshake, View(hello).first(100)),
            "handshake Certificate (first part) 100 bytes");
}

TEST(Describe, calls_protected_what_cannot_be_read) {
  EXPECT_EQ(description_of(ContentType::handshake, Bytes(40, 0xc3)),
            "handshake, protected, 40 bytes");
  EXPECT_EQ(description_of(ContentType::alert, Bytes(26, 0xc3)), "alert, protected, 26 bytes");
}

TEST(Describe, keeps_values_without_a_name) {
  EXPECT_EQ(description_of(static_cast<ContentType>(99), Bytes(1)), "type_99 1 bytes");
  EXPECT_EQ(description_of(ContentType::alert, Bytes{2, 199}), "alert fatal alert_199");
  EXPECT_EQ(description_of(ContentType::alert, Bytes{7, 40}), "alert level_7 handshake_failure");
  EXPECT_EQ(name_of(static_cast<HandshakeType>(99)), "message_99");
}

}  // namespace
}  // namespace assay
