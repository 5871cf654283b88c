// MD5 (RFC 1321), for the one command that still asks for it: APOP (RFC 1939 §7). Nothing here
// trusts it.
#pragma once

#include "harness/base/bytes.h"

namespace assay {

/// 16 octets; throws std::runtime_error where OpenSSL is configured without MD5.
[[nodiscard]] Bytes md5(View octets);

}  // namespace assay
