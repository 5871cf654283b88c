// Scenario: what the fuzzer's octets say that a client does to the reference server, read from an
// input of session_smtp: four octets of choices, what is said in the clear, a form feed, what is
// said inside TLS.
#pragma once

#include "harness/base/bytes.h"
#include "harness/channel/event.h"
#include "reference_server/smtp_config.h"

#include <optional>

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

struct Scenario {
  SmtpConfig config;
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

/// Nothing where the choices are missing.
[[nodiscard]] std::optional<Scenario> read_scenario(View input);

}  // namespace assay::fuzz
