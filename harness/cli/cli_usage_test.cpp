// What the command line and its files get wrong: exit 2, one line, the way out.
#include "harness/cli/cli_fixture_test.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

class CliUsageTest : public CliTest {
 protected:
  /// The complaint about a use that is refused with exit 2 before anything is tested.
  std::string refusal(std::vector<std::string> arguments) {
    const Ran ran = run(std::move(arguments));
    EXPECT_EQ(ran.code, 2) << ran.err;
    EXPECT_EQ(ran.out, "");
    return complaint_of(ran);
  }
};

TEST_F(CliUsageTest, an_unknown_check_gets_the_nearest_one) {
  const std::string slip = "integrity.injection.discards_pipelined_plaintxt";
  for (const char* option : {"--only", "--skip"}) {
    EXPECT_TRUE(says(refusal({"check", option, slip}),
                     std::string("there is no check ") + slip + "; did you mean " + kQuickRow))
        << option;
  }
  EXPECT_TRUE(says(refusal({"explain", slip}), std::string("did you mean ") + kQuickRow));
  EXPECT_TRUE(says(refusal({"check", "--only", "*", "--only", "zzz.*"}), "`assay list`"));
  EXPECT_TRUE(says(refusal({"list", "--only", "zzz.*"}), "`assay list`"));
  EXPECT_TRUE(
      says(refusal({"check", "--only", kQuickRow, "--skip", "integrity.*"}), "leave no check"));
}

TEST_F(CliUsageTest, a_mistyped_command_or_option_gets_the_nearest_one) {
  EXPECT_TRUE(says(refusal({"chekc"}), "did you mean check?"));
  EXPECT_TRUE(says(refusal({"check", "--profil", "quick"}), "did you mean --profile?"));
  EXPECT_TRUE(says(refusal({"serve", "--redy-file=x"}), "did you mean --ready-file?"));
  EXPECT_TRUE(says(refusal({"serve", "--fault", "keep_plaintxt"}), "did you mean keep_plaintext"));
}

TEST_F(CliUsageTest, a_value_that_an_option_does_not_take_is_named) {
  EXPECT_TRUE(says(refusal({"check", "--seed", "xyz"}), "--seed xyz"));
  EXPECT_TRUE(says(refusal({"check", "--jobs", "0"}), "--jobs"));
  EXPECT_TRUE(says(refusal({"check", "--profile", "deep"}), "deep"));
  EXPECT_TRUE(says(refusal({"check", "--report", "pdf"}), "json, junit and console"));
  EXPECT_TRUE(says(refusal({"check", "stmp://localhost"}), "did you mean smtp://?"));
  EXPECT_TRUE(says(refusal({"check", "smtp://localhost:99999"}), "smtp://localhost:99999"));
  refusal({});
}

TEST_F(CliUsageTest, a_password_in_a_url_is_refused_and_not_repeated) {
  const Ran ran = run({"check", "smtp://alice:hunter2@localhost"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_TRUE(says(complaint_of(ran), "--account"));
  EXPECT_FALSE(says(ran.err + ran.out, "hunter2"));
}

TEST_F(CliUsageTest, trust_anchors_that_cannot_be_read_are_named) {
  const std::string url = "smtp://127.0.0.1:2525";
  const auto refused = [&](const std::string& path) {
    std::string line = refusal({"check", "-q", url, "--ca", path});
    EXPECT_TRUE(says(line, path)) << line;
    return line;
  };
  EXPECT_TRUE(says(refused(files.path("none.pem")), "No such file"));
  EXPECT_TRUE(says(refused(files.file("text.pem", "no certificate\n")), "no PEM certificate"));
  EXPECT_TRUE(says(refused(files.file("empty.pem", "")), "no PEM certificate"));
  const std::string directory = files.path("directory.pem");
  std::filesystem::create_directory(directory);
  EXPECT_TRUE(says(refused(directory), "cannot be read"));
}

TEST_F(CliUsageTest, an_account_file_that_others_may_read_is_refused_with_the_remedy) {
  const std::string path = files.file("account.toml", "user = \"a\"\npassword = \"b\"\n", 0644);
  const std::string line = refusal({"check", "-q", "smtp://127.0.0.1:2525", "--account", path});
  EXPECT_TRUE(says(line, path));
  EXPECT_TRUE(says(line, "chmod 600")) << line;
}

TEST_F(CliUsageTest, a_slip_in_an_account_file_is_named_by_line_and_column) {
  const std::string path = files.file("account.toml", "user = \"a\"\n  pasword = \"b\"\n");
  const std::string line = refusal({"check", "-q", "smtp://127.0.0.1:2525", "--account", path});
  EXPECT_TRUE(says(line, path + ":2:3")) << line;
  EXPECT_TRUE(says(line, "pasword"));
}

TEST_F(CliUsageTest, an_account_goes_with_a_url) {
  EXPECT_TRUE(says(refusal({"check", "--account", "x"}), "give its URL"));
}

TEST_F(CliUsageTest, help_and_version_are_results) {
  const Ran version = run({"--version"});
  EXPECT_EQ(version.code, 0);
  EXPECT_TRUE(version.out.starts_with("assay ")) << version.out;
  for (const char* command : {"check", "serve", "selftest", "list", "explain"}) {
    const Ran help = run({command, "--help"});
    EXPECT_EQ(help.code, 0);
    EXPECT_TRUE(says(help.out, "Usage: ")) << help.out;
    EXPECT_EQ(help.err, "");
  }
}

TEST_F(CliUsageTest, serve_says_where_it_cannot_listen_or_write) {
  const auto listener = loop.listen({"127.0.0.1", 0}, [](std::unique_ptr<Link>) {});
  const std::string port = std::to_string(listener->address().port);
  EXPECT_TRUE(says(refusal({"serve", "--smtp", port}), port));
  const std::string file = files.file("file", "");
  EXPECT_TRUE(says(refusal({"serve", "--dir", file + "/below"}), file));
  const Ran unready = run({"serve", "--ready-file", file + "/ready"});
  EXPECT_EQ(unready.code, 2);
  EXPECT_TRUE(says(complaint_of(unready), file + "/ready"));
}

TEST_F(CliUsageTest, a_slip_in_the_file_of_serve_is_named_by_line_and_column) {
  const std::string path = files.file("serve.toml", "[smtp]\n[[smtp.listener]]\n  prot = 25\n");
  const std::string line = refusal({"serve", "--config", path});
  EXPECT_TRUE(says(line, path + ":3:3: unknown key \"prot\"; did you mean \"port\"?")) << line;
  EXPECT_TRUE(says(refusal({"serve", "--config", files.path("none")}), "No such file"));
  for (const char* option : {"--smtp=2525", "--auth=clear"}) {
    EXPECT_TRUE(says(refusal({"serve", "--config", path, option}), "--config")) << option;
  }
  EXPECT_TRUE(says(refusal({"serve", "--auth", "everything"}), "certificate"));
}

}  // namespace
}  // namespace assay
