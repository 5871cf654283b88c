#include "harness/engine/certificate_proof.h"

#include "harness/crypto/signature.h"
#include "harness/wire/alert.h"

#include <algorithm>
#include <utility>

namespace assay::engine {
namespace {

bool can_sign(std::uint16_t value, const Credential& credential, TlsVersion version) {
  const SignatureScheme* scheme = find_signature_scheme(value);
  if (scheme == nullptr) return false;
  const bool newest = version == TlsVersion::tls13;
  if (newest && !scheme->certificate_verify13) return false;
  return fits(*scheme, credential.key.public_key(),
              newest ? EcdsaCurve::of_scheme : EcdsaCurve::any);
}

}  // namespace

std::optional<std::uint16_t> scheme_for(const Config& config,
                                        const std::vector<std::uint16_t>& of_peer,
                                        const Credential& credential, TlsVersion version) {
  for (const std::uint16_t each : of_peer) {
    const bool ours = std::ranges::find(config.schemes, each) != config.schemes.end();
    if (ours && can_sign(each, credential, version)) return each;
  }
  return std::nullopt;
}

std::optional<std::uint16_t> scheme_for13(Core& core, const std::vector<Extension>& request,
                                          const Credential& credential) {
  const Extension* found = find_extension(request, extension::kSignatureAlgorithms);
  if (found == nullptr) return std::nullopt;
  const auto list = core.read<NumberList>(*found);
  if (!list) return std::nullopt;
  return scheme_for(core.config(), list->values, credential, TlsVersion::tls13);
}

Bytes certificate_body13(const Credential* credential, const Bytes& context,
                         const std::optional<Bytes>& staple) {
  Certificate13 message{context, {}};
  if (credential != nullptr) {
    for (const Bytes& each : credential->identity.chain) {
      message.certificate_list.push_back({each, {}});
    }
    if (staple && !message.certificate_list.empty()) {
      message.certificate_list.front().extensions.push_back(
          {extension::kStatusRequest, encode(CertificateStatus{.response = *staple})});
    }
  }
  return encode(message);
}

void add_certificate13(Flight& flight, const Credential* credential, const Bytes& context,
                       const std::optional<Bytes>& staple) {
  flight.push_back(say(HandshakeType::certificate,
                       [=] { return certificate_body13(credential, context, staple); }));
}

Bytes proof_body(const Credential& credential, std::uint16_t scheme, View content) {
  // A key that cannot sign so is a fault somebody asked for: the signature is then empty.
  return encode(CertificateVerify{scheme, sign(scheme, credential.key, content).value_or(Bytes())});
}

void add_proof13(Core& core, Flight& flight, const Credential& credential, std::uint16_t scheme,
                 Signer signer) {
  flight.push_back(say(HandshakeType::certificate_verify, [&core, &credential, scheme, signer] {
    return proof_body(credential, scheme, content_to_sign(signer, core.transcript().value()));
  }));
}

bool chain_is_there(Core& core, const std::vector<Bytes>& chain) {
  // RFC 8446 §4.4.2.4: a server's empty Certificate is decode_error.
  return core.require(!chain.empty(), Sin::certificate_missing, alert::kDecodeError,
                      "a server without a certificate") &&
         chain_is_taken(core, chain);
}

bool chain_is_taken(Core& core, const std::vector<Bytes>& chain) {
  const auto& verify_peer = core.config().verify_peer;
  if (chain.empty() || !verify_peer) return true;
  const auto refused = verify_peer(chain);
  return core.require(!refused, Sin::certificate_refused,
                      refused.value_or(alert::kCertificateUnknown), "a chain that is refused");
}

bool suits_key(const CipherSuite& suite, const PublicKey& key) {
  switch (suite.authentication) {
    case Authentication::rsa:
      return key.algorithm() == KeyAlgorithm::rsa;
    case Authentication::ecdsa:
      // RFC 8422 §5.10: EdDSA keys go with the ECDSA suites.
      return key.algorithm() == KeyAlgorithm::ec || key.algorithm() == KeyAlgorithm::ed25519 ||
             key.algorithm() == KeyAlgorithm::ed448;
    default:
      return false;
  }
}

std::optional<PublicKey> key_of(Core& core, const std::vector<Bytes>& chain) {
  if (chain.empty()) return std::nullopt;
  auto key = PublicKey::from_certificate(chain.front());
  if (!key) core.fail(alert::kBadCertificate, "a certificate whose key cannot be read");
  return key;
}

bool verify_signature(Core& core, std::uint16_t scheme, const std::optional<PublicKey>& key,
                      View content, View signature) {
  const bool newest = core.exchange().version == TlsVersion::tls13;
  const auto& offered = core.config().schemes;
  const SignatureScheme* known = find_signature_scheme(scheme);
  const bool listed = std::ranges::find(offered, scheme) != offered.end();
  // RFC 8446 §4.4.3: in TLS 1.3 neither PKCS #1 v1.5 nor SHA-1 signs a handshake.
  const bool fit = known != nullptr && (!newest || known->certificate_verify13);
  if (!core.require(listed && fit, Sin::scheme_not_offered, alert::kIllegalParameter,
                    "a signature by a scheme that was not offered")) {
    return false;
  }
  const Verified verified = !key ? Verified::bad
                                 : verify(scheme, *key, content, signature,
                                          newest ? EcdsaCurve::of_scheme : EcdsaCurve::any);
  return core.require(verified != Verified::key_unfit, Sin::scheme_not_offered,
                      alert::kIllegalParameter, "a signature by a scheme that is not the key's") &&
         core.require(verified == Verified::good, Sin::signature_wrong, alert::kDecryptError,
                      "a signature that does not verify");
}

bool verify_proof13(Core& core, View body, const std::vector<Bytes>& chain, Signer signer) {
  const auto proof = core.read<CertificateVerify>(body);
  if (!proof) return false;
  const auto key = key_of(core, chain);
  if (core.failed()) return false;
  const Bytes content = content_to_sign(signer, core.transcript().value_before_last());
  return verify_signature(core, proof->algorithm, key, content, proof->signature);
}

bool verify_finished(Core& core, View body, View expected) {
  const bool prefix = body.size() < expected.size() && equal(body, expected.first(body.size()));
  if (prefix && core.config().tolerated.has(Sin::finished_prefix)) return true;
  // RFC 8446 §4.4.4: of the size of the hash; another size is a message that cannot be read.
  if (!core.require(body.size() == expected.size(), Sin::finished_wrong, alert::kDecodeError,
                    "a Finished of the wrong size")) {
    return false;
  }
  return core.require(equal(body, expected), Sin::finished_wrong, alert::kDecryptError,
                      "a Finished that does not verify");
}

bool take_alpn(Core& core, const Extension* chosen, Agreement& agreement) {
  if (chosen == nullptr) return true;
  const auto list = core.read<ProtocolNameList>(*chosen);
  if (!list) return false;
  const bool one = list->protocol_name_list.size() == 1;
  const std::string name =
      one ? std::string(text_of(list->protocol_name_list.front().name)) : std::string();
  const auto& offered = core.config().alpn;
  const bool ours = std::ranges::find(offered, name) != offered.end();
  // RFC 7301 §3.1: exactly one, and of the offered ones.
  if (!core.require(one && ours, Sin::alpn_not_offered, alert::kIllegalParameter,
                    "a protocol that was not offered")) {
    return false;
  }
  agreement.alpn = name;
  return true;
}

}  // namespace assay::engine
