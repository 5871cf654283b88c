// Sessions that can be resumed, and where an end keeps them. A client keeps what it was given; a
// server keeps what it gave, by the ticket or the session id. Used by both roles.
#pragma once

#include "harness/base/entropy.h"
#include "harness/channel/event.h"

#include <chrono>
#include <deque>
#include <optional>
#include <string>

namespace assay::engine {

struct Session {
  TlsVersion version = TlsVersion::tls13;
  std::uint16_t suite = 0;
  Bytes secret;      // the PSK of TLS 1.3 (RFC 8446 §4.6.1), the master secret of TLS 1.2
  Bytes ticket;      // RFC 8446 §4.6.1, RFC 5077 §3.3; an external PSK's identity
  Bytes session_id;  // TLS 1.2 without a ticket
  std::uint32_t age_add = 0;
  std::uint32_t lifetime = 0;  // seconds
  std::uint32_t max_early_data = 0;
  std::chrono::system_clock::time_point received;
  bool extended_master_secret = false;
  bool external = false;  // agreed on outside TLS (RFC 8446 §4.2.11)
  std::string alpn;
  std::string server_name;  // of TLS 1.2 at a server (RFC 6066 §3)
};

/// The newest sessions of one server. Bounded: the oldest goes first.
class SessionStore {
 public:
  explicit SessionStore(std::size_t capacity = 1024) : capacity_(capacity) {}

  void put(Bytes key, Session session);
  [[nodiscard]] std::optional<Session> find(View key) const;
  /// Octets for a ticket or an id that no session here has, whatever `chance` repeats.
  [[nodiscard]] Bytes fresh_key(Entropy& chance) const;
  /// The one that was put last, for servers that do not look at what they are shown.
  [[nodiscard]] std::optional<Session> newest(TlsVersion of) const;

 private:
  struct Kept {
    Bytes key;
    Session session;
  };
  std::size_t capacity_;
  std::deque<Kept> kept_;
};

}  // namespace assay::engine
