#include "harness/wire/session.h"

#include "harness/base/hex.h"
#include "harness/wire/key_exchange.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

Bytes octets_of(std::string_view hex) { return from_hex(hex).value(); }

TEST(NewSessionTicket, of_the_published_trace_is_read_and_written) {
  // RFC 8448 §3, cut to sixteen octets of ticket.
  const Bytes octets = octets_of(
      "0000001e fad6aac5 02 0000 0010 2c035d829359ee5ff7af4ec900000000 "
      "0008 002a 0004 00000400");
  const auto ticket = decode<NewSessionTicket13>(octets);
  ASSERT_TRUE(ticket) << ticket.failed_field;
  EXPECT_EQ(ticket->ticket_lifetime, 30U);
  EXPECT_EQ(ticket->ticket_age_add, 0xfad6aac5U);
  EXPECT_EQ(decode<MaxEarlyData>(ticket->extensions[0].extension_data)->max_early_data_size, 1024U);
  EXPECT_EQ(to_hex(encode(*ticket)), to_hex(octets));

  const Bytes older = octets_of("00000e10 0003 aabbcc");
  EXPECT_EQ(decode<NewSessionTicket12>(older)->ticket_lifetime_hint, 3600U);
  EXPECT_EQ(to_hex(encode(*decode<NewSessionTicket12>(older))), to_hex(older));
}

TEST(KeyUpdate, keeps_a_value_that_nobody_knows) {
  const auto update = decode<KeyUpdate>(octets_of("02"));
  ASSERT_TRUE(update);
  EXPECT_EQ(to_hex(encode(*update)), "02");
  EXPECT_FALSE(decode<KeyUpdate>({}));
}

TEST(ServerKeyExchange, has_a_shape_for_each_kind) {
  const Bytes curve = octets_of("03 001d 02 aabb 0403 0001 99");
  const auto ecdhe = decode<ServerKeyExchange<EcdhParams>>(curve);
  ASSERT_TRUE(ecdhe) << ecdhe.failed_field;
  EXPECT_EQ(ecdhe->params.named_curve, 0x001d);
  EXPECT_EQ(to_hex(encode(*ecdhe)), to_hex(curve));
  // RFC 8422 §5.4: an explicit prime.
  EXPECT_EQ(
      decode<ServerKeyExchange<EcdhParams>>(octets_of("01 001d 02 aabb 0403 0001 99")).failed_field,
      "curve_type");
  const Bytes field = octets_of("0002 0017 0001 02 0001 05 0401 0001 99");
  const auto dhe = decode<ServerKeyExchange<DhParams>>(field);
  ASSERT_TRUE(dhe) << dhe.failed_field;
  EXPECT_EQ(dhe->params.dh_ys, Bytes{5});
  EXPECT_EQ(to_hex(encode(*dhe)), to_hex(field));
}

TEST(ServerKeyExchange, that_is_anonymous_ends_behind_its_parameters) {
  ServerKeyExchange<EcdhParams> message;
  message.params = {kNamedCurve, 0x0017, {4}};
  message.anonymous = true;
  EXPECT_EQ(to_hex(encode(message)), "0300170104");
}

}  // namespace
}  // namespace assay
