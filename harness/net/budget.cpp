#include "harness/net/budget.h"

namespace assay {

Budget Budget::scaled_down(int factor) const {
  Budget scaled = *this;
  for (Milliseconds* wait :
       {&scaled.connect, &scaled.handshake, &scaled.reply, &scaled.check, &scaled.subject}) {
    *wait /= factor;
  }
  return scaled;
}

ServerBudget ServerBudget::scaled_down(int factor) const {
  ServerBudget scaled = *this;
  for (Milliseconds* wait :
       {&scaled.handshake, &scaled.idle, &scaled.command, &scaled.data_grace, &scaled.farewell}) {
    *wait /= factor;
  }
  return scaled;
}

}  // namespace assay
