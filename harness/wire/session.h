// What comes after the handshake or carries it over: NewSessionTicket of TLS 1.3 (RFC 8446 §4.6.1)
// and of TLS 1.2 (RFC 5077 §3.3), KeyUpdate (RFC 8446 §4.6.3). Used by the engine.
#pragma once

#include "harness/wire/codec.h"
#include "harness/wire/extension.h"

namespace assay {

/// RFC 8446 §4.6.1: a week at most.
inline constexpr std::uint32_t kMaxTicketLifetime = 604800;

struct NewSessionTicket13 {
  std::uint32_t ticket_lifetime = 0;  // seconds
  std::uint32_t ticket_age_add = 0;
  Bytes ticket_nonce;
  Bytes ticket;
  std::vector<Extension> extensions;
};
template <typename Wire>
void fields(Wire& wire, Is<NewSessionTicket13> auto& m) {
  wire.number("ticket_lifetime", m.ticket_lifetime);
  wire.number("ticket_age_add", m.ticket_age_add);
  wire.vector("ticket_nonce", 1, m.ticket_nonce);
  wire.vector("ticket", 2, m.ticket);
  wire.list("extensions", 2, m.extensions);
}

/// early_data of a NewSessionTicket (RFC 8446 §4.2.10).
struct MaxEarlyData {
  std::uint32_t max_early_data_size = 0;
};
template <typename Wire>
void fields(Wire& wire, Is<MaxEarlyData> auto& m) {
  wire.number("max_early_data_size", m.max_early_data_size);
}

struct NewSessionTicket12 {
  std::uint32_t ticket_lifetime_hint = 0;  // seconds
  Bytes ticket;
};
template <typename Wire>
void fields(Wire& wire, Is<NewSessionTicket12> auto& m) {
  wire.number("ticket_lifetime_hint", m.ticket_lifetime_hint);
  wire.vector("ticket", 2, m.ticket);
}

/// RFC 8446 §4.6.3.
enum class KeyUpdateRequest : std::uint8_t { update_not_requested = 0, update_requested = 1 };
struct KeyUpdate {
  KeyUpdateRequest request_update = KeyUpdateRequest::update_not_requested;
};
template <typename Wire>
void fields(Wire& wire, Is<KeyUpdate> auto& m) {
  wire.number("request_update", m.request_update);
}

}  // namespace assay
