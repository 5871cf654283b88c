// Endings for the alerts that rows name (RFC 8446 §6, RFC 5246 §7.2). Used by their tables.
#pragma once

#include "harness/check/ending.h"

namespace assay::suites {

inline constexpr Ending kBadRecordMac{"alert_bad_record_mac"};
inline constexpr Ending kDecodeError{"alert_decode_error"};
inline constexpr Ending kDecryptError{"alert_decrypt_error"};
inline constexpr Ending kHandshakeFailure{"alert_handshake_failure"};
inline constexpr Ending kIllegalParameter{"alert_illegal_parameter"};
inline constexpr Ending kInsufficientSecurity{"alert_insufficient_security"};
inline constexpr Ending kInternalError{"alert_internal_error"};
inline constexpr Ending kMissingExtension{"alert_missing_extension"};
inline constexpr Ending kProtocolVersion{"alert_protocol_version"};
inline constexpr Ending kUnexpectedMessage{"alert_unexpected_message"};

}  // namespace assay::suites
