// Watcher: sees what comes in over one connection without sending an octet. Used by SecureLink,
// which feeds it, and by the witness of a run, which makes one for each connection.
#pragma once

#include "harness/channel/event.h"

namespace assay {

class Watcher {
 public:
  virtual ~Watcher() = default;

  /// From here on the peer's octets are TLS.
  virtual void tls_begins() = 0;
  /// Octets of the peer, below TLS, before our end has looked at them.
  virtual void heard(View octets) = 0;
  /// What our end made of them.
  virtual void happened(const Event& event) = 0;
  /// Octets that the peer sent behind its close_notify, as far as they came with it.
  virtual void left_unread(std::size_t octets) = 0;
  /// TLS is given up, the connection is not.
  virtual void tls_ends() = 0;
};

}  // namespace assay
