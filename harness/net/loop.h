// Loop: the one io_context of a process, behind a door without Asio: spawn, sleep, connect, listen,
// signals. Everything that waits in Assay waits here. One thread.
#pragma once

#include "harness/net/link.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>

namespace assay {

/// An address to connect to or to listen on. `host` may be a name for connecting; listening takes a
/// literal.
struct Address {
  std::string host;
  std::uint16_t port = 0;
  [[nodiscard]] std::string text() const;  // IPv6 in brackets
};

struct ConnectFailure {
  enum class Kind { unknown_host, refused, unreachable, timed_out, no_descriptors };
  Kind kind = Kind::refused;
  std::string reason;  // one line, from the system
};
using ConnectResult = std::variant<std::unique_ptr<Link>, ConnectFailure>;

/// A listening socket; closing it is letting go of it.
class Listener {
 public:
  virtual ~Listener() = default;
  [[nodiscard]] virtual Address address() const = 0;
};

class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Runs `task` beside the others until it ends; for the accept loop and the Runner alone. An
  /// exception that leaves it is kept and rethrown by run_until_done().
  void spawn(Task<void> task);
  /// Runs until `task` is done; other tasks go on meanwhile.
  template <typename T>
  T run_until_done(Task<T> task) {
    task.start();
    while (!task.done()) run_one();
    return task.result();
  }
  /// One step. Throws std::logic_error when nothing is left that could ever happen.
  void run_one();

  Task<void> sleep_until(Deadline when);
  Task<ConnectResult> connect(Address to, Deadline deadline);
  /// Calls `on_accept` for each connection. Throws std::system_error when it cannot listen.
  std::unique_ptr<Listener> listen(const Address& on,
                                   std::function<void(std::unique_ptr<Link>)> on_accept);
  /// Calls `then` once, on SIGINT or SIGTERM, with the signal's number.
  void on_signal(std::function<void(int)> then);
  /// Ends every wait of every link now, as if its deadline had come, and every sleep that has
  /// begun. For SIGINT.
  void expire_all();
  /// Whether that has happened: who sleeps in a loop looks at it.
  [[nodiscard]] bool expired() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace assay
