#include "reference_server/pop3_maildrop.h"

#include "reference_server/pop3_fixture_test.h"
#include "reference_server/smtp_fixture_test.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace assay {
namespace {

constexpr std::string_view kFirst = "A: 1\r\n\r\none\r\ntwo\r\nthree\r\n";
constexpr std::string_view kSecond = "A: 2\r\n\r\n.dot\r\n";

/// ann is logged in, two messages lie before her.
class Pop3Transaction : public testing::Test {
 protected:
  Pop3Transaction() {
    talk.deliver(kFirst);
    talk.deliver(kSecond);
    talk.log_in();
  }

  [[nodiscard]] std::vector<std::string> lines(std::string_view command) {
    return talk.reply(command, Pop3Form::multi_line).lines();
  }

  Pop3Talk talk{pop3_config_for_tests(), Security::upgraded};
};

TEST_F(Pop3Transaction, counts_what_there_is) {
  EXPECT_EQ(talk.say("STAT\r\n"), "+OK 2 39\r\n");
  EXPECT_EQ(talk.say("LIST\r\n"), "+OK 2 messages (39 octets)\r\n1 25\r\n2 14\r\n.\r\n");
  EXPECT_EQ(talk.say("LIST 2\r\n"), "+OK 2 14\r\n");
}

TEST_F(Pop3Transaction, names_each_message_for_good) {
  EXPECT_EQ(lines("UIDL"), (std::vector<std::string>{"1 1", "2 2"}));
  EXPECT_EQ(talk.say("UIDL 2\r\n"), "+OK 2 2\r\n");
  EXPECT_TRUE(talk.accepts("DELE 1"));
  EXPECT_TRUE(talk.accepts("QUIT"));
  Pop3Config config = pop3_config_for_tests();
  config.uid_prefix = "run-";
  Pop3Talk later(config, Security::upgraded, talk.server);
  later.deliver(kFirst);
  later.log_in();
  EXPECT_EQ(later.reply("UIDL", Pop3Form::multi_line).content, "1 run-2\r\n2 run-3\r\n");
}

TEST_F(Pop3Transaction, sends_a_message_with_its_dots_stuffed) {
  EXPECT_EQ(talk.say("RETR 2\r\n"), "+OK 14 octets\r\nA: 2\r\n\r\n..dot\r\n.\r\n");
  EXPECT_EQ(talk.reply("RETR 1", Pop3Form::multi_line).content, kFirst);
}

TEST_F(Pop3Transaction, sends_the_top_of_a_message) {
  EXPECT_EQ(talk.reply("TOP 1 0", Pop3Form::multi_line).content, "A: 1\r\n\r\n");
  EXPECT_EQ(talk.reply("TOP 1 2", Pop3Form::multi_line).content, "A: 1\r\n\r\none\r\ntwo\r\n");
  EXPECT_EQ(talk.reply("TOP 1 99", Pop3Form::multi_line).content, kFirst);
  EXPECT_EQ(talk.reply("TOP 2 1", Pop3Form::multi_line).content, kSecond);
}

TEST_F(Pop3Transaction, knows_no_message_beyond_the_last) {
  for (const auto* line : {"LIST 0", "LIST 3", "UIDL 3", "RETR 0", "RETR 3", "TOP 3 0", "DELE 3",
                           "RETR 18446744073709551615", "RETR 18446744073709551616"}) {
    EXPECT_TRUE(talk.refuses(line)) << line;
  }
}

TEST_F(Pop3Transaction, refuses_bad_arguments) {
  for (const auto* line : {"RETR", "RETR x", "RETR 1 2", "RETR -1", "LIST x", "LIST ", "UIDL 1 2",
                           "TOP 1", "TOP 1 x", "TOP 1 2 3", "DELE", "DELE 1 2"}) {
    EXPECT_TRUE(talk.refuses(line)) << line;
  }
}

TEST_F(Pop3Transaction, hides_what_is_marked_and_keeps_the_other_numbers) {
  EXPECT_TRUE(talk.accepts("DELE 1"));
  for (const auto* line : {"DELE 1", "RETR 1", "TOP 1 0", "LIST 1", "UIDL 1"}) {
    EXPECT_TRUE(talk.refuses(line)) << line;
  }
  EXPECT_EQ(talk.say("STAT\r\n"), "+OK 1 14\r\n");
  EXPECT_EQ(lines("LIST"), std::vector<std::string>{"2 14"});
  EXPECT_EQ(lines("UIDL"), std::vector<std::string>{"2 2"});
  EXPECT_EQ(talk.store.count("ann@a.test"), 2U);
  EXPECT_EQ(talk.say("RSET\r\n"), "+OK 2 messages (39 octets)\r\n");
  EXPECT_TRUE(talk.accepts("LIST 1"));
}

TEST_F(Pop3Transaction, quit_removes_what_is_marked) {
  EXPECT_EQ(talk.say("DELE 1\r\nQUIT\r\nSTAT\r\n"),
            "+OK Message 1 deleted\r\n"
            "+OK pop.a.test signing off, 1 messages (14 octets) left\r\n");
  EXPECT_EQ(talk.next, Step::Next::close);
  ASSERT_EQ(talk.store.count("ann@a.test"), 1U);
  EXPECT_EQ(text_of(talk.store.list("ann@a.test").front()->content), kSecond);
  EXPECT_EQ(talk.state.pop3(), Pop3State{});
}

TEST_F(Pop3Transaction, nothing_is_removed_without_quit) {
  EXPECT_TRUE(talk.accepts("DELE 1"));
  EXPECT_TRUE(talk.refuses("GET / HTTP/1.1"));
  EXPECT_EQ(talk.next, Step::Next::close);
  EXPECT_EQ(talk.store.count("ann@a.test"), 2U);
  Pop3Talk next(pop3_config_for_tests(), Security::upgraded, talk.server);
  next.log_in();
  EXPECT_EQ(next.say("STAT\r\n"), "+OK 2 39\r\n");
}

TEST_F(Pop3Transaction, quit_says_what_could_not_be_removed) {
  EXPECT_TRUE(talk.accepts("DELE 1"));
  EXPECT_TRUE(talk.accepts("DELE 2"));
  EXPECT_EQ(talk.store.remove("ann@a.test", {1}), 1U);
  EXPECT_EQ(talk.reply("QUIT").code, "SYS/TEMP");
  EXPECT_EQ(talk.store.count("ann@a.test"), 0U);
}

TEST_F(Pop3Transaction, does_not_see_what_comes_later) {
  talk.deliver(kSecond);
  EXPECT_EQ(talk.say("STAT\r\n"), "+OK 2 39\r\n");
  EXPECT_TRUE(talk.refuses("RETR 3"));
}

TEST_F(Pop3Transaction, knows_no_message_that_left_the_store) {
  EXPECT_EQ(talk.store.remove("ann@a.test", {1}), 1U);
  EXPECT_TRUE(talk.refuses("RETR 1"));
  EXPECT_TRUE(talk.refuses("TOP 1 0"));
}

TEST(Pop3Maildrop, an_empty_one_is_listed_as_a_text_of_no_lines) {
  Pop3Talk talk(pop3_config_for_tests(), Security::upgraded);
  talk.log_in();
  EXPECT_EQ(talk.say("STAT\r\nLIST\r\nUIDL\r\n"),
            "+OK 0 0\r\n+OK 0 messages (0 octets)\r\n.\r\n+OK 0 messages (0 octets)\r\n.\r\n");
}

TEST(Pop3Maildrop, octets_are_those_that_are_sent) {
  Pop3Talk talk(pop3_config_for_tests(), Security::upgraded);
  talk.deliver("A: b\r\n\r\nno end");
  talk.log_in();
  const auto reply = talk.reply("RETR 1", Pop3Form::multi_line);
  EXPECT_EQ(reply.text, "16 octets");
  EXPECT_EQ(reply.content.size(), 16U);
}

TEST(Pop3Maildrop, holds_what_smtp_delivered) {
  SmtpTalk smtp;
  smtp.begin_mail();
  smtp.say("DATA\r\nSubject: x\r\n\r\n..dots\r\n.\r\n");
  Pop3Talk pop3(pop3_config_for_tests(), Security::upgraded, smtp.server);
  pop3.log_in();
  const std::string content = pop3.reply("RETR 1", Pop3Form::multi_line).content;
  EXPECT_TRUE(content.starts_with("Received: from c.test"));
  EXPECT_TRUE(content.ends_with("Subject: x\r\n\r\n.dots\r\n"));
}

TEST(TopOf, is_all_of_a_message_without_a_body) {
  const auto top = [](std::string_view content, std::uint64_t count) {
    return std::string(text_of(top_of(view_of(content), count)));
  };
  EXPECT_EQ(top("A: b\r\nC: d\r\n", 0), "A: b\r\nC: d\r\n");
  EXPECT_EQ(top("A: b\r\n\r\n", 5), "A: b\r\n\r\n");
  EXPECT_EQ(top("A: b\r\n\r\nx\ny\r\nz", 1), "A: b\r\n\r\nx\ny\r\n");
  EXPECT_EQ(top("A: b\r\n\r\nx\r\nz", 2), "A: b\r\n\r\nx\r\nz");
  EXPECT_EQ(top("", 1), "");
}

}  // namespace
}  // namespace assay
