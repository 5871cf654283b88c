// Whole runs of `assay`: reports, seeds, serving, signals.
#include "harness/cli/cli_fixture_test.h"
#include "reports/json_document.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

namespace assay {

const char* const kProgram = ASSAY_PROGRAM;

namespace {

class CliRunTest : public CliTest {
 protected:
  static JsonDocument parsed(const std::string& text) {
    const auto document = JsonDocument::parse(text);
    if (!document) throw std::runtime_error("not JSON: " + text.substr(0, 200));
    return *document;
  }
  /// What `serve` says once it listens.
  JsonDocument ready(Program& server, const std::string& path) {
    const Deadline deadline = Clock::now() + std::chrono::seconds(20);
    while (!std::filesystem::exists(path) && !server.ended() && Clock::now() < deadline) sleep(20);
    return parsed(text_of_file(path));
  }
  Ran finished(Program& program, int seconds) {
    return loop.run_until_done(program.finish(loop, std::chrono::seconds(seconds)));
  }
};

TEST_F(CliRunTest, lists_every_check_as_json) {
  const Ran ran = run({"list", "--json"});
  EXPECT_EQ(ran.code, 0);
  const JsonDocument checks = parsed(ran.out);
  EXPECT_GT(checks.size(""), 30U);
  std::set<std::string> ids;
  for (std::size_t i = 0; i < checks.size(""); ++i) {
    EXPECT_TRUE(ids.insert(checks.text(fmt::format("/{}/id", i))).second);
  }
  EXPECT_TRUE(ids.contains(kQuickRow));
  const Ran plain = run({"list"});
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(plain.out, '\n')), checks.size(""));
}

TEST_F(CliRunTest, explains_a_check) {
  const Ran ran = run({"explain", kQuickRow});
  EXPECT_EQ(ran.code, 0);
  for (const char* words : {"required", "RFC 3207 §4.2", "breaker", "accepted", "by hand"})
    EXPECT_TRUE(says(ran.out, words)) << words;
}

TEST_F(CliRunTest, writes_a_run_that_can_be_read) {
  const std::string out = files.path("deep/report");
  const Ran ran = run({"check", "--only", kQuickRow, "--out", out, "--seed", "7f3a"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(says(ran.out, out));
  const JsonDocument report = parsed(text_of_file(out + "/run.json"));
  for (const char* key : {"/schema", "/tool", "/seed", "/subjects", "/cases", "/counts"})
    EXPECT_TRUE(report.has(key)) << key;
  ASSERT_GT(report.size("/cases"), 0U);
  EXPECT_EQ(report.text("/cases/0/id"), kQuickRow);
  EXPECT_EQ(report.text("/cases/0/outcome"), "pass");
  EXPECT_TRUE(text_of_file(out + "/junit.xml").starts_with("<?xml"));
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(out + "/run.json").permissions(),
            perms::owner_read | perms::owner_write);
}

TEST_F(CliRunTest, a_report_on_stdout_is_all_that_is_there) {
  const Ran ran = run({"check", "--only", kQuickRow, "--report", "json"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_TRUE(parsed(ran.out).has("/cases"));
}

TEST_F(CliRunTest, the_same_seed_makes_the_same_run_whatever_the_jobs) {
  std::vector<std::string> reports;
  for (const char* jobs : {"1", "3", "16"}) {
    const std::string path = files.path(std::string("run") + jobs);
    const Ran ran = run({"check", "--seed", "5", "--stable", "--jobs", jobs, "--profile", "quick",
                         "--report", "json=" + path, "-q"});
    EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
    reports.push_back(text_of_file(path));
  }
  EXPECT_FALSE(reports[0].empty());
  EXPECT_EQ(reports[0], reports[1]);
  EXPECT_EQ(reports[0], reports[2]);
}

TEST_F(CliRunTest, a_report_that_cannot_be_written_is_named) {
  const std::string file = files.file("file", "");
  const auto complaint = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"check", "-q", "--only", kQuickRow};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ran ran = run(std::move(arguments));
    EXPECT_EQ(ran.code, 2) << ran.err;
    return complaint_of(ran);
  };
  EXPECT_TRUE(says(complaint({"--report", "json=/dev/full"}), "/dev/full: No space left"));
  EXPECT_TRUE(says(complaint({"--report", "junit=" + file + "/x"}), file + "/x"));
  EXPECT_TRUE(says(complaint({"--out", file + "/out"}), file));
  EXPECT_TRUE(says(complaint({"--report", "json=" + files.path("none/run.json")}), "none"));
  EXPECT_EQ(text_of_file(file), "");
}

TEST_F(CliRunTest, a_full_stdout_is_no_success) {
  Program program({"check", "-q", "--only", kQuickRow}, "/dev/full");
  const Ran ran = finished(program, 60);
  EXPECT_EQ(ran.code, 2);
  EXPECT_TRUE(says(complaint_of(ran), "standard output"));
  Program listing({"list"}, "/dev/full");
  EXPECT_NE(finished(listing, 60).code, 0);
}

TEST_F(CliRunTest, serves_until_it_is_told_to_end) {
  const std::string path = files.path("ready.json");
  Program server({"serve", "--ready-file", path});
  const JsonDocument there = ready(server, path);
  ASSERT_EQ(there.size("/endpoints"), 8U);
  const std::string ca = there.text("/ca");
  std::vector<std::string> arguments = {"check", "-q", "--only",    "integrity.injection.*",
                                        "--ca",  ca,   "--account", there.text("/account")};
  for (const char* url : {"/endpoints/0/url", "/endpoints/1/url"}) {
    arguments.push_back(there.text(url));
  }
  const Ran checked = run(std::move(arguments));
  EXPECT_EQ(checked.code, 0) << checked.out << checked.err;
  server.signal(SIGTERM);
  const Ran served = finished(server, 60);
  EXPECT_EQ(served.code, 0);
  EXPECT_TRUE(says(served.out, "openssl s_client"));
  EXPECT_EQ(served.err, "");
  EXPECT_FALSE(std::filesystem::exists(ca));
}

TEST_F(CliRunTest, serves_what_its_file_says_and_lends_a_certificate_where_one_lets_in) {
  const std::string path = files.path("ready.json");
  const std::string config =
      files.file("serve.toml",
                 "[smtp]\nauth = \"certificate\"\n[[smtp.listener]]\n"
                 "[pop3]\nauth = \"challenge\"\n[[pop3.listener]]\naccess = \"implicit\"\n");
  const std::string directory = files.path("papers");
  Program server({"serve", "--config", config, "--dir", directory, "--ready-file", path});
  const JsonDocument there = ready(server, path);
  ASSERT_EQ(there.size("/endpoints"), 2U);
  EXPECT_TRUE(there.text("/endpoints/0/url").starts_with("smtp://127.0.0.1:"));
  EXPECT_TRUE(there.text("/endpoints/1/url").starts_with("pop3s://127.0.0.1:"));
  for (const char* name : {"/client.pem", "/client.key"}) {
    const auto status = std::filesystem::status(directory + name);
    EXPECT_EQ(status.permissions(), std::filesystem::perms(0600)) << name;
  }
  const std::string account = text_of_file(there.text("/account"));
  EXPECT_TRUE(says(account, "client_cert = \"" + directory + "/client.pem\"")) << "no certificate";
  EXPECT_TRUE(says(account, "auth_tls_only = false")) << "the level of POP3 is another";
  const Ran checked = run({"check", "-q", "--only", kQuickRow, "--ca", there.text("/ca"),
                           "--account", there.text("/account"), there.text("/endpoints/0/url")});
  EXPECT_EQ(checked.code, 0) << checked.out << checked.err;
  server.signal(SIGTERM);
  EXPECT_EQ(finished(server, 60).code, 0);
}

TEST_F(CliRunTest, serve_tells_a_client_that_it_goes_and_waits_five_seconds_at_most) {
  const std::string path = files.path("ready.json");
  Program server({"serve", "--ready-file", path});
  const std::string url = ready(server, path).text("/endpoints/0/url");
  const std::string port = url.substr(url.rfind(':') + 1);
  auto connected =
      loop.run_until_done(loop.connect({"127.0.0.1", static_cast<std::uint16_t>(std::stoi(port))},
                                       Clock::now() + std::chrono::seconds(5)));
  auto& link = *std::get<std::unique_ptr<Link>>(connected);
  const Deadline later = Clock::now() + std::chrono::seconds(10);
  EXPECT_TRUE(text_of(loop.run_until_done(link.read(later)).bytes).starts_with("220 "));
  const auto begin = Clock::now();
  server.signal(SIGTERM);
  EXPECT_TRUE(text_of(loop.run_until_done(link.read(later)).bytes).starts_with("421 "));
  EXPECT_EQ(finished(server, 60).code, 0);  // though the client stays
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(8));
}

/// A server that takes connections and says nothing: every wait for it is a long one.
TEST_F(CliRunTest, an_interrupted_check_still_writes_its_reports) {
  std::vector<std::unique_ptr<Link>> links;
  const auto silent = loop.listen(
      {"127.0.0.1", 0}, [&](std::unique_ptr<Link> link) { links.push_back(std::move(link)); });
  const std::string out = files.path("out");
  Program check({"check", "smtp://" + silent->address().text(), "--out", out});
  for (int i = 0; i < 1'000 && links.empty(); ++i) sleep(10);
  const auto begin = Clock::now();
  check.signal(SIGINT);
  EXPECT_EQ(finished(check, 30).code, 130);
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(3));
  const JsonDocument report = parsed(text_of_file(out + "/run.json"));
  ASSERT_GT(report.size("/cases"), 0U);
  for (std::size_t i = 0; i < report.size("/cases"); ++i) {
    EXPECT_NE(report.text(fmt::format("/cases/{}/outcome", i)), "fail");
  }
}

TEST_F(CliRunTest, an_interrupted_check_does_not_wait_for_its_rate_limit) {
  const std::string path = files.path("ready.json");
  Program server({"serve", "--ready-file", path});
  const std::string url = ready(server, path).text("/endpoints/0/url");
  const std::string out = files.path("out");
  Program check({"check", url, "--rate", "0.05", "--out", out});  // one in twenty seconds
  sleep(1'500);
  const auto begin = Clock::now();
  check.signal(SIGTERM);
  EXPECT_EQ(finished(check, 60).code, 143);
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(3));
  EXPECT_TRUE(std::filesystem::exists(out + "/run.json"));
}

}  // namespace
}  // namespace assay
