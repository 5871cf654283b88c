// OCSP responses for stapling, honest by default, wrong where a spec says so (RFC 6960 §4.2).
// Used by authority; parsed again by the judge and by the clients under test.
#pragma once

#include "harness/pki/forge.h"

namespace assay {

enum class OcspStatus { good, revoked, unknown };

struct StapleSpec {
  OcspStatus status = OcspStatus::good;
  SystemTime this_update;
  std::optional<SystemTime> next_update;
  Bytes serial;       // of another certificate, instead of the subject's
  Bytes responder;    // certificate of a delegate, sent along; the issuer signs when empty
  Key responder_key;  // the delegate's
  bool sha256_cert_id = false;  // RFC 6960 §4.3 and 5019 §2.1.1 make SHA-1 the common choice
  bool corrupt_signature = false;
};

/// One OCSPResponse, DER, about `certificate` as issued by `issuer`. producedAt is the machine's
/// clock.
[[nodiscard]] Bytes forge_staple(const StapleSpec& spec, View certificate, const Issuer& issuer);
/// A response that says tryLater and nothing else.
[[nodiscard]] Bytes forge_try_later();

}  // namespace assay
