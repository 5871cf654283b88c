// Channel: one TLS end without sockets or clocks. Octets from the peer go in by feed(), octets for
// the peer come out by take_output(), what happened comes out by next_event(). Oracle (libssl) and
// the reference peers' lenient end implement it; SecureLink drives it.
#pragma once

#include "harness/channel/event.h"

#include <memory>

namespace assay {

enum class Role { client, server };

class Channel {
 public:
  virtual ~Channel() = default;

  /// Begins the handshake; a client has its first flight ready afterwards.
  virtual void start() = 0;
  virtual void feed(View from_peer) = 0;
  virtual void end_of_input(EndOfInput how) = 0;
  /// Octets for the peer since the last call; empty when there are none.
  [[nodiscard]] virtual Bytes take_output() = 0;
  /// The next thing that happened, in order; nothing when more input is needed.
  [[nodiscard]] virtual std::optional<Event> next_event() = 0;

  /// Protects application data. Before the handshake is done the data waits.
  virtual void send(View plaintext) = 0;
  /// Sends close_notify, once (RFC 8446 §6.1); reading goes on.
  virtual void close() = 0;
  /// True once the handshake is done and until the channel failed.
  [[nodiscard]] virtual bool established() const = 0;
  /// Octets that came behind the peer's close_notify, and that nobody looked at.
  [[nodiscard]] virtual std::size_t unread() const { return 0; }
  /// Gives back buffers that an idle session does not need.
  virtual void idle() {}
  /// NSS key log lines ("CLIENT_RANDOM ...") since the last call, for captures and for the lenient
  /// end.
  [[nodiscard]] virtual std::vector<std::string> take_key_log() { return {}; }
};

}  // namespace assay
