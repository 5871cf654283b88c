#include "harness/pki/forge.h"

#include "harness/base/hex.h"
#include "harness/pki/openssl.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace assay {
namespace {

using namespace std::chrono_literals;

class ForgeTest : public testing::Test {
 protected:
  SystemTime now_ = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24) + 10h;
  Key root_key_ = Key::generate(KeyKind::p256);
  Key leaf_key_ = Key::generate(KeyKind::p256);
  Issuer root_{forge_self_signed(root_spec(now_), root_key_), root_key_};
  std::vector<std::string> names_{"mx.assay.test", "::1"};

  pki::OwnedX509 parsed(const CertificateSpec& spec) {
    auto certificate = pki::parse_certificate(forge(spec, leaf_key_, root_));
    EXPECT_NE(certificate, nullptr);
    return certificate;
  }
};

TEST_F(ForgeTest, makes_a_leaf_as_the_catalogue_has_it) {
  const auto leaf = parsed(leaf_spec(now_, names_));
  ASSERT_NE(leaf, nullptr);
  EXPECT_EQ(X509_get_version(leaf.get()), 2);
  EXPECT_EQ(X509_check_ca(leaf.get()), 0);
  EXPECT_EQ(X509_get_key_usage(leaf.get()), static_cast<std::uint32_t>(KU_DIGITAL_SIGNATURE));
  EXPECT_EQ(X509_get_extended_key_usage(leaf.get()), static_cast<std::uint32_t>(XKU_SSL_SERVER));
  EXPECT_EQ(
      X509_check_host(leaf.get(), "MX.assay.test", 0, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr),
      1);
  EXPECT_EQ(X509_check_ip_asc(leaf.get(), "::1", 0), 1);
  const auto root = pki::parse_certificate(root_.certificate);
  EXPECT_EQ(X509_check_issued(root.get(), leaf.get()), X509_V_OK);
  EXPECT_EQ(X509_verify(leaf.get(), X509_get0_pubkey(root.get())), 1);
}

TEST_F(ForgeTest, makes_cas_as_the_catalogue_has_them) {
  const auto root = pki::parse_certificate(root_.certificate);
  EXPECT_EQ(X509_self_signed(root.get(), 1), 1);
  EXPECT_EQ(X509_check_ca(root.get()), 1);
  EXPECT_EQ(X509_get_pathlen(root.get()), -1);
  EXPECT_EQ(X509_get_key_usage(root.get()),
            static_cast<std::uint32_t>(KU_KEY_CERT_SIGN | KU_CRL_SIGN));
  EXPECT_EQ(X509_get_pathlen(parsed(intermediate_spec(now_)).get()), 0);
}

TEST_F(ForgeTest, signs_with_every_key_and_digest) {
  struct Row {
    KeyKind kind;
    SignatureDigest digest;
    int nid;
  };
  for (const Row& row :
       {Row{KeyKind::p384, SignatureDigest::sha384, NID_ecdsa_with_SHA384},
        Row{KeyKind::p256, SignatureDigest::sha1, NID_ecdsa_with_SHA1},
        Row{KeyKind::rsa1024, SignatureDigest::sha1, NID_sha1WithRSAEncryption},
        Row{KeyKind::rsa1024, SignatureDigest::md5, NID_md5WithRSAEncryption},
        Row{KeyKind::rsa1024, SignatureDigest::sha512, NID_sha512WithRSAEncryption},
        Row{KeyKind::dsa1024, SignatureDigest::sha1, NID_dsaWithSHA1},
        Row{KeyKind::ed25519, SignatureDigest::sha1, NID_ED25519},
        Row{KeyKind::ed448, SignatureDigest::sha256, NID_ED448}}) {
    const Key key = Key::generate(row.kind);
    CertificateSpec spec = root_spec(now_);
    spec.digest = row.digest;
    const auto certificate = pki::parse_certificate(forge_self_signed(spec, key));
    ASSERT_NE(certificate, nullptr);
    EXPECT_EQ(X509_get_signature_nid(certificate.get()), row.nid);
    EXPECT_EQ(X509_verify(certificate.get(), key.handle()), 1) << slug_of(row.kind);
  }
}

TEST_F(ForgeTest, lets_every_field_be_wrong) {
  CertificateSpec spec = leaf_spec(now_, names_);
  spec.serial = Bytes(40, 0x11);
  spec.subject.common_name = std::string(500, 'x');
  spec.issuer_name = DistinguishedName{.common_name = "somebody else"};
  spec.raw_not_after = der::tlv(der::kUtcTime, view_of("2612011200+0000"));
  spec.names.raw = der::sequence({});
  spec.must_staple = true;
  spec.removed_extensions = {extension_oid::kBasicConstraints};
  spec.extra_extensions = {{"1.2.3.4", true, Bytes{1, 2}}, {"1.2.3.4", true, Bytes{1, 2}}};
  const auto leaf = parsed(spec);
  ASSERT_NE(leaf, nullptr);
  EXPECT_EQ(ASN1_STRING_length(X509_get0_serialNumber(leaf.get())), 40);
  EXPECT_EQ(X509_get_ext_by_NID(leaf.get(), NID_basic_constraints, -1), -1);
  EXPECT_GE(X509_get_ext_by_NID(leaf.get(), NID_tlsfeature, -1), 0);
  EXPECT_EQ(X509_get_ext_count(leaf.get()), 8);
  const auto root = pki::parse_certificate(root_.certificate);
  EXPECT_EQ(X509_check_issued(root.get(), leaf.get()), X509_V_ERR_SUBJECT_ISSUER_MISMATCH);
  EXPECT_EQ(X509_verify(leaf.get(), X509_get0_pubkey(root.get())), 1);
}

TEST_F(ForgeTest, spoils_a_signature_and_nothing_else) {
  CertificateSpec spec = leaf_spec(now_, names_);
  spec.corrupt_signature = true;
  EXPECT_EQ(X509_verify(parsed(spec).get(), root_key_.handle()), 0);
  ERR_clear_error();
}

TEST_F(ForgeTest, signs_a_changed_tbs) {
  CertificateSpec spec = leaf_spec(now_, names_);
  spec.version = 3;
  spec.change_tbs = [](Bytes& tbs) {
    const std::size_t at = find(tbs, "mx.assay.test");
    ASSERT_NE(at, npos);
    tbs[at] = 'X';
  };
  EXPECT_EQ(X509_verify(parsed(spec).get(), root_key_.handle()), 1);
}

TEST_F(ForgeTest, draws_positive_serials_of_16_octets) {
  for (int i = 0; i < 20; ++i) {
    const auto leaf = parsed(leaf_spec(now_, names_));
    const ASN1_INTEGER* serial = X509_get0_serialNumber(leaf.get());
    EXPECT_EQ(ASN1_STRING_length(serial), 16);
    EXPECT_EQ(ASN1_STRING_type(serial), V_ASN1_INTEGER);
  }
}

TEST(AddressOctets, knows_literals_from_names) {
  EXPECT_EQ(to_hex(address_octets("127.0.0.1").value()), "7f000001");
  EXPECT_EQ(address_octets("[::1]").value().size(), 16U);
  for (const auto* name : {"", "mx.test", "1.2.3", "1.2.3.4.5", "::g", "[", "[]", "1.2.3.256"}) {
    EXPECT_FALSE(address_octets(name)) << name;
  }
}

}  // namespace
}  // namespace assay
