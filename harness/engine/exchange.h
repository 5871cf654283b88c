// Exchange: what two ends have said to each other so far, and what follows from it. The engine
// keeps one; hooks and checks read it. Secrets are those of a tester's throw-away session.
#pragma once

#include "harness/base/bytes.h"
#include "harness/channel/channel.h"
#include "harness/wire/handshake.h"

#include <algorithm>
#include <vector>

namespace assay::engine {

/// A handshake message as it was on the wire, header included, in the order of the transcript.
struct Said {
  Role by = Role::client;
  HandshakeType type = HandshakeType::client_hello;
  Bytes octets;

  [[nodiscard]] View body() const { return View(octets).subspan(4); }
};

/// RFC 8446 §7.1: traffic secrets; empty until they are known.
struct TrafficSecrets {
  Bytes client_early;
  Bytes client_handshake;
  Bytes server_handshake;
  Bytes client_application;
  Bytes server_application;
  Bytes exporter;
  Bytes resumption;
};

struct Exchange {
  Role role = Role::client;                // ours
  TlsVersion version = TlsVersion::tls13;  // as far as it is known
  std::vector<Said> messages;
  Bytes client_random;
  Bytes server_random;
  std::uint16_t suite = 0;  // 0: not yet known
  std::uint16_t group = 0;
  TrafficSecrets secrets;
  Bytes master_secret;       // TLS 1.2
  Bytes client_verify_data;  // of the last handshake (RFC 5746 §3.1)
  Bytes server_verify_data;

  /// The last message of that type, or null.
  [[nodiscard]] const Said* last(HandshakeType type) const {
    const auto found = std::find_if(messages.rbegin(), messages.rend(),
                                    [type](const Said& each) { return each.type == type; });
    return found == messages.rend() ? nullptr : &*found;
  }
};

}  // namespace assay::engine
