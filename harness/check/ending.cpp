#include "harness/check/ending.h"

#include "harness/channel/event.h"

#include <array>
#include <string>

namespace assay {

Ending ending_of_alert(std::uint8_t description) {
  // Slugs are views: the 256 of them live as long as the process.
  static const std::array<std::string, 256> kSlugs = [] {
    std::array<std::string, 256> slugs;
    for (std::size_t i = 0; i < slugs.size(); ++i) {
      const std::string name = alert_name(static_cast<std::uint8_t>(i));
      slugs[i] = name.starts_with("alert_") ? name : "alert_" + name;
    }
    return slugs;
  }();
  return {kSlugs[description]};
}

bool is_alert(Ending ending) { return ending.slug.starts_with("alert_"); }

}  // namespace assay
