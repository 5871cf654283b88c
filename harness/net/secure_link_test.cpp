#include "harness/net/secure_link.h"

#include "harness/channel/oracle.h"
#include "harness/net/memory_link.h"
#include "harness/pki/authority.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

std::unique_ptr<Channel> server_end() {
  static KeyRing keys;
  static const Authority kAuthority(std::chrono::system_clock::now(), keys);
  const std::vector<std::string> names = {"localhost"};
  const Identity issued = kAuthority.issue({}, names);
  OracleConfig config;
  config.role = Role::server;
  config.identity = {issued.chain, issued.key.private_der(), issued.staple};
  return make_oracle(std::make_shared<const OracleContext>(config));
}

std::unique_ptr<Channel> client_end() {
  return make_oracle(std::make_shared<const OracleContext>(OracleConfig{}));
}

Event next_now(SecureLink& link) {
  auto task = link.next(kNever);
  task.start();
  EXPECT_TRUE(task.done());
  return task.done() ? task.result() : Event(TimedOut{});
}

struct Pair {
  Pair() {
    auto [a, b] = MemoryLink::pair();
    client = std::make_unique<SecureLink>(std::move(a), Role::client, &transcript);
    server = std::make_unique<SecureLink>(std::move(b), Role::server, nullptr);
  }
  void secure() {
    server->start_tls(server_end());
    client->start_tls(client_end());
    auto serving = server->handshake(kNever);
    serving.start();
    auto connecting = client->handshake(kNever);
    connecting.start();
    ASSERT_TRUE(connecting.done() && serving.done());
    ASSERT_TRUE(std::holds_alternative<HandshakeDone>(connecting.result()));
  }
  Transcript transcript{4'096};
  std::unique_ptr<SecureLink> client;
  std::unique_ptr<SecureLink> server;
};

TEST(SecureLink, carries_clear_text_then_the_same_link_carries_tls) {
  Pair pair;
  pair.client->send("STARTTLS\r\n");
  EXPECT_EQ(text_of(std::get<Received>(next_now(*pair.server)).octets), "STARTTLS\r\n");
  pair.secure();
  pair.client->send("NOOP\r\n");
  EXPECT_EQ(text_of(std::get<Received>(next_now(*pair.server)).octets), "NOOP\r\n");
  EXPECT_TRUE(pair.client->agreement());
}

TEST(SecureLink, sends_a_servers_last_flight_with_its_first_words_or_its_end) {
  Pair pair;
  pair.secure();
  EXPECT_TRUE(pair.client->take_unread().empty());
  pair.server->send("220 hello\r\n");
  EXPECT_EQ(text_of(std::get<Received>(next_now(*pair.client)).octets), "220 hello\r\n");
  Pair silent;
  silent.secure();
  silent.server->finish();
  EXPECT_FALSE(silent.client->take_unread().empty());
}

TEST(SecureLink, sends_its_alert_before_it_says_what_went_wrong) {
  Pair pair;
  pair.server->start_tls(server_end());
  // A handshake record whose content is none: libssl answers it with an alert (to plain text it
  // says nothing).
  pair.client->send(std::string_view("\x16\x03\x01\x00\x05hello", 10));
  EXPECT_TRUE(std::holds_alternative<LocalFailure>(next_now(*pair.server)));
  const Event seen = next_now(*pair.client);
  EXPECT_EQ(std::get<Received>(seen).octets.front(), 0x15);
}

TEST(SecureLink, says_the_end_again_when_asked_again) {
  Pair pair;
  pair.secure();
  pair.server->close_tls();
  pair.server->finish();
  EXPECT_TRUE(std::holds_alternative<CloseNotify>(next_now(*pair.client)));
  EXPECT_TRUE(std::get<InputEnded>(next_now(*pair.client)).clean);
  EXPECT_TRUE(std::holds_alternative<InputEnded>(next_now(*pair.client)));
}

TEST(SecureLink, marks_the_boundary_of_tls_in_its_transcript) {
  Pair pair;
  pair.client->send("EHLO\r\n");
  next_now(*pair.server);
  pair.secure();
  pair.client->send("NOOP\r\n");
  const auto& entries = pair.transcript.entries();
  ASSERT_EQ(entries.size(), 4U);
  EXPECT_FALSE(entries[1].secured);
  EXPECT_NE(entries[2].note.find("TLS 1.3"), std::string::npos);
  EXPECT_TRUE(entries[3].secured);
}

TEST(SecureLink, goes_back_to_clear_after_a_handshake_that_failed) {
  Pair pair;
  pair.server->start_tls(server_end());
  pair.client->send("garbage garbage\r\n");
  next_now(*pair.server);
  pair.server->back_to_clear();
  pair.client->send("NOOP\r\n");
  EXPECT_EQ(text_of(std::get<Received>(next_now(*pair.server)).octets), "NOOP\r\n");
}

}  // namespace
}  // namespace assay
