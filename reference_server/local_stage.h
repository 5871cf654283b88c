// LocalStage: reference servers as subjects, on the loop of the Runner: what the self-test runs
// against, and what `assay check` without a URL checks.
#pragma once

#include "harness/check/client.h"
#include "harness/check/stage.h"
#include "harness/pki/authority.h"
#include "reference_server/server.h"

namespace assay {

/// The account that every staged server has.
inline constexpr std::string_view kStagedUser = "alice";
inline constexpr std::string_view kStagedSink = "alice@assay.test";
/// The name of its entry.
[[nodiscard]] std::string staged_name();

class LocalStage final : public Stage, public WatchedStage {
 public:
  /// `budget` is what the servers run with; the loop outlives the stage.
  LocalStage(Loop& loop, ServerBudget budget);

  std::unique_ptr<Staged> serve(const Setup& setup,
                                std::span<const NamedFault* const> faults) override;
  std::unique_ptr<WatchedServer> serve_watched(const Reception& reception) override;
  [[nodiscard]] const Authority& authority() const { return authority_; }

  /// Who may log in at each of them: throwaway, made anew for each process.
  [[nodiscard]] Account account() const;

 private:
  [[nodiscard]] std::unique_ptr<WatchedServer> open(std::vector<ListenerSpec> listeners,
                                                    const Setup& setup,
                                                    std::span<const NamedFault* const> faults,
                                                    const std::string& host,
                                                    std::shared_ptr<Transcript> witness);

  Loop& loop_;
  ServerBudget budget_;
  KeyRing keys_;
  Authority authority_;
  Secret password_;
};

}  // namespace assay
