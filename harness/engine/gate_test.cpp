// Every validation of the engine, from both sides: an honest end refuses with the alert that the
// RFC names, and an end that tolerates the Sin goes on.
#include "harness/engine/gate_cases_test.h"

#include <set>

namespace assay::engine {
namespace {

std::vector<GateCase> all_cases() {
  std::vector<GateCase> all;
  for (const auto& cases :
       {record_cases(), client_hello_cases(), psk_cases(), server_hello_cases(), proof_cases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

/// A pair in which the row's judge tolerates `tolerated` too.
class GateRun {
 public:
  GateRun(const GateCase& row, Sins tolerated) {
    Config client = client_config();
    Config server = server_config();
    client.max_version = row.version;
    row.commit(client, server);
    Config& judge = row.judge == Role::client ? client : server;
    judge.tolerated = judge.tolerated | row.also | tolerated;
    auto one = engine_of(client);
    auto other = engine_of(server);
    ends_.client = one.get();
    ends_.server = other.get();
    pair_.emplace(std::move(one), std::move(other));
    ends_.pair = &*pair_;
    if (row.then) {
      EXPECT_TRUE(pair_->connected()) << pair_->why();
      row.then(ends_);
      pair_->settle();
    }
    judge_ = row.judge;
  }

  [[nodiscard]] std::optional<Alert> sent() const {
    const auto* failure = Pair::find<LocalFailure>(events());
    return failure == nullptr ? std::nullopt : failure->sent;
  }
  [[nodiscard]] bool judge_stands() const {
    return (judge_ == Role::client ? ends_.client : ends_.server)->established();
  }
  [[nodiscard]] Pair& pair() { return *pair_; }
  Ends& ends() { return ends_; }

 private:
  [[nodiscard]] const std::vector<Event>& events() const {
    return judge_ == Role::client ? pair_->client_events : pair_->server_events;
  }

  Ends ends_;
  std::optional<Pair> pair_;
  Role judge_ = Role::client;
};

std::string name_of(const GateCase& row, std::size_t at) {
  return std::string(slug_of(row.sin)) + ", " + std::string(slug_of(row.version)) + ", " +
         (row.judge == Role::client ? "client" : "server") + ", row " + std::to_string(at);
}

TEST(Gate, an_honest_end_refuses_every_sin_with_its_alert) {
  std::size_t at = 0;
  for (const GateCase& row : all_cases()) {
    GateRun run(row, {});
    const std::string name = name_of(row, at++);
    if (row.shows) {
      EXPECT_FALSE(row.shows(run.ends())) << name << ": " << run.pair().why();
    }
    if (row.alert) {
      ASSERT_TRUE(run.sent()) << name << ": nothing was refused; " << run.pair().why();
      EXPECT_EQ(alert_name(run.sent()->description), alert_name(*row.alert))
          << name << ": " << run.pair().why();
      EXPECT_FALSE(run.judge_stands()) << name;
    } else if (!row.shows) {
      EXPECT_FALSE(run.judge_stands()) << name;
    }
  }
}

TEST(Gate, an_end_that_tolerates_a_sin_goes_on) {
  std::size_t at = 0;
  for (const GateCase& row : all_cases()) {
    GateRun run(row, {row.sin});
    const std::string name = name_of(row, at++) + ": " + run.pair().why();
    if (row.shows) {
      EXPECT_TRUE(row.shows(run.ends())) << name;
    } else if (row.after == GateCase::After::connects) {
      EXPECT_TRUE(run.pair().connected() && run.judge_stands()) << name;
    } else if (row.alert && run.sent()) {
      EXPECT_NE(alert_name(run.sent()->description), alert_name(*row.alert)) << name;
    }
  }
}

TEST(Gate, has_a_row_for_every_sin_of_the_engine) {
  std::set<Sin> proven;
  for (const GateCase& row : all_cases()) proven.insert(row.sin);
  for (auto i = static_cast<std::size_t>(Sin::ciphertext_too_long); i < kSinCount; ++i) {
    EXPECT_TRUE(proven.contains(static_cast<Sin>(i))) << slug_of(static_cast<Sin>(i));
  }
}

}  // namespace
}  // namespace assay::engine
