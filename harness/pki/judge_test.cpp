#include "harness/pki/judge.h"

#include "harness/pki/authority.h"
#include "harness/pki/staple_forge.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

using namespace std::chrono_literals;

class JudgeTest : public testing::Test {
 protected:
  ChainVerdict judge(const ChainSpec& spec, SystemTime at) {
    const Identity identity = authority_.issue(spec, names_);
    return judge_.judge({identity.chain, identity.staple, {"mx.assay.test"}, at});
  }
  ChainVerdict judge(const ChainSpec& spec) { return judge(spec, now_); }
  ChainVerdict judge_leaf(std::function<void(CertificateSpec&)> change) {
    return judge(ChainSpec{.change_leaf = std::move(change)});
  }

  SystemTime now_ = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24) + 10h;
  KeyRing keys_;
  Authority authority_{now_, keys_};
  ChainJudge judge_{{authority_.root()}};
  std::vector<std::string> names_{"mx.assay.test", "127.0.0.1"};
};

TEST_F(JudgeTest, accepts_what_is_valid) {
  for (const ChainSpec& spec :
       {ChainSpec{}, ChainSpec{.leaf_key = KeyKind::rsa2048}, ChainSpec{.leaf_key = KeyKind::ed448},
        ChainSpec{.intermediate_key = KeyKind::ed25519}, ChainSpec{.serve_root = true},
        ChainSpec{.leaf_purposes = {}}, ChainSpec{.leaf_purposes = {purpose::kAny}},
        ChainSpec{.leaf_must_staple = true, .staple = StapleKind::good}}) {
    const ChainVerdict verdict = judge(spec);
    EXPECT_TRUE(verdict.acceptable()) << verdict.path.reason << verdict.name.reason;
    EXPECT_EQ(verdict.parse.grade, ParseGrade::readable);
    EXPECT_EQ(verdict.order.grade, OrderGrade::in_order) << verdict.order.reason;
    EXPECT_EQ(verdict.weak_key(), nullptr);
    EXPECT_EQ(verdict.weak_signature(), nullptr);
    EXPECT_EQ(verdict.path.subjects.size(), 3U);
  }
}

TEST_F(JudgeTest, tells_what_stands_in_a_path) {
  const ChainVerdict base = judge(ChainSpec{});
  EXPECT_TRUE(base.path.length_used_up);
  EXPECT_EQ(base.validity.front().not_after, now_ + 7 * 24h);
  const auto critical_at = [](const ChainVerdict& verdict, std::string_view oid) {
    std::vector<std::pair<std::size_t, bool>> found;
    for (const PathExtension& extension : verdict.path.extensions)
      if (extension.oid == oid) found.emplace_back(extension.depth, extension.critical);
    return found;
  };
  using Found = std::vector<std::pair<std::size_t, bool>>;
  // Not those of the anchor.
  EXPECT_EQ(critical_at(base, extension_oid::kKeyUsage), (Found{{0, true}, {1, true}}));
  EXPECT_EQ(critical_at(base, extension_oid::kAlternativeNames), (Found{{0, false}}));
  const ChainVerdict unknown = judge_leaf([](CertificateSpec& leaf) {
    leaf.extra_extensions.push_back({"1.3.6.1.4.1.99999.1", false, der::null()});
  });
  EXPECT_EQ(critical_at(unknown, "1.3.6.1.4.1.99999.1"), (Found{{0, false}}));
  const ChainVerdict room = judge(
      {.change_intermediate = [](CertificateSpec& ca) { ca.basic_constraints->path_length = 1; }});
  EXPECT_FALSE(room.path.length_used_up);
}

TEST_F(JudgeTest, looks_at_chains_as_long_as_it_is_told) {
  ChainSpec spec;
  spec.change_intermediate = [](CertificateSpec& ca) { ca.basic_constraints->path_length.reset(); };
  spec.below_intermediate.assign(kMaxServedCertificates, spec.change_intermediate);
  const Identity identity = authority_.issue(spec, names_);
  Presented presented{identity.chain, {}, {"mx.assay.test"}, now_};
  EXPECT_EQ(judge_.judge(presented).parse.grade, ParseGrade::too_many);
  presented.longest = identity.chain.size();
  EXPECT_TRUE(judge_.judge(presented).acceptable());
}

TEST_F(JudgeTest, misses_an_intermediate_that_was_not_served) {
  const ChainVerdict verdict = judge({.serve_intermediate = false});
  EXPECT_FALSE(verdict.path.found);
  EXPECT_EQ(verdict.path.grade, PathGrade::no_issuer);
  EXPECT_EQ(verdict.path.reason,
            "no path at depth 0 (CN=mx.assay.test): unable to get local issuer certificate");
  EXPECT_EQ(verdict.name.grade, NameGrade::matched);
}

TEST_F(JudgeTest, sees_an_expired_leaf_and_a_missing_intermediate_apart) {
  const ChainVerdict both =
      judge({.leaf_validity = LeafValidity::expired, .serve_intermediate = false});
  EXPECT_EQ(both.path.grade, PathGrade::no_issuer);
  ASSERT_NE(both.out_of_validity(), nullptr);
  EXPECT_EQ(both.out_of_validity()->reason, "CN=mx.assay.test: expired at 2026-11-23T10:00:00Z");
  const ChainVerdict one = judge({.leaf_validity = LeafValidity::expired});
  EXPECT_TRUE(one.path.found) << one.path.reason;
  EXPECT_FALSE(one.acceptable());
}

TEST_F(JudgeTest, prefers_an_issuer_in_its_time_wherever_it_is_served) {
  const Key key = keys_.key(KeyKind::p256, "intermediate");
  CertificateSpec spec = intermediate_spec(now_);
  spec.not_after = now_ - 1h;
  const Bytes old = forge(spec, key, authority_.root_issuer());
  const Bytes leaf = authority_.issue({}, names_).leaf;
  for (const auto& chain : {std::vector{leaf, old, authority_.intermediate()},
                            std::vector{leaf, authority_.intermediate(), old}}) {
    EXPECT_TRUE(judge_.judge({chain, {}, {"mx.assay.test"}, now_}).acceptable());
  }
  const ChainVerdict verdict = judge_.judge({{leaf, old}, {}, {"mx.assay.test"}, now_});
  EXPECT_TRUE(verdict.path.found);
  ASSERT_NE(verdict.out_of_validity(), nullptr);
  EXPECT_EQ(verdict.out_of_validity()->depth, 1U);
}

TEST_F(JudgeTest, excuses_an_expired_anchor) {
  CertificateSpec spec = root_spec(now_);
  spec.not_after = now_ - 1h;
  const Bytes old = forge_self_signed(spec, authority_.root_issuer().key);
  const Identity honest = authority_.issue({}, names_);
  const ChainVerdict verdict = ChainJudge({old}).judge({honest.chain, {}, {"mx.assay.test"}, now_});
  EXPECT_TRUE(verdict.acceptable()) << verdict.path.reason;
  ASSERT_EQ(verdict.validity.size(), 3U);
  EXPECT_EQ(verdict.validity[2].grade, ValidityGrade::expired);
  EXPECT_TRUE(verdict.validity[2].is_anchor);
}

TEST_F(JudgeTest, trusts_no_root_but_its_own) {
  EXPECT_EQ(judge({.trust = LeafTrust::unknown_root, .serve_root = true}).path.grade,
            PathGrade::untrusted_root);
  EXPECT_EQ(judge({.trust = LeafTrust::unknown_root}).path.grade, PathGrade::no_issuer);
  EXPECT_EQ(judge({.trust = LeafTrust::self_signed}).path.grade, PathGrade::untrusted_root);
  const Identity alone = authority_.issue({.trust = LeafTrust::self_signed}, names_);
  EXPECT_TRUE(
      ChainJudge({alone.leaf}).judge({alone.chain, {}, {"mx.assay.test"}, now_}).acceptable());
  const ChainVerdict without = ChainJudge({}).judge({alone.chain, {}, {}, now_});
  EXPECT_FALSE(without.path.found);
}

TEST_F(JudgeTest, refuses_a_spoilt_signature) {
  EXPECT_EQ(judge_leaf([](CertificateSpec& leaf) { leaf.corrupt_signature = true; }).path.grade,
            PathGrade::signature_invalid);
}

TEST_F(JudgeTest, knows_a_root_by_its_key) {
  EXPECT_EQ(judge({.trust = LeafTrust::twin_root}).path.grade, PathGrade::signature_invalid);
}

TEST_F(JudgeTest, finds_no_way_out_of_a_loop) {
  EXPECT_FALSE(judge({.trust = LeafTrust::loop}).path.found);
}

TEST_F(JudgeTest, finds_its_own_root_behind_a_cross_certificate_of_one_that_has_expired) {
  const ChainVerdict verdict = judge({.serve_cross_root = true});
  EXPECT_TRUE(verdict.acceptable()) << verdict.path.reason;
  EXPECT_EQ(verdict.path.subjects.size(), 3U);
}

TEST_F(JudgeTest, holds_issuers_to_what_they_may_do) {
  const auto judge_intermediate = [this](std::function<void(CertificateSpec&)> change) {
    return judge(ChainSpec{.change_intermediate = std::move(change)}).path.grade;
  };
  using Spec = CertificateSpec;
  EXPECT_EQ(judge_intermediate([](Spec& ca) { ca.basic_constraints.reset(); }),
            PathGrade::not_an_authority);
  EXPECT_EQ(judge_intermediate([](Spec& ca) { ca.version = 1; }), PathGrade::not_an_authority);
  EXPECT_EQ(judge_intermediate([](Spec& ca) { ca.key_usage = KeyUsage{key_usage::kCrlSign}; }),
            PathGrade::not_an_authority);
  EXPECT_EQ(judge_intermediate([](Spec& ca) {
              ca.extra_extensions.push_back({"1.3.6.1.4.1.99999.1", true, der::null()});
            }),
            PathGrade::critical_extension_unknown);
}

TEST_F(JudgeTest, counts_the_authorities_below_one) {
  const auto plain = [](CertificateSpec&) {};
  EXPECT_EQ(judge({.below_intermediate = {plain}}).path.grade, PathGrade::path_too_long);
  const auto any_depth = [](CertificateSpec& ca) { ca.basic_constraints->path_length.reset(); };
  const ChainVerdict deep =
      judge({.change_intermediate = any_depth, .below_intermediate = {any_depth, plain}});
  EXPECT_TRUE(deep.acceptable()) << deep.path.reason;
  EXPECT_EQ(deep.path.subjects.size(), 5U);
}

TEST_F(JudgeTest, holds_names_to_constraints) {
  using Names = std::vector<std::string>;
  const auto judge_names = [this](const Names& permitted, const Names& excluded) {
    const auto constrain = [&](CertificateSpec& ca) {
      ca.extra_extensions.push_back(
          {extension_oid::kNameConstraints, true, dns_constraints(permitted, excluded)});
    };
    return judge({.change_intermediate = constrain}).path.grade;
  };
  EXPECT_EQ(judge_names({"assay.test"}, {}), PathGrade::found);
  EXPECT_EQ(judge_names({}, {"other.test"}), PathGrade::found);
  EXPECT_EQ(judge_names({"other.test"}, {}), PathGrade::names_not_permitted);
  EXPECT_EQ(judge_names({"assay.test"}, {"mx.assay.test"}), PathGrade::names_not_permitted);
}

TEST_F(JudgeTest, calls_a_chain_strong_where_no_key_and_no_digest_is_weak) {
  EXPECT_TRUE(judge({}).strong());
  EXPECT_TRUE(judge({.leaf_key = KeyKind::rsa_exponent3}).strong());
  EXPECT_FALSE(judge({.leaf_key = KeyKind::rsa1024}).strong());
  EXPECT_FALSE(judge({.leaf_digest = SignatureDigest::sha1}).strong());
}

TEST_F(JudgeTest, counts_both_ends_of_the_validity_in) {
  const SystemTime last = now_ + 7 * 24h;
  EXPECT_TRUE(judge({}, last).acceptable());
  EXPECT_TRUE(judge({}, last + 999ms).acceptable());
  EXPECT_FALSE(judge({}, last + 1s).acceptable());
  const SystemTime first = now_ - 24h;
  EXPECT_TRUE(judge({}, first).acceptable());
  const ChainVerdict before = judge({}, first - 1ms);
  ASSERT_NE(before.out_of_validity(), nullptr);
  EXPECT_EQ(before.out_of_validity()->grade, ValidityGrade::not_yet_valid);
}

TEST_F(JudgeTest, reads_only_the_time_forms_of_rfc_5280) {
  const auto grade_of = [&](std::uint8_t tag, std::string_view text) {
    const ChainVerdict verdict = judge_leaf(
        [&](CertificateSpec& leaf) { leaf.raw_not_after = der::tlv(tag, view_of(text)); });
    return verdict.validity.empty() ? ValidityGrade::malformed : verdict.validity[0].grade;
  };
  EXPECT_EQ(grade_of(der::kUtcTime, "261201000000Z"), ValidityGrade::valid);
  EXPECT_EQ(grade_of(der::kUtcTime, "500101000000Z"), ValidityGrade::expired);  // 1950
  EXPECT_EQ(grade_of(der::kGeneralizedTime, "20261201000000Z"), ValidityGrade::valid);
  EXPECT_EQ(grade_of(der::kGeneralizedTime, "99991231235959Z"), ValidityGrade::valid);
  EXPECT_EQ(grade_of(der::kUtcTime, "261201000000+0000"), ValidityGrade::malformed);
  EXPECT_EQ(grade_of(der::kUtcTime, "2612010000Z"), ValidityGrade::malformed);
  EXPECT_EQ(grade_of(der::kUtcTime, "261301000000Z"), ValidityGrade::malformed);
  EXPECT_EQ(grade_of(der::kUtcTime, "\x1b]0;now\x07zzzzZ"), ValidityGrade::malformed);
}

TEST_F(JudgeTest, looks_for_paths_in_any_order_and_reports_the_order_apart) {
  const Identity honest = authority_.issue({.serve_root = true}, names_);
  const std::vector<Bytes> shuffled{honest.leaf, authority_.root(), authority_.intermediate()};
  const ChainVerdict verdict = judge_.judge({shuffled, {}, {"mx.assay.test"}, now_});
  EXPECT_TRUE(verdict.acceptable());
  EXPECT_EQ(verdict.order.grade, OrderGrade::out_of_order);
  EXPECT_EQ(judge({.order = ServedOrder::issuer_first}).order.grade, OrderGrade::leaf_not_first);
  EXPECT_EQ(judge({.extra = {authority_.other_root()}}).order.grade,
            OrderGrade::unrelated_certificates);
  EXPECT_TRUE(judge({.extra_copies = 10}).path.found);
}

TEST_F(JudgeTest, grades_weak_keys_without_losing_the_path) {
  struct Row {
    KeyKind kind;
    KeyGrade grade;
  };
  for (const Row& row :
       {Row{KeyKind::rsa1024, KeyGrade::weak},
        Row{KeyKind::rsa_exponent3, KeyGrade::small_exponent}, Row{KeyKind::p224, KeyGrade::weak},
        Row{KeyKind::p256_explicit, KeyGrade::weak}, Row{KeyKind::dsa1024, KeyGrade::weak}}) {
    const ChainVerdict verdict = judge({.leaf_key = row.kind});
    EXPECT_TRUE(verdict.acceptable()) << slug_of(row.kind) << ": " << verdict.path.reason;
    ASSERT_NE(verdict.weak_key(), nullptr) << slug_of(row.kind);
    EXPECT_EQ(verdict.weak_key()->grade, row.grade) << verdict.weak_key()->reason;
    EXPECT_EQ(verdict.weak_key()->index, 0U);
  }
  EXPECT_EQ(judge({.leaf_key = KeyKind::rsa1024}).weak_key()->description,
            "RSA, 1024 bits, exponent 65537");
  const ChainVerdict above = judge({.intermediate_key = KeyKind::rsa1024});
  EXPECT_TRUE(above.acceptable()) << above.path.reason;
  ASSERT_NE(above.weak_key(), nullptr);
  EXPECT_EQ(above.weak_key()->index, 1U);
}

TEST_F(JudgeTest, grades_weak_signatures_without_losing_the_path) {
  const ChainVerdict sha1 = judge({.intermediate_digest = SignatureDigest::sha1});
  EXPECT_TRUE(sha1.acceptable()) << sha1.path.reason;
  ASSERT_NE(sha1.weak_signature(), nullptr);
  EXPECT_EQ(sha1.weak_signature()->index, 1U);
  EXPECT_EQ(sha1.weak_signature()->grade, SignatureGrade::sha1);
  EXPECT_EQ(sha1.weak_signature()->reason,
            "O=Assay, CN=Assay test intermediate is signed with ecdsa-with-SHA1");
  const ChainVerdict md5 =
      judge({.leaf_digest = SignatureDigest::md5, .intermediate_key = KeyKind::rsa2048});
  EXPECT_TRUE(md5.acceptable()) << md5.path.reason;
  EXPECT_EQ(md5.weak_signature()->grade, SignatureGrade::md5);
  EXPECT_EQ(md5.weak_signature()->index, 0U);
}

TEST_F(JudgeTest, ignores_how_a_root_signed_itself) {
  CertificateSpec spec = root_spec(now_);
  spec.subject.common_name = "old root";
  spec.digest = SignatureDigest::sha1;
  const Issuer root{forge_self_signed(spec, keys_.key(KeyKind::p256, "old")),
                    keys_.key(KeyKind::p256, "old")};
  const Bytes leaf = forge(leaf_spec(now_, names_), keys_.key(KeyKind::p256, "leaf"), root);
  for (const bool trusted : {true, false}) {
    const std::vector<Bytes> anchors(trusted ? 1 : 0, root.certificate);
    const ChainVerdict verdict =
        ChainJudge(anchors).judge({{leaf, root.certificate}, {}, {"mx.assay.test"}, now_});
    EXPECT_EQ(verdict.weak_signature(), nullptr);
    ASSERT_EQ(verdict.signatures.size(), 2U);
    EXPECT_EQ(verdict.signatures[1].grade, SignatureGrade::ignored);
  }
}

TEST_F(JudgeTest, wants_the_purpose_of_a_server_all_the_way) {
  const ChainVerdict leaf = judge({.leaf_purposes = {purpose::kClientAuth}});
  EXPECT_EQ(leaf.purpose.grade, PurposeGrade::leaf_forbids);
  EXPECT_TRUE(leaf.path.found);
  EXPECT_FALSE(leaf.acceptable());
  const ChainVerdict above = judge({.change_intermediate = [](CertificateSpec& intermediate) {
    intermediate.extended_key_usage = ExtendedKeyUsage{{purpose::kEmailProtection}};
  }});
  EXPECT_EQ(above.purpose.grade, PurposeGrade::intermediate_forbids);
  EXPECT_EQ(above.purpose.depth, 1U);
  const ChainVerdict broken = judge_leaf([](CertificateSpec& spec) {
    spec.extended_key_usage.reset();
    spec.extra_extensions = {{extension_oid::kExtendedKeyUsage, false, Bytes{0x04, 0x00}}};
  });
  EXPECT_EQ(broken.purpose.grade, PurposeGrade::malformed);
}

TEST_F(JudgeTest, reads_the_must_staple_feature) {
  EXPECT_TRUE(judge({.leaf_must_staple = true}).must_staple);
  EXPECT_FALSE(judge({.leaf_must_staple = true}).acceptable());
  EXPECT_FALSE(judge({}).must_staple);
}

TEST_F(JudgeTest, grades_every_staple) {
  struct Row {
    StapleKind kind;
    StapleGrade grade;
  };
  for (const Row& row :
       {Row{StapleKind::none, StapleGrade::absent}, Row{StapleKind::good, StapleGrade::good},
        Row{StapleKind::good_delegated, StapleGrade::good},
        Row{StapleKind::stale, StapleGrade::stale},
        Row{StapleKind::not_yet_valid, StapleGrade::not_yet_valid},
        Row{StapleKind::revoked, StapleGrade::revoked},
        Row{StapleKind::unknown_status, StapleGrade::unknown_status},
        Row{StapleKind::foreign, StapleGrade::foreign},
        Row{StapleKind::unknown_signer, StapleGrade::signer_unauthorised},
        Row{StapleKind::unauthorised_delegate, StapleGrade::signer_unauthorised},
        Row{StapleKind::corrupt_signature, StapleGrade::signature_invalid},
        Row{StapleKind::try_later, StapleGrade::unsuccessful},
        Row{StapleKind::garbage, StapleGrade::malformed}}) {
    const ChainVerdict verdict = judge({.staple = row.kind});
    EXPECT_EQ(verdict.staple.grade, row.grade) << verdict.staple.reason;
    EXPECT_EQ(verdict.staple.reason.empty(), verdict.acceptable());
  }
}

TEST_F(JudgeTest, judges_a_staple_with_an_issuer_that_only_the_anchors_have) {
  const ChainVerdict lost = judge({.serve_intermediate = false, .staple = StapleKind::good});
  EXPECT_EQ(lost.staple.grade, StapleGrade::issuer_unknown);
  const Bytes leaf =
      forge(leaf_spec(now_, names_), keys_.key(KeyKind::p256, "leaf"), authority_.root_issuer());
  const Bytes staple =
      forge_staple({.this_update = now_, .next_update = now_}, leaf, authority_.root_issuer());
  EXPECT_EQ(judge_.judge({{leaf}, staple, {}, now_}).staple.grade, StapleGrade::good);
  EXPECT_EQ(judge_.judge({{leaf}, staple, {}, now_ + 1s}).staple.grade, StapleGrade::stale);
  const Bytes sha256 =
      forge_staple({.this_update = now_, .sha256_cert_id = true}, leaf, authority_.root_issuer());
  EXPECT_EQ(judge_.judge({{leaf}, sha256, {}, now_ + 1s}).staple.grade, StapleGrade::good);
}

TEST_F(JudgeTest, tells_the_purposes_of_clients_and_servers_apart) {
  const auto trusted = [&](const std::vector<Bytes>& chain, bool by_client) {
    return judge_.judge({.chain = chain, .now = now_, .by_client = by_client}).trusted();
  };
  const auto client = authority_.issue_client("ann").chain;
  EXPECT_TRUE(trusted(client, true));
  EXPECT_FALSE(trusted(client, false));
  const auto server = authority_.issue({}, names_).chain;
  EXPECT_FALSE(trusted(server, true));
  EXPECT_TRUE(trusted(server, false));
}

}  // namespace
}  // namespace assay
