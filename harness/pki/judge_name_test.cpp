#include "harness/pki/authority.h"
#include "harness/pki/judge.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

class JudgeNameTest : public testing::Test {
 protected:
  NameFinding match(const std::vector<std::string>& presented,
                    const std::vector<std::string>& references, bool in_common_name = false) {
    const Identity identity =
        authority_.issue({.names_in_common_name_only = in_common_name}, presented);
    return judge_.judge({identity.chain, {}, references, now_}).name;
  }
  NameGrade grade(const std::string& presented, const std::string& reference) {
    return match({presented}, {reference}).grade;
  }

  SystemTime now_ = std::chrono::system_clock::now();
  KeyRing keys_;
  Authority authority_{now_, keys_};
  ChainJudge judge_{{authority_.root()}};
};

TEST_F(JudgeNameTest, compares_whole_names_without_case) {
  EXPECT_EQ(grade("mx.assay.test", "MX.Assay.test"), NameGrade::matched);
  EXPECT_EQ(grade("mx.assay.test", "mx.assay.test."), NameGrade::matched);
  EXPECT_EQ(grade("mx.assay.test", "assay.test"), NameGrade::mismatched);
  EXPECT_EQ(grade("mx.assay.test", ".assay.test"), NameGrade::mismatched);
  EXPECT_EQ(grade("mx.assay.test", ""), NameGrade::mismatched);
  EXPECT_EQ(grade("mx.assay.test", "."), NameGrade::mismatched);
}

TEST_F(JudgeNameTest, takes_a_wildcard_for_one_whole_label) {
  EXPECT_EQ(grade("*.assay.test", "mx.assay.test"), NameGrade::matched);
  EXPECT_EQ(grade("*.assay.test", "a.mx.assay.test"), NameGrade::mismatched);
  EXPECT_EQ(grade("*.assay.test", "assay.test"), NameGrade::mismatched);
  EXPECT_EQ(grade("m*.assay.test", "mx.assay.test"), NameGrade::only_partial_wildcard);
  EXPECT_EQ(grade("*", "test"), NameGrade::mismatched);
}

TEST_F(JudgeNameTest, tells_what_was_wanted_and_what_else_is_there) {
  const NameFinding finding = match({"*.assay.test"}, {"mx.assay.test", "a\x1b"}, true);
  EXPECT_EQ(finding.common_name, "*.assay.test");
  EXPECT_EQ(finding.wanted, (std::vector<std::string>{"mx.assay.test", "a\\x1b"}));
  EXPECT_EQ(match({"127.0.0.1"}, {"127.0.0.1"}).common_name, "");
  const Identity behind = authority_.issue({.names_in_front = {"other.test"}},
                                           std::vector<std::string>{"mx.assay.test"});
  const NameFinding first = judge_.judge({behind.chain, {}, {"mx.assay.test"}, now_}).name;
  EXPECT_EQ(first.grade, NameGrade::mismatched);
  EXPECT_TRUE(first.behind_first);
  EXPECT_FALSE(match({"mx.assay.test"}, {"mx.assay.test"}).behind_first);
}

TEST_F(JudgeNameTest, never_believes_the_common_name) {
  const NameFinding finding = match({"mx.assay.test"}, {"mx.assay.test"}, true);
  EXPECT_EQ(finding.grade, NameGrade::only_common_name);
  EXPECT_EQ(finding.reason,
            "mx.assay.test is only the common name; presented: no readable subjectAltName");
}

TEST_F(JudgeNameTest, compares_addresses_as_octets) {
  EXPECT_EQ(grade("127.0.0.1", "127.0.0.1"), NameGrade::matched);
  EXPECT_EQ(grade("::1", "[0:0:0:0:0:0:0:1]"), NameGrade::matched);
  EXPECT_EQ(grade("127.0.0.1", "127.0.0.2"), NameGrade::mismatched);
  EXPECT_EQ(match({"mx.assay.test", "10.0.0.1"}, {"10.0.0.2"}).reason,
            "no name matches 10.0.0.2; presented: mx.assay.test, 10.0.0.1");
}

TEST_F(JudgeNameTest, needs_one_of_several_references) {
  const NameFinding finding = match({"assay.test"}, {"mx.assay.test", "assay.test"});
  EXPECT_EQ(finding.grade, NameGrade::matched);
  EXPECT_EQ(finding.matched, "assay.test");
  EXPECT_EQ(match({"assay.test"}, {}).grade, NameGrade::no_reference);
}

TEST_F(JudgeNameTest, shows_a_few_of_many_names_and_nothing_dangerous) {
  std::vector<std::string> many(2000, "\x1b[2Jevil\r\n.test");
  const NameFinding finding = match(many, {"mx.assay.test"});
  EXPECT_EQ(finding.grade, NameGrade::mismatched);
  EXPECT_NE(finding.reason.find("\\x1b[2Jevil\\r\\n.test"), std::string::npos);
  EXPECT_TRUE(finding.reason.ends_with(" and 1995 more"));
  EXPECT_EQ(finding.reason.find('\x1b'), std::string::npos);
}

TEST_F(JudgeNameTest, is_not_fooled_by_a_zero_octet) {
  EXPECT_EQ(grade(std::string("mx.assay.test\0.evil.test", 24), "mx.assay.test"),
            NameGrade::mismatched);
}

}  // namespace
}  // namespace assay
