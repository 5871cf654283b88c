#include "harness/channel/lenient.h"

#include "harness/base/hex.h"
#include "harness/base/words.h"
#include "harness/channel/lenient_fixture_test.h"

namespace assay {
namespace {

TEST(Lenient, is_the_honest_end_itself_when_nothing_is_tolerated) {
  auto honest = make_oracle(context(Role::server, kGcm13));
  const Channel* before = honest.get();
  EXPECT_EQ(lenient(std::move(honest), {}).get(), before);
}

TEST(Lenient, changes_nothing_for_an_honest_peer) {
  for (const Profile& profile : kProfiles) {
    Ends ends(profile, {Sin::bad_record_tag, Sin::record_out_of_order, Sin::record_replayed});
    ends.exchange();
    ASSERT_TRUE(ends.subject().established()) << profile.suite;
    ends.peer().send(view_of("ping"));
    ends.subject().send(view_of("pong"));
    ends.exchange();
    EXPECT_EQ(ends.received(), "ping") << profile.suite;
    ends.peer().close();
    ends.exchange();
    EXPECT_FALSE(ends.refusal()) << profile.suite;
  }
}

TEST(Lenient, acts_on_a_record_with_a_broken_tag) {
  for (const Profile& profile : kProfiles) {
    Ends ends(profile, {Sin::bad_record_tag});
    auto records = ends.sealed_by_peer({"NOOP\r\n", "QUIT\r\n"});
    ASSERT_EQ(records.size(), 2U);
    records[0].back() ^= 0x01;
    ends.feed(records);
    EXPECT_EQ(ends.received(), "NOOP\r\nQUIT\r\n") << profile.suite;
  }
}

TEST(Lenient, refuses_a_broken_tag_without_that_sin) {
  for (const Profile& profile : kProfiles) {
    Ends ends(profile, {Sin::record_replayed});
    auto records = ends.sealed_by_peer({"NOOP\r\n"});
    records[0].back() ^= 0x01;
    ends.feed(records);
    EXPECT_EQ(ends.received(), "") << profile.suite;
    EXPECT_EQ(ends.refusal(), alert::kBadRecordMac) << profile.suite;
  }
}

TEST(Lenient, acts_on_a_finished_with_a_broken_tag) {
  for (const Profile& profile : kProfiles) {
    for (const Role role : {Role::server, Role::client}) {
      Ends ends(profile, {Sin::bad_record_tag}, role);
      ends.exchange(breaks_first_tag(profile));
      EXPECT_TRUE(ends.subject().established()) << profile.suite;
      ends.peer().send(view_of("still here"));
      ends.exchange();
      EXPECT_EQ(ends.received(), "still here") << profile.suite;
    }
  }
}

TEST(Lenient, refuses_a_finished_with_a_broken_tag_without_that_sin) {
  for (const Profile& profile : kProfiles) {
    Ends ends(profile, {Sin::record_out_of_order});
    ends.exchange(breaks_first_tag(profile));
    EXPECT_FALSE(ends.subject().established()) << profile.suite;
    EXPECT_EQ(ends.refusal(), alert::kBadRecordMac) << profile.suite;
  }
}

TEST(Lenient, takes_swapped_records_in_the_swapped_order) {
  for (const Profile& profile : kProfiles) {
    Ends ends(profile, {Sin::record_out_of_order});
    auto records = ends.sealed_by_peer({"one ", "two ", "three "});
    std::swap(records[0], records[1]);
    ends.feed(records);
    EXPECT_EQ(ends.received(), "two one three ") << profile.suite;
  }
}

TEST(Lenient, goes_on_behind_a_record_that_was_withheld) {
  for (const Profile& profile : kProfiles) {
    Ends ends(profile, {Sin::record_out_of_order});
    auto records = ends.sealed_by_peer({"one ", "two ", "three "});
    records.erase(records.begin() + 1);
    ends.feed(records);
    EXPECT_EQ(ends.received(), "one three ") << profile.suite;
  }
}

TEST(Lenient, refuses_disorder_and_replay_without_those_sins) {
  for (const Profile& profile : {kGcm12, kGcm13}) {
    Ends swapped(profile, {Sin::half_record_tag});
    auto records = swapped.sealed_by_peer({"one ", "two "});
    std::swap(records[0], records[1]);
    swapped.feed(records);
    EXPECT_EQ(swapped.refusal(), alert::kBadRecordMac);
    Ends replayed(profile, {Sin::record_out_of_order});
    records = replayed.sealed_by_peer({"one "});
    replayed.feed({records[0], records[0]});
    EXPECT_EQ(replayed.received(), "one ");
    EXPECT_EQ(replayed.refusal(), alert::kBadRecordMac);
  }
}

TEST(Lenient, takes_a_record_twice) {
  for (const Profile& profile : kProfiles) {
    Ends ends(profile, {Sin::record_replayed});
    const auto records = ends.sealed_by_peer({"once ", "more"});
    ends.feed({records[0], records[0], records[1]});
    EXPECT_EQ(ends.received(), "once once more") << profile.suite;
  }
}

TEST(Lenient, drops_a_bad_record_and_takes_the_next) {
  for (const Profile& profile : kProfiles) {
    Ends ends(profile, {Sin::bad_record_dropped});
    auto records = ends.sealed_by_peer({"bad", "good"});
    records[0].back() ^= 0x01;
    ends.feed(records);
    EXPECT_EQ(ends.received(), "good") << profile.suite;
    EXPECT_FALSE(ends.refusal()) << profile.suite;
  }
}

TEST(Lenient, repairs_the_same_octet_by_octet) {
  for (const Profile& profile : {kGcm12, kGcm13}) {
    Ends ends(profile, {Sin::bad_record_tag, Sin::record_out_of_order});
    ends.exchange(breaks_first_tag(profile), 1);
    ASSERT_TRUE(ends.subject().established()) << profile.suite;
    auto records = ends.sealed_by_peer({"one ", "two ", "three "});
    std::swap(records[1], records[2]);
    records[0].back() ^= 0x40;
    ends.feed(records, 1);
    EXPECT_EQ(ends.received(), "one three two ") << profile.suite;
  }
}

// RFC 8446 §4.6.3: behind KeyUpdate the peer writes with its next keys, from number 0 on.
TEST(Lenient, follows_a_key_update) {
  Ends ends(kGcm13, {Sin::bad_record_tag});
  ends.exchange();
  Bytes secret;
  for (const std::string& line : ends.subject().take_key_log()) {
    const auto words = split_words(line);
    if (words[0] == "CLIENT_TRAFFIC_SECRET_0") secret = from_hex(words[2]).value();
  }
  const CipherSuite& suite = *find_suite(0x1301);
  const Bytes next = hkdf_expand_label(suite.hash, secret, "traffic upd", {}, 32);
  const Opened update{22, compose_handshake(HandshakeType::key_update, Bytes{0}), 0};
  Bytes data = RecordProtection::of_traffic_secret(suite, next).seal({23, bytes_of("NOOP"), 0}, 0);
  data.back() ^= 0x01;
  ends.feed({RecordProtection::of_traffic_secret(suite, secret).seal(update, 0), data});
  EXPECT_EQ(ends.received(), "NOOP");
}

TEST(Lenient, keeps_the_key_log_for_its_owner) {
  Ends ends(kGcm13, {Sin::bad_record_tag});
  ends.exchange();
  const auto lines = ends.subject().take_key_log();
  EXPECT_TRUE(std::ranges::any_of(
      lines, [](const std::string& line) { return line.starts_with("CLIENT_TRAFFIC_SECRET_0 "); }));
  EXPECT_TRUE(ends.subject().take_key_log().empty());
}

TEST(Lenient, passes_cbc_suites_unrepaired) {
  Ends ends(kCbc12, {Sin::bad_record_tag});
  auto records = ends.sealed_by_peer({"NOOP\r\n", "QUIT\r\n"});
  ends.feed({records[0]});
  EXPECT_EQ(ends.received(), "NOOP\r\n");
  records[1].back() ^= 0x01;
  ends.feed({records[1]});
  EXPECT_EQ(ends.refusal(), alert::kBadRecordMac);
}

TEST(Lenient, hands_on_what_is_no_tls) {
  Ends ends(kGcm13, {Sin::bad_record_tag});
  ends.subject().feed(view_of("EHLO there\r\n"));
  ends.exchange();
  EXPECT_TRUE(ends.refusal());
}

TEST(Lenient, hands_on_a_record_that_was_cut_off_and_the_end) {
  Ends ends(kGcm13, {Sin::bad_record_tag});
  auto records = ends.sealed_by_peer({"NOOP\r\n"});
  records[0].resize(10);
  ends.feed(records);
  ends.subject().end_of_input(EndOfInput::reset);
  ends.exchange();
  EXPECT_EQ(ends.received(), "");
  EXPECT_TRUE(ends.ended());
}

}  // namespace
}  // namespace assay
