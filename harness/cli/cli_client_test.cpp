// `assay client` with commands that are no clients: what it refuses, and what it cannot test. Real
// clients are met in interop/.
#include "harness/cli/cli_fixture_test.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

class CliClientTest : public CliTest {
 protected:
  Ran test_client(std::vector<std::string> words) {
    std::vector<std::string> arguments = {"client", "-q", "--protocol", "smtp", "--timeout", "5"};
    arguments.insert(arguments.end(), words.begin(), words.end());
    return run(std::move(arguments));
  }
};

TEST_F(CliClientTest, a_command_that_would_not_find_our_server_is_a_slip) {
  const Ran lost = test_client({"--", "true"});
  EXPECT_EQ(lost.code, 2);
  EXPECT_TRUE(says(complaint_of(lost), "{port} nor {url}"));
  const Ran misspelt = test_client({"--", "curl", "-u{usr}", "{url}"});
  EXPECT_EQ(misspelt.code, 2);
  EXPECT_TRUE(says(complaint_of(misspelt), "did you mean {user}?"));
}

TEST_F(CliClientTest, words_behind_the_dashes_are_the_commands_own) {
  const Ran ran = test_client({"--only", "certificate.trust.*", "--policy", "implicit", "--", "sh",
                               "-c", "exit 7", "--port", "{port}"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_TRUE(says(complaint_of(ran), "exit code 7"));
}

TEST_F(CliClientTest, a_client_that_cannot_be_started_is_not_testable) {
  const Ran ran = test_client({"--", "/nowhere/client", "{port}"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_TRUE(says(complaint_of(ran), "could not be started: No such file")) << ran.err;
}

TEST_F(CliClientTest, two_policies_for_one_access_contradict_each_other) {
  const Ran ran =
      test_client({"--policy", "required", "--policy", "opportunistic", "--", "true", "{url}"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_TRUE(says(complaint_of(ran), "contradict"));
  const Ran enforced =
      test_client({"--policy", "mta-sts", "--policy", "opportunistic", "--", "true", "{url}"});
  EXPECT_EQ(enforced.code, 2);
  EXPECT_TRUE(says(complaint_of(enforced), "mta-sts and opportunistic contradict"));
}

TEST_F(CliClientTest, is_sent_to_a_host_that_leads_to_us) {
  const Ran lost = test_client({"--host", "mail.b.invalid", "--", "true", "{url}"});
  EXPECT_EQ(lost.code, 2);
  EXPECT_TRUE(says(complaint_of(lost), "add the line \"127.0.0.1 mail.b.invalid\" to /etc/hosts"));
  const Ran sent = test_client({"--host", "mail.b.localhost", "--only", "certificate.trust.*", "--",
                                "sh", "-c", "echo to $0; exit 1", "{host} {port}"});
  EXPECT_EQ(sent.code, 3);
  EXPECT_TRUE(says(complaint_of(sent), "to mail.b.localhost")) << complaint_of(sent);
}

TEST_F(CliClientTest, a_row_of_the_other_side_says_which_command_runs_it) {
  const Ran client = test_client({"--only", kQuickRow, "--", "true", "{url}"});
  EXPECT_EQ(client.code, 2);
  EXPECT_TRUE(says(complaint_of(client), "assay check runs it"));
  const Ran server = run({"check", "--only", "certificate.trust.unknown_root"});
  EXPECT_EQ(server.code, 2);
  EXPECT_TRUE(says(complaint_of(server), "assay client runs it"));
}

TEST_F(CliClientTest, a_glob_does_not_take_what_stands_behind_it) {
  const Ran ran = run({"check", "-q", "--only", kQuickRow, "smtp://127.0.0.1:1"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_TRUE(says(complaint_of(ran), "smtp://127.0.0.1:1"));
}

}  // namespace
}  // namespace assay
