// Extensions: their types and what is inside those that the engine speaks. Used by the hellos, by
// the engine and by checks that alter them. What is unknown keeps its octets.
#pragma once

#include "harness/wire/codec.h"

#include <optional>

namespace assay {

/// IANA's ExtensionType values.
namespace extension {
inline constexpr std::uint16_t kServerName = 0x0000;              // RFC 6066 §3
inline constexpr std::uint16_t kMaxFragmentLength = 0x0001;       // RFC 6066 §4
inline constexpr std::uint16_t kStatusRequest = 0x0005;           // RFC 6066 §8
inline constexpr std::uint16_t kSupportedGroups = 0x000a;         // RFC 8446 §4.2.7
inline constexpr std::uint16_t kEcPointFormats = 0x000b;          // RFC 8422 §5.1.2
inline constexpr std::uint16_t kSignatureAlgorithms = 0x000d;     // RFC 8446 §4.2.3
inline constexpr std::uint16_t kHeartbeat = 0x000f;               // RFC 6520 §2
inline constexpr std::uint16_t kAlpn = 0x0010;                    // RFC 7301 §3.1
inline constexpr std::uint16_t kPadding = 0x0015;                 // RFC 7685 §3
inline constexpr std::uint16_t kEncryptThenMac = 0x0016;          // RFC 7366 §2
inline constexpr std::uint16_t kExtendedMasterSecret = 0x0017;    // RFC 7627 §5.1
inline constexpr std::uint16_t kRecordSizeLimit = 0x001c;         // RFC 8449 §4
inline constexpr std::uint16_t kSessionTicket = 0x0023;           // RFC 5077 §3.2
inline constexpr std::uint16_t kPreSharedKey = 0x0029;            // RFC 8446 §4.2.11
inline constexpr std::uint16_t kEarlyData = 0x002a;               // RFC 8446 §4.2.10
inline constexpr std::uint16_t kSupportedVersions = 0x002b;       // RFC 8446 §4.2.1
inline constexpr std::uint16_t kCookie = 0x002c;                  // RFC 8446 §4.2.2
inline constexpr std::uint16_t kPskKeyExchangeModes = 0x002d;     // RFC 8446 §4.2.9
inline constexpr std::uint16_t kCertificateAuthorities = 0x002f;  // RFC 8446 §4.2.4
inline constexpr std::uint16_t kPostHandshakeAuth = 0x0031;       // RFC 8446 §4.2.6
inline constexpr std::uint16_t kSignatureAlgorithmsCert = 0x0032;
inline constexpr std::uint16_t kKeyShare = 0x0033;              // RFC 8446 §4.2.8
inline constexpr std::uint16_t kEncryptedClientHello = 0xfe0d;  // RFC 9849 §5
inline constexpr std::uint16_t kRenegotiationInfo = 0xff01;     // RFC 5746 §3.2
}  // namespace extension

/// IANA's NamedGroup values (RFC 8446 §4.2.7).
namespace group {
inline constexpr std::uint16_t kSecp256r1 = 0x0017;
inline constexpr std::uint16_t kSecp384r1 = 0x0018;
inline constexpr std::uint16_t kSecp521r1 = 0x0019;
inline constexpr std::uint16_t kX25519 = 0x001d;
inline constexpr std::uint16_t kX448 = 0x001e;
inline constexpr std::uint16_t kFfdhe2048 = 0x0100;
inline constexpr std::uint16_t kX25519MlKem768 = 0x11ec;
}  // namespace group

struct Extension {
  std::uint16_t extension_type = 0;
  Bytes extension_data;
  bool operator==(const Extension&) const = default;
};
template <typename Wire>
void fields(Wire& wire, Is<Extension> auto& m) {
  wire.number("extension_type", m.extension_type);
  wire.vector("extension_data", 2, m.extension_data);
}

/// The first of that type, or null.
[[nodiscard]] const Extension* find_extension(const std::vector<Extension>& in, std::uint16_t type);
/// RFC 8446 §4.2: more than one of a type is illegal. The first type that comes twice.
[[nodiscard]] std::optional<std::uint16_t> repeated_extension(const std::vector<Extension>& in);
/// Puts `data` where that type stands, or at the end.
void set_extension(std::vector<Extension>& in, std::uint16_t type, Bytes data);
void remove_extension(std::vector<Extension>& in, std::uint16_t type);

/// RFC 8701 §2: a value of the reserved ones, 0x0a0a to 0xfafa.
[[nodiscard]] constexpr std::uint16_t grease(std::uint64_t chance) {
  return static_cast<std::uint16_t>(0x0a0a + 0x1010 * (chance % 16));
}
[[nodiscard]] constexpr bool is_grease(std::uint16_t value) {
  return (value & 0x0f0f) == 0x0a0a && (value >> 8) == (value & 0xff);
}

// --- what is inside: one struct a shape ----------------------------------------------------------

/// supported_groups, signature_algorithms, signature_algorithms_cert: numbers behind two octets of
/// length.
struct NumberList {
  std::vector<std::uint16_t> values;
};
template <typename Wire>
void fields(Wire& wire, Is<NumberList> auto& m) {
  wire.list("list", 2, m.values);
}

/// supported_versions of a ClientHello (RFC 8446 §4.2.1).
struct VersionList {
  std::vector<std::uint16_t> versions;
};
template <typename Wire>
void fields(Wire& wire, Is<VersionList> auto& m) {
  wire.list("versions", 1, m.versions);
}

/// psk_key_exchange_modes (RFC 8446 §4.2.9), ec_point_formats (RFC 8422 §5.1.2).
struct OctetList {
  std::vector<std::uint8_t> values;
};
template <typename Wire>
void fields(Wire& wire, Is<OctetList> auto& m) {
  wire.list("list", 1, m.values);
}

/// A single number: the chosen version (§4.2.1), the group of a HelloRetryRequest (§4.2.8),
/// selected_identity (§4.2.11), record_size_limit (RFC 8449 §4).
struct Number16 {
  std::uint16_t value = 0;
};
template <typename Wire>
void fields(Wire& wire, Is<Number16> auto& m) {
  wire.number("value", m.value);
}

/// RFC 6066 §4: 1 to 4 stand for 2^9 to 2^12 octets.
struct MaxFragmentLength {
  std::uint8_t code = 0;
};
template <typename Wire>
void fields(Wire& wire, Is<MaxFragmentLength> auto& m) {
  wire.number("max_fragment_length", m.code);
}

/// RFC 8446 §4.2.8.
struct KeyShareEntry {
  std::uint16_t group = 0;
  Bytes key_exchange;
  bool operator==(const KeyShareEntry&) const = default;
};
template <typename Wire>
void fields(Wire& wire, Is<KeyShareEntry> auto& m) {
  wire.number("group", m.group);
  wire.vector("key_exchange", 2, m.key_exchange);
}
struct KeyShareList {
  std::vector<KeyShareEntry> client_shares;
};
template <typename Wire>
void fields(Wire& wire, Is<KeyShareList> auto& m) {
  wire.list("client_shares", 2, m.client_shares);
}

/// RFC 8446 §4.2.2.
struct Cookie {
  Bytes cookie;
};
template <typename Wire>
void fields(Wire& wire, Is<Cookie> auto& m) {
  wire.vector("cookie", 2, m.cookie);
}

/// RFC 6066 §3.
struct ServerName {
  std::uint8_t name_type = 0;  // host_name
  Bytes host_name;
};
template <typename Wire>
void fields(Wire& wire, Is<ServerName> auto& m) {
  wire.number("name_type", m.name_type);
  wire.vector("host_name", 2, m.host_name);
}
struct ServerNameList {
  std::vector<ServerName> server_name_list;
};
template <typename Wire>
void fields(Wire& wire, Is<ServerNameList> auto& m) {
  wire.list("server_name_list", 2, m.server_name_list);
}

/// RFC 7301 §3.1.
struct ProtocolName {
  Bytes name;
};
template <typename Wire>
void fields(Wire& wire, Is<ProtocolName> auto& m) {
  wire.vector("protocol_name", 1, m.name);
}
struct ProtocolNameList {
  std::vector<ProtocolName> protocol_name_list;
};
template <typename Wire>
void fields(Wire& wire, Is<ProtocolNameList> auto& m) {
  wire.list("protocol_name_list", 2, m.protocol_name_list);
}

/// RFC 8446 §4.2.11.
struct PskIdentity {
  Bytes identity;
  std::uint32_t obfuscated_ticket_age = 0;
};
template <typename Wire>
void fields(Wire& wire, Is<PskIdentity> auto& m) {
  wire.vector("identity", 2, m.identity);
  wire.number("obfuscated_ticket_age", m.obfuscated_ticket_age);
}
struct PskBinder {
  Bytes binder;
};
template <typename Wire>
void fields(Wire& wire, Is<PskBinder> auto& m) {
  wire.vector("binder", 1, m.binder);
}
struct OfferedPsks {
  std::vector<PskIdentity> identities;
  std::vector<PskBinder> binders;
};
template <typename Wire>
void fields(Wire& wire, Is<OfferedPsks> auto& m) {
  wire.list("identities", 2, m.identities);
  wire.list("binders", 2, m.binders);
}
/// What the list of binders takes at the end of a ClientHello, its length included: a binder covers
/// all in front of it (RFC 8446 §4.2.11.2).
[[nodiscard]] std::size_t size_of_binders(const std::vector<PskBinder>& binders);

/// RFC 5746 §3.2.
struct RenegotiationInfo {
  Bytes renegotiated_connection;
};
template <typename Wire>
void fields(Wire& wire, Is<RenegotiationInfo> auto& m) {
  wire.vector("renegotiated_connection", 1, m.renegotiated_connection);
}

/// status_request of a client (RFC 6066 §8): OCSP, no responders named, no extensions asked for.
[[nodiscard]] Bytes ocsp_status_request();

/// certificate_authorities (RFC 8446 §4.2.4): names in DER.
struct AuthorityName {
  Bytes name;
};
template <typename Wire>
void fields(Wire& wire, Is<AuthorityName> auto& m) {
  wire.vector("DistinguishedName", 2, m.name);
}
struct CertificateAuthorities {
  std::vector<AuthorityName> authorities;
};
template <typename Wire>
void fields(Wire& wire, Is<CertificateAuthorities> auto& m) {
  wire.list("authorities", 2, m.authorities);
}

}  // namespace assay
