// What a peer may send instead of a chain: each is a finding, none an exception or a fault.
#include "harness/base/entropy.h"
#include "harness/pki/authority.h"
#include "harness/pki/judge.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

class JudgeHostileTest : public testing::Test {
 protected:
  ChainVerdict judge(std::vector<Bytes> chain, std::optional<Bytes> staple = {}) {
    return judge_.judge({std::move(chain), std::move(staple), {"mx.assay.test"}, now_});
  }

  SystemTime now_ = std::chrono::system_clock::now();
  KeyRing keys_;
  Authority authority_{now_, keys_};
  ChainJudge judge_{{authority_.root()}};
  std::vector<std::string> names_{"mx.assay.test"};
  Identity honest_ = authority_.issue({.staple = StapleKind::good}, names_);
};

TEST_F(JudgeHostileTest, needs_a_certificate) {
  const ChainVerdict verdict = judge({});
  EXPECT_EQ(verdict.parse.grade, ParseGrade::empty);
  EXPECT_FALSE(verdict.leaf_readable());
  EXPECT_FALSE(verdict.acceptable());
  EXPECT_EQ(judge({Bytes{}}).parse.grade, ParseGrade::malformed);
}

TEST_F(JudgeHostileTest, stops_at_its_bounds_before_parsing) {
  EXPECT_EQ(judge(std::vector<Bytes>(kMaxServedCertificates, honest_.leaf)).parse.grade,
            ParseGrade::readable);
  EXPECT_EQ(judge(std::vector<Bytes>(kMaxServedCertificates + 1, honest_.leaf)).parse.grade,
            ParseGrade::too_many);
  const std::size_t room = kMaxServedOctets - honest_.leaf.size();
  EXPECT_EQ(judge({honest_.leaf, Bytes(room)}).parse.grade, ParseGrade::malformed);
  const ChainVerdict over = judge({honest_.leaf, Bytes(room + 1)});
  EXPECT_EQ(over.parse.grade, ParseGrade::too_large);
  EXPECT_EQ(over.parse.index, 1U);
  EXPECT_FALSE(over.leaf_readable());
}

TEST_F(JudgeHostileTest, reports_every_truncation_of_a_leaf) {
  for (std::size_t size = 0; size < honest_.leaf.size(); ++size) {
    const ChainVerdict verdict = judge(
        {Bytes(honest_.leaf.begin(), honest_.leaf.begin() + static_cast<std::ptrdiff_t>(size)),
         authority_.intermediate()});
    ASSERT_EQ(verdict.parse.grade, ParseGrade::malformed) << size;
    ASSERT_FALSE(verdict.acceptable());
  }
  Bytes longer = honest_.leaf;
  longer.push_back(0);
  EXPECT_EQ(judge({longer}).parse.grade, ParseGrade::malformed);
}

TEST_F(JudgeHostileTest, judges_the_rest_when_an_entry_behind_the_leaf_is_garbage) {
  const ChainVerdict verdict =
      judge({honest_.leaf, bytes_of("not a certificate"), authority_.intermediate()});
  EXPECT_EQ(verdict.parse.grade, ParseGrade::malformed);
  EXPECT_EQ(verdict.parse.index, 1U);
  EXPECT_TRUE(verdict.path.found) << verdict.path.reason;
  ASSERT_EQ(verdict.keys.size(), 2U);
  EXPECT_EQ(verdict.keys[1].index, 2U);
}

TEST_F(JudgeHostileTest, never_accepts_a_flipped_octet_of_the_leaf) {
  Entropy chance(7);
  for (int i = 0; i < 400; ++i) {
    Bytes leaf = honest_.leaf;
    leaf[chance.below(leaf.size())] ^= static_cast<std::uint8_t>(1 + chance.below(255));
    const ChainVerdict verdict = judge({leaf, authority_.intermediate()});
    ASSERT_FALSE(verdict.path.found) << i;
  }
}

TEST_F(JudgeHostileTest, survives_flipped_and_truncated_staples) {
  Entropy chance(8);
  const Bytes& good = honest_.staple.value();
  for (std::size_t size = 0; size < good.size(); ++size) {
    const Bytes cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
    ASSERT_NE(judge(honest_.chain, cut).staple.grade, StapleGrade::good) << size;
  }
  for (int i = 0; i < 400; ++i) {
    Bytes staple = good;
    staple[chance.below(staple.size())] ^= static_cast<std::uint8_t>(1 + chance.below(255));
    (void)judge(honest_.chain, staple);
  }
}

TEST_F(JudgeHostileTest, survives_certificates_that_are_signed_and_absurd) {
  Entropy chance(9);
  for (int i = 0; i < 400; ++i) {
    const Identity absurd = authority_.issue(
        {.change_leaf =
             [&](CertificateSpec& spec) {
               spec.change_tbs = [&](Bytes& tbs) {
                 for (int k = 0; k < 3; ++k) {
                   tbs[chance.below(tbs.size())] = static_cast<std::uint8_t>(chance.next());
                 }
               };
             }},
        names_);
    (void)judge(absurd.chain, honest_.staple);
  }
}

TEST_F(JudgeHostileTest, makes_absurd_names_safe_to_show) {
  Bytes name;
  for (int i = 0; i < 500; ++i) {
    append(name,
           der::set({der::sequence(
               {der::oid("2.5.4.3"), der::utf8_string("\x1b]0;a\x07\xe2\x80\xae\r\n::error")})}));
  }
  const Identity absurd = authority_.issue(
      {.change_leaf = [&](CertificateSpec& spec) { spec.subject.raw = der::tlv(0x30, name); },
       .serve_intermediate = false},
      names_);
  const ChainVerdict verdict = judge(absurd.chain);
  EXPECT_LT(verdict.path.reason.size(), 1200U);
  EXPECT_FALSE(verdict.leaf_subject.empty());
  for (const char c : verdict.path.reason + verdict.leaf_subject) {
    ASSERT_GE(c, 0x20);
    ASSERT_LT(c, 0x7f);
  }
  const Identity nameless =
      authority_.issue({.change_leaf = [](CertificateSpec& spec) { spec.subject = {}; }}, names_);
  EXPECT_EQ(judge(nameless.chain).leaf_subject, "(empty name)");
}

TEST_F(JudgeHostileTest, passes_over_anchors_that_do_not_parse) {
  const ChainJudge judge({Bytes{1, 2}, authority_.root(), Bytes{}, authority_.root()});
  EXPECT_EQ(judge.anchors(), 2U);
  EXPECT_EQ(judge.unreadable_anchors(), 2U);
  EXPECT_TRUE(judge.judge({honest_.chain, {}, names_, now_}).acceptable());
}

}  // namespace
}  // namespace assay
