// Alert descriptions (RFC 8446 §6, RFC 5246 §7.2 and the extensions that add their own). Used by
// whoever sends or judges one; harness/wire/describe.h has their names.
#pragma once

#include <cstdint>

namespace assay::alert {

inline constexpr std::uint8_t kCloseNotify = 0;
inline constexpr std::uint8_t kUnexpectedMessage = 10;
inline constexpr std::uint8_t kBadRecordMac = 20;
inline constexpr std::uint8_t kDecryptionFailed = 21;  // RFC 5246 §7.2.2: must not be sent
inline constexpr std::uint8_t kRecordOverflow = 22;
inline constexpr std::uint8_t kHandshakeFailure = 40;
inline constexpr std::uint8_t kBadCertificate = 42;
inline constexpr std::uint8_t kUnsupportedCertificate = 43;
inline constexpr std::uint8_t kCertificateRevoked = 44;
inline constexpr std::uint8_t kCertificateExpired = 45;
inline constexpr std::uint8_t kCertificateUnknown = 46;
inline constexpr std::uint8_t kIllegalParameter = 47;
inline constexpr std::uint8_t kUnknownCa = 48;
inline constexpr std::uint8_t kDecodeError = 50;
inline constexpr std::uint8_t kDecryptError = 51;
inline constexpr std::uint8_t kProtocolVersion = 70;
inline constexpr std::uint8_t kInsufficientSecurity = 71;
inline constexpr std::uint8_t kInternalError = 80;
inline constexpr std::uint8_t kInappropriateFallback = 86;  // RFC 7507 §3
inline constexpr std::uint8_t kUserCanceled = 90;
inline constexpr std::uint8_t kNoRenegotiation = 100;  // RFC 5246 §7.2.2
inline constexpr std::uint8_t kMissingExtension = 109;
inline constexpr std::uint8_t kUnsupportedExtension = 110;
inline constexpr std::uint8_t kUnrecognizedName = 112;  // RFC 6066 §3
inline constexpr std::uint8_t kUnknownPskIdentity = 115;
inline constexpr std::uint8_t kCertificateRequired = 116;
inline constexpr std::uint8_t kNoApplicationProtocol = 120;  // RFC 7301 §3.2

}  // namespace assay::alert
