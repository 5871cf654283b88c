#include "clients/tls.h"

#include "harness/base/printable.h"
#include "harness/wire/record.h"

#include <utility>

namespace assay {

Task<Answer> TlsDialogue::answer(Deadline deadline) {
  if (unused_.empty()) {
    Answer instead = co_await more(deadline);
    if (!instead.came()) co_return instead;
  }
  const Bytes octets = take_unused();
  Answer answer;
  answer.positive = true;
  answer.text = printable(text_of(octets), 200);
  co_return answer;
}

Task<MarkerResult> TlsDialogue::marker() {
  MarkerResult result;
  result.first = co_await ask(canary());
  result.answered = result.first.came();
  co_return result;
}

Task<std::optional<Answer>> TlsDialogue::list_capabilities() {
  const MarkerResult answered = co_await marker();
  if (answered.answered) co_return std::nullopt;
  co_return answered.first;
}

Bytes TlsDialogue::canary() { return bytes_of("GET / HTTP/1.0\r\n\r\n"); }

Task<Answer> TlsDialogue::log_in() { co_return Answer{}; }

ClearWord TlsDialogue::read_clear(View octets) const {
  if (octets.empty()) return ClearWord::incomplete;
  return begins_like_record(octets) ? ClearWord::no : ClearWord::yes;
}

Bytes TlsDialogue::take_unused() { return std::exchange(unused_, {}); }

}  // namespace assay
