#include "harness/net/loop.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

struct Pair {
  std::unique_ptr<Link> client;
  std::unique_ptr<Link> server;
};

Task<std::unique_ptr<Link>> connected(Loop& loop, Address to) {
  auto result = co_await loop.connect(std::move(to), Clock::now() + Milliseconds(2'000));
  co_return std::move(std::get<std::unique_ptr<Link>>(result));
}

Pair connect_pair(Loop& loop) {
  Pair pair;
  const auto listener = loop.listen(
      {"127.0.0.1", 0}, [&](std::unique_ptr<Link> link) { pair.server = std::move(link); });
  pair.client = loop.run_until_done(connected(loop, listener->address()));
  while (!pair.server) loop.run_one();
  return pair;
}

ReadResult read_from(Loop& loop, Link& link, int milliseconds = 2'000) {
  return loop.run_until_done(link.read(Clock::now() + Milliseconds(milliseconds)));
}

TEST(TcpLink, carries_octets_both_ways) {
  Loop loop;
  auto [client, server] = connect_pair(loop);
  client->write(bytes_of("ping"));
  EXPECT_EQ(text_of(read_from(loop, *server).bytes), "ping");
  server->write(bytes_of("pong"));
  EXPECT_EQ(text_of(read_from(loop, *client).bytes), "pong");
}

TEST(TcpLink, tells_a_fin_from_a_reset) {
  Loop loop;
  auto [client, server] = connect_pair(loop);
  client->finish();
  EXPECT_EQ(read_from(loop, *server).kind, ReadResult::Kind::end);
  server->abort();
  EXPECT_EQ(read_from(loop, *client).kind, ReadResult::Kind::reset);
}

TEST(TcpLink, a_read_ends_at_its_deadline_and_not_before) {
  Loop loop;
  auto [client, server] = connect_pair(loop);
  const auto begin = Clock::now();
  EXPECT_EQ(read_from(loop, *client, 40).kind, ReadResult::Kind::timed_out);
  EXPECT_GE(Clock::now() - begin, Milliseconds(40));
}

TEST(TcpLink, a_later_read_with_an_earlier_deadline_is_cut_in_time) {
  Loop loop;
  auto [client, server] = connect_pair(loop);
  server->write(bytes_of("x"));
  EXPECT_EQ(read_from(loop, *client, 60'000).kind, ReadResult::Kind::bytes);
  const auto begin = Clock::now();
  EXPECT_EQ(read_from(loop, *client, 30).kind, ReadResult::Kind::timed_out);
  EXPECT_LT(Clock::now() - begin, Milliseconds(5'000));
}

Task<void> read_all(Link& link, std::size_t want, std::size_t& got) {
  while (got < want) {
    const ReadResult result = co_await link.read(Clock::now() + Milliseconds(5'000));
    if (result.kind != ReadResult::Kind::bytes) co_return;
    got += result.bytes.size();
  }
}

TEST(TcpLink, drains_more_than_the_pipe_holds) {
  Loop loop;
  auto [client, server] = connect_pair(loop);
  constexpr std::size_t kSize = 8U << 20;
  client->write(Bytes(kSize, 'x'));
  std::size_t got = 0;
  loop.spawn(read_all(*server, kSize, got));
  EXPECT_TRUE(loop.run_until_done(client->drain(0, Clock::now() + Milliseconds(10'000))));
  while (got < kSize) loop.run_one();  // NOLINT(bugprone-infinite-loop): read_all counts
  EXPECT_EQ(got, kSize);
}

TEST(Loop, says_refused_where_nobody_listens) {
  Loop loop;
  Address closed = loop.listen({"127.0.0.1", 0}, [](std::unique_ptr<Link>) {})->address();
  const auto result = loop.run_until_done(loop.connect(closed, Clock::now() + Milliseconds(2'000)));
  ASSERT_TRUE(std::holds_alternative<ConnectFailure>(result));
  EXPECT_EQ(std::get<ConnectFailure>(result).kind, ConnectFailure::Kind::refused);
}

TEST(Loop, says_unknown_host_for_a_name_that_nobody_has) {
  Loop loop;
  const auto result = loop.run_until_done(
      loop.connect({"no-such-host.invalid", 25}, Clock::now() + Milliseconds(9'000)));
  EXPECT_EQ(std::get<ConnectFailure>(result).kind, ConnectFailure::Kind::unknown_host);
}

TEST(Loop, waits_for_a_name_no_longer_than_it_may) {
  Loop loop;
  const auto begin = Clock::now();
  const auto result =
      loop.run_until_done(loop.connect({"no-such-host.invalid", 25}, begin + Milliseconds(20)));
  EXPECT_EQ(std::get<ConnectFailure>(result).kind, ConnectFailure::Kind::unknown_host);
  EXPECT_LT(Clock::now() - begin, Milliseconds(1000));
}

TEST(Loop, expire_all_ends_every_wait) {
  Loop loop;
  auto [client, server] = connect_pair(loop);
  auto read = client->read(kNever);
  read.start();
  EXPECT_FALSE(read.done());
  loop.expire_all();
  EXPECT_TRUE(read.done());
}

Task<void> throwing() {
  throw std::runtime_error("spawned");
  co_return;
}

TEST(Loop, hands_on_what_a_spawned_task_threw) {
  Loop loop;
  loop.spawn(throwing());
  EXPECT_THROW(loop.run_until_done(loop.sleep_until(Clock::now() + Milliseconds(1))),
               std::runtime_error);
}

}  // namespace
}  // namespace assay
