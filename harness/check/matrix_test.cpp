#include "harness/check/matrix.h"

#include "harness/check/client.h"
#include "harness/check/scripted_test.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

class MatrixTest : public testing::Test {
 protected:
  MatrixTest() {
    subject.endpoints = {endpoint_for_tests(Access::upgrade), endpoint_for_tests(Access::implicit)};
    facts = {facts_for_tests(), facts_for_tests()};
  }
  std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const Case& the_case : expand(std::vector<const Check*>{&check}, subject, facts))
      all.push_back(the_case.name);
    return all;
  }
  std::string unmet(Need need) {
    check.needs = {need};
    const Case the_case{&check, 0, Access::upgrade, std::nullopt, "x"};
    return unmet_need(the_case, subject, facts).value_or("");
  }
  static bool says(const std::string& text, std::string_view word) {
    return text.find(word) != std::string::npos;
  }

  Subject subject;
  std::vector<Facts> facts;
  Check check = row_for_tests("a.b.c");
};
using Names = std::vector<std::string>;

TEST_F(MatrixTest, a_row_has_a_case_an_endpoint) {
  EXPECT_EQ(names(), (Names{"a.b.c@smtp.upgrade", "a.b.c@smtp.implicit"}));
  check.scope.access = {Access::implicit};
  EXPECT_EQ(names(), Names{"a.b.c@smtp.implicit"});
}

class NoClient final : public ClientUnderTest {
 public:
  Task<ClientEnd> run(Loop&, Occasion, Deadline) override { co_return ClientEnd{}; }
  [[nodiscard]] bool sends_given_message() const override { return false; }
};
class NoStage final : public WatchedStage {
 public:
  std::unique_ptr<WatchedServer> serve_watched(const Reception&) override { return nullptr; }
};

TEST_F(MatrixTest, a_row_of_several_labels_needs_a_name_that_has_them) {
  NoClient client;
  NoStage stage;
  ClientBench bench{client, stage, {}};
  check.host_labels = 3;
  EXPECT_EQ(unmet(Need::aead), "");  // nobody asks it of a server
  subject.client = std::make_shared<const ClientBench>(bench);
  EXPECT_EQ(unmet(Need::aead), "needs --host NAME with at least 3 labels");
  bench.host = "mail.b.test";
  subject.client = std::make_shared<const ClientBench>(bench);
  EXPECT_EQ(unmet(Need::aead), "");
}

TEST_F(MatrixTest, clear_and_pair_are_shown_by_the_upgrade_endpoint) {
  check.scope.access = {Access::clear, Access::pair};
  EXPECT_EQ(names(), (Names{"a.b.c@smtp.clear", "a.b.c@smtp.pair"}));
  subject.endpoints.pop_back();
  EXPECT_EQ(names(), Names{"a.b.c@smtp.clear"});
}

TEST_F(MatrixTest, a_row_of_another_protocol_has_no_case) {
  check.scope.protocols = {Protocol::pop3, Protocol::ldap};
  EXPECT_EQ(names(), Names{});
  check.scope.protocols = {Protocol::pop3, Protocol::smtp};
  EXPECT_EQ(names().size(), 2U);
}

TEST_F(MatrixTest, a_row_of_tls_runs_in_full_at_the_first_endpoint_and_one_of_setup_at_each) {
  check.scope.layer = Layer::tls;
  ASSERT_FALSE(names().empty());
  EXPECT_EQ(names().front(), "a.b.c@smtp.upgrade");
  check.scope.layer = Layer::endpoint;
  EXPECT_EQ(names(), (Names{"a.b.c@smtp.upgrade", "a.b.c@smtp.implicit"}));
}

TEST_F(MatrixTest, where_nothing_but_tls_is_known_rows_of_the_application_have_no_case) {
  subject.endpoints = {endpoint_for_tests(Access::implicit)};
  subject.endpoints[0].protocol = Protocol::tls;
  EXPECT_EQ(names(), Names{});
  for (const Layer layer : {Layer::endpoint, Layer::tls}) {
    check.scope.layer = layer;
    EXPECT_EQ(names(), Names{"a.b.c@tls.implicit"});
  }
}

TEST_F(MatrixTest, a_row_of_each_version_has_a_case_for_those_that_work) {
  check.scope.access = {Access::upgrade};
  check.scope.version = VersionScope::each;
  EXPECT_EQ(names(), (Names{"a.b.c@smtp.upgrade.tls12", "a.b.c@smtp.upgrade.tls13"}));
  facts[0].agreements.erase(TlsVersion::tls12);
  facts[0].agreements[TlsVersion::tls10];  // never asked of anybody
  EXPECT_EQ(names(), Names{"a.b.c@smtp.upgrade.tls13"});
  facts[0].agreements.clear();
  EXPECT_EQ(names(), Names{"a.b.c@smtp.upgrade"});
}

TEST_F(MatrixTest, a_row_of_one_version_has_its_case_even_where_that_is_not_spoken) {
  check.scope.access = {Access::upgrade};
  check.scope.version = VersionScope::tls12;
  facts[0].agreements.erase(TlsVersion::tls12);
  const std::vector<const Check*> checks = {&check};
  const auto cases = expand(checks, subject, facts);
  ASSERT_EQ(cases.size(), 1U);
  EXPECT_EQ(unmet_need(cases[0], subject, facts), "the subject does not speak TLS 1.2");
}

TEST_F(MatrixTest, a_need_of_the_account_names_the_line_that_would_bring_it) {
  EXPECT_TRUE(says(unmet(Need::account), "`user` and `password` in the account file"));
  EXPECT_TRUE(says(unmet(Need::bind_dn), "`bind_dn` in the account file"));
  EXPECT_TRUE(says(unmet(Need::sink), "`sink` and `sink_read` in the account file"));
  EXPECT_TRUE(says(unmet(Need::auth_tls_only), "`auth_tls_only = true` in the account file"));
  EXPECT_TRUE(says(unmet(Need::several_names), "`names` in the account file"));
  EXPECT_TRUE(says(unmet(Need::anchors), "--ca FILE"));
}

TEST_F(MatrixTest, a_need_of_the_subject_names_the_capability_line_that_decided) {
  EXPECT_TRUE(says(unmet(Need::pipelining), "no PIPELINING line"));
  EXPECT_TRUE(says(unmet(Need::scram_plus), "no AUTH line is listed"));
  facts[0].capabilities = {"AUTH PLAIN LOGIN\x1b"};
  EXPECT_EQ(unmet(Need::scram_plus), "the line \"AUTH PLAIN LOGIN\\x1b\" lists no SCRAM-*-PLUS");
  facts[0].agreements.clear();
  EXPECT_TRUE(says(unmet(Need::tls12), "TLS 1.2"));
}

TEST_F(MatrixTest, a_need_that_is_met_stands_in_nobodys_way) {
  subject.account.user = "ann";
  subject.account.bind_dn = "cn=ann";
  subject.account.sink = "ann@a.test";
  subject.account.sink_read = std::make_shared<Script>();
  subject.account.auth_tls_only = true;
  subject.account.names = {"a.test"};
  subject.anchors = {Bytes{1}};
  facts[0].capabilities_secured = {"pipelining", "auth scram-sha-256 scram-sha-256-plus"};
  for (int need = 0; need <= static_cast<int>(Need::aead); ++need)
    EXPECT_EQ(unmet(static_cast<Need>(need)), "") << name_of(static_cast<Need>(need));
}

}  // namespace
}  // namespace assay
