#include "clients/dialogue.h"

#include "clients/dialogue_fixture_test.h"
#include "clients/smtp.h"
#include "reference_server/session_fixture_test.h"

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

class DialogueTest : public DialogueFixture<SmtpDialogue> {
 protected:
  /// greet() against a peer that does `act` in place of a greeting.
  Ending lost_after(const std::function<void()>& act) {
    auto task = dialogue->greet();
    task.start();
    act();
    EXPECT_FALSE(result_of(task));
    return probe.lost();
  }
  /// Greeted, with STARTTLS among the capabilities; what comes next is the test's.
  void greet() {
    auto task = dialogue->greet();
    task.start();
    say("220 mx.test ESMTP\r\n");
    EXPECT_EQ(heard(), "EHLO assay.invalid\r\n");
    say("250-mx.test\r\n250-STARTTLS\r\n250 PIPELINING\r\n");
    EXPECT_TRUE(result_of(task));
  }
};

TEST_F(DialogueTest, reads_greeting_and_capabilities_however_they_are_cut) {
  auto task = dialogue->greet();
  task.start();
  say("220-mx.test\r\n22");
  say("0 at your service\r");
  EXPECT_EQ(heard(), "");
  say("\n");
  EXPECT_EQ(heard(), "EHLO assay.invalid\r\n");
  say("250-mx.test\r\n250-STARTTLS\r\n250-starttls now\r\n250-XSTARTTLS\r\n250 SIZE 1000\r\n");
  EXPECT_TRUE(result_of(task));
  EXPECT_EQ(dialogue->banner(), "220 mx.test");
  EXPECT_EQ(dialogue->capabilities().size(), 4U);
  EXPECT_EQ(dialogue->upgrade_listed(), 2U);
}

TEST_F(DialogueTest, a_greeting_of_421_asks_for_patience) {
  EXPECT_EQ(lost_after([&] { say("421 4.3.2 Busy\r\n"); }), ending::throttled);
  EXPECT_EQ(probe.why(), "no greeting: 421 4.3.2 Busy");
}

TEST_F(DialogueTest, a_greeting_of_554_asks_for_patience) {
  EXPECT_EQ(lost_after([&] { say("554 5.7.1 No service for you\r\n"); }), ending::throttled);
}

TEST_F(DialogueTest, a_reset_in_place_of_a_greeting_asks_for_patience) {
  EXPECT_EQ(lost_after([&] { peer->abort(); }), ending::throttled);
}

TEST_F(DialogueTest, a_close_in_place_of_a_greeting_asks_for_patience) {
  EXPECT_EQ(lost_after([&] { peer->finish(); }), ending::throttled);
}

TEST_F(DialogueTest, no_greeting_in_time_shows_nothing) {
  EXPECT_EQ(lost_after([&] { our_link->expire(); }), ending::inconclusive);
  EXPECT_EQ(probe.why(), "no greeting: nothing came in time");
}

TEST_F(DialogueTest, what_is_no_reply_shows_nothing_and_is_made_printable) {
  EXPECT_EQ(lost_after([&] { say("SSH-2.0-x\x1b\r\n"); }), ending::inconclusive);
  EXPECT_EQ(probe.why(), "no greeting: not an SMTP reply: \"SSH-2.0-x\\x1b\"");
}

TEST_F(DialogueTest, a_hello_that_is_refused_is_no_greeting) {
  EXPECT_EQ(lost_after([&] {
              say("220 mx.test\r\n");
              say("502 5.5.1 What\r\n");
            }),
            ending::inconclusive);
}

TEST_F(DialogueTest, an_upgrade_that_is_refused_for_now_asks_for_patience) {
  for (const auto& [reply, ending] : {std::pair{"454 4.7.0 Later\r\n", ending::throttled},
                                      std::pair{"502 5.5.1 Never\r\n", ending::inconclusive}}) {
    auto task = dialogue->approach();
    task.start();
    say("220 mx.test\r\n");
    say("250 mx.test\r\n");
    say(reply);
    EXPECT_FALSE(result_of(task));
    EXPECT_EQ(probe.lost(), ending);
  }
}

TEST_F(DialogueTest, sends_the_upgrade_and_what_follows_it_as_one_segment) {
  greet();
  auto task = dialogue->upgrade_with(bytes_of("NOOP\r\n"));
  task.start();
  EXPECT_EQ(heard(), "STARTTLS\r\nNOOP\r\n");
  say("501 5.5.4 Not so\r\n250 2.0.0 OK\r\n");
  const UpgradeResult result = result_of(task);
  EXPECT_EQ(result.kind, UpgradeResult::Kind::refused);
  EXPECT_EQ(result.answer.code, 501);
  ASSERT_EQ(result.more.size(), 1U);
  EXPECT_TRUE(result.more[0].positive);
}

TEST_F(DialogueTest, tells_an_upgrade_that_was_not_answered_from_one_that_broke) {
  greet();
  auto waiting = dialogue->upgrade_with({});
  waiting.start();
  our_link->expire();
  EXPECT_EQ(result_of(waiting).kind, UpgradeResult::Kind::no_answer);
  auto broken = dialogue->upgrade_with({});
  broken.start();
  peer->finish();
  const UpgradeResult result = result_of(broken);
  EXPECT_EQ(result.kind, UpgradeResult::Kind::broken);
  EXPECT_EQ(result.ending, ending::closed_without_alert);
}

TEST_F(DialogueTest, an_upgrade_that_is_throttled_is_no_refusal) {
  greet();
  auto task = dialogue->upgrade_with(bytes_of("NOOP\r\n"));
  task.start();
  say("454 4.7.0 Later\r\n");
  EXPECT_EQ(result_of(task).kind, UpgradeResult::Kind::throttled);
}

TEST_F(DialogueTest, opens_settles_and_leaves) {
  auto task = dialogue->open();
  task.start();
  say("220 mx.test\r\n");
  say("250 STARTTLS\r\n");
  EXPECT_TRUE(heard().ends_with("STARTTLS\r\n"));
  say("220 2.0.0 Go\r\n");
  SecureLink server(std::move(peer), Role::server, nullptr);
  server.start_tls(server_end());
  auto shaken = server.handshake(kNever);
  shaken.start();
  EXPECT_TRUE(std::holds_alternative<HandshakeDone>(result_of(shaken)));
  auto asked = server.next(kNever);
  asked.start();
  EXPECT_EQ(text_of(std::get<Received>(result_of(asked)).octets), "EHLO assay.invalid\r\n");
  server.send("250-mx.test\r\n250 AUTH PLAIN\r\n");
  EXPECT_TRUE(result_of(task));
  EXPECT_EQ(dialogue->capabilities(), std::vector<std::string>{"AUTH PLAIN"});
  EXPECT_EQ(counters.handshakes, 1U);
  dialogue->leave();
  for (const auto& expected : {Event(Received{}), Event(CloseNotify{}), Event(InputEnded{})}) {
    auto next = server.next(kNever);
    next.start();
    EXPECT_EQ(result_of(next).index(), expected.index());
  }
}

TEST_F(DialogueTest, an_alert_for_our_hello_is_the_ending) {
  greet();
  auto task = dialogue->upgrade_with({});
  task.start();
  say("220 2.0.0 Go\r\n");
  say(std::string_view("\x15\x03\x03\x00\x02\x02\x28", 7));  // fatal handshake_failure
  const UpgradeResult result = result_of(task);
  EXPECT_EQ(result.kind, UpgradeResult::Kind::broken);
  EXPECT_EQ(result.ending, ending_of_alert(alert::kHandshakeFailure));
}

TEST_F(DialogueTest, a_marker_is_a_refusal_and_then_an_answer) {
  auto task = dialogue->marker();
  task.start();
  EXPECT_TRUE(heard().starts_with("XMARK "));
  say("500 5.5.1 Unknown\r\n");
  EXPECT_EQ(heard(), "EHLO canary.invalid\r\n");
  say("250 mx.test\r\n");
  EXPECT_TRUE(result_of(task).answered);
}

TEST_F(DialogueTest, a_marker_behind_another_answer_is_not_answered) {
  auto task = dialogue->marker();
  task.start();
  say("250 2.0.0 To something else\r\n500 5.5.1 Unknown\r\n");
  const MarkerResult result = result_of(task);
  EXPECT_FALSE(result.answered);
  EXPECT_EQ(result.first.code, 250);
}

TEST_F(DialogueTest, a_marker_at_the_end_of_a_connection_says_how_it_ended) {
  auto task = dialogue->marker();
  task.start();
  peer->abort();
  EXPECT_EQ(result_of(task).first.stop, Stop::reset);
}

TEST_F(DialogueTest, a_message_stops_at_the_first_refusal) {
  auto task = dialogue->send_message("x@x.test", "nonce");
  task.start();
  EXPECT_EQ(heard(), "MAIL FROM:<x@x.test>\r\n");
  say("250 2.1.0 OK\r\n");
  EXPECT_EQ(heard(), "RCPT TO:<ann@a.test>\r\n");
  say("450 4.2.1 Not now\r\n");
  EXPECT_EQ(result_of(task).code, 450);
  EXPECT_EQ(heard(), "");
}

TEST_F(DialogueTest, a_message_is_sent_whole_once_354_came) {
  auto task = dialogue->send_message("x@x.test", "nonce");
  task.start();
  say("250 2.1.0 OK\r\n");
  say("250 2.1.5 OK\r\n");
  heard();
  say("354 Go on\r\n");
  const std::string content = heard();
  EXPECT_NE(content.find("nonce"), std::string::npos);
  EXPECT_TRUE(content.ends_with("\r\n.\r\n"));
  say("250 2.0.0 Taken\r\n");
  EXPECT_TRUE(result_of(task).positive);
}

TEST(EndingOf, an_answer_or_what_came_instead) {
  Answer answer;
  EXPECT_EQ(ending_of(answer), ending::refused);
  answer.positive = true;
  EXPECT_EQ(ending_of(answer), ending::accepted);
  answer.throttled = true;
  EXPECT_EQ(ending_of(answer), ending::throttled);
  EXPECT_EQ(ending_of(Event(TimedOut{})), ending::hang);
  EXPECT_EQ(ending_of(Event(CloseNotify{})), ending::closed_without_alert);
  EXPECT_EQ(ending_of(Event(InputEnded{EndOfInput::reset, false})), ending::closed_without_alert);
  EXPECT_EQ(ending_of(Event(LocalFailure{})), ending::handshake_failed);
  EXPECT_EQ(ending_of(Event(AlertReceived{{true, 70}})), ending_of_alert(70));
}

}  // namespace
}  // namespace assay
