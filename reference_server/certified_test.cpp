#include "reference_server/certified.h"

#include "reference_server/session_fixture_test.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

using namespace std::chrono_literals;

class CertifiedUsersTest : public testing::Test {
 protected:
  CertifiedUsersTest() {
    accounts.add("ann", {.password = Secret("x"), .mailbox = "ann@a.test"});
    accounts.add("bob", {.password = Secret("x"), .mailbox = "bob@a.test"});
    accounts.add("eve", {.password = Secret("x")});
  }
  /// A client's chain, with whatever `change` does to its leaf.
  static ChainSpec client(std::function<void(CertificateSpec&)> change = {}) {
    ChainSpec spec;
    spec.leaf_purposes = {purpose::kClientAuth};
    spec.names_in_common_name_only = true;
    spec.change_leaf = std::move(change);
    return spec;
  }
  static std::vector<Bytes> chain(const ChainSpec& spec, std::string name = "ann") {
    return authority_for_tests().issue(spec, std::vector{std::move(name)}).chain;
  }
  [[nodiscard]] std::string user_of(const std::vector<Bytes>& chain) const {
    return CertifiedUsers({authority_for_tests().root()}, accounts)
        .user_of(chain, authority_for_tests().now());
  }

  Accounts accounts;
};

TEST_F(CertifiedUsersTest, are_found_by_common_name_and_by_mailbox) {
  EXPECT_EQ(user_of(authority_for_tests().issue_client("ann").chain), "ann");
  EXPECT_EQ(user_of(chain(client(), "nobody")), "");
  const auto by_mailbox = [](const std::vector<std::string>& mailboxes) {
    return chain(client([mailboxes](CertificateSpec& leaf) { leaf.names.email = mailboxes; }),
                 "A person");
  };
  EXPECT_EQ(user_of(by_mailbox({"ann@A.Test"})), "ann");
  EXPECT_EQ(user_of(by_mailbox({"Ann@a.test"})), "");
  EXPECT_EQ(user_of(by_mailbox({"x@a.test", "bob@a.test"})), "bob");
  EXPECT_EQ(user_of(by_mailbox({"", "not a mailbox"})), "");
}

TEST_F(CertifiedUsersTest, are_nobody_where_the_certificate_names_two) {
  const auto both = [](std::string_view mailbox) {
    return chain(
        client([mailbox](CertificateSpec& leaf) { leaf.names.email = {std::string(mailbox)}; }));
  };
  EXPECT_EQ(user_of(both("ann@a.test")), "ann");
  EXPECT_EQ(user_of(both("bob@a.test")), "");
}

TEST_F(CertifiedUsersTest, are_nobody_without_a_good_chain) {
  EXPECT_EQ(user_of({}), "");
  EXPECT_EQ(user_of({bytes_of("no certificate")}), "");
  ChainSpec spec = client();
  spec.trust = LeafTrust::unknown_root;
  EXPECT_EQ(user_of(chain(spec)), "");
  spec.trust = LeafTrust::self_signed;
  EXPECT_EQ(user_of(chain(spec)), "");
  spec = client();
  spec.leaf_validity = LeafValidity::expired;
  EXPECT_EQ(user_of(chain(spec)), "");
  spec.leaf_validity = LeafValidity::not_yet_valid;
  EXPECT_EQ(user_of(chain(spec)), "");
  spec = client();
  spec.leaf_purposes = {purpose::kServerAuth};
  EXPECT_EQ(user_of(chain(spec)), "");
  spec = client();
  spec.serve_intermediate = false;
  EXPECT_EQ(user_of(chain(spec)), "");
}

class CertifiedSessionTest : public ServedTest {
 protected:
  CertifiedSessionTest() {
    config.auth = AuthLevel::certificate;
    serve().add_user("ann", Secret("secret"), "ann@assay.test");
  }
  /// What a client inside TLS hears to EHLO and to AUTH EXTERNAL.
  std::pair<std::string, std::string> heard_by(OracleConfig client, Access access) {
    SecureLink link(connect(access), Role::client, nullptr);
    if (access == Access::upgrade) {
      EXPECT_TRUE(received(link).starts_with("220 "));
      link.send("STARTTLS\r\n");
      EXPECT_TRUE(received(link).starts_with("220 "));
    }
    link.start_tls(make_oracle(std::make_shared<const OracleContext>(std::move(client))));
    const Event event = loop.run_until_done(link.handshake(in(5'000)));
    EXPECT_TRUE(std::holds_alternative<HandshakeDone>(event));
    if (access == Access::implicit) {
      EXPECT_TRUE(received(link).starts_with("220 "));
    }
    link.send("EHLO c.test\r\n");
    std::string offer = received(link);
    link.send("AUTH EXTERNAL =\r\n");
    return {std::move(offer), received(link)};
  }
  static OracleConfig client_of(const Identity& identity) {
    return {.identity = {identity.chain, identity.key.private_der(), {}}};
  }
};

TEST_F(CertifiedSessionTest, external_is_offered_to_whom_a_good_certificate_names) {
  for (const Access access : {Access::upgrade, Access::implicit}) {
    for (const TlsVersion version : {TlsVersion::tls12, TlsVersion::tls13}) {
      OracleConfig client = client_of(authority_for_tests().issue_client("ann"));
      client.min_version = client.max_version = version;
      const auto [offer, reply] = heard_by(client, access);
      EXPECT_NE(offer.find("AUTH EXTERNAL PLAIN LOGIN"), std::string::npos) << offer;
      EXPECT_EQ(reply, "235 2.7.0 Authentication succeeded\r\n");
    }
  }
}

TEST_F(CertifiedSessionTest, others_are_let_in_and_not_offered_external) {
  ChainSpec foreign;
  foreign.trust = LeafTrust::unknown_root;
  foreign.leaf_purposes = {purpose::kClientAuth};
  foreign.names_in_common_name_only = true;
  for (const OracleConfig& client :
       {OracleConfig{}, client_of(authority_for_tests().issue_client("stranger")),
        client_of(authority_for_tests().issue(foreign, std::vector<std::string>{"ann"}))}) {
    const auto [offer, reply] = heard_by(client, Access::implicit);
    EXPECT_NE(offer.find("AUTH PLAIN LOGIN"), std::string::npos) << offer;
    EXPECT_TRUE(reply.starts_with("504 ")) << reply;
  }
}

}  // namespace
}  // namespace assay
