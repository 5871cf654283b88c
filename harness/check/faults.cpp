#include "harness/check/faults.h"

namespace assay {

SessionHooks hooks_of(const Faults& faults) {
  SessionHooks hooks;
  for (const auto add : faults.session) add(hooks);
  return hooks;
}

}  // namespace assay
