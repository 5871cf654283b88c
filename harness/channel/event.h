// What comes out of a TLS end, as data: the handshake's result, application bytes, alerts, the ways
// to end. Used by channels (which make events), secure links and monitors (which read them).
#pragma once

#include "harness/base/bytes.h"
#include "harness/wire/alert.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace assay {

/// Wire values of ProtocolVersion (RFC 8446 §4.2.1, RFC 5246 §A.1).
enum class TlsVersion : std::uint16_t {
  ssl3 = 0x0300,
  tls10 = 0x0301,
  tls11 = 0x0302,
  tls12 = 0x0303,
  tls13 = 0x0304
};

/// "tls13" as case names spell it, and "TLS 1.3" as people read it.
[[nodiscard]] std::string_view slug_of(TlsVersion version);
[[nodiscard]] std::string_view name_of(TlsVersion version);

/// How the peer's octets ended, below TLS.
enum class EndOfInput { finished, reset };

/// An alert in clear terms; `description` is the wire value (RFC 8446 §6).
struct Alert {
  bool fatal = false;
  std::uint8_t description = 0;
  bool operator==(const Alert&) const = default;
};

/// "decrypt_error", "alert_199" for values without a name.
[[nodiscard]] std::string alert_name(std::uint8_t description);

/// What was agreed; names are IANA's.
struct Agreement {
  TlsVersion version = TlsVersion::tls13;
  std::uint16_t suite = 0;  // wire value
  std::string suite_name;
  std::string group;                  // empty where no (EC)DHE took place
  std::vector<Bytes> peer_chain;      // DER, as presented, the first entry first
  std::optional<Bytes> stapled_ocsp;  // DER of the OCSPResponse
  bool staple_wanted = false;         // by the client, as its server saw (RFC 6066 §8)
  std::string alpn;
  bool resumed = false;
};

struct HandshakeDone {
  Agreement agreement;
};
struct Received {
  Bytes octets;
};
/// An alert from the peer, other than close_notify.
struct AlertReceived {
  Alert alert;
};
struct CloseNotify {};
/// The end of the peer's octets; `clean` when close_notify came before.
struct InputEnded {
  EndOfInput how = EndOfInput::finished;
  bool clean = false;
};
/// Our own end refused what came; `sent` is the alert that we sent, if any.
struct LocalFailure {
  std::string reason;
  std::optional<Alert> sent;
};
/// Nothing happened until the deadline. Made by SecureLink alone: a channel has no clock.
struct TimedOut {};
using Event = std::variant<HandshakeDone, Received, AlertReceived, CloseNotify, InputEnded,
                           LocalFailure, TimedOut>;

}  // namespace assay
