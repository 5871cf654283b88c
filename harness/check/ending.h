// Endings: what a check may observe, one slug each. The vocabulary is shared, so that tables,
// breakers, reports and baselines speak of the same thing by the same name.
#pragma once

#include <cstdint>
#include <string_view>

namespace assay {

struct Ending {
  std::string_view slug;
  constexpr bool operator==(const Ending&) const = default;
};

namespace ending {

// Reserved: not the subject's doing. The reason is told to the Probe.
inline constexpr Ending inapplicable{"inapplicable"};
inline constexpr Ending inconclusive{"inconclusive"};
/// The subject asked us to slow down (421, 454, a reset right after the banner): retried, never a
/// finding.
inline constexpr Ending throttled{"throttled"};

// Any check.
inline constexpr Ending hang{"hang"};
inline constexpr Ending died{"died"};
inline constexpr Ending closed{"closed"};
inline constexpr Ending closed_without_alert{"closed_without_alert"};
inline constexpr Ending connection_broken{"connection_broken"};
inline constexpr Ending refused{"refused"};
inline constexpr Ending accepted{"accepted"};
/// Both Finished verify, and the service answers inside.
inline constexpr Ending carried_on{"carried_on"};
inline constexpr Ending unexpected_reply{"unexpected_reply"};

// The upgrade.
inline constexpr Ending upgraded{"upgraded"};
inline constexpr Ending upgrade_refused{"upgrade_refused"};
inline constexpr Ending handshake_failed{"handshake_failed"};
inline constexpr Ending marker_unanswered{"marker_unanswered"};
inline constexpr Ending discarded{"discarded"};
inline constexpr Ending answered_inside_tls{"answered_inside_tls"};

// Messages.
inline constexpr Ending not_acted_on{"not_acted_on"};
inline constexpr Ending acknowledged{"acknowledged"};
inline constexpr Ending delivered{"delivered"};

}  // namespace ending

/// The ending for a fatal alert: ending_of_alert(20) is "alert_bad_record_mac".
[[nodiscard]] Ending ending_of_alert(std::uint8_t description);
/// True for every ending that ending_of_alert() makes.
[[nodiscard]] bool is_alert(Ending ending);

namespace ending {
/// In a table: any fatal alert that the table does not name itself.
inline constexpr Ending another_alert{"another_alert"};
}  // namespace ending

}  // namespace assay
