// Authentication after the handshake (RFC 8446 §4.6.2): what a client says to a CertificateRequest
// on a connection that stands. Used by client13.
#pragma once

#include "harness/crypto/suites.h"
#include "harness/engine/core.h"
#include "harness/wire/certificate.h"

namespace assay::engine {

/// RFC 8446 §4.3.2: none of its extensions twice, and signature_algorithms among them. False:
/// failed.
[[nodiscard]] bool request_is_right13(Core& core, const CertificateRequest13& request);

/// Certificate, CertificateVerify and Finished over the handshake and the request, under a key of
/// the application's traffic secret (RFC 8446 §4.4).
void answer_later_request13(Core& core, const CipherSuite& suite,
                            const CertificateRequest13& request, const Heard& heard);

}  // namespace assay::engine
