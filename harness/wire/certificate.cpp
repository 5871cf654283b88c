#include "harness/wire/certificate.h"

namespace assay {

Bytes content_to_sign(Signer signer, View transcript_hash) {
  // RFC 8446 §4.4.3: 64 spaces, the context, a zero, the hash.
  Bytes content(64, 0x20);
  append(content, signer == Signer::server ? "TLS 1.3, server CertificateVerify"
                                           : "TLS 1.3, client CertificateVerify");
  put_u8(content, 0);
  append(content, transcript_hash);
  return content;
}

}  // namespace assay
