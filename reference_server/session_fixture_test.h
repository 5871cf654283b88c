// A reference server on loopback and its clients, octet by octet: for tests of sessions, limits and
// the server around them.
#pragma once

#include "harness/channel/oracle.h"
#include "harness/net/secure_link.h"
#include "reference_server/server.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace assay {

/// Keys are minted once a process.
inline const Authority& authority_for_tests() {
  static KeyRing keys;
  static const Authority kAuthority(std::chrono::system_clock::now(), keys);
  return kAuthority;
}

inline std::unique_ptr<Channel> client_end_for_tests() {
  static const auto kContext = std::make_shared<const OracleContext>(OracleConfig{});
  return make_oracle(kContext);
}

/// Everything until the end, the reset or the deadline, and which of them it was.
inline Task<std::string> read_to_the_end(Link& link, Milliseconds patience) {
  const Deadline deadline = Clock::now() + patience;
  std::string all;
  for (;;) {
    const ReadResult got = co_await link.read(deadline);
    if (got.kind == ReadResult::Kind::end) co_return all + "<end>";
    if (got.kind == ReadResult::Kind::reset) co_return all + "<reset>";
    if (got.kind == ReadResult::Kind::timed_out) co_return all + "<nothing>";
    all += text_of(got.bytes);
  }
}

/// One reply line or more; what came instead as read_to_the_end() has it.
inline Task<std::string> read_reply(Link& link) {
  const Deadline deadline = Clock::now() + std::chrono::seconds(5);
  std::string all;
  while (!all.ends_with("\r\n")) {
    const ReadResult got = co_await link.read(deadline);
    if (got.kind != ReadResult::Kind::bytes) co_return all + "<no more>";
    all += text_of(got.bytes);
  }
  co_return all;
}

inline Task<std::unique_ptr<Link>> connect_to(Loop& loop, Address to) {
  auto result = co_await loop.connect(std::move(to), Clock::now() + std::chrono::seconds(5));
  auto* link = std::get_if<std::unique_ptr<Link>>(&result);
  co_return link == nullptr ? nullptr : std::move(*link);
}

inline Task<void> wait_until_ended(Loop& loop, const Server& server, Milliseconds patience) {
  const Deadline deadline = Clock::now() + patience;
  while (server.sessions() > 0 && Clock::now() < deadline)
    co_await loop.sleep_until(Clock::now() + Milliseconds(5));
}

class ServedTest : public testing::Test {
 protected:
  ServedTest() {
    config.listeners = {{Protocol::smtp, Access::upgrade, {"127.0.0.1", 0}},
                        {Protocol::smtp, Access::implicit, {"127.0.0.1", 0}}};
  }
  /// Starts the server with `config` as the test has made it.
  Server& serve() {
    server = std::make_unique<Server>(loop, config, authority_for_tests());
    return *server;
  }
  std::unique_ptr<Link> connect(Access access = Access::upgrade) {
    const std::size_t door = access == Access::upgrade ? 0 : 1;
    return loop.run_until_done(connect_to(loop, server->endpoints().at(door).address));
  }
  /// Connected, the greeting read.
  std::unique_ptr<Link> greeted() {
    auto link = connect();
    EXPECT_TRUE(reply(*link).starts_with("220 "));
    return link;
  }
  /// Greeted inside TLS.
  std::unique_ptr<SecureLink> secured() {
    auto link = std::make_unique<SecureLink>(connect(Access::implicit), Role::client, nullptr);
    link->start_tls(client_end_for_tests());
    const Event event = loop.run_until_done(link->handshake(in(5'000)));
    EXPECT_TRUE(std::holds_alternative<HandshakeDone>(event));
    EXPECT_TRUE(received(*link).starts_with("220 "));
    return link;
  }
  std::string received(SecureLink& link) {
    const Event event = loop.run_until_done(link.next(in(5'000)));
    const auto* octets = std::get_if<Received>(&event);
    return octets == nullptr ? "<no more>" : std::string(text_of(octets->octets));
  }
  std::string reply(Link& link) { return loop.run_until_done(read_reply(link)); }
  std::string ask(Link& link, std::string_view octets) {
    link.write(bytes_of(octets));
    return reply(link);
  }
  std::string rest(Link& link, Milliseconds patience = std::chrono::seconds(5)) {
    return loop.run_until_done(read_to_the_end(link, patience));
  }
  void sleep(int milliseconds) {
    loop.run_until_done(loop.sleep_until(Clock::now() + Milliseconds(milliseconds)));
  }
  void wait_for_no_session(int milliseconds) {
    loop.run_until_done(wait_until_ended(loop, *server, Milliseconds(milliseconds)));
  }
  static Deadline in(int milliseconds) { return Clock::now() + Milliseconds(milliseconds); }

  Loop loop;
  ServerConfig config;
  std::unique_ptr<Server> server;
};

}  // namespace assay
