#include "harness/check/verdict.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

Check row(FixedList<Ending, 8> accepts, FixedList<Ending, 8> weak) {
  Check check;
  check.id = "a.b.c";
  check.accepts = accepts;
  check.weak = weak;
  return check;
}

TEST(Verdict, an_ending_that_the_row_does_not_name_fails) {
  const Check check = row({ending::accepted}, {ending::closed});
  EXPECT_EQ(judge_ending(check, ending::accepted), Outcome::pass);
  EXPECT_EQ(judge_ending(check, ending::closed), Outcome::weak);
  EXPECT_EQ(judge_ending(check, ending::hang), Outcome::fail);
  EXPECT_EQ(judge_ending(check, ending::died), Outcome::fail);
}

TEST(Verdict, reserved_endings_accuse_nobody) {
  const Check check = row({ending::accepted}, {});
  EXPECT_EQ(judge_ending(check, ending::inapplicable), Outcome::inapplicable);
  EXPECT_EQ(judge_ending(check, ending::inconclusive), Outcome::inconclusive);
  EXPECT_EQ(judge_ending(check, ending::throttled), Outcome::inconclusive);
}

TEST(Verdict, another_alert_is_any_that_neither_list_names) {
  const Check weak = row({ending_of_alert(20)}, {ending::another_alert});
  EXPECT_EQ(judge_ending(weak, ending_of_alert(20)), Outcome::pass);
  EXPECT_EQ(judge_ending(weak, ending_of_alert(40)), Outcome::weak);
  EXPECT_EQ(judge_ending(weak, ending_of_alert(199)), Outcome::weak);
  EXPECT_EQ(judge_ending(weak, ending::closed_without_alert), Outcome::fail);
  const Check pass = row({ending::another_alert}, {ending_of_alert(80)});
  EXPECT_EQ(judge_ending(pass, ending_of_alert(40)), Outcome::pass);
  EXPECT_EQ(judge_ending(pass, ending_of_alert(80)), Outcome::weak);
}

TEST(Verdict, an_alert_fails_where_no_list_takes_another) {
  EXPECT_EQ(judge_ending(row({ending_of_alert(20)}, {}), ending_of_alert(40)), Outcome::fail);
}

TEST(Verdict, the_worse_of_two_has_one_order) {
  constexpr Outcome kFromBadToGood[] = {Outcome::error, Outcome::fail, Outcome::inconclusive,
                                        Outcome::weak,  Outcome::pass, Outcome::inapplicable};
  for (std::size_t i = 0; i < std::size(kFromBadToGood); ++i) {
    for (std::size_t j = i; j < std::size(kFromBadToGood); ++j) {
      EXPECT_EQ(worse(kFromBadToGood[i], kFromBadToGood[j]), kFromBadToGood[i]);
      EXPECT_EQ(worse(kFromBadToGood[j], kFromBadToGood[i]), kFromBadToGood[i]);
    }
  }
}

TEST(Verdict, words_of_outcomes_go_both_ways) {
  for (int i = 0; i <= static_cast<int>(Outcome::xpass); ++i) {
    const auto outcome = static_cast<Outcome>(i);
    EXPECT_EQ(outcome_named(name_of(outcome)), outcome);
  }
  EXPECT_FALSE(outcome_named("passed"));
}

}  // namespace
}  // namespace assay
