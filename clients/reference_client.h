// ReferenceClient: an honest client of each protocol, for the proofs of the checks whose side is
// the client: it works inside TLS alone, with a server whose certificate it has verified. What is
// wrong with it on purpose comes in as ClientConduct.
#pragma once

#include "harness/check/client.h"
#include "harness/check/probe.h"

namespace assay {

class ReferenceClient final : public ClientUnderTest {
 public:
  /// Its TLS is libssl's, or that of our own engine.
  ReferenceClient(OracleContexts& contexts, ClientConduct conduct, bool by_engine)
      : contexts_(contexts), conduct_(conduct), by_engine_(by_engine) {}

  Task<ClientEnd> run(Loop& loop, Occasion occasion, Deadline deadline) override;
  [[nodiscard]] bool sends_given_message() const override { return true; }

 private:
  OracleContexts& contexts_;
  ClientConduct conduct_;
  bool by_engine_;
};

/// Reference clients as subjects; loop-bound servers for them come from `stage`.
class LocalClients final : public ClientStage {
 public:
  /// All outlive the stage and its clients.
  LocalClients(OracleContexts& contexts, WatchedStage& stage, Account account,
               std::span<const NamedFault* const> faults)
      : contexts_(contexts), stage_(stage), account_(std::move(account)), faults_(faults) {}

  std::unique_ptr<Staged> client(const Setup& setup,
                                 std::span<const NamedFault* const> faults) override;

 private:
  OracleContexts& contexts_;
  WatchedStage& stage_;
  Account account_;
  std::span<const NamedFault* const> faults_;
};

/// What a client of every given protocol and access is as a subject, without its bench.
[[nodiscard]] Subject client_subject(std::string name, const Account& account,
                                     std::span<const Protocol> protocols,
                                     std::span<const Access> accesses);

}  // namespace assay
