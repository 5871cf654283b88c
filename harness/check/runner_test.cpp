#include "harness/check/runner.h"

#include "harness/check/scripted_test.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace assay {
namespace {

RunOptions one_at_a_time() {
  RunOptions options;
  options.jobs = 1;
  return options;
}

class RunnerTest : public testing::Test {
 protected:
  RunnerTest() { script->facts = facts_for_tests(); }

  SubjectRun run(const std::vector<const Check*>& checks, RunOptions options = one_at_a_time()) {
    Runner runner(loop, contexts, scripted_actions(), options);
    return loop.run_until_done(runner.run(subject, checks, nullptr));
  }
  Result run_one(const Check& check, RunOptions options = one_at_a_time()) {
    return run({&check}, options).results.at(0);
  }
  /// Controls are not taken from discovery: each row's first one is a dialogue of its own.
  void without_primed_controls() {
    script->facts.tls = script->facts.served = false;
    row.control = Control::connect;
  }

  Loop loop;
  OracleContexts contexts;
  std::shared_ptr<Script> script = std::make_shared<Script>();  // the subject and the test share it
  Subject subject = subject_for_tests(script);
  Check row = row_for_tests("a.b.row");
};

TEST_F(RunnerTest, judges_what_the_row_observed) {
  EXPECT_EQ(run_one(row).outcome, Outcome::pass);
  script->observe = [](Probe& probe) {
    probe.explain("the reply was 500");
    return ending::refused;
  };
  const Result failed = run_one(row);
  EXPECT_EQ(failed.outcome, Outcome::fail);
  EXPECT_EQ(failed.ending, "refused");
  EXPECT_EQ(failed.reason, "the reply was 500");
  EXPECT_EQ(failed.severity, Severity::error);
}

TEST_F(RunnerTest, a_control_that_fails_accuses_nobody) {
  without_primed_controls();
  script->control = [](Probe& probe) { return probe.lose(ending::inconclusive, "no greeting"); };
  const Result result = run_one(row);
  EXPECT_EQ(result.outcome, Outcome::inconclusive);
  EXPECT_EQ(result.reason, "the control failed: no greeting");
  EXPECT_EQ(script->controls, 3U);  // it is tried three times
  EXPECT_TRUE(script->begun.empty());
}

TEST_F(RunnerTest, an_exception_in_a_control_is_its_failure) {
  without_primed_controls();
  script->control = [](Probe&) -> bool { throw std::runtime_error("control\x1b broke"); };
  const Result result = run_one(row);
  EXPECT_EQ(result.outcome, Outcome::inconclusive);
  EXPECT_EQ(result.reason, "the control failed: control\\x1b broke");
}

TEST_F(RunnerTest, discovery_is_the_first_control_and_fifty_cases_use_it_up) {
  std::vector<const Check*> fifty(50, &row);
  run(fifty);
  EXPECT_EQ(script->controls, 0U);
  std::vector<const Check*> one_more(51, &row);
  run(one_more);
  EXPECT_EQ(script->controls, 1U);
}

TEST_F(RunnerTest, a_finding_needs_a_control_behind_it) {
  script->observe = [](Probe&) { return ending::refused; };
  run_one(row);
  EXPECT_EQ(script->controls, 1U);
}

TEST_F(RunnerTest, a_hang_is_tried_again_with_three_times_the_patience) {
  std::vector<Milliseconds> windows;
  script->observe = [&](Probe& probe) {
    windows.emplace_back(
        std::chrono::round<std::chrono::seconds>(probe.reply_deadline() - Clock::now()));
    return ending::hang;
  };
  const Result result = run_one(row);
  EXPECT_EQ(result.outcome, Outcome::fail);
  EXPECT_EQ(result.ending, "hang");
  ASSERT_EQ(windows.size(), 2U);
  EXPECT_EQ(windows[1], 3 * windows[0]);
  EXPECT_EQ(script->controls, 2U);  // one before the second try, one after
}

TEST_F(RunnerTest, a_hang_that_patience_cures_is_no_hang_and_is_noted) {
  script->observe = [&](Probe&) {
    return script->begun.size() == 1 ? ending::hang : ending::accepted;
  };
  const Result result = run_one(row);
  EXPECT_EQ(result.outcome, Outcome::pass);
  EXPECT_TRUE(result.second_try);
  ASSERT_EQ(notes_of(result).size(), 1U);
  EXPECT_NE(notes_of(result)[0].find("the first try hung"), std::string::npos);
}

TEST_F(RunnerTest, a_hang_of_the_control_too_is_inconclusive) {
  script->observe = [](Probe&) { return ending::hang; };
  script->control = [&](Probe& probe) {
    return script->begun.size() < 2 || probe.lose(ending::inconclusive, "nothing came in time");
  };
  const Result result = run_one(row);
  EXPECT_EQ(result.outcome, Outcome::inconclusive);
  EXPECT_EQ(result.reason, "hung, but so did the control: nothing came in time");
}

TEST_F(RunnerTest, a_throttled_case_is_tried_twice_more_and_then_inconclusive) {
  script->observe = [](Probe&) { return ending::throttled; };
  const Result result = run_one(row);
  EXPECT_EQ(result.outcome, Outcome::inconclusive);
  EXPECT_EQ(result.ending, "throttled");
  EXPECT_EQ(script->begun.size(), 3U);
}

TEST_F(RunnerTest, a_throttle_that_ends_leaves_no_trace_in_the_outcome) {
  script->observe = [&](Probe&) {
    return script->begun.size() < 3 ? ending::throttled : ending::accepted;
  };
  EXPECT_EQ(run_one(row).outcome, Outcome::pass);
}

TEST_F(RunnerTest, an_exception_is_an_error_of_ours_and_the_others_go_on) {
  const Check second = row_for_tests("a.b.second");
  script->observe = [](Probe& probe) {
    if (probe.which().check->id == "a.b.row") throw std::runtime_error("misused\n::error");
    return ending::accepted;
  };
  const SubjectRun done = run({&row, &second});
  EXPECT_EQ(done.results[0].outcome, Outcome::error);
  EXPECT_EQ(done.results[0].reason, "misused\\n::error");
  EXPECT_EQ(done.results[1].outcome, Outcome::pass);
}

TEST_F(RunnerTest, exclusive_rows_run_last_and_alone) {
  Check alone = row_for_tests("a.b.alone");
  alone.traits = {Trait::exclusive};
  const Check others[] = {row_for_tests("a.b.x"), row_for_tests("a.b.y"), row_for_tests("a.b.z")};
  script->pause = Milliseconds(20);
  std::size_t beside = 9;
  script->observe = [&](Probe& probe) {
    if (probe.which().check->id == "a.b.alone") beside = script->in_flight;
    return ending::accepted;
  };
  RunOptions options;
  options.jobs = 3;
  run({&alone, &others[0], &others[1], &others[2]}, options);
  ASSERT_EQ(script->begun.size(), 4U);
  EXPECT_EQ(script->begun.back(), "a.b.alone");
  EXPECT_EQ(beside, 0U);
  EXPECT_EQ(script->most_in_flight, 3U);
}

TEST_F(RunnerTest, a_serial_peer_gets_one_case_at_a_time) {
  script->facts.serial = true;
  script->pause = Milliseconds(5);
  RunOptions options;
  options.jobs = 8;
  const SubjectRun done = run({&row, &row, &row}, options);
  EXPECT_TRUE(done.serial);
  EXPECT_EQ(script->most_in_flight, 1U);
}

TEST_F(RunnerTest, an_interrupted_run_ends_its_cases_inconclusive) {
  Runner runner(loop, contexts, scripted_actions(), one_at_a_time());
  script->observe = [&](Probe&) {
    runner.interrupt();
    return ending::refused;
  };
  const std::vector<const Check*> checks(3, &row);
  const SubjectRun done = loop.run_until_done(runner.run(subject, checks, nullptr));
  ASSERT_EQ(done.results.size(), 3U);
  for (const Result& result : done.results) {
    EXPECT_EQ(result.outcome, Outcome::inconclusive);
    EXPECT_EQ(result.reason, "interrupted");
  }
  EXPECT_EQ(script->begun.size(), 1U);
}

TEST_F(RunnerTest, a_part_that_failed_in_time_stands_when_the_rest_spends_the_budget) {
  RunOptions options = one_at_a_time();
  options.budget.check = Milliseconds(10);
  script->pause = Milliseconds(30);
  row.run = [](Probe& probe) -> Task<Ending> {
    probe.part("at once", ending::refused);
    const Ending late = co_await scripted(probe);
    probe.part("late", late);
    co_return probe.worst();
  };
  script->observe = [](Probe&) { return ending::closed; };
  const Result result = run_one(row, options);
  EXPECT_EQ(result.outcome, Outcome::fail);
  EXPECT_EQ(result.ending, "refused");
  ASSERT_EQ(result.parts.size(), 2U);
  EXPECT_EQ(result.parts[1].outcome, Outcome::inconclusive);
}

TEST_F(RunnerTest, what_a_spent_budget_cut_off_accuses_nobody) {
  RunOptions options = one_at_a_time();
  options.budget.check = Milliseconds(10);
  script->pause = Milliseconds(30);
  script->observe = [](Probe&) { return ending::refused; };
  const Result late = run_one(row, options);
  EXPECT_EQ(late.outcome, Outcome::inconclusive);
  EXPECT_EQ(late.reason, "the check's time was spent");
  options.budget.subject = Milliseconds(0);
  EXPECT_EQ(run_one(row, options).reason, "the subject's time is spent");
}

TEST_F(RunnerTest, an_unmet_need_is_inapplicable_and_says_which_line_would_bring_it) {
  row.needs = {Need::account};
  const Result result = run_one(row);
  EXPECT_EQ(result.outcome, Outcome::inapplicable);
  EXPECT_NE(result.reason.find("`user`"), std::string::npos);
  EXPECT_TRUE(script->begun.empty());
}

TEST_F(RunnerTest, rows_outside_the_profile_or_the_safe_set_say_what_would_run_them) {
  const auto reason = [&](Trait trait, Profile profile, bool intrusive) {
    row.traits = {trait};
    RunOptions options = one_at_a_time();
    options.profile = profile;
    options.intrusive = intrusive;
    return run_one(row, options).reason;
  };
  EXPECT_NE(reason(Trait::slow, Profile::full_default, true).find("--profile full"),
            std::string::npos);
  EXPECT_NE(reason(Trait::exclusive, Profile::quick, true).find("--profile quick"),
            std::string::npos);
  EXPECT_NE(reason(Trait::writes, Profile::full, false).find("--intrusive"), std::string::npos);
  EXPECT_NE(reason(Trait::intrusive, Profile::full, false).find("--intrusive"), std::string::npos);
  EXPECT_EQ(reason(Trait::slow, Profile::full, false), "");
}

TEST_F(RunnerTest, an_endpoint_that_is_not_there_is_no_finding) {
  script->facts = Facts{};
  script->facts.trouble = "cannot connect";
  const Result result = run_one(row);
  EXPECT_EQ(result.outcome, Outcome::inconclusive);
  EXPECT_EQ(result.reason, "cannot connect");
}

TEST_F(RunnerTest, a_password_is_in_no_reason_and_no_note) {
  subject.account.user = "ann";
  subject.account.password = Secret("hunter2-hunter2");
  script->observe = [](Probe& probe) {
    probe.explain("said hunter2-hunter2");
    probe.note("again hunter2-hunter2");
    return ending::refused;
  };
  const Result result = run_one(row);
  EXPECT_EQ(result.reason.find("hunter2"), std::string::npos);
  ASSERT_EQ(result.notes.size(), 1U);
  EXPECT_EQ(result.notes[0].find("hunter2"), std::string::npos);
}

TEST_F(RunnerTest, chance_follows_from_seed_and_case_whatever_else_is_in_flight) {
  const Check second = row_for_tests("a.b.second");
  std::map<std::string, std::string> words;
  script->observe = [&](Probe& probe) {
    words[probe.which().name] = probe.entropy().word(12);
    return ending::accepted;
  };
  RunOptions options = one_at_a_time();
  run({&row, &second}, options);
  const auto first = std::exchange(words, {});
  options.jobs = 4;
  run({&second, &row}, options);
  EXPECT_EQ(words, first);
  options.seed = 2;
  run({&row, &second}, options);
  EXPECT_NE(words, first);
}

Task<Ending> connecting(Probe& probe) {
  const auto link = co_await probe.connect();
  co_return link ? ending::accepted : ending::refused;
}

TEST_F(RunnerTest, a_rate_limit_spaces_the_connections) {
  const auto listener = loop.listen({"127.0.0.1", 0}, [](std::unique_ptr<Link>) {});
  subject.endpoints[0].address = listener->address();
  row.run = connecting;
  RunOptions options;
  options.jobs = 8;
  options.rate = 20;
  const std::vector<const Check*> checks(5, &row);
  const SubjectRun done = run(checks, options);
  EXPECT_EQ(done.counters.connections, 5U);
  EXPECT_GE(done.took, Milliseconds(4 * 50));
  for (const Result& result : done.results) EXPECT_EQ(result.outcome, Outcome::pass);
}

TEST_F(RunnerTest, a_case_that_waits_for_its_turn_loses_no_time_of_its_own) {
  const auto listener = loop.listen({"127.0.0.1", 0}, [](std::unique_ptr<Link>) {});
  subject.endpoints[0].address = listener->address();
  row.run = connecting;
  RunOptions options;
  options.jobs = 4;
  options.rate = 10;
  options.budget.check = Milliseconds(150);
  const std::vector<const Check*> checks(4, &row);  // the last one's turn comes after 300 ms
  for (const Result& result : run(checks, options).results)
    EXPECT_EQ(result.outcome, Outcome::pass) << result.reason;
}

}  // namespace
}  // namespace assay
