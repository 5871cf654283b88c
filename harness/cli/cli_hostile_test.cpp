// Peers that are no mail server, or a broken one: each run ends in time, with exit 3 and a line
// that says what, where, and what to do.
#include "harness/cli/cli_fixture_test.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

/// What a peer does with one connection; both references outlive it.
using Peer = Task<void> (*)(Loop& loop, Link& link);

constexpr Milliseconds kForever = std::chrono::minutes(5);

Task<void> until_gone(Link& link) {
  const Deadline deadline = Clock::now() + kForever;
  for (;;) {
    const ReadResult got = co_await link.read(deadline);
    if (got.kind != ReadResult::Kind::bytes) co_return;
  }
}

Task<void> say(Link& link, std::string_view text) {
  link.write(bytes_of(text));
  return until_gone(link);
}

/// The same piece again and again, as fast as it is taken.
Task<void> flood(Link& link, std::string piece) {
  const Deadline deadline = Clock::now() + kForever;
  for (;;) {
    link.write(bytes_of(piece));
    const bool taken = co_await link.drain(64UL * 1024, deadline);
    if (!taken) co_return;
    // Without a look at the other direction, nobody would see the end.
    while (auto there = link.read_now()) {
      if (there->kind != ReadResult::Kind::bytes) co_return;
    }
  }
}

/// Answers EHLO and STARTTLS; what comes then is the caller's.
Task<void> up_to_the_go_ahead(Link& link) {
  const Deadline deadline = Clock::now() + kForever;
  link.write(bytes_of("220 mx.test ESMTP\r\n"));
  for (;;) {
    const ReadResult got = co_await link.read(deadline);
    if (got.kind != ReadResult::Kind::bytes) co_return;
    const bool upgrade = text_of(got.bytes).starts_with("STARTTLS");
    link.write(bytes_of(upgrade ? "220 2.0.0 Go\r\n" : "250-mx.test\r\n250 STARTTLS\r\n"));
    if (upgrade) co_return;
  }
}

Task<void> ssh(Loop& /*loop*/, Link& link) { return say(link, "SSH-2.0-OpenSSH_9.2p1\r\n"); }
Task<void> http(Loop& /*loop*/, Link& link) {
  const ReadResult asked = co_await link.read(Clock::now() + kForever);
  if (asked.kind == ReadResult::Kind::bytes)
    link.write(bytes_of("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"));
}
Task<void> silent(Loop& /*loop*/, Link& link) { return until_gone(link); }
Task<void> dripping(Loop& loop, Link& link) {
  for (int i = 0; i < 120; ++i) {
    link.write(bytes_of(i == 0 ? "2" : i == 1 ? "2" : i == 2 ? "0" : i == 3 ? " " : "x"));
    co_await loop.sleep_until(Clock::now() + std::chrono::seconds(1));
    const auto there = link.read_now();
    if (there && there->kind != ReadResult::Kind::bytes) co_return;
  }
}
Task<void> endless_banner(Loop& /*loop*/, Link& link) { return flood(link, "220-and on\r\n"); }
Task<void> endless_line(Loop& /*loop*/, Link& link) { return flood(link, std::string(8192, 'x')); }
Task<void> closing(Loop& /*loop*/, Link& link) {
  link.finish();
  co_return;
}
Task<void> resetting(Loop& /*loop*/, Link& link) {
  link.abort();
  co_return;
}
Task<void> many_lines(Loop& /*loop*/, Link& link) {
  link.write(bytes_of("220 mx.test\r\n"));
  std::string reply;
  for (int i = 0; i < 1'001; ++i) reply += "250-X" + std::to_string(i) + "\r\n";
  co_await say(link, reply + "250 STARTTLS\r\n");
}
Task<void> giant_line(Loop& /*loop*/, Link& link) {
  const std::string banner = "220 " + std::string(3U << 20, 'x') + "\r\n";
  co_await say(link, banner);
}
Task<void> refusing(Loop& /*loop*/, Link& link) {
  return say(link, "554 5.7.1 Go away \x1b[31m::error::\xff\r\n");
}
Task<void> deaf_to_tls(Loop& /*loop*/, Link& link) {
  co_await up_to_the_go_ahead(link);
  co_await until_gone(link);
}
Task<void> garbage_for_tls(Loop& /*loop*/, Link& link) {
  co_await up_to_the_go_ahead(link);
  co_await flood(link, std::string("\x16\x03\x03\x40\x00", 5) + std::string(0x4000, '\xff'));
}
Task<void> alerts_for_tls(Loop& /*loop*/, Link& link) {
  co_await up_to_the_go_ahead(link);
  co_await flood(link, std::string("\x15\x03\x03\x00\x02\x01\x5a", 7));
}

Task<void> live(Loop& loop, std::unique_ptr<Link> link, Peer peer) { co_await peer(loop, *link); }

Task<void> until_all_ended(Loop& loop, const std::vector<std::unique_ptr<Program>>& programs) {
  const Deadline deadline = Clock::now() + std::chrono::seconds(60);
  std::size_t ended = 0;
  while (ended < programs.size() && Clock::now() < deadline) {
    co_await loop.sleep_until(Clock::now() + Milliseconds(10));
    ended = 0;
    for (const auto& program : programs) ended += program->ended() ? 1U : 0U;
  }
}

struct Scenario {
  const char* name;
  const char* scheme;
  Peer peer;
  const char* says;               // in the complaint
  int seconds;                    // the run's end at the latest
  const char* or_says = nullptr;  // where it depends on who was faster
};

constexpr const char* kWrongPort = "does this port speak smtp?";
constexpr const char* kNobodyThere = "is the server up";
constexpr const char* kNoTls = "TLS never came up";
constexpr Scenario kScenarios[] = {
    {"ssh", "smtp", ssh, kWrongPort, 15},
    {"ssh where TLS is due", "smtps", ssh, kNoTls, 15},
    {"http", "smtp", http, kWrongPort, 25},
    {"http where TLS is due", "smtps", http, kNoTls, 15},
    {"silent", "smtp", silent, kWrongPort, 25},
    {"silent where TLS is due", "smtps", silent, kNoTls, 35},
    {"one octet a second", "smtp", dripping, kWrongPort, 25},
    {"an endless banner", "smtp", endless_banner, kWrongPort, 15},
    {"an endless line", "smtp", endless_line, kWrongPort, 15},
    {"an endless line where TLS is due", "smtps", endless_line, kNoTls, 15},
    {"closes at once", "smtp", closing, kWrongPort, 15},
    {"resets at once", "smtp", resetting, kWrongPort, 15, kNobodyThere},
    {"1,001 lines of capabilities", "smtp", many_lines, kWrongPort, 15},
    {"a line of 3 MiB", "smtp", giant_line, kWrongPort, 15},
    {"refuses with control characters", "smtp", refusing, kWrongPort, 15},
    {"says nothing behind the go-ahead", "smtp", deaf_to_tls, kNoTls, 35},
    {"garbage behind the go-ahead", "smtp", garbage_for_tls, kNoTls, 15},
    {"alerts behind the go-ahead", "smtp", alerts_for_tls, kNoTls, 35},
};

TEST_F(CliTest, every_hostile_peer_ends_a_run_in_time_with_exit_3_and_a_reason) {
  std::vector<std::unique_ptr<Listener>> listeners;
  std::vector<std::unique_ptr<Program>> programs;
  std::vector<std::string> urls;
  for (const Scenario& scenario : kScenarios) {
    listeners.push_back(loop.listen({"127.0.0.1", 0}, [&](std::unique_ptr<Link> link) {
      loop.spawn(live(loop, std::move(link), scenario.peer));
    }));
    urls.push_back(std::string(scenario.scheme) + "://" + listeners.back()->address().text());
  }
  const auto begin = Clock::now();
  for (const std::string& url : urls) {
    const std::vector<std::string> arguments = {"check", "-q", url, "--only", kQuickRow};
    programs.push_back(std::make_unique<Program>(arguments));
  }
  loop.run_until_done(until_all_ended(loop, programs));
  for (std::size_t i = 0; i < programs.size(); ++i) {
    const Scenario& scenario = kScenarios[i];
    SCOPED_TRACE(scenario.name);
    const Ran ran = loop.run_until_done(programs[i]->finish(loop, std::chrono::seconds(60)));
    EXPECT_EQ(ran.code, 3) << ran.out << ran.err;
    EXPECT_LT(ran.took, std::chrono::seconds(scenario.seconds));
    const std::string line = complaint_of(ran);
    EXPECT_TRUE(says(line, urls[i])) << line;
    const bool otherwise = scenario.or_says != nullptr && says(line, scenario.or_says);
    EXPECT_TRUE(otherwise || says(line, scenario.says)) << line;
    EXPECT_LT(line.size(), 500U);
    EXPECT_FALSE(says(ran.err + ran.out, "\x1b"));
  }
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(35));
}

TEST_F(CliTest, a_port_where_nobody_listens_is_not_testable) {
  auto listener = loop.listen({"127.0.0.1", 0}, [](std::unique_ptr<Link>) {});
  const std::string url = "smtp://" + listener->address().text();
  listener.reset();
  const Ran ran = run({"check", "-q", url}, std::chrono::seconds(30));
  EXPECT_EQ(ran.code, 3);
  const std::string line = complaint_of(ran);
  EXPECT_TRUE(says(line, url)) << line;
  EXPECT_TRUE(says(line, "refused")) << line;
  EXPECT_TRUE(says(line, "is the server up")) << line;
}

TEST_F(CliTest, a_host_that_has_no_address_is_not_testable) {
  const Ran ran =
      run({"check", "-q", "smtp://no-such-host.invalid:2525"}, std::chrono::seconds(60));
  EXPECT_EQ(ran.code, 3);
  const std::string line = complaint_of(ran);
  EXPECT_TRUE(says(line, "no-such-host.invalid")) << line;
  EXPECT_TRUE(says(line, "host and port right?")) << line;
}

}  // namespace
}  // namespace assay
