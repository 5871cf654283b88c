// The client's offer: the ClientHello that a configuration makes, the private halves of its shares,
// the sessions that it could resume, and the early data behind it. Used by the client's states.
#pragma once

#include "harness/crypto/key_exchange.h"
#include "harness/engine/core.h"
#include "harness/engine/schedule13.h"

#include <map>

namespace assay::engine {

struct Offer {
  ClientHello hello;  // as it was sent last, hooks included
  std::map<std::uint16_t, KeyShare> shares;
  std::vector<Session> psks;         // TLS 1.3, in the order of their identities
  std::optional<Session> session12;  // offered by its ticket or its id
  bool early_data = false;           // offered, and not yet refused
};

/// RFC 5746: what a renegotiation puts into renegotiation_info; empty in a first handshake.
[[nodiscard]] Offer make_offer(Core& core, View renegotiated_connection);
/// RFC 8446 §4.1.2: the second hello, after a retry that asked for a group, a cookie or both.
/// False when there is no share of that group to be had.
[[nodiscard]] bool amend_offer(Core& core, Offer& offer, std::optional<std::uint16_t> group,
                               const std::optional<Bytes>& cookie);
/// The message of `offer.hello`, run through the hook and with its binders.
[[nodiscard]] Bytes write_hello(Core& core, Offer& offer);
/// Says the hello, and early data where there is some.
void say_offer(Core& core, Offer& offer);

/// The extension types that the hello offers, for judging answers.
[[nodiscard]] bool offers(const Offer& offer, std::uint16_t extension_type);

}  // namespace assay::engine
