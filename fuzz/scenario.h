// Scenario: what the fuzzer's octets say that a client does to the reference server, read from an
// input of a session target: four octets of choices, what is said in the clear, the protocol's mark
// for the beginning of TLS, what is said inside.
#pragma once

#include "harness/base/bytes.h"
#include "harness/channel/event.h"
#include "reference_server/auth_level.h"

#include <optional>
#include <string_view>

namespace assay::fuzz {

/// How a client begins TLS.
enum class Opening {
  honest,
  early,    // what is said inside goes out with the client's Finished
  flipped,  // an octet of the ClientHello is changed
  raw,      // the octets meant for the inside, in the ClientHello's place
};

/// What ends a session. `expire` is a deadline that is met, `drop` a client that vanishes,
/// `shut_down` the server's own wish.
enum class Ending { fin, reset, close_notify, expire, drop, shut_down };
enum class Moment { last, before_tls, within_handshake };

/// The server's side, as far as all protocols have it in common.
struct Listener {
  AuthLevel auth = AuthLevel::tls_only;
  bool starttls = true;
  bool tls_required = false;
  bool narrow = false;      // limits that an input of ordinary length crosses
  std::uint8_t choice = 0;  // the octet of all this; kFirstOwn and kSecondOwn are the protocol's
};

inline constexpr std::uint8_t kFirstOwn = 0x20;
inline constexpr std::uint8_t kSecondOwn = 0x80;

/// A protocol's configuration with what a listener says.
template <typename Config>
[[nodiscard]] Config configured(Config config, const Listener& listener) {
  config.auth = listener.auth;
  config.starttls = listener.starttls;
  config.tls_required = listener.tls_required;
  config.nonce = [] { return "NONCE"; };
  return config;
}

struct Scenario {
  Listener listener;
  bool implicit = false;
  TlsVersion version = TlsVersion::tls13;
  Opening opening = Opening::honest;
  bool clear_inside = false;  // octets in the clear behind those inside TLS
  Ending ending = Ending::fin;
  Moment moment = Moment::last;
  std::uint8_t seed = 0;  // of the cuts, and of the octet that is flipped
  Bytes clear;
  Bytes inside;
};

/// `begin_tls` is the mark, `upgrade` what is said in the clear where the choices ask for it.
/// Nothing where the choices are missing.
[[nodiscard]] std::optional<Scenario> read_scenario(View input, std::string_view begin_tls,
                                                    View upgrade);

}  // namespace assay::fuzz
