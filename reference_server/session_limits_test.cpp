// A session's deadlines and limits over real sockets, each crossed by a little.
#include "reference_server/session.h"
#include "reference_server/session_fixture_test.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

class LimitsTest : public ServedTest {
 protected:
  /// Sends `octets` one at a time with `gap` between them until the server has said something.
  Task<std::string> drip(Link& link, std::string octets, Milliseconds gap) {
    for (const char octet : octets) {
      link.write(bytes_of(std::string_view(&octet, 1)));
      const ReadResult got = co_await link.read(Clock::now() + gap);
      if (got.kind == ReadResult::Kind::bytes) co_return std::string(text_of(got.bytes));
      if (got.kind != ReadResult::Kind::timed_out) co_return "<ended>";
    }
    co_return "<took it all>";
  }
  std::string dripped(Link& link, std::string octets, int gap) {
    return loop.run_until_done(drip(link, std::move(octets), Milliseconds(gap)));
  }
  static Milliseconds since(Deadline begin) {
    return std::chrono::duration_cast<Milliseconds>(Clock::now() - begin);
  }
};

TEST_F(LimitsTest, an_idle_client_is_told_421_and_not_before_its_time) {
  config.budget.idle = Milliseconds(150);
  serve();
  const auto link = greeted();
  const auto begin = Clock::now();
  const std::string said = rest(*link);
  EXPECT_TRUE(said.starts_with("421 4.4.2 ")) << said;
  EXPECT_TRUE(said.ends_with("<end>")) << said;
  EXPECT_GE(since(begin), Milliseconds(140));
}

TEST_F(LimitsTest, a_pop3_client_may_be_silent_for_twice_as_long) {
  config.budget.idle = Milliseconds(150);
  config.listeners = {{Protocol::pop3, Access::upgrade}};
  serve();
  const auto begin = Clock::now();
  EXPECT_TRUE(rest(*connect()).starts_with("+OK "));
  EXPECT_GE(since(begin), Milliseconds(290));
}

TEST_F(LimitsTest, dripping_does_not_extend_a_commands_deadline) {
  config.budget.command = Milliseconds(200);
  serve();
  const auto link = greeted();
  const auto begin = Clock::now();
  const std::string said = dripped(*link, "NOOP " + std::string(200, 'x') + "\r\n", 20);
  EXPECT_TRUE(said.starts_with("421 4.4.2 ")) << said;
  EXPECT_GE(since(begin), Milliseconds(190));
  EXPECT_LT(since(begin), Milliseconds(2'000));
}

TEST_F(LimitsTest, a_command_that_comes_in_two_segments_behind_another_has_its_whole_time) {
  serve();
  const auto link = greeted();
  EXPECT_TRUE(ask(*link, "NOOP\r\nNO").starts_with("250 "));
  sleep(50);
  EXPECT_TRUE(ask(*link, "OP\r\n").starts_with("250 "));
}

TEST_F(LimitsTest, a_command_begun_behind_another_has_its_deadline_too) {
  config.budget.command = Milliseconds(150);
  serve();
  const auto link = greeted();
  ask(*link, "NOOP\r\nNO");
  const auto begin = Clock::now();
  EXPECT_TRUE(rest(*link).starts_with("421 4.4.2 "));
  EXPECT_GE(since(begin), Milliseconds(100));
}

TEST_F(LimitsTest, a_handshake_has_its_deadline_from_the_first_octet_on) {
  config.budget.handshake = Milliseconds(200);
  config.budget.farewell = Milliseconds(100);
  serve();
  const auto silent = connect(Access::implicit);
  EXPECT_EQ(rest(*silent, Milliseconds(2'000)), "<end>");
  const auto dripping = connect(Access::implicit);
  // A ClientHello that would be 512 octets long.
  const std::string hello = std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);
  EXPECT_EQ(dripped(*dripping, hello + std::string(200, 'x'), 20), "<ended>");
  wait_for_no_session(2'000);
  EXPECT_EQ(server->sessions(), 0U);
}

TEST_F(LimitsTest, a_message_that_comes_too_slowly_is_cut) {
  config.budget.data_grace = Milliseconds(200);
  config.budget.data_rate = 1'000;
  serve();
  const auto link = greeted();
  ask(*link, "EHLO c.test\r\n");
  ask(*link, "MAIL FROM:<b@b.test>\r\n");
  ask(*link, "RCPT TO:<ann@assay.test>\r\n");
  EXPECT_TRUE(ask(*link, "DATA\r\n").starts_with("354 "));
  const auto begin = Clock::now();
  const std::string said = dripped(*link, std::string(200, 'x'), 20);
  EXPECT_TRUE(said.starts_with("421 4.4.2 ")) << said;
  EXPECT_GE(since(begin), Milliseconds(190));
  EXPECT_EQ(server->store().count(), 0U);
}

TEST_F(LimitsTest, a_message_that_keeps_the_rate_may_take_longer_than_the_grace) {
  config.budget.data_grace = Milliseconds(200);
  config.budget.data_rate = 100;
  serve();
  const auto link = greeted();
  ask(*link, "EHLO c.test\r\n");
  ask(*link, "MAIL FROM:<b@b.test>\r\n");
  ask(*link, "RCPT TO:<ann@assay.test>\r\n");
  ask(*link, "DATA\r\n");
  const auto begin = Clock::now();
  for (int i = 0; i < 6; ++i) {
    link->write(bytes_of(std::string(38, 'x') + "\r\n"));
    sleep(60);
  }
  EXPECT_GE(since(begin), Milliseconds(350));
  EXPECT_TRUE(ask(*link, ".\r\n").starts_with("250 "));
  EXPECT_EQ(server->store().count("ann@assay.test"), 1U);
}

TEST_F(LimitsTest, a_client_that_never_reads_is_let_go) {
  config.budget.idle = Milliseconds(300);
  config.budget.farewell = Milliseconds(100);
  config.budget.unsent = 1'024;
  serve();
  const auto link = greeted();
  Bytes helps;
  while (helps.size() < 1'000'000) append(helps, "HELP\r\n");
  // Until the kernel takes no more of the replies.
  for (int i = 0; i < 10; ++i) link->write(helps);
  wait_for_no_session(8'000);
  EXPECT_EQ(server->sessions(), 0U);
  EXPECT_TRUE(greeted());  // the others are served
}

TEST_F(LimitsTest, a_client_that_never_says_goodbye_is_waited_for_as_long_as_the_farewell) {
  config.budget.farewell = Milliseconds(100);
  serve();
  const auto link = greeted();
  EXPECT_TRUE(ask(*link, "QUIT\r\n").starts_with("221 "));
  wait_for_no_session(2'000);
  EXPECT_EQ(server->sessions(), 0U);
}

/// Answers each octet by a mebibyte.
class Loud final : public Service {
 public:
  [[nodiscard]] SessionState fresh(Security /*security*/) const override { return {}; }
  [[nodiscard]] Bytes greeting(const SessionState& /*state*/) const override { return {}; }
  [[nodiscard]] Step handle(SessionState& /*state*/, View /*input*/) const override {
    ++answers;
    return {.consumed = 1, .output = Bytes(1024UL * 1024, 'x')};
  }
  [[nodiscard]] bool receiving_content(const SessionState& /*state*/) const override {
    return false;
  }
  [[nodiscard]] Bytes farewell(Farewell /*why*/) const override { return {}; }
  mutable int answers = 0;
};

Task<void> run_session(Session& session) { co_await session.run(false); }

TEST(SessionOutput, a_client_that_asks_for_much_at_once_and_does_not_read_gets_little) {
  Loop loop;
  const Loud service;
  const ServerBudget budget;
  std::unique_ptr<Session> session;
  const auto listener = loop.listen({"127.0.0.1", 0}, [&](std::unique_ptr<Link> link) {
    session = std::make_unique<Session>(loop, service, budget, SessionHooks{}, client_end_for_tests,
                                        std::move(link));
    loop.spawn(run_session(*session));
  });
  const auto client = loop.run_until_done(connect_to(loop, listener->address()));
  ASSERT_NE(client, nullptr);
  client->write(Bytes(200, 'x'));
  loop.run_until_done(loop.sleep_until(Clock::now() + Milliseconds(300)));
  EXPECT_GT(service.answers, 0);
  EXPECT_LT(service.answers, 50);  // what the sockets hold, and one more
  session->abort();
  loop.run_until_done(loop.sleep_until(Clock::now() + Milliseconds(20)));
}

}  // namespace
}  // namespace assay
