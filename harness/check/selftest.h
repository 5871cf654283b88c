// Self-test: shows of every check that it passes on an honest peer, that it can fail, and that it
// accepts every legal peer. Used by `assay selftest` and by the GoogleTest bridge.
#pragma once

#include "harness/check/client.h"
#include "harness/check/expectations.h"
#include "harness/check/runner.h"
#include "harness/check/stage.h"

#include <string>
#include <vector>

namespace assay {

enum class ProofKind { conforms, proves, tolerates };
[[nodiscard]] std::string_view name_of(ProofKind kind);

/// One assertion: a check, a peer, and the ending that it must bring about.
struct Proof {
  ProofKind kind = ProofKind::conforms;
  const Check* check = nullptr;
  const NamedFault* peer = nullptr;  // null: the honest one
  Ending expected;                   // empty: any that passes
  EnumSet<Access> access;            // only these cases; empty: all
  std::optional<TlsVersion> version;
  EnumSet<Protocol> protocols;
  bool on_engine = false;             // the peer's TLS is our own, not libssl's
  std::vector<Result> results;        // one a case
  std::vector<std::string> failures;  // why it does not hold; empty when it does
};

/// What the tables hold, whole.
struct Catalogue {
  std::span<const Check* const> checks;
  std::span<const NamedFault* const> faults;
  /// What libssl in an honest server is not; the self-test holds it to that.
  Baseline libssl;
  [[nodiscard]] const NamedFault* fault(std::string_view name) const;
};

/// Proofs of the checks that `wanted` selects, run in batches of one server each.
class SelfTest {
 public:
  SelfTest(Runner& runner, Stage& stage, ClientStage& clients, Catalogue catalogue)
      : runner_(runner), stage_(stage), clients_(clients), catalogue_(std::move(catalogue)) {}

  /// Budgets against our own server: every wait scaled down, every rule kept.
  [[nodiscard]] static RunOptions run_options(Profile profile = Profile::full);
  [[nodiscard]] static ServerBudget server_budget();

  /// The proofs that the tables owe; problems of the tables themselves (an unknown fault) go to
  /// `broken`.
  [[nodiscard]] std::vector<Proof> plan(std::vector<std::string>& broken) const;
  /// Runs them; each gets its results and failures.
  Task<void> run(std::vector<Proof>& proofs);
  /// Accepted endings that no proof has seen to pass, one line each.
  [[nodiscard]] static std::vector<std::string> unseen_endings(const std::vector<Proof>& proofs);
  /// Entries of the catalogue's baseline that nothing of what ran fits, one line each.
  [[nodiscard]] std::vector<std::string> unmatched() const;

  struct MatrixRow {
    std::string fault;
    std::string check;
    Outcome outcome = Outcome::fail;
    auto operator<=>(const MatrixRow&) const = default;
  };
  /// Every fault against the checks that may see it, with the default setup: which turn red or
  /// weak. Slow rows are left to a runner of profile full. A fault whose rows are not those of
  /// `reviewed` runs once more, alone: only what comes again then is a difference, not what a busy
  /// machine did. With nothing reviewed each runs once.
  Task<std::vector<MatrixRow>> fault_matrix(std::vector<MatrixRow> reviewed);

 private:
  [[nodiscard]] std::unique_ptr<Staged> staged(Side side, const Setup& setup,
                                               const NamedFault* peer);

  struct Peers;
  struct Matrix;
  Task<void> run_peers(Peers& peers);
  Task<void> run_faults(Matrix& matrix);
  Task<void> run_fault(Matrix& matrix, const NamedFault& fault);

  Runner& runner_;
  Stage& stage_;
  ClientStage& clients_;
  Catalogue catalogue_;
};

/// The golden table's text, and back. A line that does not parse is an error in our own tree:
/// std::runtime_error.
[[nodiscard]] std::string to_tsv(const std::vector<SelfTest::MatrixRow>& rows);
[[nodiscard]] std::vector<SelfTest::MatrixRow> from_tsv(std::string_view text);

}  // namespace assay
