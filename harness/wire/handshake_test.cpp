#include "harness/wire/handshake.h"

#include <gtest/gtest.h>

#include <vector>

namespace assay {
namespace {

TEST(HandshakeAssembler, joins_fragments_and_parts_coalesced_messages) {
  Bytes flight = compose_handshake(HandshakeType::certificate, Bytes(300, 7));
  append(flight, compose_handshake(HandshakeType::finished, Bytes{1, 2}));
  HandshakeAssembler assembler;
  std::vector<HandshakeMessage> messages;
  for (const std::uint8_t octet : flight) {
    assembler.feed(View(&octet, 1));
    while (auto message = assembler.next()) messages.push_back(std::move(*message));
  }
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].type, HandshakeType::certificate);
  EXPECT_EQ(messages[0].body.size(), 300U);
  EXPECT_EQ(messages[1].body, (Bytes{1, 2}));
  EXPECT_TRUE(assembler.empty());
}

TEST(HandshakeAssembler, gives_up_on_a_message_over_its_limit) {
  HandshakeAssembler assembler;
  assembler.feed(Bytes{0x0b, 0x02, 0x00, 0x00});
  EXPECT_FALSE(assembler.next());
  EXPECT_FALSE(assembler.too_large());
  HandshakeAssembler exceeded;
  exceeded.feed(Bytes{0x0b, 0x02, 0x00, 0x01});
  EXPECT_FALSE(exceeded.next());
  EXPECT_TRUE(exceeded.too_large());
}

}  // namespace
}  // namespace assay
