// LocalStage: reference servers as subjects, on the loop of the Runner: what the self-test runs
// against, and what `assay check` without a URL checks.
#pragma once

#include "harness/check/stage.h"
#include "harness/pki/authority.h"
#include "reference_server/server.h"

namespace assay {

/// The account that every staged server has.
inline constexpr std::string_view kStagedUser = "alice";
inline constexpr std::string_view kStagedSink = "alice@assay.test";

class LocalStage final : public Stage {
 public:
  /// `budget` is what the servers run with; the loop outlives the stage.
  LocalStage(Loop& loop, ServerBudget budget);

  std::unique_ptr<StagedServer> serve(const Setup& setup,
                                      std::span<const NamedFault* const> faults) override;
  [[nodiscard]] const Authority& authority() const { return authority_; }

 private:
  Loop& loop_;
  ServerBudget budget_;
  KeyRing keys_;
  Authority authority_;
  Secret password_;  // made anew for each process
};

}  // namespace assay
