#include "reference_server/local_stage.h"

#include "reference_server/session_fixture_test.h"

#include <gtest/gtest.h>

#include <set>
#include <utility>

namespace assay {
namespace {

constexpr NamedFault kGreetsOddly{
    "greets_oddly", NamedFault::Kind::fault, Side::server, "Greets oddly", [](Faults& faults) {
      faults.session.push_back([](SessionHooks& hooks) {
        hooks.on_greeting = [](Bytes& greeting, const SessionState&) { append(greeting, "odd"); };
      });
    }};
constexpr NamedFault kGreetsTwiceAsOddly{
    "greets_more_oddly", NamedFault::Kind::fault, Side::server, "Greets more oddly",
    [](Faults& faults) {
      faults.session.push_back([](SessionHooks& hooks) {
        const auto before = hooks.on_greeting;
        hooks.on_greeting = [before](Bytes& greeting, const SessionState& state) {
          before(greeting, state);
          append(greeting, "er\r\n");
        };
      });
    }};

// Inside a fixture, Setup alone would be a member of testing::Test.
class LocalStageTest : public testing::Test {
 protected:
  std::unique_ptr<Link> connect(const Staged& staged) {
    return loop.run_until_done(connect_to(loop, staged.subject().endpoints.at(0).address));
  }
  Loop loop;
  LocalStage stage{loop, ServerBudget{}};
};

TEST_F(LocalStageTest, serves_every_access_with_an_account_anchors_and_a_sink) {
  const auto staged = stage.serve(assay::Setup{}, {});
  const Subject& subject = staged->subject();
  ASSERT_EQ(subject.endpoints.size(), 8U);
  std::set<std::pair<Protocol, Access>> served;
  for (const Endpoint& endpoint : subject.endpoints)
    served.emplace(endpoint.protocol, endpoint.access);
  for (const Protocol protocol : {Protocol::smtp, Protocol::pop3, Protocol::nntp, Protocol::ldap}) {
    EXPECT_TRUE(served.contains({protocol, Access::upgrade}));
    EXPECT_TRUE(served.contains({protocol, Access::implicit}));
  }
  EXPECT_EQ(subject.account.user, kStagedUser);
  EXPECT_EQ(subject.account.password.reveal().size(), 20U);
  EXPECT_TRUE(subject.account.auth_tls_only);
  EXPECT_TRUE(subject.account.sink_read);
  EXPECT_EQ(subject.anchors, std::vector<Bytes>{stage.authority().root()});
}

TEST_F(LocalStageTest, a_setup_shows_in_the_account) {
  const assay::Setup setup{.clear_auth = true, .tls_required = true, .several_names = true};
  const auto staged = stage.serve(setup, {});
  const Account& account = staged->subject().account;
  EXPECT_FALSE(account.auth_tls_only);
  EXPECT_TRUE(account.tls_required);
  EXPECT_EQ(account.names, std::vector<std::string>{std::string(kSecondName)});
}

TEST_F(LocalStageTest, applies_faults_in_order) {
  const NamedFault* faults[] = {&kGreetsOddly, &kGreetsTwiceAsOddly};
  const auto staged = stage.serve(assay::Setup{}, faults);
  const auto link = connect(*staged);
  std::string greeting = loop.run_until_done(read_reply(*link));
  if (!greeting.ends_with("odder\r\n")) greeting += loop.run_until_done(read_reply(*link));
  EXPECT_TRUE(greeting.ends_with("odder\r\n")) << greeting;
}

TEST_F(LocalStageTest, its_sink_reads_what_the_server_took) {
  const auto staged = stage.serve(assay::Setup{}, {});
  const auto link = connect(*staged);
  loop.run_until_done(read_reply(*link));
  for (const char* line :
       {"EHLO c.test\r\n", "MAIL FROM:<b@b.test>\r\n", "RCPT TO:<alice@assay.test>\r\n", "DATA\r\n",
        "Subject: the nonce and the control\r\n\r\n.\r\n"}) {
    link->write(bytes_of(line));
    loop.run_until_done(read_reply(*link));
  }
  const auto found = loop.run_until_done(staged->subject().account.sink_read->find(
      loop, "nonce", "control", Clock::now() + std::chrono::seconds(5)));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->size(), 1U);
}

TEST_F(LocalStageTest, servers_live_beside_each_other) {
  const auto one = stage.serve(assay::Setup{}, {});
  auto other = stage.serve(assay::Setup{.rsa = true}, {});
  EXPECT_NE(one->subject().endpoints[0].address.port, other->subject().endpoints[0].address.port);
  other.reset();
  EXPECT_TRUE(loop.run_until_done(read_reply(*connect(*one))).starts_with("220 "));
}

}  // namespace
}  // namespace assay
