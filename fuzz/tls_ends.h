// The ends that a TlsChoice configures: engines and libssl. What costs is made once and kept: keys,
// contexts, sessions to resume. Used by the targets that speak TLS.
#pragma once

#include "fuzz/tls_choice.h"
#include "harness/channel/oracle.h"
#include "harness/engine/engine.h"

#include <map>

namespace assay::fuzz {

enum class Library { engine, openssl };

class TlsEnds {
 public:
  /// One for the process: libFuzzer's entry has nothing to keep it in.
  [[nodiscard]] static TlsEnds& shared();

  /// One end's configuration. `peer_library` is what it will resume sessions of.
  [[nodiscard]] engine::Config engine(const TlsChoice& choice, Role role, Library peer_library);
  [[nodiscard]] std::unique_ptr<Channel> openssl(const TlsChoice& choice, Role role);

 private:
  TlsEnds();

  /// What one handshake left with both ends.
  struct Kept {
    std::vector<engine::Session> sessions;
    engine::SessionStore store;
  };

  [[nodiscard]] std::shared_ptr<const OracleContext> context(const TlsChoice& choice, Role role);
  [[nodiscard]] const Kept& kept(const TlsChoice& choice, Library server);
  [[nodiscard]] Kept made(const TlsChoice& choice, Library server);
  [[nodiscard]] const std::shared_ptr<const engine::Credential>& credential(const TlsChoice& choice,
                                                                            Role role) const;
  [[nodiscard]] engine::Config without_sessions(const TlsChoice& choice, Role role) const;

  std::shared_ptr<const engine::Credential> p256_;
  std::shared_ptr<const engine::Credential> ed25519_;
  std::shared_ptr<const engine::Credential> rsa_;
  std::shared_ptr<const engine::Credential> client_;
  std::map<std::uint32_t, std::shared_ptr<const OracleContext>> contexts_;  // oldest number first
  std::map<std::uint32_t, Kept> kept_;
};

}  // namespace assay::fuzz
