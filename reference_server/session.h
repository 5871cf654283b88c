// Session: one client of the reference server, from its first octet to its last: greeting,
// commands, the upgrade, the end. It owns the input buffer and the deadlines; what is answered is
// the service's business, what is different on purpose the hooks'.
#pragma once

#include "harness/check/faults.h"
#include "harness/net/loop.h"
#include "harness/net/secure_link.h"
#include "reference_server/service.h"

#include <functional>
#include <memory>
#include <string>

namespace assay {

class Session {
 public:
  /// `make_channel` gives a server end for one handshake; `identify` says which account the
  /// client's certificate proves, and may be empty. `witness` takes what is said, and may be null.
  /// Service, loop and witness outlive the session.
  Session(Loop& loop, const Service& service, const ServerBudget& budget, SessionHooks hooks,
          std::function<std::unique_ptr<Channel>()> make_channel, std::unique_ptr<Link> link,
          std::function<std::string(const Agreement&)> identify = {},
          Transcript* witness = nullptr);

  /// Serves until one of the two ends it.
  Task<void> run(bool implicit);
  /// Ends it from outside: the farewell, then FIN; or a reset.
  void shut_down();
  void abort() { link_.abort(); }

 private:
  Task<bool> secure(View already_read);
  void know_the_client();
  Task<bool> upgrade(Step& step);
  Task<void> fill();
  Task<bool> act();
  Task<void> put(Bytes octets);
  Task<void> close(CloseCause cause);
  Task<void> close(CloseManner manner);
  Task<void> read_to_the_end(Milliseconds patience);
  [[nodiscard]] Deadline input_deadline();
  Task<void> say_farewell(Farewell why);

  Loop& loop_;
  const Service& service_;
  const ServerBudget& budget_;
  SessionHooks hooks_;
  std::function<std::unique_ptr<Channel>()> make_channel_;
  std::function<std::string(const Agreement&)> identify_;
  SecureLink link_;
  SessionState state_;
  Bytes input_;
  Deadline unit_began_{};  // first octet of an unfinished unit
  Deadline content_began_{};
  std::size_t content_octets_ = 0;
  bool awaiting_tls_ = false;  // the peer's next octets, and ours, belong to a handshake
  bool ended_ = false;
};

}  // namespace assay
