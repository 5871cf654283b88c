// A client under test, and what its cases need: a command line or our own reference client, servers
// that take down what it says, and the policy that it was told. Used where a Subject is a client.
#pragma once

#include "harness/check/faults.h"
#include "harness/check/stage.h"
#include "harness/check/subject.h"
#include "harness/net/transcript.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// What the client was told to do about TLS after the upgrade command: to insist, or to take it
/// where it is offered.
enum class TlsPolicy { required, opportunistic };
[[nodiscard]] constexpr std::string_view name_of(TlsPolicy policy) {
  return policy == TlsPolicy::required ? "required" : "opportunistic";
}

/// One run of a client: where it is sent, and as whom.
struct Occasion {
  const Endpoint& server;
  const Account& account;
  const std::vector<Bytes>& anchors;  // DER
  std::string_view case_name;
  const std::string& message;  // for a client that is given one to send
};

/// How a run of a client ended.
struct ClientEnd {
  /// died: brought down by what it met, and not by its own decision.
  enum class How { succeeded, failed, died, timed_out, not_started };
  How how = How::failed;
  std::string said;  // "exit code 67", and the first line of what its user was told; printable

  [[nodiscard]] bool succeeded() const { return how == How::succeeded; }
};

class ClientUnderTest {
 public:
  virtual ~ClientUnderTest() = default;
  virtual Task<ClientEnd> run(Loop& loop, Occasion occasion, Deadline deadline) = 0;
  /// Whether it sends the message that it is given, or one of its own.
  [[nodiscard]] virtual bool sends_given_message() const = 0;
};

/// A server that takes down what is said with its visitors.
class WatchedServer : public Staged {
 public:
  [[nodiscard]] virtual const Transcript& transcript() const = 0;
  /// Waits until no client is connected, or the deadline.
  virtual Task<void> quiet(Deadline deadline) = 0;
};

/// What a client under test is to find.
struct Reception {
  Protocol protocol = Protocol::smtp;
  Access access = Access::upgrade;
  Setup setup;
  std::vector<const NamedFault*> faults;
  std::string host = "localhost";  // the server's name, which its certificate proves
  std::size_t evidence = 0;        // octets that the transcript keeps
};

/// Reference servers that clients under test are sent to.
class WatchedStage {
 public:
  virtual ~WatchedStage() = default;
  /// As Stage::serve(), with one endpoint.
  virtual std::unique_ptr<WatchedServer> serve_watched(const Reception& reception) = 0;
};

/// Reference clients as subjects.
class ClientStage {
 public:
  virtual ~ClientStage() = default;
  /// For every protocol and access. Of `setup` it heeds whose TLS it has; `faults` are applied in
  /// order.
  virtual std::unique_ptr<Staged> client(const Setup& setup,
                                         std::span<const NamedFault* const> faults) = 0;
};

/// The labels of a host's name: 3 in "mail.b.test".
[[nodiscard]] constexpr std::size_t labels_of(std::string_view host) {
  std::size_t dots = 0;
  for (const char c : host) dots += c == '.' ? 1 : 0;
  return host.empty() ? 0 : dots + 1;
}

/// All that the cases of a client share; the Subject refers to it.
struct ClientBench {
  ClientUnderTest& client;
  WatchedStage& stage;
  std::span<const NamedFault* const> faults;  // that a row may name
  TlsPolicy policy = TlsPolicy::required;
  bool mta_sts = false;            // by a policy of RFC 8461 for the host, in mode enforce
  std::string host = "localhost";  // where it is sent: a name that leads to loopback
};

}  // namespace assay
