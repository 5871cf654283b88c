#include "harness/protocol/ber.h"

#include "harness/base/hex.h"

#include <gtest/gtest.h>

#include <limits>

namespace assay {
namespace {

using Kind = MessageFront::Kind;

Bytes hex(std::string_view text) { return from_hex(text).value(); }

TEST(BerReader, reads_nested_elements_to_their_exact_end) {
  const Bytes octets = hex("30 0b 02 01 05 30 06 04 01 61 01 01 ff");
  BerReader reader(octets);
  reader.open(ber::kSequence, "outer");
  EXPECT_EQ(reader.integer(ber::kInteger, "number"), 5);
  reader.open(ber::kSequence, "inner");
  EXPECT_EQ(reader.text(ber::kOctetString, "text"), "a");
  EXPECT_TRUE(reader.boolean(ber::kBoolean, "flag"));
  EXPECT_FALSE(reader.peek());
  reader.close("inner");
  reader.close("outer");
  EXPECT_TRUE(reader.ok());
}

TEST(BerReader, keeps_the_first_failing_field) {
  const Bytes octets = hex("02 01 05 04 01 61");
  BerReader reader(octets);
  EXPECT_EQ(reader.integer(ber::kEnumerated, "first"), 0);
  EXPECT_EQ(reader.integer(ber::kInteger, "second"), 0);
  EXPECT_EQ(reader.failed_field(), "first");
  EXPECT_FALSE(reader.peek());
  EXPECT_TRUE(reader.elements("third").empty());
}

TEST(BerReader, takes_long_forms_of_length_and_no_indefinite_one) {
  for (const auto* text : {"04 01 61", "04 81 01 61", "04 84 00 00 00 01 61"}) {
    const Bytes octets = hex(text);
    BerReader reader(octets);
    EXPECT_EQ(reader.text(ber::kOctetString, "text"), "a") << text;
  }
  for (const auto* text : {"04 80 61 00 00", "04 85 00 00 00 00 01 61", "04 ff", "04", "04 81",
                           "04 02 61", "04 84 ff ff ff ff 61", "1f 81 01 01", "24 03 04 01 61"}) {
    const Bytes octets = hex(text);
    BerReader reader(octets);
    reader.octets(ber::kOctetString, "text");
    EXPECT_EQ(reader.failed_field(), "text") << text;
  }
}

TEST(BerReader, an_inner_length_never_reaches_over_the_outer_end) {
  const Bytes octets = hex("30 03 04 02 61 62");
  BerReader reader(octets);
  reader.open(ber::kSequence, "outer");
  EXPECT_TRUE(reader.octets(ber::kOctetString, "inner").empty());
  EXPECT_EQ(reader.failed_field(), "inner");
}

TEST(BerReader, content_left_over_is_an_error) {
  const Bytes octets = hex("30 03 04 01 61");
  BerReader reader(octets);
  reader.open(ber::kSequence, "outer");
  reader.close("outer");
  EXPECT_EQ(reader.failed_field(), "outer");
}

TEST(BerReader, integers_are_minimal_and_of_32_bits) {
  const auto read = [](std::string_view text) -> std::optional<std::int32_t> {
    const Bytes octets = hex(text);
    BerReader reader(octets);
    const std::int32_t value = reader.integer(ber::kInteger, "number");
    return reader.ok() ? std::optional(value) : std::nullopt;
  };
  EXPECT_EQ(read("02 01 00"), 0);
  EXPECT_EQ(read("02 01 ff"), -1);
  EXPECT_EQ(read("02 02 00 80"), 128);
  EXPECT_EQ(read("02 04 7f ff ff ff"), std::numeric_limits<std::int32_t>::max());
  EXPECT_EQ(read("02 04 80 00 00 00"), std::numeric_limits<std::int32_t>::min());
  for (const auto* text : {"02 00", "02 02 00 7f", "02 02 ff 80", "02 05 00 80 00 00 00"}) {
    EXPECT_FALSE(read(text)) << text;
  }
}

TEST(BerReader, booleans_are_all_or_nothing) {
  for (const auto* text : {"01 01 01", "01 00", "01 02 ff ff"}) {
    const Bytes octets = hex(text);
    BerReader reader(octets);
    EXPECT_FALSE(reader.boolean(ber::kBoolean, "flag"));
    EXPECT_FALSE(reader.ok()) << text;
  }
}

TEST(BerReader, refuses_one_level_beyond_the_limit_and_says_so) {
  BerWriter writer;
  for (std::size_t i = 0; i <= kBerDepthLimit; ++i) writer.open(ber::kSequence);
  for (std::size_t i = 0; i <= kBerDepthLimit; ++i) writer.close();
  const Bytes octets = writer.take();
  BerReader reader(octets);
  for (std::size_t i = 0; i < kBerDepthLimit; ++i) reader.open(ber::kSequence, "level");
  EXPECT_TRUE(reader.ok());
  EXPECT_FALSE(reader.too_deep());
  reader.open(ber::kSequence, "one too many");
  EXPECT_EQ(reader.failed_field(), "one too many");
  EXPECT_TRUE(reader.too_deep());
}

TEST(BerWriter, writes_what_the_reader_reads) {
  for (const std::int32_t value :
       {0, 1, -1, 127, 128, -128, -129, 65535, 1 << 30, std::numeric_limits<std::int32_t>::min()}) {
    BerWriter writer;
    writer.integer(ber::kInteger, value);
    const Bytes octets = writer.take();
    BerReader reader(octets);
    EXPECT_EQ(reader.integer(ber::kInteger, "number"), value);
    EXPECT_TRUE(reader.ok());
  }
  for (const std::size_t size : {0U, 127U, 128U, 255U, 256U, 70000U}) {
    BerWriter writer;
    writer.octets(ber::kOctetString, Bytes(size, 0x61));
    const Bytes octets = writer.take();
    BerReader reader(octets);
    EXPECT_EQ(reader.octets(ber::kOctetString, "text").size(), size);
    EXPECT_FALSE(reader.peek());
    EXPECT_TRUE(reader.ok());
  }
}

TEST(FrontMessage, is_judged_the_same_however_the_octets_are_cut) {
  struct Case {
    std::string_view octets;
    Kind kind;
    std::size_t size = 0;
  };
  for (const Case& each :
       {Case{"30 03 02 01 01 30", Kind::complete, 5},
        Case{"30 84 00 00 00 03 02 01 01", Kind::complete, 9},
        Case{"30 62 00 00", Kind::incomplete}, Case{"30 63 00", Kind::too_long},
        Case{"30 84 00 10 00 00", Kind::too_long}, Case{"30 80 02 01 01 00 00", Kind::malformed},
        Case{"30 85 00 00 00 00 03", Kind::malformed}, Case{"16 03 01 02 00", Kind::malformed}}) {
    const Bytes octets = hex(each.octets);
    for (std::size_t size = 0; size <= octets.size(); ++size) {
      const MessageFront front = front_message(View(octets).first(size), 100);
      if (front.kind == Kind::incomplete) continue;
      EXPECT_EQ(front.kind, each.kind) << each.octets << ", " << size;
      EXPECT_EQ(front.size, each.size);
    }
    EXPECT_EQ(front_message(octets, 100).kind, each.kind) << each.octets;
  }
}

}  // namespace
}  // namespace assay
