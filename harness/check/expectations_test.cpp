#include "harness/check/expectations.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kIds[] = {"integrity.aead.tag", "integrity.aead.nonce",
                                     "negotiation.upgrade.offered"};
constexpr std::chrono::year_month_day kToday = 2026y / 11 / 24;

tl::expected<Baseline, std::string> parsed(std::string_view text) {
  return parse_baseline(text, "b.toml", kIds, kToday);
}

std::string error_of(std::string_view text) {
  const auto baseline = parsed(text);
  return baseline ? std::string() : baseline.error();
}

Result result(std::string name, Outcome outcome) {
  Result made;
  made.which.name = std::move(name);
  made.outcome = outcome;
  return made;
}

std::vector<Result> three_results() {
  return {result("integrity.aead.tag@smtp.upgrade.tls12", Outcome::fail),
          result("integrity.aead.tag@smtp.upgrade.tls13", Outcome::pass),
          result("integrity.aead.nonce@pop3.implicit.tls13", Outcome::weak)};
}

TEST(Baseline, mistakes_are_told_with_their_place) {
  EXPECT_EQ(
      error_of("[[expect]]\nid = \"integrity.aead.tga\"\nreason = \"r\"\n"),
      "b.toml:2:1: unknown check \"integrity.aead.tga\"; did you mean \"integrity.aead.tag\"?");
  EXPECT_EQ(error_of("[[expect]]\nid = \"integrity.aead.tag\"\nresaon = \"r\"\n"),
            "b.toml:3:1: unknown key \"resaon\"; did you mean \"reason\"?");
  EXPECT_EQ(error_of("[[expect]]\nid = \"integrity.aead.tag\"\n"),
            "b.toml:1:1: an entry needs a `reason`: why is this finding expected?");
  EXPECT_EQ(error_of("[[expect]]\nid = \"integrity.*\"\nreason = \"r\"\n"),
            "b.toml:2:1: a glob needs `max = N`: how many cases may it stand for?");
  EXPECT_EQ(error_of("[[expect]]\nid = \"nothing.*\"\nmax = 1\nreason = \"r\"\n"),
            "b.toml:2:1: no check fits \"nothing.*\"");
  EXPECT_EQ(error_of("[[expcet]]\n"),
            "b.toml:1:3: unknown key \"expcet\"; did you mean \"expect\"?");
  EXPECT_NE(
      error_of("[[expect]]\nid = \"integrity.aead.tag\"\nreason = \"r\"\noutcome = \"pass\"\n")
          .find("`outcome` must be one of fail, weak, inconclusive"),
      std::string::npos);
  EXPECT_NE(
      error_of("[[expect]]\nid = \"integrity.aead.tag\"\nreason = \"r\"\nexpires = \"soon\"\n")
          .find("b.toml:4:1: `expires` must be a date"),
      std::string::npos);
  EXPECT_EQ(error_of("[[expect]\n").substr(0, 9), "b.toml:1:");
}

TEST(Baseline, an_expected_fail_becomes_xfail_and_keeps_its_reason) {
  auto baseline = parsed(
      "[[expect]]\nid = \"integrity.aead.tag\"\nversion = \"tls12\"\nreason = \"old stack\"\n"
      "issue = \"#7\"\n");
  ASSERT_TRUE(baseline) << baseline.error();
  auto results = three_results();
  apply(*baseline, results);
  EXPECT_EQ(results[0].outcome, Outcome::xfail);
  EXPECT_EQ(results[0].baseline_reason, "old stack (#7)");
  EXPECT_EQ(results[1].outcome, Outcome::pass);
  EXPECT_TRUE(summary_of(*baseline).unmatched.empty());
}

TEST(Baseline, a_pass_where_a_fail_was_expected_is_xpass) {
  auto baseline = parsed("[[expect]]\nid = \"integrity.aead.tag\"\nreason = \"r\"\n");
  ASSERT_TRUE(baseline);
  auto results = three_results();
  apply(*baseline, results);
  EXPECT_EQ(results[0].outcome, Outcome::xfail);
  EXPECT_EQ(results[1].outcome, Outcome::xpass);
}

TEST(Baseline, a_scope_holds_by_protocol_access_version_and_case) {
  for (const char* scope : {"protocol = \"pop3\"", "access = \"implicit\"", "version = \"tls13\"",
                            "case = \"*@pop3.*\""}) {
    auto baseline = parsed("[[expect]]\nid = \"integrity.aead.tag\"\nreason = \"r\"\n" +
                           std::string(scope) + "\n");
    ASSERT_TRUE(baseline) << baseline.error();
    auto results = three_results();
    apply(*baseline, results);
    EXPECT_EQ(results[0].outcome, Outcome::fail) << scope;
  }
}

TEST(Baseline, a_glob_stands_for_no_more_than_its_max) {
  const std::string text = "[[expect]]\nid = \"integrity.*\"\nreason = \"r\"\nmax = ";
  auto results = three_results();
  results.push_back(result("integrity.aead.nonce@smtp.upgrade.tls12", Outcome::fail));
  auto enough = parsed(text + "2\n");
  ASSERT_TRUE(enough);
  auto judged = results;
  apply(*enough, judged);
  EXPECT_EQ(judged[0].outcome, Outcome::xfail);
  EXPECT_EQ(judged[1].outcome, Outcome::pass);
  EXPECT_EQ(judged[3].outcome, Outcome::xfail);

  auto few = parsed(text + "1\n");
  ASSERT_TRUE(few);
  judged = results;
  apply(*few, judged);
  EXPECT_EQ(judged[0].outcome, Outcome::fail);
  EXPECT_EQ(judged[3].outcome, Outcome::fail);
  EXPECT_EQ(judged[3].notes.at(0), "baseline: b.toml:1 stands for 1 cases at most and found 2");
  EXPECT_EQ(summary_of(*few).exceeded.size(), 1U);
}

TEST(Baseline, an_entry_ends_on_the_day_after_expires) {
  const std::string text =
      "[[expect]]\nid = \"integrity.aead.tag\"\nversion = \"tls12\"\nreason = \"r\"\nexpires = ";
  auto last_day = parsed(text + "2026-11-24\n");
  ASSERT_TRUE(last_day);
  auto results = three_results();
  apply(*last_day, results);
  EXPECT_EQ(results[0].outcome, Outcome::xfail);

  auto over = parsed(text + "2026-11-23\n");
  ASSERT_TRUE(over);
  results = three_results();
  apply(*over, results);
  EXPECT_EQ(results[0].outcome, Outcome::fail);
  EXPECT_EQ(results[0].notes.at(0), "baseline: expected until 2026-11-23 (b.toml:1): r");
  EXPECT_EQ(summary_of(*over).expired.at(0),
            "b.toml:1: integrity.aead.tag expired on 2026-11-23: r");
}

TEST(Baseline, an_entry_that_matched_nothing_is_told) {
  auto baseline = parsed("[[expect]]\nid = \"negotiation.upgrade.offered\"\nreason = \"r\"\n");
  ASSERT_TRUE(baseline);
  auto results = three_results();
  results.push_back(result("negotiation.upgrade.offered@smtp.upgrade", Outcome::inapplicable));
  apply(*baseline, results);
  EXPECT_EQ(summary_of(*baseline).unmatched.at(0),
            "b.toml:1: negotiation.upgrade.offered matched nothing that ran");
  EXPECT_EQ(results[3].outcome, Outcome::inapplicable);
}

TEST(Baseline, a_weak_finding_can_be_expected_too) {
  auto baseline =
      parsed("[[expect]]\nid = \"integrity.aead.nonce\"\nreason = \"r\"\noutcome = \"weak\"\n");
  ASSERT_TRUE(baseline);
  auto results = three_results();
  apply(*baseline, results);
  EXPECT_EQ(results[2].outcome, Outcome::xfail);
}

TEST(Baseline, what_is_not_expected_in_this_way_stays) {
  auto baseline =
      parsed("[[expect]]\nid = \"integrity.aead.nonce\"\nreason = \"r\"\noutcome = \"fail\"\n");
  ASSERT_TRUE(baseline);
  auto results = three_results();
  apply(*baseline, results);
  EXPECT_EQ(results[2].outcome, Outcome::weak);
}

}  // namespace
}  // namespace assay
