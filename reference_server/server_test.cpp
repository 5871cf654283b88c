#include "reference_server/server.h"

#include "reference_server/session_fixture_test.h"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <cstring>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace assay {
namespace {

/// A socket of the system's own, so that the client's address can be chosen and the accept waits.
class RawClient {
 public:
  RawClient(const char* from, std::uint16_t port)
      : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const sockaddr_in source = address(from, 0);
    const sockaddr_in target = address("127.0.0.1", port);
    if (::bind(descriptor_, &generic(source), sizeof source) != 0 ||
        ::connect(descriptor_, &generic(target), sizeof target) != 0) {
      ADD_FAILURE() << std::strerror(errno);
    }
  }
  RawClient(RawClient&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  RawClient& operator=(RawClient&&) = delete;
  ~RawClient() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  /// What is there now; "<nothing>" where nothing is, "<end>" behind what came.
  std::string heard() {
    std::string text;
    char buffer[1'024];
    for (;;) {
      const ssize_t got = ::recv(descriptor_, buffer, sizeof buffer, MSG_DONTWAIT);
      if (got == 0) return text + "<end>";
      if (got < 0) return errno == EAGAIN ? (text.empty() ? "<nothing>" : text) : text + "<reset>";
      text.append(buffer, static_cast<std::size_t>(got));
    }
  }

 private:
  static sockaddr_in address(const char* host, std::uint16_t port) {
    sockaddr_in made{};
    made.sin_family = AF_INET;
    made.sin_port = htons(port);
    ::inet_pton(AF_INET, host, &made.sin_addr);
    return made;
  }
  static const sockaddr& generic(const sockaddr_in& of) {
    return reinterpret_cast<const sockaddr&>(of);  // as the sockets interface wants it
  }
  int descriptor_;
};

class ServerTest : public ServedTest {
 protected:
  [[nodiscard]] std::uint16_t port() const { return server->endpoints().at(0).address.port; }
  RawClient client(const char* from = "127.0.0.1") {
    RawClient made(from, port());
    sleep(20);
    return made;
  }
};

bool is_greeted(const std::string& heard) { return heard.starts_with("220 "); }
bool is_turned_away(const std::string& heard) {
  return heard.starts_with("421 4.7.0 ") && heard.ends_with("<end>");
}

TEST_F(ServerTest, has_an_endpoint_for_each_listener) {
  serve();
  ASSERT_EQ(server->endpoints().size(), 2U);
  EXPECT_EQ(server->endpoints()[0].url, "smtp://" + server->endpoints()[0].address.text());
  EXPECT_EQ(server->endpoints()[1].access, Access::implicit);
  EXPECT_EQ(server->endpoints()[1].reference_name, "localhost");
  EXPECT_NE(port(), 0);
}

TEST_F(ServerTest, turns_away_the_connection_after_the_last_and_takes_one_when_one_has_gone) {
  config.budget.connections = 3;
  serve();
  std::vector<RawClient> taken;
  for (const char* from : {"127.0.0.1", "127.0.0.2", "127.0.0.3"}) taken.push_back(client(from));
  for (RawClient& one : taken) EXPECT_TRUE(is_greeted(one.heard()));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(is_turned_away(client("127.0.0.4").heard()));
  EXPECT_EQ(server->sessions(), 3U);
  taken.pop_back();
  sleep(50);
  EXPECT_TRUE(is_greeted(client("127.0.0.4").heard()));
}

TEST_F(ServerTest, limits_the_connections_of_one_address_and_not_of_another) {
  config.budget.connections_an_address = 2;
  serve();
  std::vector<RawClient> taken;
  for (int i = 0; i < 2; ++i) taken.push_back(client());
  for (RawClient& one : taken) EXPECT_TRUE(is_greeted(one.heard()));
  EXPECT_TRUE(is_turned_away(client().heard()));
  EXPECT_TRUE(is_greeted(client("127.0.0.2").heard()));
  taken.pop_back();
  sleep(50);
  EXPECT_TRUE(is_greeted(client().heard()));
}

TEST_F(ServerTest, says_nothing_in_the_clear_where_tls_is_implicit_and_it_is_full) {
  config.budget.connections = 0;
  serve();
  const auto link = connect(Access::implicit);
  EXPECT_EQ(rest(*link), "<end>");
}

TEST_F(ServerTest, serves_a_hundred_at_once) {
  config.budget.connections_an_address = 100;  // many clients of one address, for this test
  serve();
  std::vector<std::unique_ptr<Link>> links;
  for (int i = 0; i < 100; ++i) links.push_back(greeted());
  EXPECT_EQ(server->sessions(), 100U);
  for (const auto& link : links) EXPECT_TRUE(ask(*link, "NOOP\r\n").starts_with("250 "));
  links.clear();
  wait_for_no_session(5'000);
  EXPECT_EQ(server->sessions(), 0U);
}

TEST_F(ServerTest, takes_and_closes_what_it_has_no_descriptor_for) {
  serve();
  sleep(10);
  std::vector<RawClient> waiting;  // in the backlog: the loop does not run
  for (int i = 0; i < 8; ++i) waiting.emplace_back("127.0.0.1", port());
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const int next = ::dup(0);  // the lowest free descriptor
  ASSERT_GE(next, 0);
  ::close(next);
  const rlimit three{static_cast<rlim_t>(next) + 3, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &three), 0);
  auto task = loop.sleep_until(in(300));
  task.start();
  std::size_t turns = 0;
  for (; !task.done(); ++turns) loop.run_one();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  std::size_t served = 0;
  std::size_t closed = 0;
  for (RawClient& one : waiting) {
    const std::string heard = one.heard();
    served += is_greeted(heard) ? 1U : 0U;
    closed += heard == "<end>" || heard == "<reset>" ? 1U : 0U;
  }
  EXPECT_EQ(served, 3U);
  EXPECT_EQ(closed, 5U);
  EXPECT_LT(turns, 200U);  // it did not spin
  EXPECT_TRUE(greeted());
}

TEST_F(ServerTest, keeps_the_mail_that_it_said_yes_to) {
  serve();
  const auto link = greeted();
  for (const char* line : {"EHLO c.test\r\n", "MAIL FROM:<b@b.test>\r\n",
                           "RCPT TO:<ann@assay.test>\r\n", "DATA\r\n"}) {
    EXPECT_LT(ask(*link, line).front(), '4');
  }
  EXPECT_TRUE(ask(*link, "Subject: x\r\n\r\nhello\r\n.\r\n").starts_with("250 "));
  const auto mails = server->store().list("ann@assay.test");
  ASSERT_EQ(mails.size(), 1U);
  EXPECT_TRUE(text_of(mails[0]->content).ends_with("Subject: x\r\n\r\nhello\r\n"));
}

TEST_F(ServerTest, tells_every_session_that_it_shuts_down_and_takes_no_more) {
  config.budget.farewell = Milliseconds(200);
  serve();
  const auto clear = greeted();
  const auto inside = secured();
  const Address address = server->endpoints()[0].address;
  loop.spawn(server->shut_down());
  EXPECT_TRUE(rest(*clear).starts_with("421 4.3.2 "));
  EXPECT_TRUE(received(*inside).starts_with("421 4.3.2 "));
  EXPECT_FALSE(loop.run_until_done(connect_to(loop, address)));
}

TEST_F(ServerTest, is_rid_of_clients_that_do_not_go_when_its_farewell_is_over) {
  config.budget.farewell = Milliseconds(200);
  serve();
  const auto clear = greeted();
  const auto inside = secured();
  const auto silent = connect(Access::implicit);
  sleep(20);
  EXPECT_EQ(server->sessions(), 3U);
  loop.run_until_done(server->shut_down());
  EXPECT_EQ(server->sessions(), 0U);
}

TEST_F(ServerTest, may_go_before_its_sessions) {
  serve();
  const auto link = greeted();
  const auto inside = secured();
  server.reset();
  EXPECT_TRUE(rest(*link).starts_with("<"));
  sleep(20);
}

TEST_F(ServerTest, cannot_listen_where_somebody_does) {
  serve();
  config.listeners[0].address.port = port();
  EXPECT_THROW(Server(loop, config, authority_for_tests()), std::system_error);
}

}  // namespace
}  // namespace assay
