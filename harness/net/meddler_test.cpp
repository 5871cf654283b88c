#include "harness/net/meddler.h"

#include "harness/net/memory_link.h"
#include "harness/wire/record.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

Bytes record_of(std::string_view text) {
  return compose_record(ContentType::application_data, view_of(text));
}

TEST(Meddler, is_transparent_until_it_is_told_what_to_do) {
  auto [a, b] = MemoryLink::pair();
  Meddler meddler(std::move(a));
  meddler.write(bytes_of("EHLO\r\n"));
  EXPECT_EQ(text_of(b->read_now()->bytes), "EHLO\r\n");
}

TEST(Meddler, swaps_and_drops_whole_records) {
  auto [a, b] = MemoryLink::pair();
  Meddler meddler(std::move(a));
  meddler.edit([](std::vector<Bytes>& records) {
    std::swap(records[0], records[1]);
    records.pop_back();
  });
  Bytes both = record_of("first");
  append(both, record_of("second"));
  meddler.write(both);
  EXPECT_EQ(b->read_now()->bytes, record_of("second"));
}

TEST(Meddler, lets_octets_that_are_no_records_through) {
  auto [a, b] = MemoryLink::pair();
  Meddler meddler(std::move(a));
  meddler.edit([](std::vector<Bytes>& records) { records.clear(); });
  meddler.write(bytes_of("STARTTLS\r\n"));
  EXPECT_EQ(text_of(b->read_now()->bytes), "STARTTLS\r\n");
}

TEST(Meddler, knows_record_types) {
  EXPECT_TRUE(is_application_data(record_of("x")));
  EXPECT_TRUE(is_change_cipher_spec(compose_record(ContentType::change_cipher_spec, Bytes{1})));
  EXPECT_FALSE(is_application_data(Bytes{}));
}

}  // namespace
}  // namespace assay
