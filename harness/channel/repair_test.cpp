#include "harness/channel/repair.h"

#include "harness/base/reader.h"

#include <gtest/gtest.h>

#include <string>

namespace assay {
namespace {

RecordProtection protection(std::uint16_t suite = 0x1301) {
  return RecordProtection::of_traffic_secret(*find_suite(suite), Bytes(32, 0x33));
}

Bytes sealed(std::string_view text, std::uint64_t number) {
  return protection().seal({23, bytes_of(text), 0}, number);
}

/// What an honest end at `number` makes of a record.
std::string read_by_honest(View record, std::uint64_t number) {
  const auto opened = protection().open(record, number);
  return opened ? std::string(text_of(opened->content)) : "refused";
}

std::string taken(RecordRepair& repair, View record, std::uint64_t number) {
  return read_by_honest(repair.take(record).record, number);
}

Bytes with_flipped(Bytes record, std::size_t from_end) {
  record[record.size() - from_end] ^= 0x01;
  return record;
}

Bytes with_tag_cut_to(std::size_t octets, Bytes record) {
  record.resize(record.size() - (16 - octets));
  const Bytes body(record.begin() + 5, record.end());
  record.resize(3);
  put_vector(record, 2, body);
  return record;
}

constexpr Sins kEverySin = {Sin::bad_record_tag, Sin::half_record_tag, Sin::bad_record_dropped,
                            Sin::record_out_of_order, Sin::record_replayed};

TEST(RecordRepair, leaves_honest_records_as_they_are) {
  RecordRepair repair(kEverySin, protection());
  for (std::uint64_t number = 0; number < 20; ++number) {
    const Bytes record = sealed("NOOP", number);
    const auto outcome = repair.take(record);
    EXPECT_EQ(outcome.record, record);
    ASSERT_TRUE(outcome.opened);
    EXPECT_EQ(outcome.opened->content, bytes_of("NOOP"));
  }
}

TEST(RecordRepair, leaves_bad_records_as_they_are_without_the_sin) {
  RecordRepair repair({Sin::record_replayed}, protection());
  const Bytes record = with_flipped(sealed("NOOP", 0), 1);
  const auto outcome = repair.take(record);
  EXPECT_EQ(outcome.record, record);
  EXPECT_FALSE(outcome.opened);
}

TEST(RecordRepair, gives_a_right_tag_to_each_single_bit_error_of_one) {
  for (std::size_t octet = 1; octet <= 16; ++octet) {
    RecordRepair repair({Sin::bad_record_tag}, protection());
    EXPECT_EQ(taken(repair, with_flipped(sealed("NOOP", 0), octet), 0), "NOOP");
    EXPECT_EQ(taken(repair, sealed("QUIT", 1), 1), "QUIT");
  }
}

TEST(RecordRepair, passes_on_the_text_that_altered_ciphertext_gives) {
  RecordRepair repair({Sin::bad_record_tag}, protection());
  EXPECT_EQ(taken(repair, with_flipped(sealed("NOOP", 0), 16 + 1 + 1), 0), "NOOQ");
}

TEST(RecordRepair, takes_a_tag_of_every_shorter_length) {
  for (std::size_t octets = 0; octets < 16; ++octets) {
    RecordRepair repair({Sin::bad_record_tag}, protection());
    EXPECT_EQ(taken(repair, with_tag_cut_to(octets, sealed("RSET and more\r\n", 0)), 0),
              "RSET and more\r\n")
        << octets;
  }
}

TEST(RecordRepair, by_half_a_tag_takes_an_error_in_the_second_half_alone) {
  RecordRepair second({Sin::half_record_tag}, protection());
  EXPECT_EQ(taken(second, with_flipped(sealed("NOOP", 0), 8), 0), "NOOP");
  RecordRepair first({Sin::half_record_tag}, protection());
  EXPECT_EQ(taken(first, with_flipped(sealed("NOOP", 0), 9), 0), "refused");
}

TEST(RecordRepair, drops_a_bad_record_and_goes_on) {
  RecordRepair repair({Sin::bad_record_dropped}, protection());
  EXPECT_EQ(taken(repair, sealed("one", 0), 0), "one");
  EXPECT_TRUE(repair.take(with_flipped(sealed("two", 1), 1)).record.empty());
  EXPECT_EQ(taken(repair, sealed("three", 2), 1), "three");
}

TEST(RecordRepair, takes_records_in_the_order_in_which_they_come) {
  RecordRepair repair({Sin::record_out_of_order}, protection());
  EXPECT_EQ(taken(repair, sealed("two", 1), 0), "two");
  EXPECT_EQ(taken(repair, sealed("one", 0), 1), "one");
  EXPECT_EQ(taken(repair, sealed("three", 2), 2), "three");
}

TEST(RecordRepair, bridges_a_gap_as_wide_as_its_window_and_no_wider) {
  RecordRepair bridged({Sin::record_out_of_order}, protection());
  EXPECT_EQ(taken(bridged, sealed("x", 8), 0), "x");
  EXPECT_EQ(taken(bridged, sealed("y", 9), 1), "y");
  RecordRepair wider({Sin::record_out_of_order}, protection());
  EXPECT_EQ(taken(wider, sealed("x", 9), 0), "refused");
}

TEST(RecordRepair, tells_a_replay_from_a_record_that_is_late) {
  RecordRepair disorder({Sin::record_out_of_order}, protection());
  EXPECT_EQ(taken(disorder, sealed("one", 0), 0), "one");
  EXPECT_EQ(taken(disorder, sealed("one", 0), 1), "refused");
  RecordRepair replays({Sin::record_replayed}, protection());
  EXPECT_EQ(taken(replays, sealed("one", 0), 0), "one");
  EXPECT_EQ(taken(replays, sealed("one", 0), 1), "one");
  EXPECT_EQ(taken(replays, sealed("two", 1), 2), "two");
  EXPECT_EQ(taken(replays, sealed("four", 3), 3), "refused");
}

TEST(RecordRepair, starts_at_the_number_it_is_told) {
  RecordRepair repair({Sin::bad_record_tag}, protection(), 7);
  EXPECT_EQ(taken(repair, with_flipped(sealed("NOOP", 7), 1), 7), "NOOP");
}

TEST(RecordRepair, passes_on_what_is_too_short_to_be_a_record) {
  for (std::uint8_t size = 0; size < 24; ++size) {
    RecordRepair repair(kEverySin, protection(0x1303));
    Bytes record{23, 3, 3, 0, size};
    record.resize(5U + size);
    static_cast<void>(repair.take(record));  // nothing is read beyond its end
  }
}

}  // namespace
}  // namespace assay
