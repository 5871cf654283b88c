// Certificates and the proofs that go with them, as both roles say and judge them: Certificate,
// CertificateVerify and Finished (RFC 8446 §4.4), and the small answers that both versions share.
// Used by the engine's states.
#pragma once

#include "harness/crypto/suites.h"
#include "harness/engine/core.h"
#include "harness/wire/certificate.h"

namespace assay::engine {

/// The first of the peer's schemes that the key can make in that version; nothing when there is
/// none.
[[nodiscard]] std::optional<std::uint16_t> scheme_for(const Config& config,
                                                      const std::vector<std::uint16_t>& of_peer,
                                                      const Credential& credential,
                                                      TlsVersion version);
/// From the signature_algorithms of a request or a hello; nothing when there are none (RFC 8446
/// §4.2.3 has them mandatory, and the caller has asked for them).
[[nodiscard]] std::optional<std::uint16_t> scheme_for13(Core& core,
                                                        const std::vector<Extension>& request,
                                                        const Credential& credential);

/// `credential` null: an empty list. `staple` goes with the first entry (RFC 8446 §4.4.2.1).
void add_certificate13(Flight& flight, const Credential* credential, const Bytes& context,
                       const std::optional<Bytes>& staple = {});
[[nodiscard]] Bytes certificate_body13(const Credential* credential, const Bytes& context,
                                       const std::optional<Bytes>& staple = {});
void add_proof13(Core& core, Flight& flight, const Credential& credential, std::uint16_t scheme,
                 Signer signer);
[[nodiscard]] Bytes proof_body(const Credential& credential, std::uint16_t scheme, View content);

/// A CertificateVerify by the first of `chain` over what was said before it. False: failed.
[[nodiscard]] bool verify_proof13(Core& core, View body, const std::vector<Bytes>& chain,
                                  Signer signer);
/// A server's chain: not empty, and not refused. False: failed.
[[nodiscard]] bool chain_is_there(Core& core, const std::vector<Bytes>& chain);
/// What the configuration says to a chain; an empty one is nobody's. False: failed.
[[nodiscard]] bool chain_is_taken(Core& core, const std::vector<Bytes>& chain);
/// RFC 5246 §7.4.2: whether the key is of the kind that the suite authenticates with.
[[nodiscard]] bool suits_key(const CipherSuite& suite, const PublicKey& key);
/// The key of a chain's first certificate, none of an empty chain; bad_certificate when it is not
/// to be read.
[[nodiscard]] std::optional<PublicKey> key_of(Core& core, const std::vector<Bytes>& chain);
/// A signature by `scheme` of a peer: offered, fit for the key, right; without a key none is.
/// False: failed.
[[nodiscard]] bool verify_signature(Core& core, std::uint16_t scheme,
                                    const std::optional<PublicKey>& key, View content,
                                    View signature);
/// RFC 8446 §4.4.4, RFC 5246 §7.4.9. False: failed.
[[nodiscard]] bool verify_finished(Core& core, View body, View expected);

/// RFC 7301 §3.1: the server's choice. False: failed.
[[nodiscard]] bool take_alpn(Core& core, const Extension* chosen, Agreement& agreement);

}  // namespace assay::engine
