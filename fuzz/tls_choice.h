// TlsChoice: what the first octets of an input of the TLS targets choose: how the rest is read, and
// what both ends are configured to. The same for the engine and for libssl.
#pragma once

#include "harness/channel/channel.h"
#include "harness/channel/sins.h"

#include <optional>

namespace assay::fuzz {

inline constexpr std::size_t kChoiceOctets = 6;

struct TlsChoice {
  enum class Groups { both, retry, p256, other };  // retry: the server lacks the client's first
  enum class Resumption { none, session, external, early_data };

  // The first octet. An engine opposite costs a handshake, so most values are raw.
  bool opposite = false;      // the rest is edits of an engine opposite; else what a peer says
  bool compared = false;      // played a second time, cut otherwise: both end alike
  bool lenient_peer = false;  // the engine opposite tolerates everything
  std::uint8_t seed = 0;      // the second octet: of the cuts

  // The third.
  TlsVersion min_version = TlsVersion::tls12;
  TlsVersion max_version = TlsVersion::tls13;
  std::size_t suites = 0;  // 0 to 7: rows of kSuites in tls_ends.cpp
  bool ed25519 = false;    // the server's key; else P-256
  bool grease = false;

  // The fourth.
  Groups groups = Groups::both;
  bool client_certificate = false;  // the client has one
  bool certificate_asked = false;
  bool retry_always = false;
  bool retry_with_cookie = false;
  Resumption resumption = Resumption::none;

  // The fifth.
  bool alpn = false;
  bool plain_tls12 = false;  // neither extended_master_secret nor encrypt_then_mac
  bool record_size_limit = false;
  bool psk_without_dhe = false;
  bool without_tickets = false;
  bool renegotiation = false;
  bool without_middlebox_compatibility = false;
  bool post_handshake = false;  // authentication is offered, a staple asked for

  Sins tolerated;  // the sixth, by the end under test
};

/// Nothing where octets are missing.
[[nodiscard]] std::optional<TlsChoice> read_choice(View input);

}  // namespace assay::fuzz
