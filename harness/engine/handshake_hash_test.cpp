#include "harness/engine/handshake_hash.h"

#include "harness/base/hex.h"
#include "harness/engine/rfc8448_test.h"
#include "harness/wire/handshake.h"

#include <gtest/gtest.h>

namespace assay::engine {
namespace {

Bytes message_of(std::string_view record) {
  const Bytes octets = from_hex(record).value();
  return {octets.begin() + 5, octets.end()};
}

TEST(HandshakeHash, is_the_one_of_the_simple_trace_behind_the_hellos) {
  HandshakeHash hash;
  hash.add(message_of(rfc8448::kSimpleHello));
  hash.add(message_of(rfc8448::kSimpleServerHello));
  hash.choose(Hash::sha256);
  EXPECT_EQ(to_hex(hash.value()),
            "860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8");
}

TEST(HandshakeHash, is_the_one_of_the_resumed_trace_behind_its_hello) {
  HandshakeHash hash;
  hash.choose(Hash::sha256);
  hash.add(message_of(rfc8448::kResumedHello));
  EXPECT_EQ(to_hex(hash.value()),
            "08ad0fa05d7c7233b1775ba2ff9f4c5b8b59276b7f227f13a976245f5d960913");
}

TEST(HandshakeHash, folds_the_first_hello_of_a_retry) {
  const Bytes first = message_of(rfc8448::kRetryHello);
  const Bytes request = message_of(rfc8448::kRetryRequest);
  HandshakeHash hash;
  hash.add(first);
  hash.add(request);
  hash.choose(Hash::sha256);
  hash.fold_first_hello();
  // RFC 8446 §4.4.1: message_hash, 00 00 Hash.length, Hash(ClientHello1).
  Bytes expected = {254, 0, 0, 32};
  append(expected, digest(Hash::sha256, first));
  append(expected, request);
  EXPECT_EQ(to_hex(hash.messages()), to_hex(expected));
  EXPECT_EQ(hash.value(), digest(Hash::sha256, expected));
}

TEST(HandshakeHash, tells_what_stood_in_front_of_the_last_message_at_any_time) {
  const Bytes one = compose_handshake(HandshakeType::client_hello, Bytes(9, 1));
  const Bytes two = compose_handshake(HandshakeType::finished, Bytes(9, 2));
  HandshakeHash hash;
  hash.choose(Hash::sha384);
  hash.add(one);
  hash.add(two);
  Bytes both = one;
  append(both, two);
  EXPECT_EQ(hash.value_before_last(), digest(Hash::sha384, one));
  EXPECT_EQ(hash.value(), digest(Hash::sha384, both));
  EXPECT_EQ(hash.value_before_last(), digest(Hash::sha384, one));
  EXPECT_EQ(hash.value(), digest(Hash::sha384, both));
  EXPECT_EQ(to_hex(hash.messages_before_last()), to_hex(one));
}

TEST(HandshakeHash, goes_on_by_itself_when_it_is_copied) {
  HandshakeHash hash;
  hash.choose(Hash::sha256);
  hash.add(Bytes{1});
  static_cast<void>(hash.value());
  HandshakeHash copy = hash;
  copy.add(Bytes{2});
  EXPECT_EQ(hash.value(), digest(Hash::sha256, Bytes{1}));
  EXPECT_EQ(copy.value(), digest(Hash::sha256, Bytes{1, 2}));
}

}  // namespace
}  // namespace assay::engine
