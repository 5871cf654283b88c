// The legal order of what an end receives, as tables: one row a state and a thing that may come
// then. A table is a value in the configuration, so a lenient end is one with more rows. Used by
// the engine.
#pragma once

#include "harness/wire/handshake.h"

#include <cstdint>
#include <span>

namespace assay::engine {

/// What an end waits for. One list for both roles and versions; the tables say which of them occur.
enum class State : std::uint8_t {
  client_hello,
  second_client_hello,  // behind a HelloRetryRequest
  server_hello,
  renegotiating,  // as server_hello, on a connection that stands
  encrypted_extensions,
  certificate_request,  // or, where none is asked for, Certificate
  certificate,
  certificate_status,
  certificate_verify,
  server_key_exchange,
  server_hello_done,
  client_key_exchange,
  end_of_early_data,
  new_session_ticket,  // TLS 1.2: behind the server's ServerHello when it promised one
  change_cipher_spec,
  finished,
  connected,
};
[[nodiscard]] std::string_view slug_of(State state);

/// What may come: handshake messages by their wire value, and what is none.
enum class Token : std::uint16_t { change_cipher_spec = 0x100, application_data = 0x101 };
[[nodiscard]] constexpr Token token_of(HandshakeType type) {
  return static_cast<Token>(static_cast<std::uint8_t>(type));
}

struct Turn {
  State at;
  Token comes;
  bool operator==(const Turn&) const = default;
};
using Order = std::span<const Turn>;

/// RFC 8446 §A.1 and §4, RFC 5246 §7.3.
[[nodiscard]] Order client_order13();
[[nodiscard]] Order server_order13();
[[nodiscard]] Order client_order12();
[[nodiscard]] Order server_order12();

[[nodiscard]] bool allows(Order order, State at, Token comes);

}  // namespace assay::engine
