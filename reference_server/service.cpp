#include "reference_server/service.h"

namespace assay {

Step Service::counted(SessionState& state, Step step, bool refuses, std::size_t limit) const {
  if (!refuses || ++state.errors <= limit || step.next == Step::Next::close) return step;
  step.output = farewell(Farewell::too_many_errors);
  step.next = Step::Next::close;
  return step;
}

}  // namespace assay
