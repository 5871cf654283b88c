// Keys and signatures by strength: RFC 9325 §4.5, CABF TLS BR §6.1.5, RFC 8446 §4.4.2.2.
#include "harness/pki/certificate_facts.h"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include <array>

namespace assay::pki {
namespace {

constexpr int kMinRsaBits = 2048;
constexpr int kMinEcBits = 256;  // of the group's order: P-256
constexpr BN_ULONG kMinExponent = 65537;

OwnedNumber number_of(const EVP_PKEY* key, const char* parameter) {
  BIGNUM* number = nullptr;
  const bool has = EVP_PKEY_get_bn_param(key, parameter, &number) == 1;
  ERR_clear_error();
  return OwnedNumber(has ? number : nullptr);
}

void judge_rsa(KeyFinding& finding, const EVP_PKEY* key) {
  const int bits = EVP_PKEY_get_bits(key);
  const OwnedNumber exponent = number_of(key, OSSL_PKEY_PARAM_RSA_E);
  if (!exponent) {
    finding.grade = KeyGrade::unreadable;
    finding.reason = "the RSA exponent cannot be read";
    return;
  }
  const BN_ULONG small = BN_get_word(exponent.get());  // all ones when it is larger than a word
  const bool fits = BN_num_bits(exponent.get()) <= 32;
  finding.description = fmt::format(
      "RSA, {} bits, exponent {}", bits,
      fits ? std::to_string(small) : fmt::format("of {} bits", BN_num_bits(exponent.get())));
  if (bits < kMinRsaBits) {
    finding.grade = KeyGrade::weak;
    finding.reason = fmt::format("RSA of {} bits, below {}", bits, kMinRsaBits);
  } else if (BN_is_odd(exponent.get()) == 0 || small < 3) {
    finding.grade = KeyGrade::weak;
    finding.reason = "an RSA exponent must be odd and larger than one";
  } else if (small < kMinExponent) {
    finding.grade = KeyGrade::small_exponent;
    finding.reason = fmt::format("RSA exponent {}, below {}", small, kMinExponent);
  }
}

/// RFC 5480 §2.1.1: certificates name their curve; specifiedCurve must not be used.
bool has_named_curve(X509_PUBKEY* key) {
  X509_ALGOR* algorithm = nullptr;
  if (X509_PUBKEY_get0_param(nullptr, nullptr, nullptr, &algorithm, key) != 1) return false;
  int type = V_ASN1_UNDEF;
  X509_ALGOR_get0(nullptr, &type, nullptr, algorithm);
  return type == V_ASN1_OBJECT;
}

void judge_ec(KeyFinding& finding, const EVP_PKEY* key, X509* certificate) {
  const int bits = EVP_PKEY_get_bits(key);
  std::array<char, 80> group{};
  if (EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) != 1) group[0] = '\0';
  ERR_clear_error();
  finding.description =
      fmt::format("EC, {}", group[0] == '\0' ? fmt::format("{} bits", bits) : group.data());
  if (!has_named_curve(X509_get_X509_PUBKEY(certificate))) {
    finding.description = fmt::format("EC, explicit parameters, {} bits", bits);
    finding.grade = KeyGrade::weak;
    finding.reason = "the curve's parameters are spelt out instead of named";
  } else if (bits < kMinEcBits) {
    finding.grade = KeyGrade::weak;
    finding.reason = fmt::format("EC of {} bits, weaker than P-256", bits);
  }
}

std::string algorithm_name(int nid) {
  const char* const name = nid == NID_undef ? nullptr : OBJ_nid2ln(nid);
  return name == nullptr ? "an algorithm unknown to us" : name;
}

}  // namespace

KeyFinding judge_key(X509* certificate) {
  KeyFinding finding;
  const EVP_PKEY* const key = X509_get0_pubkey(certificate);
  ERR_clear_error();
  if (key == nullptr) {
    finding.grade = KeyGrade::unreadable;
    finding.description = "unreadable";
    finding.reason = "the public key cannot be read";
    return finding;
  }
  switch (const int type = EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS:
      judge_rsa(finding, key);
      break;
    case EVP_PKEY_EC:
    case EVP_PKEY_SM2:
      judge_ec(finding, key, certificate);
      break;
    case EVP_PKEY_ED25519:
    case EVP_PKEY_ED448:
      finding.description = type == EVP_PKEY_ED25519 ? "Ed25519" : "Ed448";
      break;
    default:
      finding.grade = KeyGrade::weak;
      finding.description =
          fmt::format("{}, {} bits", algorithm_name(type), EVP_PKEY_get_bits(key));
      finding.reason = "neither RSA, nor EC, nor EdDSA";
  }
  return finding;
}

SignatureFinding judge_signature(X509* certificate) {
  SignatureFinding finding;
  finding.description = algorithm_name(X509_get_signature_nid(certificate));
  int digest = NID_undef;
  int key_type = NID_undef;
  const bool known =
      X509_get_signature_info(certificate, &digest, &key_type, nullptr, nullptr) == 1;
  ERR_clear_error();
  switch (known ? digest : NID_undef) {
    case NID_md2:
    case NID_md4:
    case NID_md5:
      finding.grade = SignatureGrade::md5;
      break;
    case NID_sha1:
      finding.grade = SignatureGrade::sha1;
      break;
    case NID_sha224:
    case NID_sha256:
    case NID_sha384:
    case NID_sha512:
    case NID_sha512_224:
    case NID_sha512_256:
    case NID_sha3_224:
    case NID_sha3_256:
    case NID_sha3_384:
    case NID_sha3_512:
      break;
    default:
      // Ed25519 and Ed448 name no digest of their own.
      if (key_type != NID_ED25519 && key_type != NID_ED448) finding.grade = SignatureGrade::unknown;
  }
  if (finding.grade != SignatureGrade::strong) {
    finding.reason =
        fmt::format("{} is signed with {}", subject_of(certificate), finding.description);
  }
  return finding;
}

}  // namespace assay::pki
