// Certificates, valid by default for their role and open in every field: a test states its one
// wrong thing. The TBS is written by hand, octet for octet; OpenSSL only signs it. Used by
// authority and by tests.
#pragma once

#include "harness/pki/der.h"
#include "harness/pki/key.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace assay {

/// Key purposes (RFC 5280 §4.2.1.12, RFC 6960 §4.2.2.2); any other dotted OID does as well.
namespace purpose {
inline constexpr const char* kServerAuth = "1.3.6.1.5.5.7.3.1";
inline constexpr const char* kClientAuth = "1.3.6.1.5.5.7.3.2";
inline constexpr const char* kEmailProtection = "1.3.6.1.5.5.7.3.4";
inline constexpr const char* kOcspSigning = "1.3.6.1.5.5.7.3.9";
inline constexpr const char* kAny = "2.5.29.37.0";
}  // namespace purpose

namespace extension_oid {
inline constexpr const char* kSubjectKeyId = "2.5.29.14";
inline constexpr const char* kKeyUsage = "2.5.29.15";
inline constexpr const char* kAlternativeNames = "2.5.29.17";
inline constexpr const char* kBasicConstraints = "2.5.29.19";
inline constexpr const char* kNameConstraints = "2.5.29.30";
inline constexpr const char* kAuthorityKeyId = "2.5.29.35";
inline constexpr const char* kExtendedKeyUsage = "2.5.29.37";
inline constexpr const char* kTlsFeature = "1.3.6.1.5.5.7.1.24";  // RFC 7633 §6
inline constexpr const char* kOcspNoCheck = "1.3.6.1.5.5.7.48.1.5";
}  // namespace extension_oid

/// O and CN as UTF8String where they are not empty; `raw` is a whole Name and wins.
struct DistinguishedName {
  std::string organization;
  std::string common_name;
  std::optional<Bytes> raw;
};

/// SubjectAltName; absent when nothing is in it. Texts go in as they are, of whatever octets.
struct AlternativeNames {
  std::vector<std::string> dns;
  std::vector<std::string> ip;  // literals; std::invalid_argument when one is not
  std::vector<std::string> email;
  std::vector<std::string> uri;
  std::vector<Bytes> other;  // whole GeneralNames
  std::optional<Bytes> raw;  // the extension's value, instead of all the above
  bool critical = false;
};

struct BasicConstraints {
  bool ca = false;
  std::optional<std::uint64_t> path_length;
  bool critical = true;
};

/// Bits as RFC 5280 §4.2.1.3 numbers them, bit 0 the highest.
namespace key_usage {
inline constexpr std::uint16_t kDigitalSignature = 0x8000;
inline constexpr std::uint16_t kKeyEncipherment = 0x2000;
inline constexpr std::uint16_t kKeyAgreement = 0x0800;
inline constexpr std::uint16_t kKeyCertSign = 0x0400;
inline constexpr std::uint16_t kCrlSign = 0x0200;
}  // namespace key_usage
struct KeyUsage {
  std::uint16_t bits = 0;
  bool critical = true;
};

struct ExtendedKeyUsage {
  std::vector<std::string> purposes;  // dotted OIDs
  bool critical = false;
};

struct CertificateExtension {
  std::string oid;
  bool critical = false;
  Bytes value;  // what the OCTET STRING holds
};

/// The value of NameConstraints (RFC 5280 §4.2.1.10) for dNSNames: subtrees that are permitted, and
/// excluded ones.
[[nodiscard]] Bytes dns_constraints(std::span<const std::string> permitted,
                                    std::span<const std::string> excluded);

struct CertificateSpec {
  std::uint64_t version = 3;  // 1 and 2 have no extensions (RFC 5280 §4.1.2.9)
  Bytes serial;               // magnitude; 16 random octets when empty
  DistinguishedName subject;
  std::optional<DistinguishedName> issuer_name;  // instead of the issuer's own subject
  SystemTime not_before;
  SystemTime not_after;
  std::optional<Bytes> raw_not_before;  // whole elements, tag and all
  std::optional<Bytes> raw_not_after;

  AlternativeNames names;
  std::optional<BasicConstraints> basic_constraints;
  std::optional<KeyUsage> key_usage;
  std::optional<ExtendedKeyUsage> extended_key_usage;
  bool subject_key_id = true;
  bool authority_key_id = true;
  std::optional<Bytes> other_subject_key_id;  // octets instead of the key's own
  std::optional<Bytes> other_authority_key_id;
  bool must_staple = false;  // RFC 7633 §4: TLS feature 5, status_request
  std::vector<CertificateExtension> extra_extensions;  // behind the others, repeats allowed
  std::vector<std::string> removed_extensions;         // OIDs, the extra ones too

  SignatureDigest digest = SignatureDigest::sha256;
  std::optional<Bytes> outer_algorithm;  // whole AlgorithmIdentifier, unlike the one that is signed
  std::function<void(Bytes& tbs)> change_tbs;             // before it is signed
  std::function<void(Bytes& certificate)> change_signed;  // behind the signature's back
  bool corrupt_signature = false;
};

/// The catalogue's BASE: leaf for 90 days, CAs for five years, each from yesterday.
/// `names` are DNS names or address literals; the CN is the first DNS name.
[[nodiscard]] CertificateSpec leaf_spec(SystemTime now, std::span<const std::string> names);
[[nodiscard]] CertificateSpec intermediate_spec(SystemTime now);
[[nodiscard]] CertificateSpec root_spec(SystemTime now);

struct Issuer {
  Bytes certificate;  // its subject and key identifier are taken over
  Key key;
};

/// The certificate, DER. Throws where OpenSSL cannot sign so (MD5 with ECDSA) or the issuer is not
/// readable.
[[nodiscard]] Bytes forge(const CertificateSpec& spec, const Key& subject_key,
                          const Issuer& issuer);
[[nodiscard]] Bytes forge_self_signed(const CertificateSpec& spec, const Key& key);

/// Octets of an address literal, brackets allowed; nothing when it is none.
[[nodiscard]] std::optional<Bytes> address_octets(std::string_view literal);

}  // namespace assay
