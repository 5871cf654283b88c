// Server: the reference server: listeners, sessions, limits, one store. A real small server to
// ordinary clients; what is wrong with it on purpose comes in as Faults. Used by `assay serve`, by
// the stage of the self-test and by the embedded run.
#pragma once

#include "harness/check/faults.h"
#include "harness/check/subject.h"
#include "harness/net/loop.h"
#include "harness/net/transcript.h"
#include "harness/pki/authority.h"
#include "reference_server/auth_level.h"
#include "reference_server/news_store.h"
#include "reference_server/store.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace assay {

struct ListenerSpec {
  Protocol protocol = Protocol::smtp;
  /// upgrade: STARTTLS on a clear port; implicit: TLS at once; clear: no TLS at all.
  Access access = Access::upgrade;
  Address address{"127.0.0.1", 0};
  std::optional<AuthLevel> auth{};           // instead of the server's
  std::optional<ServerIdentity> identity{};  // instead of one that the authority issues
};

struct ServerConfig {
  std::string hostname = "localhost";
  std::vector<std::string> names = {"localhost", "127.0.0.1",
                                    "::1"};           // that the certificate proves
  std::vector<std::string> domains = {"assay.test"};  // mail for these is taken
  std::vector<ListenerSpec> listeners;
  AuthLevel auth = AuthLevel::tls_only;
  Setup setup;
  Faults faults;
  ServerBudget budget;
  std::shared_ptr<Transcript> witness;  // takes what is said; shared with sessions that outlive us
};

/// How people log in at a listener.
[[nodiscard]] inline AuthLevel auth_level_of(const ServerConfig& config,
                                             const ListenerSpec& listener) {
  return listener.auth.value_or(config.auth);
}

/// The name with a certificate of its own under Setup::several_names.
inline constexpr std::string_view kSecondName = "second.assay.test";

/// The chain that a setup asks for; faults change it from there.
[[nodiscard]] ChainSpec chain_for(const Setup& setup);

class Server {
 public:
  /// Listens at once; throws std::system_error where it cannot. `loop` outlives the server.
  Server(Loop& loop, ServerConfig config, const Authority& authority);
  /// Sessions that are still under way are reset.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// One for each listener, in their order, with the port that it got.
  [[nodiscard]] const std::vector<Endpoint>& endpoints() const { return endpoints_; }
  [[nodiscard]] Store& store();
  [[nodiscard]] NewsStore& news();
  /// Somebody who may log in; mail for `mailbox` is theirs.
  void add_user(std::string_view name, const Secret& password, std::string_view mailbox);
  /// Stops listening, tells every session and waits for their ends; those that the farewell budget
  /// does not see end are reset.
  Task<void> shut_down();
  [[nodiscard]] std::size_t sessions() const;

 private:
  struct Core;
  std::shared_ptr<Core> core_;  // shared with the sessions, which may outlive the server
  std::vector<Endpoint> endpoints_;
};

}  // namespace assay
