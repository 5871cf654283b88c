#include "harness/check/subject.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

class Pile final : public Sink {
 public:
  std::vector<Bytes> mails;
  std::vector<std::string> later;  // one a look

 protected:
  std::vector<View> arrived() override {
    if (!later.empty()) {
      mails.push_back(bytes_of(later.front()));
      later.erase(later.begin());
    }
    return {mails.begin(), mails.end()};
  }
};

class SinkTest : public testing::Test {
 protected:
  std::optional<std::vector<Bytes>> find(Milliseconds patience) {
    return loop.run_until_done(pile.find(loop, "nonce", "control", Clock::now() + patience));
  }
  Loop loop;
  Pile pile;
};

TEST_F(SinkTest, has_an_answer_once_the_later_mail_is_there) {
  pile.later = {"with the nonce", "other", "nonce again", "the control", "nonce too late"};
  const auto found = find(std::chrono::seconds(5));
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 2U);
  EXPECT_EQ(text_of((*found)[1]), "nonce again");
}

TEST_F(SinkTest, says_that_nothing_came_where_the_control_came_alone) {
  pile.later = {"the control"};
  const auto found = find(std::chrono::seconds(5));
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->empty());
}

TEST_F(SinkTest, knows_nothing_where_the_control_did_not_come_in_time) {
  pile.later = {"with the nonce"};
  EXPECT_FALSE(find(Milliseconds(40)));
}

TEST_F(SinkTest, waits_no_longer_once_the_run_is_interrupted) {
  auto task = pile.find(loop, "nonce", "control", Clock::now() + std::chrono::seconds(30));
  task.start();
  loop.expire_all();
  const auto begin = Clock::now();
  while (!task.done()) loop.run_one();
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(5));
  EXPECT_FALSE(task.result());
}

TEST(Endpoint, is_labelled_by_protocol_and_access) {
  Endpoint endpoint;
  endpoint.access = Access::implicit;
  EXPECT_EQ(endpoint.label(), "smtp.implicit");
}

TEST(Facts, finds_a_capability_by_its_whole_keyword_in_either_list) {
  Facts facts;
  facts.capabilities = {"STARTTLS", "size 1000"};
  facts.capabilities_secured = {"Auth PLAIN"};
  EXPECT_TRUE(facts.lists("SIZE"));
  EXPECT_TRUE(facts.lists("AUTH"));
  EXPECT_FALSE(facts.lists("START"));
  EXPECT_FALSE(facts.lists("PLAIN"));
}

TEST(Facts, the_best_agreement_is_that_of_the_newest_version) {
  Facts facts;
  EXPECT_EQ(facts.best(), nullptr);
  facts.agreements[TlsVersion::tls13].version = TlsVersion::tls13;
  facts.agreements[TlsVersion::tls12].version = TlsVersion::tls12;
  EXPECT_EQ(facts.best()->version, TlsVersion::tls13);
}

}  // namespace
}  // namespace assay
