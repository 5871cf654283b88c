#include "harness/check/probe.h"

#include "harness/check/scripted_test.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

Task<bool> always() { co_return true; }
Task<bool> never() { co_return false; }

class ProbeTest : public testing::Test {
 protected:
  ProbeTest() {
    check.weak = {ending::closed};
    subject.endpoints = {endpoint_for_tests(Access::upgrade), endpoint_for_tests(Access::implicit)};
  }
  Probe probe(int patience = 1) { return {context, subject, facts, the_case, 7, patience}; }

  Loop loop;
  OracleContexts contexts;
  Counters counters;
  RunContext context{loop, contexts, counters, Budget{}, always};
  Subject subject;
  std::vector<Facts> facts = {facts_for_tests(), facts_for_tests()};
  Check check = row_for_tests("a.b.c");
  Case the_case{&check, 0, Access::upgrade, std::nullopt, "a.b.c@smtp.upgrade"};
};

TEST_F(ProbeTest, the_worst_part_is_the_ending_of_the_case) {
  Probe one = probe();
  EXPECT_EQ(one.worst(), ending::inconclusive);  // no part, no ending
  one.part("pass", ending::accepted);
  EXPECT_EQ(one.worst(), ending::accepted);
  one.part("weak", ending::closed);
  EXPECT_EQ(one.worst(), ending::closed);
  one.part("throttled", ending::throttled);
  EXPECT_EQ(one.worst(), ending::throttled);
  one.part("fail", ending::refused);
  EXPECT_EQ(one.worst(), ending::refused);
  one.part("pass again", ending::accepted);
  one.part("another fail", ending::hang);
  EXPECT_EQ(one.worst(), ending::refused);  // the first of the equally bad
  ASSERT_EQ(one.parts().size(), 6U);
  EXPECT_EQ(one.parts()[1].outcome, Outcome::weak);
  EXPECT_EQ(one.parts()[3].ending, "refused");
}

TEST_F(ProbeTest, the_worst_of_inapplicable_and_pass_is_the_pass) {
  Probe one = probe();
  one.part("left out", ending::inapplicable);
  one.part("pass", ending::accepted);
  EXPECT_EQ(one.worst(), ending::accepted);
}

TEST_F(ProbeTest, patience_stretches_every_wait) {
  const auto reply = [](const Probe& of) { return of.reply_deadline() - Clock::now(); };
  const Probe first = probe();
  const Probe second = probe(3);
  EXPECT_GT(reply(second), 2 * reply(first));
  EXPECT_EQ(second.silence_window(), 3 * first.silence_window());
  EXPECT_GT(second.deadline() - Clock::now(), std::chrono::seconds(80));
}

TEST_F(ProbeTest, silence_lasts_twenty_reactions_and_a_tenth_of_a_second_at_least) {
  Probe one = probe();
  EXPECT_EQ(one.silence_window(), Milliseconds(100));
  one.reacted_in(Milliseconds(30));
  one.reacted_in(Milliseconds(10));
  EXPECT_EQ(one.silence_window(), Milliseconds(600));
  facts[0].reaction = Milliseconds(50);
  EXPECT_EQ(one.silence_window(), Milliseconds(1'000));
  one.reacted_in(Milliseconds(3'000));
  EXPECT_EQ(one.silence_window(), context.budget.reply);
}

TEST_F(ProbeTest, waiting_for_silence_takes_nothing_from_the_time_of_the_case) {
  context.budget.check = Milliseconds(200);
  Probe one = probe();
  one.reacted_in(Milliseconds(50));
  const Deadline before = one.deadline();
  const Deadline silent = one.open_silence();
  EXPECT_EQ(one.deadline() - before, Milliseconds(1'000));
  EXPECT_GT(silent, before);
  EXPECT_LT(silent, one.deadline());
}

TEST_F(ProbeTest, a_run_of_its_own_has_the_whole_time_of_a_case) {
  context.budget.check = Milliseconds(50);
  Probe one = probe();
  const Deadline spent = Clock::now() + Milliseconds(20);
  while (Clock::now() < spent) {
  }
  EXPECT_GE(one.renew_deadline() - spent, Milliseconds(50));
  one.extend_deadline(Milliseconds(60'000));
  EXPECT_EQ(one.renew_deadline(), one.deadline());
}

TEST_F(ProbeTest, a_part_that_the_spent_time_cut_off_accuses_nobody) {
  Probe one = probe();
  one.part("in time", ending::refused);
  context.budget.check = Milliseconds(0);
  Probe late = probe();
  late.part("cut off", ending::refused);
  late.part("hung", ending::hang);
  late.part("passed", ending::accepted);
  EXPECT_EQ(one.parts()[0].outcome, Outcome::fail);
  EXPECT_EQ(late.parts()[0].ending, "inconclusive");
  EXPECT_EQ(late.parts()[1].outcome, Outcome::fail);
  EXPECT_EQ(late.parts()[2].outcome, Outcome::pass);
}

TEST_F(ProbeTest, a_reply_never_outlasts_the_case) {
  context.budget.check = Milliseconds(5);
  Probe one = probe();
  EXPECT_EQ(one.reply_deadline(), one.deadline());
  EXPECT_EQ(one.handshake_deadline(), one.deadline());
  one.extend_deadline(Milliseconds(60'000));
  EXPECT_LT(one.reply_deadline(), one.deadline());
}

TEST_F(ProbeTest, finds_the_other_endpoint_of_a_pair) {
  EXPECT_EQ(probe().other_endpoint(), &subject.endpoints[1]);
  subject.endpoints.pop_back();
  EXPECT_EQ(probe().other_endpoint(), nullptr);
}

TEST_F(ProbeTest, offers_the_version_of_its_case) {
  EXPECT_NE(probe().tls_offer().min_version, probe().tls_offer().max_version);
  the_case.version = TlsVersion::tls12;
  EXPECT_EQ(probe().tls_offer().min_version, TlsVersion::tls12);
  EXPECT_EQ(probe().tls_offer().max_version, TlsVersion::tls12);
}

TEST_F(ProbeTest, makes_one_context_for_one_configuration) {
  OracleConfig offer;
  const auto first = contexts.get(offer);
  EXPECT_EQ(contexts.get(offer), first);
  offer.max_version = TlsVersion::tls12;
  EXPECT_NE(contexts.get(offer), first);
}

TEST_F(ProbeTest, says_why_it_did_not_connect) {
  const auto listener = loop.listen({"127.0.0.1", 0}, [](std::unique_ptr<Link>) {});
  const Address was_open = listener->address();
  subject.endpoints[0].address = was_open;
  Probe good = probe();
  EXPECT_TRUE(loop.run_until_done(good.connect()));
  EXPECT_EQ(counters.connections, 1U);
  context.permit = never;
  Probe unpermitted = probe();
  EXPECT_FALSE(loop.run_until_done(unpermitted.connect()));
  EXPECT_NE(unpermitted.why().find("rate limit"), std::string::npos);
  EXPECT_EQ(counters.connections, 1U);
}

TEST_F(ProbeTest, names_the_address_that_refused) {
  auto listener = loop.listen({"127.0.0.1", 0}, [](std::unique_ptr<Link>) {});
  subject.endpoints[0].address = listener->address();
  listener.reset();
  Probe refused = probe();
  EXPECT_FALSE(loop.run_until_done(refused.connect()));
  EXPECT_NE(refused.why().find(subject.endpoints[0].address.text()), std::string::npos);
  EXPECT_NE(refused.why().find("refused"), std::string::npos);
}

TEST_F(ProbeTest, forgets_why_an_earlier_connection_was_lost_but_not_what_was_explained) {
  const auto listener = loop.listen({"127.0.0.1", 0}, [](std::unique_ptr<Link>) {});
  subject.endpoints[0].address = listener->address();
  Probe again = probe();
  again.lose(ending::throttled, "the first suite was refused");
  EXPECT_TRUE(loop.run_until_done(again.connect()));
  EXPECT_EQ(again.why(), "");
  EXPECT_EQ(again.lost(), ending::inconclusive);
  again.explain("the tag was not looked at");
  EXPECT_TRUE(loop.run_until_done(again.connect()));
  EXPECT_EQ(again.why(), "the tag was not looked at");
}

}  // namespace
}  // namespace assay
