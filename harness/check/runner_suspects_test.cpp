// Who killed the subject: what the Runner does when it stops answering.
#include "harness/check/runner.h"
#include "harness/check/scripted_test.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

class SuspectsTest : public testing::Test {
 protected:
  SuspectsTest() {
    script->facts = facts_for_tests();
    script->control = [this](Probe& probe) {
      ++control_tries;
      if (control_tries == revived_at) dead = false;
      return !dead || probe.lose(control_ends, "connection refused");
    };
    script->observe = [this](Probe& probe) {
      if (dead) return probe.inconclusive("cannot connect");
      const bool kills = probe.which().check->id == "a.b.killer";
      dead = dead || kills;
      return kills ? killer_ends : ending::accepted;
    };
  }
  SubjectRun run(const std::vector<const Check*>& checks, std::size_t jobs) {
    RunOptions options;
    options.jobs = jobs;
    Runner runner(loop, contexts, scripted_actions(), options);
    return loop.run_until_done(runner.run(subject, checks, nullptr));
  }
  static const Result& result_of(const SubjectRun& run, std::string_view id) {
    for (const Result& result : run.results) {
      if (result.which.check->id == id) return result;
    }
    throw std::logic_error("no such result");
  }

  Loop loop;
  OracleContexts contexts;
  std::shared_ptr<Script> script = std::make_shared<Script>();  // the subject and the test share it
  Subject subject = subject_for_tests(script);
  Check killer = row_for_tests("a.b.killer");
  Check before = row_for_tests("a.b.before");
  Check after = row_for_tests("a.b.after");
  Ending killer_ends = ending::closed;
  Ending control_ends = ending::inconclusive;  // where the subject is dead
  bool dead = false;
  std::size_t control_tries = 0;
  std::size_t revived_at = 1'000;  // the control that finds the subject up again
};

TEST_F(SuspectsTest, a_control_that_is_told_to_come_later_accuses_nobody) {
  control_ends = ending::throttled;
  const SubjectRun done = run({&killer, &after}, 1);
  for (const Result& result : done.results) {
    EXPECT_EQ(result.outcome, Outcome::inconclusive) << result.which.name << " " << result.ending;
  }
}

TEST_F(SuspectsTest, the_one_case_since_the_last_good_control_died) {
  const SubjectRun done = run({&killer, &after}, 1);
  EXPECT_EQ(result_of(done, "a.b.killer").outcome, Outcome::fail);
  EXPECT_EQ(result_of(done, "a.b.killer").ending, "died");
  EXPECT_EQ(result_of(done, "a.b.killer").reason,
            "after this the subject stopped answering: connection refused");
  EXPECT_EQ(result_of(done, "a.b.after").outcome, Outcome::inconclusive);
}

TEST_F(SuspectsTest, several_run_again_alone_until_the_killer_is_known) {
  script->pause = Milliseconds(20);
  revived_at = 4;  // somebody starts it again after the three tries of the control
  const SubjectRun done = run({&before, &killer, &after}, 3);
  EXPECT_EQ(result_of(done, "a.b.before").outcome, Outcome::pass);
  EXPECT_EQ(result_of(done, "a.b.killer").ending, "died");
  const Result& last = result_of(done, "a.b.after");
  EXPECT_EQ(last.outcome, Outcome::inconclusive);  // nobody started it a second time
  EXPECT_EQ(last.reason, "the control failed: connection refused");
}

TEST_F(SuspectsTest, a_subject_that_stays_down_leaves_all_suspects_inconclusive) {
  script->pause = Milliseconds(20);
  const SubjectRun done = run({&before, &killer, &after}, 3);
  for (const Result& result : done.results) EXPECT_EQ(result.outcome, Outcome::inconclusive);
}

TEST_F(SuspectsTest, an_exclusive_case_that_passed_is_named_when_the_subject_is_gone_after_it) {
  killer.traits = {Trait::exclusive};
  killer_ends = ending::accepted;
  EXPECT_EQ(result_of(run({&killer}, 1), "a.b.killer").ending, "died");
}

}  // namespace
}  // namespace assay
