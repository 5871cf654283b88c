#include "harness/check/selftest.h"

#include "harness/check/scripted_test.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace assay {
namespace {

constexpr NamedFault kBroken{"broken", NamedFault::Kind::fault, Side::server, "Breaks",
                             [](Faults&) {}};
constexpr NamedFault kLegal{"legal", NamedFault::Kind::liberty, Side::server, "Is legal",
                            [](Faults&) {}};

/// Serves scripted subjects: what a row observes follows from the fault that is staged.
class ScriptedStage final : public Stage, public ClientStage {
 public:
  std::map<std::string, Ending> endings = {{"", ending::accepted}};  // by fault; "" is honest
  std::size_t served = 0;
  std::size_t busy = 0;  // which server's run is inconclusive, counted from 1

  std::unique_ptr<Staged> serve(const Setup& /*setup*/,
                                std::span<const NamedFault* const> faults) override {
    ++served;
    auto script = std::make_shared<Script>();  // the subject and its actions share it
    script->facts = facts_for_tests();
    const Ending seen = served == busy
                            ? ending::inconclusive
                            : endings.at(std::string(faults.empty() ? "" : faults.front()->name));
    script->observe = [seen](Probe&) { return seen; };
    return std::make_unique<Served>(subject_for_tests(script));
  }
  std::unique_ptr<Staged> client(const assay::Setup& setup,
                                 std::span<const NamedFault* const> faults) override {
    return serve(setup, faults);
  }

 private:
  class Served final : public Staged {
   public:
    explicit Served(Subject subject) : subject_(std::move(subject)) {}
    [[nodiscard]] const Subject& subject() const override { return subject_; }

   private:
    Subject subject_;
  };
};

class SelfTestTest : public testing::Test {
 protected:
  SelfTestTest() {
    check.impossible = {};
    check.breakers = {{"broken", ending::refused, {}, {}}};
    stage.endings["broken"] = ending::refused;
    stage.endings["legal"] = ending::closed;
    check.accepts = {ending::accepted, ending::closed};
    check.liberties = {{"legal", ending::closed, {}, {}}};
  }
  std::vector<Proof> proofs() {
    std::vector<std::string> broken;
    Runner runner(loop, contexts, scripted_actions(), SelfTest::run_options());
    SelfTest self_test(runner, stage, stage, {checks, faults, libssl});
    auto planned = self_test.plan(broken);
    EXPECT_EQ(broken, std::vector<std::string>{});
    loop.run_until_done(self_test.run(planned));
    unmatched = self_test.unmatched();
    return planned;
  }
  static std::vector<std::string> failures(const std::vector<Proof>& proofs) {
    std::vector<std::string> all;
    for (const Proof& proof : proofs)
      all.insert(all.end(), proof.failures.begin(), proof.failures.end());
    return all;
  }

  Loop loop;
  OracleContexts contexts;
  ScriptedStage stage;
  Check check = row_for_tests("a.b.c");
  std::vector<const Check*> checks = {&check};
  std::vector<const NamedFault*> faults = {&kBroken, &kLegal};
  Baseline libssl{"libssl.toml", {}, {}};
  std::vector<std::string> unmatched;
};

TEST_F(SelfTestTest, holds_where_every_peer_brings_about_its_ending) {
  const auto done = proofs();
  ASSERT_EQ(done.size(), 4U);  // an honest peer of each backend, the breaker, the liberty
  EXPECT_EQ(failures(done), std::vector<std::string>{});
  EXPECT_EQ(SelfTest::unseen_endings(done), std::vector<std::string>{});
}

TEST_F(SelfTestTest, a_breaker_that_brings_about_another_ending_proves_nothing) {
  stage.endings["broken"] = ending::hang;
  const auto failed = failures(proofs());
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed[0], "a.b.c@smtp.upgrade ended hang (fail) where refused was declared");
}

TEST_F(SelfTestTest, a_breaker_that_passes_proves_nothing) {
  stage.endings["broken"] = ending::accepted;
  EXPECT_EQ(failures(proofs()).size(), 1U);
}

TEST_F(SelfTestTest, an_honest_peer_that_fails_or_is_weak_does_not_conform) {
  stage.endings[""] = ending::refused;
  EXPECT_EQ(failures(proofs()).size(), 2U);  // on either backend
  check.weak = {ending::upgraded};
  stage.endings[""] = ending::upgraded;
  EXPECT_EQ(failures(proofs()).size(), 2U);
}

Expectation expects(std::string_view id, Outcome outcome) {
  Expectation entry;
  entry.id = id;
  entry.outcome = outcome;
  entry.reason = "as it is";
  return entry;
}

TEST_F(SelfTestTest, libssl_may_be_what_its_baseline_says_and_our_own_engine_may_not) {
  stage.endings[""] = ending::refused;
  libssl.entries = {expects("a.b.c", Outcome::fail)};
  const auto done = proofs();
  EXPECT_EQ(failures(done).size(), 1U);
  for (const Proof& proof : done) {
    if (proof.kind != ProofKind::conforms) continue;
    EXPECT_EQ(proof.failures.empty(), !proof.on_engine);
  }
}

TEST_F(SelfTestTest, libssl_that_is_better_than_its_baseline_is_told) {
  libssl.entries = {expects("a.b.c", Outcome::fail)};
  const auto failed = failures(proofs());
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_NE(failed[0].find("xpass"), std::string::npos);
}

TEST_F(SelfTestTest, what_libssl_has_not_only_our_own_engine_must_show) {
  check.setup.engine = true;
  check.needs = {Need::account};
  // The engine, the breaker and the liberty have to have a case.
  EXPECT_EQ(failures(proofs()).size(), 3U);
}

TEST_F(SelfTestTest, an_entry_of_the_baseline_that_fits_nothing_is_named) {
  libssl.entries = {expects("a.b.other", Outcome::fail)};
  proofs();
  ASSERT_EQ(unmatched.size(), 1U);
  EXPECT_NE(unmatched[0].find("a.b.other matched nothing"), std::string::npos);
}

TEST_F(SelfTestTest, a_liberty_may_be_declared_weak) {
  check.weak = {ending::upgraded};
  check.liberties = {{"legal", ending::upgraded, {}, {}}, {"legal", ending::closed, {}, {}}};
  stage.endings["legal"] = ending::upgraded;
  const auto failed = failures(proofs());
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_NE(failed[0].find("where closed was declared"), std::string::npos);
}

TEST_F(SelfTestTest, a_proof_without_a_case_that_ran_does_not_hold) {
  check.breakers = {{"broken", ending::refused, {Access::implicit}, {}}};
  const auto failed = failures(proofs());
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed[0], "a.b.c has no case that ran");
  check.needs = {Need::account};
  EXPECT_EQ(failures(proofs()).size(), 4U);
}

TEST_F(SelfTestTest, an_accepted_ending_that_nobody_showed_is_named) {
  check.liberties = {};
  EXPECT_EQ(SelfTest::unseen_endings(proofs()),
            std::vector<std::string>{"a.b.c: no proof has seen closed"});
}

TEST_F(SelfTestTest, another_alert_is_seen_by_an_alert_that_no_list_names) {
  check.accepts = {ending::accepted, ending::another_alert, ending_of_alert(20)};
  check.liberties = {{"legal", ending_of_alert(20), {}, {}}};
  stage.endings["legal"] = ending_of_alert(20);
  EXPECT_EQ(SelfTest::unseen_endings(proofs()),
            std::vector<std::string>{"a.b.c: no proof has seen another_alert"});
  check.liberties = {{"legal", ending_of_alert(40), {}, {}}};
  stage.endings["legal"] = ending_of_alert(40);
  EXPECT_EQ(SelfTest::unseen_endings(proofs()),
            std::vector<std::string>{"a.b.c: no proof has seen alert_bad_record_mac"});
}

TEST_F(SelfTestTest, a_fault_that_no_table_has_is_named) {
  faults = {&kLegal};
  std::vector<std::string> broken;
  Runner runner(loop, contexts, scripted_actions(), SelfTest::run_options());
  EXPECT_EQ(SelfTest(runner, stage, stage, {checks, faults}).plan(broken).size(), 3U);
  ASSERT_EQ(broken.size(), 1U);
  EXPECT_EQ(broken[0], "a.b.c names broken, which no table of faults has");
}

TEST_F(SelfTestTest, proofs_with_one_peer_share_a_server) {
  Check second = row_for_tests("a.b.d");
  second.accepts = {ending::accepted};
  checks.push_back(&second);
  EXPECT_EQ(failures(proofs()), std::vector<std::string>{});
  EXPECT_EQ(stage.served, 4U);  // one of them for the other backend
  second.setup.rsa = true;
  EXPECT_EQ(failures(proofs()), std::vector<std::string>{});
  EXPECT_EQ(stage.served, 10U);
}

TEST_F(SelfTestTest, the_matrix_has_what_each_fault_turns_red_or_weak) {
  check.weak = {ending::closed};
  check.accepts = {ending::accepted};
  Runner runner(loop, contexts, scripted_actions(), SelfTest::run_options());
  SelfTest self_test(runner, stage, stage, {checks, faults});
  const SelfTest::MatrixRow red{"broken", "a.b.c", Outcome::fail};
  const auto rows = loop.run_until_done(self_test.fault_matrix({red}));
  EXPECT_EQ(rows, std::vector{red});  // a liberty is no fault
  EXPECT_EQ(stage.served, 1U);
}

TEST_F(SelfTestTest, a_matrix_that_is_not_the_reviewed_one_is_looked_at_again) {
  Runner runner(loop, contexts, scripted_actions(), SelfTest::run_options());
  SelfTest self_test(runner, stage, stage, {checks, faults});
  const SelfTest::MatrixRow red{"broken", "a.b.c", Outcome::fail};
  const SelfTest::MatrixRow other{"broken", "a.b.d", Outcome::fail};
  EXPECT_EQ(loop.run_until_done(self_test.fault_matrix({other})), std::vector{red});
  EXPECT_EQ(stage.served, 2U);
  stage.busy = 3;
  EXPECT_EQ(loop.run_until_done(self_test.fault_matrix({red})), std::vector{red});
  EXPECT_EQ(stage.served, 4U);
  // With nothing reviewed there is nothing to differ from.
  stage.busy = 0;
  EXPECT_EQ(loop.run_until_done(self_test.fault_matrix({})), std::vector{red});
  EXPECT_EQ(stage.served, 5U);
}

TEST(FaultMatrixText, goes_both_ways) {
  const std::vector<SelfTest::MatrixRow> rows = {{"f", "a.b.c", Outcome::fail},
                                                 {"f", "a.b.d", Outcome::weak},
                                                 {"g", "a.b.c", Outcome::inconclusive}};
  EXPECT_EQ(from_tsv(to_tsv(rows)), rows);
  EXPECT_EQ(from_tsv(to_tsv({})), std::vector<SelfTest::MatrixRow>{});
  EXPECT_EQ(from_tsv("# a word\n\nf\ta.b.c\tfail"), (std::vector(rows.begin(), rows.begin() + 1)));
}

TEST(FaultMatrixText, says_which_line_it_cannot_read) {
  for (const std::string_view bad : {"f\ta.b.c\n", "f a.b.c fail\n", "f\ta.b.c\tred\n"})
    EXPECT_THROW(static_cast<void>(from_tsv(bad)), std::runtime_error) << bad;
}

}  // namespace
}  // namespace assay
