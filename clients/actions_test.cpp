#include "clients/actions.h"

#include "harness/check/scripted_test.h"
#include "reference_server/local_stage.h"
#include "reference_server/session_fixture_test.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

Task<bool> always() { co_return true; }

class ActionsTest : public testing::Test {
 protected:
  void SetUp() override { context.budget = Budget{}.scaled_down(10); }
  Facts discovered(const Subject& subject, std::size_t endpoint) {
    const std::vector<Facts> facts(subject.endpoints.size());
    const Case the_case{&check, endpoint, subject.endpoints[endpoint].access, std::nullopt, "x"};
    Probe probe(context, subject, facts, the_case, 1, 1);
    return loop.run_until_done(client_actions().discover(probe));
  }
  /// Why a control failed; empty when it did not.
  std::string trouble(const Subject& subject, std::size_t endpoint, Control shape) {
    const std::vector<Facts> facts(subject.endpoints.size());
    const Case the_case{&check, endpoint, subject.endpoints[endpoint].access, std::nullopt, "x"};
    Probe probe(context, subject, facts, the_case, 1, 1);
    const bool good = loop.run_until_done(client_actions().control(probe, shape));
    return good ? "" : probe.why();
  }

  Loop loop;
  OracleContexts contexts;
  Counters counters;
  RunContext context{loop, contexts, counters, {}, always};
  Check check = row_for_tests("a.b.c");
};

TEST_F(ActionsTest, discover_what_an_endpoint_is) {
  LocalStage stage(loop, ServerBudget{});
  const auto staged = stage.serve(assay::Setup{}, {});
  const Facts upgrade = discovered(staged->subject(), 0);
  EXPECT_TRUE(upgrade.reachable && upgrade.greeted && upgrade.tls && upgrade.served);
  EXPECT_EQ(upgrade.trouble, "");
  EXPECT_FALSE(upgrade.serial);
  EXPECT_EQ(upgrade.agreements.size(), 2U);
  EXPECT_TRUE(upgrade.banner.starts_with("220 "));
  const auto lists = [](const std::vector<std::string>& lines, std::string_view word) {
    return std::ranges::any_of(lines, [&](const auto& line) { return line.starts_with(word); });
  };
  EXPECT_TRUE(lists(upgrade.capabilities, "STARTTLS"));
  EXPECT_FALSE(lists(upgrade.capabilities_secured, "STARTTLS"));
  EXPECT_TRUE(lists(upgrade.capabilities_secured, "AUTH"));
  const Facts implicit = discovered(staged->subject(), 1);
  EXPECT_TRUE(implicit.served);
  EXPECT_TRUE(implicit.capabilities.empty());
  EXPECT_TRUE(implicit.banner.starts_with("220 "));
}

TEST_F(ActionsTest, controls_of_every_shape_succeed_with_an_honest_server) {
  LocalStage stage(loop, ServerBudget{});
  const auto staged = stage.serve(assay::Setup{}, {});
  for (const Control shape :
       {Control::none, Control::connect, Control::handshake, Control::secured}) {
    EXPECT_EQ(trouble(staged->subject(), 0, shape), "");
    EXPECT_EQ(trouble(staged->subject(), 1, shape), "");
  }
}

TEST_F(ActionsTest, a_peer_that_is_not_there_is_not_reachable) {
  Subject subject = subject_for_tests(nullptr);
  auto listener = loop.listen({"127.0.0.1", 0}, [](std::unique_ptr<Link>) {});
  subject.endpoints[0].address = listener->address();
  listener.reset();
  const Facts facts = discovered(subject, 0);
  EXPECT_FALSE(facts.reachable);
  EXPECT_NE(facts.trouble.find("cannot connect to 127.0.0.1:"), std::string::npos);
  EXPECT_NE(trouble(subject, 0, Control::connect).find("cannot connect"), std::string::npos);
}

TEST_F(ActionsTest, a_peer_that_greets_otherwise_is_reachable_but_not_greeted) {
  Subject subject = subject_for_tests(nullptr);
  std::vector<std::unique_ptr<Link>> links;
  const auto listener = loop.listen({"127.0.0.1", 0}, [&](std::unique_ptr<Link> link) {
    link->write(bytes_of("SSH-2.0-x\r\n"));
    links.push_back(std::move(link));
  });
  subject.endpoints[0].address = listener->address();
  const Facts facts = discovered(subject, 0);
  EXPECT_TRUE(facts.reachable);
  EXPECT_FALSE(facts.greeted);
  EXPECT_EQ(facts.trouble, "no greeting: not an SMTP reply: \"SSH-2.0-x\"");
  EXPECT_EQ(trouble(subject, 0, Control::secured), facts.trouble);
}

/// Takes the next connection when the last one has gone: a forking server with one child.
class OneAtATime {
 public:
  OneAtATime(Loop& loop, Address to) : loop_(loop), to_(std::move(to)) {
    listener_ = loop.listen({"127.0.0.1", 0}, [this](std::unique_ptr<Link> link) {
      waiting_.push_back(std::move(link));
      if (!busy_) loop_.spawn(serve());
    });
  }
  [[nodiscard]] Address address() const { return listener_->address(); }

 private:
  Task<void> serve() {
    busy_ = true;
    while (!waiting_.empty()) {
      const auto client = std::move(waiting_.front());
      waiting_.erase(waiting_.begin());
      const auto server = co_await connect_to(loop_, to_);
      bool open = true;
      while (open) {
        open = carry(*client, *server) && carry(*server, *client);
        co_await loop_.sleep_until(Clock::now() + Milliseconds(1));
      }
    }
    busy_ = false;
  }
  static bool carry(Link& from, Link& to) {
    auto there = from.read_now();
    if (!there) return true;
    if (there->kind != ReadResult::Kind::bytes) return false;
    to.write(std::move(there->bytes));
    return true;
  }

  Loop& loop_;
  Address to_;
  std::unique_ptr<Listener> listener_;
  std::vector<std::unique_ptr<Link>> waiting_;
  bool busy_ = false;
};

TEST_F(ActionsTest, two_probes_that_overlap_show_a_peer_that_serves_one_at_a_time) {
  LocalStage stage(loop, ServerBudget{});
  const auto staged = stage.serve(assay::Setup{}, {});
  const OneAtATime narrow(loop, staged->subject().endpoints[0].address);
  Subject subject = staged->subject();
  subject.endpoints[0].address = narrow.address();
  const auto begin = Clock::now();
  const Facts facts = discovered(subject, 0);
  // Long before the reply that is not to be had would be overdue.
  EXPECT_LT(Clock::now() - begin, Budget{}.reply / 2);
  EXPECT_TRUE(facts.serial);
  EXPECT_TRUE(facts.served);
  EXPECT_EQ(facts.agreements.size(), 2U);
}

}  // namespace
}  // namespace assay
