// Faults and liberties of a server's TLS that only our own engine can show: what it should refuse
// and takes (a Sin), and how it words its refusals.
#include "harness/engine/config.h"
#include "harness/wire/alert.h"
#include "suites/faults/faults.h"

namespace assay::faults {
namespace {

void on_engine(Faults& faults, void (*change)(engine::Config& config)) {
  faults.engine.push_back(change);
}

template <Sin sin>
void takes(Faults& faults) {
  on_engine(faults, [](engine::Config& config) { config.tolerated.set(sin); });
}

bool is_fatal_alert(const engine::Step& step) {
  return step.kind == engine::Step::Kind::record && step.content_type == ContentType::alert &&
         step.body() != Bytes{1, alert::kCloseNotify};
}

/// Every fatal alert becomes that one.
template <std::uint8_t description>
void refuses_by(Faults& faults) {
  on_engine(faults, [](engine::Config& config) {
    config.emission.flight = [](engine::Flight& flight, const engine::Exchange&) {
      for (engine::Step& step : flight) {
        if (is_fatal_alert(step)) step.body = [] { return Bytes{2, description}; };
      }
    };
  });
}

constexpr NamedFault kFaults[] = {
    {.name = "takes_any_share",
     .summary = "A share that is no element of its group is taken, with zeros for a secret",
     .apply = takes<Sin::key_share_invalid>},
    {.name = "refuses_by_decode_error",
     .kind = NamedFault::Kind::liberty,
     .summary = "Whatever is refused in TLS is refused by decode_error",
     .apply = refuses_by<alert::kDecodeError>},
    {.name = "refuses_by_other_alert",
     .kind = NamedFault::Kind::liberty,
     .summary = "Whatever is refused in TLS is refused by internal_error",
     .apply = refuses_by<alert::kInternalError>},
    {.name = "refuses_by_close",
     .kind = NamedFault::Kind::liberty,
     .summary = "Whatever is refused in TLS is refused by a close without an alert",
     .apply =
         [](Faults& faults) {
           on_engine(faults, [](engine::Config& config) {
             config.emission.flight = [](engine::Flight& flight, const engine::Exchange&) {
               std::erase_if(flight, is_fatal_alert);
             };
           });
         }},
};

}  // namespace

std::span<const NamedFault> engine() { return kFaults; }

}  // namespace assay::faults
