// Faults of a chain that a verifying client must find, and what it must not mind: who signed it,
// when, who may issue, for which purpose. RFC 5280 §6.1.
#include "suites/faults/faults.h"

#include <algorithm>

namespace assay::faults {
namespace {

constexpr const char* kCodeSigning = "1.3.6.1.5.5.7.3.3";
constexpr const char* kUnknownExtension = "1.3.6.1.4.1.99999.1";

void add_unknown_extension(CertificateSpec& certificate) {
  certificate.extra_extensions.push_back({kUnknownExtension, true, der::null()});
}

/// RFC 5280 §4.2.1.9: without a path length as many as there are may stand below it.
void lift_path_length(CertificateSpec& authority) {
  authority.basic_constraints->path_length.reset();
}

void stack_intermediates(Faults& faults, std::size_t count) {
  change_intermediate(faults, lift_path_length);
  faults.chain.below_intermediate.assign(count - 1, lift_path_length);
}

void last_until(Faults& faults, std::chrono::sys_days last_day) {
  change_leaf(faults, [last_day](CertificateSpec& leaf) { leaf.not_after = last_day; });
}

/// Wherever `from` stands, `to` is put, of the same length.
void replace_all(Bytes& octets, View from, View to) {
  auto at = octets.begin();
  while (true) {
    at = std::search(at, octets.end(), from.begin(), from.end());
    if (at == octets.end()) return;
    at = std::copy(to.begin(), to.end(), at);
  }
}

constexpr NamedFault kFaults[] = {
    // Who signed it.
    {.name = "twin_root",
     .summary =
         "The chain leads to a root with the name and the key identifier of the trusted one, "
         "and another key",
     .apply = [](Faults& faults) { faults.chain.trust = LeafTrust::twin_root; }},
    {.name = "authorities_in_a_loop",
     .summary = "Each of the two authorities of the chain has its certificate from the other",
     .apply = [](Faults& faults) { faults.chain.trust = LeafTrust::loop; }},
    {.name = "cross_root",
     .kind = NamedFault::Kind::liberty,
     .summary = "The root is served as an older one signed it, whose time has passed",
     .apply = [](Faults& faults) { faults.chain.serve_cross_root = true; }},
    {.name = "unknown_root_served",
     .summary = "The chain leads to a root that nobody was told to trust, and which is served, too",
     .apply =
         [](Faults& faults) {
           faults.chain.trust = LeafTrust::unknown_root;
           faults.chain.serve_root = true;
         }},
    {.name = "self_signed_authority",
     .summary = "The certificate is its own issuer and says that it is an authority",
     .apply =
         [](Faults& faults) {
           faults.chain.trust = LeafTrust::self_signed;
           change_leaf(faults, [](CertificateSpec& leaf) {
             leaf.basic_constraints = BasicConstraints{.ca = true};
             leaf.key_usage->bits |= key_usage::kKeyCertSign;
           });
         }},
    {.name = "forged_leaf",
     .summary = "One bit of the certificate's signature is flipped",
     .apply =
         [](Faults& faults) {
           change_leaf(faults, [](CertificateSpec& leaf) { leaf.corrupt_signature = true; });
         }},
    {.name = "forged_intermediate",
     .summary = "One bit of the intermediate's signature is flipped",
     .apply =
         [](Faults& faults) {
           change_intermediate(faults, [](CertificateSpec& ca) { ca.corrupt_signature = true; });
         }},
    {.name = "renamed_leaf",
     .summary =
         "The certificate was signed for another host, and the host's name put in afterwards",
     .apply =
         [](Faults& faults) {
           change_leaf(faults, [](CertificateSpec& leaf) {
             const std::string name = leaf.names.dns.front();
             const std::string signed_for = "x" + name.substr(1);
             leaf.names.dns.front() = signed_for;
             leaf.subject.common_name = signed_for;
             leaf.change_signed = [name, signed_for](Bytes& certificate) {
               replace_all(certificate, view_of(signed_for), view_of(name));
             };
           });
         }},
    {.name = "other_issuer_name",
     .summary = "The certificate is signed by the intermediate and names another issuer",
     .apply =
         [](Faults& faults) {
           change_leaf(faults, [](CertificateSpec& leaf) {
             leaf.issuer_name = DistinguishedName{"Assay", "Assay other intermediate", {}};
           });
         }},
    {.name = "two_algorithms",
     .summary = "The certificate names SHA-384 where it is signed, SHA-256 beside the signature, "
                "which is made with SHA-256",
     .apply =
         [](Faults& faults) {
           change_leaf(faults, [](CertificateSpec& leaf) {
             leaf.change_tbs = [](Bytes& tbs) {
               const Bytes with_sha256 = der::oid("1.2.840.10045.4.3.2");
               const Bytes with_sha384 = der::oid("1.2.840.10045.4.3.3");
               replace_all(tbs, with_sha256, with_sha384);
             };
           });
         }},
    {.name = "md5_leaf",
     .summary = "The certificate is signed with MD5",
     .apply =
         [](Faults& faults) {
           faults.chain.intermediate_key = KeyKind::rsa2048;
           faults.chain.leaf_digest = SignatureDigest::md5;
         }},
    {.name = "sha1_leaf_by_rsa",
     .summary = "The certificate is signed with SHA-1 by an RSA key",
     .apply =
         [](Faults& faults) {
           faults.chain.intermediate_key = KeyKind::rsa2048;
           faults.chain.leaf_digest = SignatureDigest::sha1;
         }},
    {.name = "rsa1024_intermediate",
     .summary = "The intermediate's key is RSA of 1024 bits",
     .apply = [](Faults& faults) { faults.chain.intermediate_key = KeyKind::rsa1024; }},
    {.name = "rsa512_leaf",
     .summary = "The certificate's key is RSA of 512 bits, which takes TLS 1.2",
     .apply =
         [](Faults& faults) {
           faults.chain.leaf_key = KeyKind::rsa512;
           // RFC 8446 §4.2.3: TLS 1.3 signs by RSASSA-PSS, which needs more room with SHA-256.
           faults.tls_config.push_back(
               [](Access, OracleConfig& config) { config.max_version = TlsVersion::tls12; });
         }},
    {.name = "other_leaf_in_front",
     .summary = "Before the certificate stands one for another host and another key",
     .apply = [](Faults& faults) { faults.chain.names_in_front = {"other.test"}; }},
    {.name = "other_name_in_front",
     .summary = "Before the certificate stands one for another host and the same key",
     .apply =
         [](Faults& faults) {
           faults.chain.names_in_front = {"other.test"};
           faults.chain.label_in_front = faults.chain.leaf_label;
         }},
    // When.
    {.name = "just_expired_leaf",
     .summary = "The certificate's time has passed two seconds ago",
     .apply =
         [](Faults& faults) {
           change_leaf(faults, [](CertificateSpec& leaf) {
             leaf.not_after = std::chrono::system_clock::now() - std::chrono::seconds(2);
           });
         }},
    {.name = "expired_intermediate",
     .summary = "The intermediate's time has passed",
     .apply =
         [](Faults& faults) {
           change_intermediate(faults, [](CertificateSpec& ca) {
             ca.not_after = ca.not_before + std::chrono::hours(1);
           });
         }},
    {.name = "leaf_until_2039",
     .kind = NamedFault::Kind::liberty,
     .summary = "The certificate's time ends in 2039, behind the end of 32-bit seconds",
     .apply = [](Faults& faults) { last_until(faults, std::chrono::year(2039) / 1 / 1); }},
    {.name = "leaf_until_2050",
     .kind = NamedFault::Kind::liberty,
     .summary = "The certificate's time ends in 2050, which takes a GeneralizedTime",
     .apply = [](Faults& faults) { last_until(faults, std::chrono::year(2050) / 1 / 1); }},
    // Who may issue.
    {.name = "issued_by_leaf",
     .summary = "The certificate is issued by the holder of a certificate that is no authority's",
     .apply =
         [](Faults& faults) {
           change_intermediate(faults, lift_path_length);
           faults.chain.below_intermediate.emplace_back([](CertificateSpec& leaf) {
             leaf.basic_constraints = BasicConstraints{};
             leaf.key_usage = KeyUsage{key_usage::kDigitalSignature};
             leaf.names.dns = {"other.test"};
           });
         }},
    {.name = "intermediate_without_constraints",
     .summary = "The intermediate has no basicConstraints",
     .apply =
         [](Faults& faults) {
           change_intermediate(faults, [](CertificateSpec& ca) { ca.basic_constraints.reset(); });
         }},
    {.name = "intermediate_of_version_1",
     .summary = "The intermediate is of version 1, without extensions",
     .apply =
         [](Faults& faults) {
           change_intermediate(faults, [](CertificateSpec& ca) { ca.version = 1; });
         }},
    {.name = "intermediate_without_certificate_signing",
     .summary = "The intermediate's key usage has not keyCertSign",
     .apply =
         [](Faults& faults) {
           change_intermediate(faults, [](CertificateSpec& ca) {
             ca.key_usage = KeyUsage{key_usage::kCrlSign | key_usage::kDigitalSignature};
           });
         }},
    {.name = "two_intermediates",
     .kind = NamedFault::Kind::liberty,
     .summary = "Below an intermediate with path length 1 stands one with path length 0",
     .apply =
         [](Faults& faults) {
           change_intermediate(faults,
                               [](CertificateSpec& ca) { ca.basic_constraints->path_length = 1; });
           faults.chain.below_intermediate.emplace_back([](CertificateSpec&) {});
         }},
    {.name = "twenty_intermediates",
     .kind = NamedFault::Kind::liberty,
     .summary = "Between the certificate and the root stand 20 intermediates",
     .apply = [](Faults& faults) { stack_intermediates(faults, 20); }},
    {.name = "hundred_intermediates",
     .kind = NamedFault::Kind::liberty,
     .summary = "Between the certificate and the root stand 100 intermediates",
     .apply = [](Faults& faults) { stack_intermediates(faults, 100); }},
    {.name = "path_too_long",
     .summary = "Below the intermediate with path length 0 stands another",
     .apply =
         [](Faults& faults) {
           faults.chain.below_intermediate.emplace_back([](CertificateSpec&) {});
         }},
    // For which purpose, and what is not understood.
    {.name = "mail_purpose_only",
     .summary = "The certificate is for mail and for code alone",
     .apply =
         [](Faults& faults) {
           faults.chain.leaf_purposes = {purpose::kEmailProtection, kCodeSigning};
         }},
    {.name = "client_purpose_intermediate",
     .summary = "The intermediate is for clients alone",
     .apply =
         [](Faults& faults) {
           change_intermediate(faults, [](CertificateSpec& ca) {
             ca.extended_key_usage = ExtendedKeyUsage{{purpose::kClientAuth}};
           });
         }},
    {.name = "unknown_extension",
     .kind = NamedFault::Kind::liberty,
     .summary = "The certificate has an extension that nobody knows, and which is not critical",
     .apply =
         [](Faults& faults) {
           change_leaf(faults, [](CertificateSpec& leaf) {
             leaf.extra_extensions.push_back({kUnknownExtension, false, der::null()});
           });
         }},
    {.name = "unknown_critical_extension",
     .summary = "The certificate has a critical extension that nobody knows",
     .apply = [](Faults& faults) { change_leaf(faults, add_unknown_extension); }},
    {.name = "unknown_critical_extension_above",
     .summary = "The intermediate has a critical extension that nobody knows",
     .apply = [](Faults& faults) { change_intermediate(faults, add_unknown_extension); }},
};

}  // namespace

std::span<const NamedFault> certification() { return kFaults; }

}  // namespace assay::faults
