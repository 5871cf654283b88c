// The context tags of LDAP's components (RFC 4511, appendix B), as identifier octets. Shared by the
// two halves of the codec.
#pragma once

#include <cstdint>

namespace assay::ldap_tag {

inline constexpr std::uint8_t kControls = 0xa0;           // §4.1.1
inline constexpr std::uint8_t kReferral = 0xa3;           // §4.1.9
inline constexpr std::uint8_t kSimple = 0x80;             // §4.2
inline constexpr std::uint8_t kSasl = 0xa3;               // §4.2
inline constexpr std::uint8_t kServerSaslCreds = 0x87;    // §4.2.2
inline constexpr std::uint8_t kNewSuperior = 0x80;        // §4.9
inline constexpr std::uint8_t kRequestName = 0x80;        // §4.12
inline constexpr std::uint8_t kRequestValue = 0x81;       // §4.12
inline constexpr std::uint8_t kResponseName = 0x8a;       // §4.12
inline constexpr std::uint8_t kResponseValue = 0x8b;      // §4.12
inline constexpr std::uint8_t kIntermediateName = 0x80;   // §4.13
inline constexpr std::uint8_t kIntermediateValue = 0x81;  // §4.13

}  // namespace assay::ldap_tag
