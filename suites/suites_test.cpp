// The GoogleTest bridge: every proof of every check is a test, named kind, topic and check; one
// batch of the self-test fills in the results before the first assertion. CTest runs it by kind and
// topic.
#include "suites/suites.h"

#include "clients/actions.h"
#include "clients/reference_client.h"
#include "harness/check/selftest.h"
#include "reference_server/local_stage.h"
#include "suites/fault_matrix.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace assay {
namespace {

/// Runs the wanted proofs once a process.
class Bench {
 public:
  explicit Bench(Profile profile = Profile::full)
      : stage_(loop_, SelfTest::server_budget()),
        runner_(loop_, contexts_, client_actions(), SelfTest::run_options(profile)) {}

  std::vector<Proof> run(std::vector<Proof> proofs) {
    SelfTest self_test(runner_, stage_, clients_, suites::catalogue());
    loop_.run_until_done(self_test.run(proofs));
    unmatched_ = self_test.unmatched();
    return proofs;
  }
  /// Entries of libssl's baseline that fitted nothing of the last run().
  [[nodiscard]] const std::vector<std::string>& unmatched() const { return unmatched_; }
  /// Of these faults alone.
  std::vector<SelfTest::MatrixRow> fault_matrix(std::span<const NamedFault* const> faults,
                                                std::vector<SelfTest::MatrixRow> reviewed) {
    SelfTest self_test(runner_, stage_, clients_, {suites::all_checks(), faults, {}});
    return loop_.run_until_done(self_test.fault_matrix(std::move(reviewed)));
  }
  /// One check at the honest server's endpoint of that label.
  SubjectRun run_at(const Check* check, std::string_view label) {
    const auto server = stage_.serve(Setup{}, {});
    Subject subject = server->subject();
    std::erase_if(subject.endpoints,
                  [&](const Endpoint& endpoint) { return endpoint.label() != label; });
    return loop_.run_until_done(runner_.run(subject, std::vector{check}, nullptr));
  }
  std::vector<Proof> plan(std::vector<std::string>& broken) {
    return SelfTest(runner_, stage_, clients_, suites::catalogue()).plan(broken);
  }

 private:
  Loop loop_;
  OracleContexts contexts_;
  LocalStage stage_;
  LocalClients clients_{contexts_, stage_, stage_.account(), suites::all_faults()};
  Runner runner_;
  std::vector<std::string> unmatched_;
};

std::string suite_name(const Proof& proof) {
  return fmt::format("{}_{}_{}", name_of(proof.kind), proof.on_engine ? "engine" : "oracle",
                     topic_of(proof.check->id));
}

/// Ids have dots; a test's name has none, and neither '-' nor ':'.
std::string test_name(const Proof& proof) {
  std::string name = fmt::format("{}{}{}", proof.check->id, proof.peer == nullptr ? "" : "__",
                                 proof.peer == nullptr ? "" : proof.peer->name);
  std::ranges::replace(name, '.', '_');
  return name;
}

/// One topic and kind: run together, when the first of its tests is.
struct Batch {
  std::vector<Proof> proofs;
  bool ran = false;
};

class ProofTest : public testing::Test {
 public:
  ProofTest(Batch& batch, std::size_t index) : batch_(batch), index_(index) {}
  void TestBody() override {
    if (!batch_.ran) {
      batch_.proofs = Bench().run(std::move(batch_.proofs));
      batch_.ran = true;
    }
    const Proof& proof = batch_.proofs[index_];
    for (const std::string& failure : proof.failures) ADD_FAILURE() << failure;
  }

 private:
  Batch& batch_;
  std::size_t index_;
};

std::map<std::string, Batch>& batches() {
  static std::map<std::string, Batch> all;
  return all;
}

void register_proofs() {
  std::vector<std::string> broken;
  for (Proof& proof : Bench().plan(broken))
    batches()[suite_name(proof)].proofs.push_back(std::move(proof));
  for (auto& named : batches()) {
    const std::string& suite = named.first;
    Batch& batch = named.second;
    std::set<std::string> names;
    for (std::size_t i = 0; i < batch.proofs.size(); ++i) {
      std::string name = test_name(batch.proofs[i]);
      while (!names.insert(name).second) name += "_again";
      testing::RegisterTest(suite.c_str(), name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                            [&batch, i] { return new ProofTest(batch, i); });
    }
  }
}

TEST(Tables, name_only_faults_that_exist) {
  std::vector<std::string> broken;
  Bench().plan(broken);
  EXPECT_EQ(broken, std::vector<std::string>{});
}

TEST(Tables, give_every_check_something_to_run) {
  for (const Check* check : suites::all_checks()) EXPECT_NE(check->run, nullptr) << check->id;
}

TEST(Tables, have_no_id_and_no_fault_twice) {
  std::set<std::string_view> ids;
  for (const Check* check : suites::all_checks())
    EXPECT_TRUE(ids.insert(check->id).second) << check->id;
  std::set<std::string_view> names;
  for (const NamedFault* fault : suites::all_faults())
    EXPECT_TRUE(names.insert(fault->name).second) << fault->name;
}

TEST(Tables, use_every_fault_and_liberty) {
  std::set<std::string_view> used;
  for (const Check* check : suites::all_checks()) {
    for (const Breaker& breaker : check->breakers) used.insert(breaker.fault);
    for (const Liberty& liberty : check->liberties) used.insert(liberty.name);
    for (const std::string_view shown : check->shows) used.insert(shown);
  }
  for (const NamedFault* fault : suites::all_faults())
    EXPECT_TRUE(used.contains(fault->name)) << fault->name;
}

TEST(Coverage, every_accepted_ending_is_seen_to_pass) {
  std::vector<std::string> broken;
  std::vector<Proof> proofs = Bench().plan(broken);
  std::erase_if(proofs, [](const Proof& proof) { return proof.kind == ProofKind::proves; });
  Bench bench;
  EXPECT_EQ(SelfTest::unseen_endings(bench.run(std::move(proofs))), std::vector<std::string>{});
  // What stands in libssl's baseline is there to be seen.
  EXPECT_EQ(bench.unmatched(), std::vector<std::string>{});
}

// A server that waits for Finished has not greeted: to wait for the greeting is to wait for its
// patience to end, with nothing said.
TEST(Coverage, a_command_without_finished_does_not_wait_for_a_greeting) {
  const auto& all = suites::all_checks();
  const auto check = std::ranges::find(all, "integrity.order.skip_finished", &Check::id);
  ASSERT_NE(check, all.end());
  const SubjectRun run = Bench().run_at(*check, "smtp.implicit");
  ASSERT_EQ(run.results.size(), 2U);
  for (const Result& result : run.results) {
    EXPECT_EQ(result.outcome, Outcome::pass) << result.which.name;
    EXPECT_LT(result.took, SelfTest::server_budget().handshake) << result.which.name;
  }
}

/// Every second fault, so that each of two processes has as much to do.
void expect_reviewed_matrix(std::size_t half) {
  std::vector<const NamedFault*> faults;
  for (std::size_t i = half; i < suites::all_faults().size(); i += 2)
    faults.push_back(suites::all_faults()[i]);
  std::vector<SelfTest::MatrixRow> reviewed = from_tsv(suites::reviewed_fault_matrix());
  std::erase_if(reviewed, [&](const SelfTest::MatrixRow& row) {
    return fault_named(faults, row.fault) == nullptr;
  });
  const std::string expected = to_tsv(reviewed);
  const auto now = Bench(Profile::full_default).fault_matrix(faults, std::move(reviewed));
  EXPECT_EQ(to_tsv(now), expected)
      << "review the difference, then write it to suites/fault_matrix.tsv";
}

TEST(FaultMatrix, is_the_reviewed_one_for_the_first_half) { expect_reviewed_matrix(0); }
TEST(FaultMatrix, is_the_reviewed_one_for_the_second_half) { expect_reviewed_matrix(1); }

TEST(Tables, the_reviewed_matrix_names_faults_and_checks_that_exist) {
  for (const SelfTest::MatrixRow& row : from_tsv(suites::reviewed_fault_matrix())) {
    EXPECT_NE(fault_named(suites::all_faults(), row.fault), nullptr) << row.fault;
    EXPECT_NE(std::ranges::find(suites::all_checks(), row.check, &Check::id),
              suites::all_checks().end())
        << row.check;
  }
}

}  // namespace
}  // namespace assay

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  assay::register_proofs();
  return RUN_ALL_TESTS();
}
