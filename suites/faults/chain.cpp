// Faults and liberties of what a server presents.
#include "suites/faults/faults.h"

namespace assay::faults {
namespace {

constexpr NamedFault kFaults[] = {
    {.name = "issuer_first",
     .summary = "The intermediate is served before the server's own certificate",
     .apply = [](Faults& faults) { faults.chain.order = ServedOrder::issuer_first; }},
    {.name = "no_intermediate",
     .summary = "The intermediate is not served",
     .apply = [](Faults& faults) { faults.chain.serve_intermediate = false; }},
    {.name = "unknown_root",
     .summary = "The chain leads to a root that nobody was told to trust",
     .apply = [](Faults& faults) { faults.chain.trust = LeafTrust::unknown_root; }},
    {.name = "self_signed",
     .summary = "The certificate is its own issuer",
     .apply = [](Faults& faults) { faults.chain.trust = LeafTrust::self_signed; }},
    {.name = "expired_leaf",
     .summary = "The certificate's time has passed",
     .apply = [](Faults& faults) { faults.chain.leaf_validity = LeafValidity::expired; }},
    {.name = "leaf_not_yet_valid",
     .summary = "The certificate's time has not come",
     .apply = [](Faults& faults) { faults.chain.leaf_validity = LeafValidity::not_yet_valid; }},
    {.name = "other_name",
     .summary = "The certificate is for another host",
     .apply =
         [](Faults& faults) { faults.chain.leaf_names = std::vector<std::string>{"other.test"}; }},
    {.name = "name_in_common_name_only",
     .summary = "The host's name stands in the common name alone",
     .apply = [](Faults& faults) { faults.chain.names_in_common_name_only = true; }},
    {.name = "name_in_common_name_beside_another",
     .summary = "The host's name stands in the common name, and another host's where names belong",
     .apply =
         [](Faults& faults) {
           faults.chain.leaf_names = std::vector<std::string>{"other.test"};
           change_leaf(faults, [host = faults.host](CertificateSpec& leaf) {
             leaf.subject.common_name = host;
           });
         }},
    {.name = "rsa1024_leaf",
     .summary = "The certificate's key is RSA of 1024 bits",
     .apply = [](Faults& faults) { faults.chain.leaf_key = KeyKind::rsa1024; }},
    {.name = "rsa_leaf",
     .kind = NamedFault::Kind::liberty,
     .summary = "The certificate's key is RSA of 2048 bits",
     .apply = [](Faults& faults) { faults.chain.leaf_key = KeyKind::rsa2048; }},
    {.name = "small_exponent",
     .kind = NamedFault::Kind::liberty,
     .summary = "The certificate's key is RSA with the public exponent 3",
     .apply = [](Faults& faults) { faults.chain.leaf_key = KeyKind::rsa_exponent3; }},
    {.name = "ed25519_leaf",
     .kind = NamedFault::Kind::liberty,
     .summary = "The certificate's key is Ed25519",
     .apply = [](Faults& faults) { faults.chain.leaf_key = KeyKind::ed25519; }},
    {.name = "sha1_intermediate",
     .summary = "The intermediate is signed with SHA-1",
     .apply = [](Faults& faults) { faults.chain.intermediate_digest = SignatureDigest::sha1; }},
    {.name = "sha1_leaf",
     .summary = "The certificate is signed with SHA-1",
     .apply = [](Faults& faults) { faults.chain.leaf_digest = SignatureDigest::sha1; }},
    {.name = "client_purpose_only",
     .summary = "The certificate is for clients alone",
     .apply = [](Faults& faults) { faults.chain.leaf_purposes = {purpose::kClientAuth}; }},
    {.name = "no_purpose",
     .kind = NamedFault::Kind::liberty,
     .summary = "The certificate has no extended key usage",
     .apply = [](Faults& faults) { faults.chain.leaf_purposes.clear(); }},
    {.name = "serve_root",
     .kind = NamedFault::Kind::liberty,
     .summary = "The root is served, too",
     .apply = [](Faults& faults) { faults.chain.serve_root = true; }},
    {.name = "no_staple",
     .summary = "No staple is sent, whatever the certificate demands",
     .apply = [](Faults& faults) { faults.chain.staple = StapleKind::none; }},
    {.name = "good_staple",
     .kind = NamedFault::Kind::liberty,
     .summary = "A good OCSP response of the issuer is stapled",
     .apply = [](Faults& faults) { faults.chain.staple = StapleKind::good; }},
    {.name = "delegated_staple",
     .kind = NamedFault::Kind::liberty,
     .summary = "A good OCSP response of a responder that the issuer authorised is stapled",
     .apply = [](Faults& faults) { faults.chain.staple = StapleKind::good_delegated; }},
    {.name = "stale_staple",
     .summary = "An OCSP response whose time has passed is stapled",
     .apply = [](Faults& faults) { faults.chain.staple = StapleKind::stale; }},
    {.name = "foreign_staple",
     .summary = "An OCSP response about another certificate is stapled",
     .apply = [](Faults& faults) { faults.chain.staple = StapleKind::foreign; }},
    {.name = "revoked_staple",
     .summary = "An OCSP response that says revoked is stapled",
     .apply = [](Faults& faults) { faults.chain.staple = StapleKind::revoked; }},
    {.name = "unauthorised_staple",
     .summary = "An OCSP response of somebody whom the issuer did not authorise is stapled",
     .apply = [](Faults& faults) { faults.chain.staple = StapleKind::unauthorised_delegate; }},
    {.name = "strange_staple",
     .summary = "An OCSP response by somebody under another root is stapled",
     .apply = [](Faults& faults) { faults.chain.staple = StapleKind::unknown_signer; }},
    {.name = "early_staple",
     .summary = "An OCSP response whose time has not come is stapled",
     .apply = [](Faults& faults) { faults.chain.staple = StapleKind::not_yet_valid; }},
    {.name = "separate_certificates",
     .kind = NamedFault::Kind::liberty,
     .summary = "Each listener has a certificate and key of its own",
     .apply =
         [](Faults& faults) {
           faults.listener_chain.push_back([](Access access, ChainSpec& chain) {
             chain.leaf_label += access == Access::upgrade ? "_upgrade" : "_implicit";
           });
         }},
};

}  // namespace

std::span<const NamedFault> chain() { return kFaults; }

}  // namespace assay::faults
