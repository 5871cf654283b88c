#include "harness/wire/record.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace assay {
namespace {

Bytes two_records() {
  Bytes octets = compose_record(ContentType::handshake, Bytes{1, 2, 3}, 0x0301);
  append(octets, compose_record(ContentType::application_data, Bytes(300, 0xaa)));
  return octets;
}

TEST(Record, is_composed_of_header_and_fragment) {
  EXPECT_EQ(compose_record(ContentType::alert, Bytes{2, 20}),
            (Bytes{0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x14}));
  EXPECT_THROW(static_cast<void>(compose_record(ContentType::alert, Bytes(0x10000))),
               std::length_error);
}

TEST(RecordHeader, needs_five_octets_and_keeps_unknown_values) {
  EXPECT_FALSE(read_record_header(Bytes{0x16, 0x03, 0x01, 0x00}));
  const auto header = read_record_header(Bytes{0x7f, 0x7f, 0x1c, 0x01, 0x02});
  ASSERT_TRUE(header);
  EXPECT_EQ(*header, (RecordHeader{static_cast<ContentType>(0x7f), 0x7f1c, 0x0102}));
}

TEST(RecordSplitter, yields_the_same_records_in_every_chunking) {
  const Bytes octets = two_records();
  for (std::size_t chunk = 1; chunk <= octets.size(); ++chunk) {
    RecordSplitter splitter;
    std::vector<Record> records;
    for (std::size_t at = 0; at < octets.size(); at += chunk) {
      splitter.feed(View(octets).subspan(at, std::min(chunk, octets.size() - at)));
      while (auto record = splitter.next()) records.push_back(std::move(*record));
    }
    ASSERT_EQ(records.size(), 2U) << chunk;
    EXPECT_EQ(records[0].header.type, ContentType::handshake);
    EXPECT_EQ(records[0].header.legacy_record_version, 0x0301);
    EXPECT_TRUE(equal(records[0].fragment(), Bytes{1, 2, 3}));
    EXPECT_EQ(records[1].header.type, ContentType::application_data);
    EXPECT_EQ(records[1].fragment().size(), 300U);
    EXPECT_EQ(splitter.state(), RecordSplitter::State::reading);
    EXPECT_TRUE(splitter.take_rest().empty());
  }
}

TEST(RecordSplitter, keeps_an_empty_record) {
  RecordSplitter splitter;
  splitter.feed(compose_record(ContentType::application_data, {}));
  const auto record = splitter.next();
  ASSERT_TRUE(record);
  EXPECT_TRUE(record->fragment().empty());
}

TEST(RecordSplitter, tells_text_from_records_by_its_first_octet) {
  RecordSplitter splitter;
  splitter.feed(view_of("E"));
  EXPECT_EQ(splitter.state(), RecordSplitter::State::not_tls);
  splitter.feed(view_of("HLO"));
  EXPECT_FALSE(splitter.next());
  EXPECT_EQ(splitter.take_rest(), bytes_of("EHLO"));
}

TEST(RecordSplitter, tells_text_after_records) {
  RecordSplitter splitter;
  splitter.feed(compose_record(ContentType::alert, Bytes{1, 0}));
  splitter.feed(view_of("QUIT\r\n"));
  EXPECT_TRUE(splitter.next());
  EXPECT_EQ(splitter.state(), RecordSplitter::State::not_tls);
  EXPECT_EQ(splitter.take_rest(), bytes_of("QUIT\r\n"));
}

TEST(RecordSplitter, wants_a_major_version_of_three_at_first) {
  RecordSplitter splitter;
  splitter.feed(Bytes{0x16, 0x02});
  EXPECT_EQ(splitter.state(), RecordSplitter::State::not_tls);
}

TEST(RecordSplitter, lets_one_wrong_field_pass_later) {
  RecordSplitter splitter;
  splitter.feed(two_records());
  splitter.feed(compose_record(static_cast<ContentType>(99), Bytes{1}));
  splitter.feed(compose_record(ContentType::application_data, Bytes{2}, 0x7f7f));
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(splitter.next());
}

TEST(RecordSplitter, takes_a_record_of_the_largest_size_and_no_larger) {
  RecordSplitter fits;
  fits.feed(compose_record(ContentType::application_data, Bytes(kMaxCiphertext12)));
  EXPECT_TRUE(fits.next());
  RecordSplitter exceeds;
  exceeds.feed(Bytes{0x17, 0x03, 0x03, 0x48, 0x01});
  EXPECT_EQ(exceeds.state(), RecordSplitter::State::too_large);
  RecordSplitter strict(kMaxCiphertext13);
  strict.feed(Bytes{0x17, 0x03, 0x03, 0x41, 0x01});
  EXPECT_EQ(strict.state(), RecordSplitter::State::too_large);
}

}  // namespace
}  // namespace assay
