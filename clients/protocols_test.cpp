// The dialogue of each text protocol with the reference server that speaks it, over loopback: the
// steps that checks are made of, whatever the protocol.
#include "clients/dialogue.h"
#include "harness/check/scripted_test.h"
#include "harness/protocol/ldap.h"
#include "reference_server/session_fixture_test.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

Task<bool> always() { co_return true; }

/// To an upgrade that is the third request composed on its connection, behind list and canary.
Bytes refusal_of(const SessionState& state) {
  if (std::holds_alternative<Pop3State>(state.protocol)) return bytes_of("-ERR No\r\n");
  if (!std::holds_alternative<LdapState>(state.protocol)) return bytes_of("502 No\r\n");
  return encode_ldap(
      {.id = 3, .op = LdapExtendedResponse{{.code = LdapResultCode::operations_error}}});
}

class ProtocolsTest : public testing::TestWithParam<Protocol> {
 protected:
  ProtocolsTest() {
    config.listeners = {{GetParam(), Access::upgrade}, {GetParam(), Access::implicit}};
  }
  void serve() {
    server.emplace(loop, config, authority_for_tests());
    server->add_user("ann", Secret("secret"), "ann@assay.test");
    subject.name = "the reference server";
    subject.endpoints = server->endpoints();
    facts.resize(2);
  }
  Probe probe(std::size_t endpoint) {
    the_case = {&check, endpoint, subject.endpoints[endpoint].access, std::nullopt, "x"};
    return {context, subject, facts, the_case, 1, 1};
  }
  template <typename T>
  T run(Task<T> task) {
    return loop.run_until_done(std::move(task));
  }

  Loop loop;
  OracleContexts contexts;
  Counters counters;
  RunContext context{loop, contexts, counters, {}, always};
  Check check = row_for_tests("a.b.c");
  Case the_case;
  ServerConfig config;
  std::optional<Server> server;
  Subject subject;
  std::vector<Facts> facts;
};

TEST_P(ProtocolsTest, the_upgrade_is_listed_once_and_leads_to_a_marker_that_is_answered) {
  serve();
  Probe ours = probe(0);
  const auto dialogue = run(greeted(ours));
  ASSERT_NE(dialogue, nullptr) << ours.why();
  EXPECT_EQ(dialogue->upgrade_listed(), 1U);
  const UpgradeResult upgrade = run(dialogue->upgrade_with({}));
  ASSERT_EQ(upgrade.kind, UpgradeResult::Kind::secured) << upgrade.answer.text;
  EXPECT_TRUE(run(dialogue->marker()).answered);
  EXPECT_TRUE(run(dialogue->marker()).answered);
}

TEST_P(ProtocolsTest, inside_tls_the_upgrade_is_not_listed_and_is_refused) {
  serve();
  for (const std::size_t endpoint : {0U, 1U}) {
    Probe ours = probe(endpoint);
    const auto dialogue = run(secured(ours));
    ASSERT_NE(dialogue, nullptr) << ours.why();
    EXPECT_EQ(dialogue->upgrade_listed(), 0U);
    const Answer again = run(dialogue->ask(dialogue->upgrade_request()));
    EXPECT_TRUE(again.came() && !again.positive) << again.text;
    EXPECT_TRUE(run(dialogue->marker()).answered);
  }
}

TEST_P(ProtocolsTest, a_canary_behind_the_upgrade_is_discarded) {
  serve();
  Probe ours = probe(0);
  const auto dialogue = run(greeted(ours));
  ASSERT_NE(dialogue, nullptr) << ours.why();
  const UpgradeResult upgrade = run(dialogue->upgrade_with(dialogue->canary()));
  ASSERT_EQ(upgrade.kind, UpgradeResult::Kind::secured) << upgrade.answer.text;
  EXPECT_TRUE(run(dialogue->marker()).answered);
  EXPECT_TRUE(run(dialogue->owes_nothing()));
}

TEST_P(ProtocolsTest, a_canary_that_is_kept_is_answered_first) {
  config.faults.session = {[](SessionHooks& hooks) {
    hooks.on_upgrade = [](Upgrade& upgrade) { upgrade.input = upgrade.tail; };
  }};
  serve();
  Probe ours = probe(0);
  const auto dialogue = run(greeted(ours));
  ASSERT_NE(dialogue, nullptr) << ours.why();
  const UpgradeResult upgrade = run(dialogue->upgrade_with(dialogue->canary()));
  ASSERT_EQ(upgrade.kind, UpgradeResult::Kind::secured) << upgrade.answer.text;
  const MarkerResult marker = run(dialogue->marker());
  EXPECT_FALSE(marker.answered);
  EXPECT_TRUE(marker.first.came() && marker.first.positive) << marker.first.text;
}

/// The answer to the canary may have a text behind it: the dialogue must know whose answer it
/// reads.
TEST_P(ProtocolsTest, an_upgrade_refused_for_its_tail_is_followed_by_the_canarys_answer) {
  config.faults.session = {[](SessionHooks& hooks) {
    hooks.on_upgrade_request = [](const Bytes& tail,
                                  const SessionState& state) -> std::optional<Step> {
      if (tail.empty()) return std::nullopt;
      return Step{0, refusal_of(state), Step::Next::go_on};
    };
  }};
  serve();
  Probe ours = probe(0);
  const auto dialogue = run(greeted(ours));
  ASSERT_NE(dialogue, nullptr) << ours.why();
  const UpgradeResult upgrade = run(dialogue->upgrade_with(dialogue->canary()));
  EXPECT_EQ(upgrade.kind, UpgradeResult::Kind::refused);
  ASSERT_EQ(upgrade.more.size(), 1U);
  EXPECT_TRUE(upgrade.more.front().positive) << upgrade.more.front().text;
  EXPECT_TRUE(run(dialogue->marker()).answered);
}

TEST_P(ProtocolsTest, too_many_connections_are_asked_for_patience) {
  config.budget.connections = 0;
  serve();
  Probe ours = probe(0);
  EXPECT_EQ(run(greeted(ours)), nullptr);
  EXPECT_EQ(ours.lost(), ending::throttled) << ours.why();
}

INSTANTIATE_TEST_SUITE_P(Every, ProtocolsTest,
                         testing::Values(Protocol::smtp, Protocol::pop3, Protocol::nntp,
                                         Protocol::ldap),
                         [](const auto& tested) { return std::string(name_of(tested.param)); });

}  // namespace
}  // namespace assay
