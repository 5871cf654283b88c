#include "reference_server/session.h"

#include "harness/net/memory_link.h"
#include "reference_server/session_fixture_test.h"
#include "reference_server/smtp_fixture_test.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

std::unique_ptr<Channel> server_end() {
  static const auto kContext = [] {
    const std::vector<std::string> names = {"localhost"};
    const Identity issued = authority_for_tests().issue({}, names);
    OracleConfig config;
    config.role = Role::server;
    config.identity = {issued.chain, issued.key.private_der(), issued.staple};
    return std::make_shared<const OracleContext>(config);
  }();
  return make_oracle(kContext);
}

/// One session in memory, driven by its client's octets; deadlines come when expire() is called.
class SessionTest : public testing::Test {
 protected:
  void begin(bool implicit = false) {
    auto [ours, theirs] = MemoryLink::pair();
    server_link = theirs.get();
    client = std::make_unique<SecureLink>(std::move(ours), Role::client, nullptr);
    session.emplace(loop, service, budget, std::move(hooks), server_end, std::move(theirs));
    task.emplace(session->run(implicit));
    task->start();
  }
  /// The next thing that is there now.
  std::string heard() {
    auto next = client->next(kNever);
    next.start();
    if (!next.done()) return "<nothing>";
    const Event event = next.result();
    if (const auto* received = std::get_if<Received>(&event))
      return std::string(text_of(received->octets));
    if (std::holds_alternative<CloseNotify>(event)) return "<close_notify>";
    if (std::holds_alternative<InputEnded>(event)) return "<end>";
    if (std::holds_alternative<HandshakeDone>(event)) return "<secured>";
    return "<other>";
  }
  std::string say(std::string_view octets) {
    client->send(octets);
    return heard();
  }
  void upgrade() {
    ASSERT_TRUE(heard().starts_with("220 "));
    ASSERT_TRUE(say("EHLO c.test\r\n").starts_with("250-"));
    ASSERT_TRUE(say("STARTTLS\r\n").starts_with("220 "));
    client->start_tls(client_end_for_tests());
    ASSERT_EQ(heard(), "<secured>");
  }

  Loop loop;
  Accounts accounts = accounts_for_tests();
  Store store;
  SmtpService service{config_for_tests(), accounts, store};
  ServerBudget budget;
  SessionHooks hooks;
  std::optional<Session> session;
  std::optional<Task<void>> task;
  std::unique_ptr<SecureLink> client;
  MemoryLink* server_link = nullptr;
};

TEST_F(SessionTest, answers_what_came_together_in_order) {
  begin();
  heard();
  EXPECT_EQ(say("NOOP\r\nXYZZY\r\nRSET\r\n"),
            "250 2.0.0 OK\r\n500 5.5.2 Command not recognized\r\n250 2.0.0 Forgotten\r\n");
}

TEST_F(SessionTest, waits_for_the_rest_of_a_line) {
  begin();
  heard();
  EXPECT_EQ(say("NO"), "<nothing>");
  EXPECT_EQ(say("OP\r"), "<nothing>");
  EXPECT_TRUE(say("\n").starts_with("250 "));
}

TEST_F(SessionTest, says_421_to_an_idle_client_and_goes) {
  begin();
  heard();
  server_link->expire();
  EXPECT_TRUE(heard().starts_with("421 4.4.2 "));
  EXPECT_EQ(heard(), "<end>");
}

TEST_F(SessionTest, says_421_to_a_command_that_is_not_finished_in_time) {
  begin();
  heard();
  say("NOO");
  server_link->expire();
  EXPECT_TRUE(heard().starts_with("421 4.4.2 mx.a.test gives up: too slow"));
}

TEST_F(SessionTest, forgets_what_was_pipelined_behind_the_upgrade) {
  begin();
  heard();
  say("EHLO c.test\r\n");
  EXPECT_TRUE(say("STARTTLS\r\nMAIL FROM:<x@x.test>\r\n").starts_with("220 "));
  EXPECT_EQ(heard(), "<nothing>");
  client->start_tls(client_end_for_tests());
  EXPECT_EQ(heard(), "<secured>");
  EXPECT_EQ(heard(), "<nothing>");
  EXPECT_TRUE(say("RCPT TO:<ann@a.test>\r\n").starts_with("503 "));
}

TEST_F(SessionTest, starts_afresh_inside_tls) {
  begin();
  upgrade();
  EXPECT_TRUE(say("STARTTLS\r\n").starts_with("503 "));  // also before EHLO
  EXPECT_TRUE(say("MAIL FROM:<x@x.test>\r\n").starts_with("503 "));
  const std::string listed = say("EHLO c.test\r\n");
  EXPECT_EQ(listed.find("STARTTLS"), std::string::npos);
  EXPECT_NE(listed.find("AUTH"), std::string::npos);
}

TEST_F(SessionTest, answers_close_notify_with_its_own) {
  begin();
  upgrade();
  client->close_tls();
  EXPECT_EQ(heard(), "<close_notify>");
  EXPECT_EQ(heard(), "<end>");
  client->finish();
  EXPECT_TRUE(task->done());
}

TEST_F(SessionTest, says_goodbye_then_close_notify_then_nothing_more) {
  begin();
  upgrade();
  EXPECT_TRUE(say("QUIT\r\nNOOP\r\n").starts_with("221 "));
  EXPECT_EQ(heard(), "<close_notify>");
  EXPECT_EQ(heard(), "<end>");
}

TEST_F(SessionTest, ends_quietly_with_a_client_that_ends) {
  begin();
  heard();
  client->finish();
  EXPECT_EQ(heard(), "<end>");
  EXPECT_TRUE(task->done());
}

TEST_F(SessionTest, ends_with_a_client_that_breaks_off_within_a_command_or_a_handshake) {
  begin();
  heard();
  say("EHLO c.test\r\nSTARTTLS\r\n");
  client->send_raw(bytes_of("\x16\x03\x01"), "half a record");
  client->abort();
  EXPECT_TRUE(task->done());
}

TEST_F(SessionTest, takes_no_clear_text_for_a_handshake) {
  begin();
  heard();
  say("EHLO c.test\r\n");
  say("STARTTLS\r\n");
  client->send_raw(bytes_of("EHLO again.test\r\n"), "no TLS");
  for (int i = 0; i < 3; ++i) {
    const std::string seen = heard();
    EXPECT_EQ(seen.find("250"), std::string::npos);
    if (seen == "<end>") break;
  }
  client->finish();
  EXPECT_TRUE(task->done());
}

TEST_F(SessionTest, drops_a_handshake_that_does_not_begin) {
  begin(true);
  EXPECT_EQ(heard(), "<nothing>");  // the client speaks first
  server_link->expire();
  EXPECT_EQ(heard(), "<end>");
}

TEST_F(SessionTest, tells_a_client_that_the_server_shuts_down) {
  begin();
  upgrade();
  session->shut_down();
  EXPECT_TRUE(heard().starts_with("421 4.3.2 "));
  EXPECT_EQ(heard(), "<close_notify>");
  EXPECT_EQ(heard(), "<end>");
  client->finish();
  EXPECT_TRUE(task->done());
}

TEST_F(SessionTest, says_nothing_in_the_clear_where_a_handshake_is_due) {
  begin(true);
  session->shut_down();
  EXPECT_EQ(heard(), "<end>");
  client->finish();
  EXPECT_TRUE(task->done());
}

TEST_F(SessionTest, says_nothing_in_the_clear_behind_its_own_go_ahead) {
  begin();
  heard();
  say("EHLO c.test\r\n");
  say("STARTTLS\r\n");
  session->shut_down();
  EXPECT_EQ(heard(), "<end>");
  client->finish();
  EXPECT_TRUE(task->done());
}

TEST_F(SessionTest, survives_a_thousand_commands_in_one_write) {
  begin();
  heard();
  std::string many;
  for (int i = 0; i < 1'000; ++i) many += "NOOP\r\n";
  const std::string replies = say(many);
  EXPECT_EQ(std::ranges::count(replies, '\n'), 1'000);
}

}  // namespace
}  // namespace assay
