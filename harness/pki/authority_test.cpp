#include "harness/pki/authority.h"

#include "harness/pki/judge.h"
#include "harness/pki/pem.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace assay {
namespace {

class AuthorityTest : public testing::Test {
 protected:
  SystemTime now_ = std::chrono::system_clock::now();
  KeyRing keys_;
  Authority authority_{now_, keys_};
  std::vector<std::string> names_{"mx.assay.test", "127.0.0.1"};
};

TEST_F(AuthorityTest, serves_leaf_and_intermediate_by_default) {
  const Identity identity = authority_.issue({}, names_);
  ASSERT_EQ(identity.chain.size(), 2U);
  EXPECT_EQ(identity.chain[0], identity.leaf);
  EXPECT_EQ(identity.chain[1], authority_.intermediate());
  EXPECT_FALSE(identity.staple);
}

TEST_F(AuthorityTest, keeps_one_leaf_key_for_many_identities) {
  const Identity a = authority_.issue({}, names_);
  const Identity b = authority_.issue({.leaf_validity = LeafValidity::expired}, names_);
  EXPECT_TRUE(a.key.same_public_key(b.key));
  EXPECT_NE(a.leaf, b.leaf);
  const Identity c = authority_.issue({.leaf_label = "another"}, names_);
  EXPECT_FALSE(a.key.same_public_key(c.key));
}

TEST_F(AuthorityTest, shapes_what_is_served) {
  EXPECT_EQ(authority_.issue({.serve_intermediate = false}, names_).chain.size(), 1U);
  const Identity with_root = authority_.issue({.serve_root = true}, names_);
  ASSERT_EQ(with_root.chain.size(), 3U);
  EXPECT_EQ(with_root.chain[2], authority_.root());
  const Identity turned = authority_.issue({.order = ServedOrder::issuer_first}, names_);
  EXPECT_EQ(turned.chain[0], authority_.intermediate());
  EXPECT_EQ(turned.chain[1], turned.leaf);
  const Identity alone = authority_.issue({.trust = LeafTrust::self_signed}, names_);
  EXPECT_EQ(alone.chain, std::vector<Bytes>{alone.leaf});
  const Identity many = authority_.issue({.extra_copies = 3, .extra = {Bytes{1}}}, names_);
  ASSERT_EQ(many.chain.size(), 6U);
  EXPECT_EQ(many.chain[4], many.leaf);
  EXPECT_EQ(many.chain[5], Bytes{1});
}

TEST_F(AuthorityTest, puts_a_valid_certificate_in_front_of_the_leaf) {
  const Identity other = authority_.issue({.names_in_front = {"other.test"}}, names_);
  ASSERT_EQ(other.chain.size(), 3U);
  EXPECT_EQ(other.chain[1], other.leaf);
  const auto verdict_on_first = [&](const Identity& identity) {
    return ChainJudge({authority_.root()}).judge({identity.chain, {}, {"other.test"}, now_});
  };
  EXPECT_TRUE(verdict_on_first(other).acceptable());
  EXPECT_NE(public_key_of(other.chain[0]), other.key.public_der());
  const Identity same =
      authority_.issue({.names_in_front = {"other.test"}, .label_in_front = "leaf"}, names_);
  EXPECT_TRUE(verdict_on_first(same).acceptable());
  EXPECT_EQ(public_key_of(same.chain[0]), same.key.public_der());
}

TEST_F(AuthorityTest, staples_only_when_told_to) {
  for (const auto kind :
       {StapleKind::good, StapleKind::good_delegated, StapleKind::stale, StapleKind::not_yet_valid,
        StapleKind::revoked, StapleKind::unknown_status, StapleKind::foreign,
        StapleKind::unknown_signer, StapleKind::unauthorised_delegate,
        StapleKind::corrupt_signature, StapleKind::try_later, StapleKind::garbage}) {
    EXPECT_TRUE(authority_.issue({.staple = kind}, names_).staple.has_value());
  }
}

TEST_F(AuthorityTest, writes_pem_for_other_programs) {
  const Identity identity = authority_.issue({}, names_);
  EXPECT_EQ(certificates_from_pem(chain_pem(identity)), identity.chain);
  EXPECT_EQ(certificates_from_pem(authority_.root_pem()), std::vector<Bytes>{authority_.root()});
  EXPECT_TRUE(Key::from_pem(key_pem(identity)).same_public_key(identity.key));
}

TEST_F(AuthorityTest, names_a_client_by_its_common_name) {
  const Identity client = authority_.issue_client("alice");
  EXPECT_FALSE(client.key.same_public_key(authority_.issue({}, names_).key));
  EXPECT_EQ(client.chain.size(), 2U);
}

TEST_F(AuthorityTest, refuses_what_has_no_signature_algorithm) {
  EXPECT_THROW((void)authority_.issue({.leaf_digest = SignatureDigest::md5}, names_),
               std::runtime_error);
  EXPECT_NO_THROW((void)authority_.issue(
      {.leaf_digest = SignatureDigest::md5, .intermediate_key = KeyKind::rsa2048}, names_));
}

}  // namespace
}  // namespace assay
