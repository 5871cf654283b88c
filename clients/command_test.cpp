#include "clients/command.h"

#include "harness/check/scripted_test.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

class CommandTest : public testing::Test {
 protected:
  CommandTest() {
    server.reference_name = "localhost";
    server.address = {"127.0.0.1", 2525};
    account.user = "alice";
    account.password = Secret("a {host} word");
    account.bind_dn = "uid=alice";
    account.sink = "alice@assay.test";
  }
  ClientEnd run(std::vector<std::string> words, Milliseconds limit = Milliseconds(20'000)) {
    CommandClient client(std::move(words), {"/run/ca.pem", "/run/password", message_file});
    const Occasion occasion{server, account, anchors, "a.b.c@smtp.upgrade", message};
    return loop.run_until_done(client.run(loop, occasion, Clock::now() + limit));
  }

  std::string message = "Subject: hello\r\n\r\nline\n.\n";
  std::string message_file = testing::TempDir() + "command_test_message";
  Loop loop;
  Endpoint server = endpoint_for_tests(Access::implicit);
  Account account;
  std::vector<Bytes> anchors;
};

TEST_F(CommandTest, fills_in_its_placeholders_once) {
  EXPECT_EQ(run({"echo", "{host}:{port} {url}", "{ca}", "{user}/{password}", "{password_file}",
                 "{bind_dn}{sink}", "{case}", "{braces} {", "{}"})
                .said,
            "exit code 0: localhost:2525 smtps://localhost:2525 /run/ca.pem alice/a {host} word "
            "/run/password uid=alicealice@assay.test a.b.c@smtp.upgrade {braces} { {}");
}

TEST_F(CommandTest, tells_how_it_ended_and_the_first_line_that_its_user_read) {
  const ClientEnd failed =
      run({"sh", "-c", "echo; echo '  '; echo no $(printf '\\033[31m'); exit 3"});
  EXPECT_EQ(failed.how, ClientEnd::How::failed);
  EXPECT_EQ(failed.said, "exit code 3: no \\x1b[31m");
  const ClientEnd killed = run({"sh", "-c", "kill -9 $$"});
  EXPECT_EQ(killed.how, ClientEnd::How::failed);
  EXPECT_EQ(killed.said, "ended by signal 9");
  EXPECT_EQ(run({"sh", "-c", "kill -SEGV $$"}).how, ClientEnd::How::died);
  EXPECT_EQ(run({"sh", "-c", "exit 134"}).how, ClientEnd::How::died);  // 128 + SIGABRT
  EXPECT_EQ(run({"sh", "-c", "exit 137"}).how, ClientEnd::How::failed);
  const ClientEnd good = run({"true"});
  EXPECT_TRUE(good.succeeded());
  EXPECT_EQ(good.said, "exit code 0");
  EXPECT_EQ(run({"sleep", "30"}, Milliseconds(100)).how, ClientEnd::How::timed_out);
  EXPECT_EQ(run({"/nowhere/curl"}).how, ClientEnd::How::not_started);
}

TEST_F(CommandTest, lays_out_a_message_for_as_long_as_it_runs) {
  EXPECT_TRUE(CommandClient({"cat", "{message_file}"}, {}).sends_given_message());
  EXPECT_FALSE(CommandClient({"cat", "{ca}"}, {}).sends_given_message());
  EXPECT_EQ(run({"sh", "-c", "wc -c <$0; echo $0 >&2", "{message_file}"}).said, "exit code 0: 25");
  EXPECT_EQ(run({"ls", message_file + "-1"}).how, ClientEnd::How::failed);
  message_file = "/nowhere/message";
  const ClientEnd end = run({"true", "{message_file}"});
  EXPECT_EQ(end.how, ClientEnd::How::not_started);
  EXPECT_EQ(end.said, "was not started: /nowhere/message-1 could not be written");
}

TEST(CommandLine, must_find_our_server) {
  EXPECT_FALSE(trouble_with({"curl", "{url}"}));
  EXPECT_FALSE(trouble_with({"nc", "{host}", "{port}"}));
  EXPECT_NE(trouble_with({})->find("behind --"), std::string::npos);
  EXPECT_NE(trouble_with({"curl", "smtp://localhost"})->find("{port} nor {url}"),
            std::string::npos);
}

TEST(CommandLine, that_misspells_a_placeholder_is_told_so) {
  const auto trouble = trouble_with({"curl", "{url}", "-u{usre}:x"});
  ASSERT_TRUE(trouble);
  EXPECT_NE(trouble->find("did you mean {user}?"), std::string::npos) << *trouble;
  EXPECT_FALSE(trouble_with({"curl", "{url}", "-w", "%{http_code}"}));
}

}  // namespace
}  // namespace assay
