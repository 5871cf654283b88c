#include "harness/engine/order.h"

#include <algorithm>

namespace assay::engine {
namespace {

using enum HandshakeType;

constexpr Turn on(State at, HandshakeType comes) { return {at, token_of(comes)}; }
constexpr Turn on(State at, Token comes) { return {at, comes}; }

// RFC 8446 §A.1. ChangeCipherSpec is no part of it: §5 says where it is passed over.
constexpr Turn kClient13[] = {
    on(State::server_hello, server_hello),  // also as a HelloRetryRequest
    on(State::encrypted_extensions, encrypted_extensions),
    on(State::certificate_request, certificate_request),
    on(State::certificate_request, certificate),
    on(State::certificate, certificate),
    on(State::certificate_verify, certificate_verify),
    on(State::finished, finished),
    on(State::connected, new_session_ticket),
    on(State::connected, key_update),
    on(State::connected, certificate_request),  // RFC 8446 §4.6.2, where it was offered
    on(State::connected, Token::application_data),
};

// RFC 8446 §A.2.
constexpr Turn kServer13[] = {
    on(State::client_hello, client_hello),
    on(State::second_client_hello, client_hello),
    on(State::end_of_early_data, end_of_early_data),
    on(State::end_of_early_data, Token::application_data),
    on(State::certificate, certificate),
    on(State::certificate_verify, certificate_verify),
    on(State::finished, finished),
    on(State::connected, key_update),
    on(State::connected, Token::application_data),
};

// RFC 5246 §7.3; CertificateStatus by RFC 6066 §8, NewSessionTicket by RFC 5077 §3.3. HelloRequest
// may come at any time, and is passed over in a handshake (RFC 5246 §7.4.1.1).
constexpr Turn kClient12[] = {
    on(State::server_hello, server_hello),
    on(State::server_hello, hello_request),
    on(State::renegotiating, server_hello),
    on(State::renegotiating, hello_request),
    on(State::renegotiating, Token::application_data),
    on(State::certificate, hello_request),
    on(State::certificate_status, hello_request),
    on(State::server_key_exchange, hello_request),
    on(State::certificate_request, hello_request),
    on(State::server_hello_done, hello_request),
    on(State::new_session_ticket, hello_request),
    on(State::change_cipher_spec, hello_request),
    on(State::finished, hello_request),
    on(State::certificate, certificate),
    on(State::certificate_status, certificate_status),
    on(State::certificate_status, server_key_exchange),
    on(State::certificate_status, certificate_request),
    on(State::certificate_status, server_hello_done),
    on(State::server_key_exchange, server_key_exchange),
    on(State::certificate_request, certificate_request),
    on(State::certificate_request, server_hello_done),
    on(State::server_hello_done, server_hello_done),
    on(State::new_session_ticket, new_session_ticket),
    on(State::change_cipher_spec, Token::change_cipher_spec),
    on(State::finished, finished),
    on(State::connected, hello_request),
    on(State::connected, Token::application_data),
};

constexpr Turn kServer12[] = {
    on(State::client_hello, client_hello),
    on(State::certificate, certificate),
    on(State::client_key_exchange, client_key_exchange),
    on(State::certificate_verify, certificate_verify),
    on(State::change_cipher_spec, Token::change_cipher_spec),
    on(State::finished, finished),
    on(State::connected, client_hello),  // RFC 5746 §3.7: judged, then refused or followed
    on(State::connected, Token::application_data),
};

}  // namespace

std::string_view slug_of(State state) {
  switch (state) {
    case State::client_hello:
      return "client_hello";
    case State::second_client_hello:
      return "second_client_hello";
    case State::server_hello:
      return "server_hello";
    case State::renegotiating:
      return "renegotiating";
    case State::encrypted_extensions:
      return "encrypted_extensions";
    case State::certificate_request:
      return "certificate_request";
    case State::certificate:
      return "certificate";
    case State::certificate_status:
      return "certificate_status";
    case State::certificate_verify:
      return "certificate_verify";
    case State::server_key_exchange:
      return "server_key_exchange";
    case State::server_hello_done:
      return "server_hello_done";
    case State::client_key_exchange:
      return "client_key_exchange";
    case State::end_of_early_data:
      return "end_of_early_data";
    case State::new_session_ticket:
      return "new_session_ticket";
    case State::change_cipher_spec:
      return "change_cipher_spec";
    case State::finished:
      return "finished";
    case State::connected:
      return "connected";
  }
  return "unknown";
}

Order client_order13() { return kClient13; }
Order server_order13() { return kServer13; }
Order client_order12() { return kClient12; }
Order server_order12() { return kServer12; }

bool allows(Order order, State at, Token comes) {
  return std::ranges::find(order, Turn{at, comes}) != order.end();
}

}  // namespace assay::engine
