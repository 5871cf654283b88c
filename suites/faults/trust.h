// What an honest client asks of a certificate, in parts: the faults of clients in which one of them
// is passed over, or one more is asked for.
#pragma once

#include "harness/check/faults.h"

namespace assay::faults {

struct Met {
  bool path = false;
  bool time = false;
  bool name = false;
  bool purpose = false;
  bool strength = false;
  bool staple = false;

  [[nodiscard]] bool all() const { return path && time && name && purpose && strength && staple; }
};

[[nodiscard]] inline Met met_by(const ChainVerdict& verdict) {
  return {.path = verdict.path.found,
          .time = verdict.out_of_validity() == nullptr,
          .name = verdict.name.grade == NameGrade::matched,
          .purpose = verdict.purpose.grade == PurposeGrade::permitted,
          .strength = verdict.strong(),
          .staple = verdict.staple_sound()};
}

/// Asks for all but this.
template <bool Met::*kOverlooked>
bool overlooks(const ChainVerdict& verdict, Access) {
  Met met = met_by(verdict);
  met.*kOverlooked = true;
  return met.all();
}

/// Asks for all, and that this does not hold.
template <bool (*kMinded)(const ChainVerdict&)>
bool minds(const ChainVerdict& verdict, Access) {
  return met_by(verdict).all() && !kMinded(verdict);
}

/// Asks for all, but takes for the name what `kNamed` takes for it.
template <bool (*kNamed)(const NameFinding&)>
bool takes_name(const ChainVerdict& verdict, Access) {
  Met met = met_by(verdict);
  met.name = met.name || kNamed(verdict.name);
  return met.all();
}

}  // namespace assay::faults
