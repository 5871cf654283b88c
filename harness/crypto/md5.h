// MD5 (RFC 1321), for the two that still ask for it: APOP (RFC 1939 §7) and CRAM-MD5 (RFC 2195).
// Nothing here trusts it.
#pragma once

#include "harness/base/bytes.h"

namespace assay {

/// 16 octets; throws std::runtime_error where OpenSSL is configured without MD5.
[[nodiscard]] Bytes md5(View octets);
/// RFC 2104 with MD5: 16 octets; throws as md5() does.
[[nodiscard]] Bytes hmac_md5(View key, View message);

}  // namespace assay
