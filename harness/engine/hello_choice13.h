// What a server of TLS 1.3 decides at a ClientHello: suite, PSK, group, protocol (RFC 8446 §4.1.1
// to §4.2.11, §9.2), and whether a second hello is what was asked for (§4.1.2). Used by server13.
#pragma once

#include "harness/crypto/suites.h"
#include "harness/engine/choice.h"
#include "harness/engine/psk_choice.h"

namespace assay::engine {

struct HelloChoice13 {
  const CipherSuite* suite = nullptr;
  Wanted wanted;
  std::vector<KeyShareEntry> shares;
  std::optional<PskChoice> psk;
  std::optional<std::uint16_t> group;  // none: psk_ke
  Agreement agreement;

  /// The client's share of the group; null when there is none of it, or no group.
  [[nodiscard]] const KeyShareEntry* share() const;
};

/// `retried_for`: the group that a retry has settled. The hello is the last message of the
/// transcript, whose hash is chosen here. Nothing: the handshake has failed.
[[nodiscard]] std::optional<HelloChoice13> choose13(Core& core, const ClientHello& hello,
                                                    std::optional<std::uint16_t> retried_for);

/// What the retry said.
struct SaidRetry {
  ClientHello first;
  std::optional<std::uint16_t> group;  // none: the cookie alone
  std::optional<Bytes> cookie;
};
/// False: failed.
[[nodiscard]] bool second_hello_is_right(Core& core, const SaidRetry& retry,
                                         const ClientHello& second);

}  // namespace assay::engine
