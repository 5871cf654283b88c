// Rows that watch: what any connection of a run shows is theirs.
#include "harness/check/runner.h"
#include "harness/check/scripted_test.h"
#include "harness/wire/handshake.h"
#include "harness/wire/hello.h"
#include "harness/wire/record.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

class RunnerWatchTest : public testing::Test {
 protected:
  RunnerWatchTest() { script->facts = facts_for_tests(); }
  SubjectRun run(const std::vector<const Check*>& checks) {
    RunOptions options;
    options.jobs = 1;
    Runner runner(loop, contexts, scripted_actions(), options);
    return loop.run_until_done(runner.run(subject, checks, nullptr));
  }

  Loop loop;
  OracleContexts contexts;
  std::shared_ptr<Script> script = std::make_shared<Script>();  // the subject and the test share it
  Subject subject = subject_for_tests(script);
  Check row = row_for_tests("a.b.row");
};

/// Connects to whatever the subject's endpoint is, and hears a whole record with nothing in it.
Task<Ending> hears_an_empty_record(Probe& probe) {
  const auto link = co_await probe.connect();
  if (!link) co_return ending::inconclusive;
  link->start_tls(probe.tls_client({}));
  co_await link->handshake(probe.reply_deadline());
  co_return ending::accepted;
}

TEST_F(RunnerWatchTest, a_row_that_watches_hears_what_the_connection_of_another_showed) {
  ServerHello hello;
  hello.random = Bytes(kRandomSize, 1);
  hello.cipher_suite = 0xc02f;
  Bytes said = compose_record(ContentType::handshake,
                              compose_handshake(HandshakeType::server_hello, encode(hello)));
  append(said, compose_record(ContentType::handshake, {}));
  std::vector<std::unique_ptr<Link>> links;
  const auto listener = loop.listen({"127.0.0.1", 0}, [&](std::unique_ptr<Link> link) {
    link->write(said);
    link->finish();
    links.push_back(std::move(link));
  });
  subject.endpoints[0].address = listener->address();
  Check other = row_for_tests("a.b.other");
  other.run = hears_an_empty_record;
  constexpr Ending kEmpty{"empty_fragment"};
  row.watches = {{Flaw::fragment_empty, kEmpty}};
  // The row that watches is the first to run; its verdict waits for the other's connection.
  const SubjectRun done = run({&row, &other});
  ASSERT_EQ(done.results.size(), 2U);
  EXPECT_EQ(done.results[0].outcome, Outcome::fail);
  EXPECT_EQ(done.results[0].ending, "empty_fragment");
  EXPECT_EQ(done.results[0].reason,
            "seen in a.b.other@smtp.upgrade: the record 1603030000: nothing is in it");
  EXPECT_EQ(done.results[1].outcome, Outcome::pass);
}

TEST_F(RunnerWatchTest, a_row_that_watches_keeps_what_it_saw_where_nothing_worse_is_seen) {
  row.watches = {{Flaw::fragment_empty, Ending{"empty_fragment"}}};
  EXPECT_EQ(run({&row}).results.at(0).outcome, Outcome::pass);
  script->observe = [](Probe&) { return ending::refused; };
  EXPECT_EQ(run({&row}).results.at(0).ending, "refused");
}

}  // namespace
}  // namespace assay
