// SecureLink: a link that can become a TLS connection, and the pump between the two. It is the one
// seam between sans-IO channels and coroutines. Used by dialogues (client end) and sessions (server
// end).
#pragma once

#include "harness/channel/channel.h"
#include "harness/net/link.h"
#include "harness/net/transcript.h"
#include "harness/net/watcher.h"

#include <memory>
#include <optional>

namespace assay {

class SecureLink {
 public:
  /// `transcript` may be null; it outlives the link. `role` says whose words are ours in it.
  SecureLink(std::unique_ptr<Link> link, Role role, Transcript* transcript);

  /// `watcher` sees whatever comes in from now on.
  void watched_by(std::unique_ptr<Watcher> watcher) { watcher_ = std::move(watcher); }

  /// The next event: in the clear Received and InputEnded alone, inside TLS whatever the channel
  /// says.
  Task<Event> next(Deadline deadline);
  /// Octets of the application, in the clear or inside TLS, as one write.
  void send(View octets);
  void send(std::string_view text) { send(view_of(text)); }
  /// Octets below TLS, past the channel: what no honest end would send.
  void send_raw(View octets, std::string_view what);

  /// From here on the peer's octets belong to `channel`; `already_read` came after the upgrade's
  /// reply.
  void start_tls(std::unique_ptr<Channel> channel, View already_read = {});
  /// start_tls() has been called; waits for HandshakeDone or what came instead.
  Task<Event> handshake(Deadline deadline);

  /// Drops a channel whose handshake failed: the link is a clear one again.
  void back_to_clear();

  /// close_notify; reading goes on.
  void close_tls();
  /// FIN, RST.
  void finish();
  void abort();
  Task<bool> drain(std::size_t left, Deadline deadline) { return link_->drain(left, deadline); }
  /// Octets that are there already in the clear, before any channel has seen them.
  [[nodiscard]] Bytes take_unread();

  [[nodiscard]] bool secured() const { return channel_ != nullptr && channel_->established(); }
  [[nodiscard]] const std::optional<Agreement>& agreement() const { return agreement_; }
  [[nodiscard]] std::string peer() const { return link_->peer(); }
  void note(std::string_view text);

 private:
  void flush();
  void heard(View octets);
  void record_event(const Event& event);
  void watch(const Event& event);
  void record(bool ours, View octets);

  std::unique_ptr<Link> link_;
  Role role_;
  Transcript* transcript_;
  std::unique_ptr<Watcher> watcher_;  // null where nobody watches
  std::size_t connection_ = 0;
  std::unique_ptr<Channel> channel_;
  std::optional<Agreement> agreement_;
  bool end_seen_ = false;
};

}  // namespace assay
