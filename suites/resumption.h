// Sessions that a subject gives, and what it makes of one that is offered again: what rows about
// tickets and PSKs do alike.
#pragma once

#include "suites/engine_talk.h"

namespace assay::suites {

inline constexpr Ending kFullHandshake{"full_handshake"};
inline constexpr Ending kResumed{"resumed"};

/// Whether the subject's ServerHello takes an offered session up.
[[nodiscard]] bool took_session(const engine::Exchange& exchange);
/// kResumed (whatever came of it), kFullHandshake where it was carried on, else what it came to.
[[nodiscard]] Ending ending_with_session(const Tried& tried);

/// Sessions for sub-cases, each known to be good: the control has resumed one of them.
class Sessions {
 public:
  /// `offer` is that of the full handshakes, and of the control.
  Sessions(Probe& probe, engine::Config offer) : probe_(probe), offer_(std::move(offer)) {}

  /// False where there is nothing to be resumed: ending() is then that of the check.
  Task<bool> prepare();
  [[nodiscard]] Ending ending() const { return ending_; }
  /// The same one while the subject takes it more than once, else a new one of a full handshake;
  /// nothing when that failed: probe.lost().
  Task<std::optional<engine::Session>> next();
  /// Another one that was given beside it.
  [[nodiscard]] const engine::Session& another() const { return another_; }

 private:
  Task<std::optional<engine::Session>> fetch();
  Task<Tried> resume(engine::Session session);

  Probe& probe_;
  engine::Config offer_;
  engine::Session good_;
  engine::Session another_;
  bool good_again_ = false;
  Ending ending_ = ending::inconclusive;
};

}  // namespace assay::suites
