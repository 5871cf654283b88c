// The messages that carry and prove certificates: Certificate, CertificateRequest,
// CertificateVerify and CertificateStatus, in the shapes of TLS 1.3 (RFC 8446 §4.3.2, §4.4) and of
// TLS 1.2 (RFC 5246 §7.4.2, §7.4.4, §7.4.8; RFC 6066 §8). Used by the engine; what is inside
// cert_data is pki's.
#pragma once

#include "harness/wire/codec.h"
#include "harness/wire/extension.h"

namespace assay {

/// RFC 8446 §4.4.2.
struct CertificateEntry {
  Bytes cert_data;
  std::vector<Extension> extensions;
};
template <typename Wire>
void fields(Wire& wire, Is<CertificateEntry> auto& m) {
  wire.vector("cert_data", 3, m.cert_data);
  wire.list("extensions", 2, m.extensions);
}
struct Certificate13 {
  Bytes certificate_request_context;
  std::vector<CertificateEntry> certificate_list;
};
template <typename Wire>
void fields(Wire& wire, Is<Certificate13> auto& m) {
  wire.vector("certificate_request_context", 1, m.certificate_request_context);
  wire.list("certificate_list", 3, m.certificate_list);
}

/// RFC 5246 §7.4.2.
struct CertificateData {
  Bytes cert_data;
};
template <typename Wire>
void fields(Wire& wire, Is<CertificateData> auto& m) {
  wire.vector("ASN.1Cert", 3, m.cert_data);
}
struct Certificate12 {
  std::vector<CertificateData> certificate_list;
};
template <typename Wire>
void fields(Wire& wire, Is<Certificate12> auto& m) {
  wire.list("certificate_list", 3, m.certificate_list);
}

/// RFC 8446 §4.3.2.
struct CertificateRequest13 {
  Bytes certificate_request_context;
  std::vector<Extension> extensions;
};
template <typename Wire>
void fields(Wire& wire, Is<CertificateRequest13> auto& m) {
  wire.vector("certificate_request_context", 1, m.certificate_request_context);
  wire.list("extensions", 2, m.extensions);
}

/// RFC 5246 §7.4.4.
struct CertificateRequest12 {
  std::vector<std::uint8_t> certificate_types;
  std::vector<std::uint16_t> supported_signature_algorithms;
  std::vector<AuthorityName> certificate_authorities;
};
template <typename Wire>
void fields(Wire& wire, Is<CertificateRequest12> auto& m) {
  wire.list("certificate_types", 1, m.certificate_types);
  wire.list("supported_signature_algorithms", 2, m.supported_signature_algorithms);
  wire.list("certificate_authorities", 2, m.certificate_authorities);
}

/// RFC 8446 §4.4.3 and RFC 5246 §7.4.8: DigitallySigned.
struct CertificateVerify {
  std::uint16_t algorithm = 0;
  Bytes signature;
};
template <typename Wire>
void fields(Wire& wire, Is<CertificateVerify> auto& m) {
  wire.number("algorithm", m.algorithm);
  wire.vector("signature", 2, m.signature);
}

/// RFC 6066 §8; in TLS 1.3 the body of a status_request extension (RFC 8446 §4.4.2.1).
struct CertificateStatus {
  std::uint8_t status_type = 1;  // ocsp
  Bytes response;
};
template <typename Wire>
void fields(Wire& wire, Is<CertificateStatus> auto& m) {
  wire.number("status_type", m.status_type);
  wire.vector("response", 3, m.response);
}

/// RFC 8446 §4.4.3: what a CertificateVerify of TLS 1.3 signs.
enum class Signer { client, server };
[[nodiscard]] Bytes content_to_sign(Signer signer, View transcript_hash);

}  // namespace assay
