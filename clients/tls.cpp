#include "clients/tls.h"

#include "harness/base/printable.h"
#include "harness/wire/record.h"

#include <algorithm>
#include <utility>

namespace assay {

Task<Answer> TlsDialogue::answer(Deadline deadline) {
  for (;;) {
    Answer answer;
    answer.text = printable(text_of(unused_), 200);
    answer.positive = take_answered();
    if (answer.positive) co_return answer;
    Answer instead = co_await more(deadline);
    if (!instead.came()) co_return instead;
  }
}

bool TlsDialogue::take_answered() {
  const auto answered = std::ranges::find_if(asked_, [&](const std::string& word) {
    const std::string reversed(word.rbegin(), word.rend());
    return assay::find(unused_, word) != npos || assay::find(unused_, reversed) != npos;
  });
  if (answered == asked_.end()) return false;
  asked_.erase(answered);
  unused_.clear();
  return true;
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

Bytes TlsDialogue::canary() {
  asked_.push_back(probe().entropy().word(16));
  return bytes_of("assay " + asked_.back() + "\r\n");
}

Task<Answer> TlsDialogue::log_in() { co_return Answer{}; }

ClearWord TlsDialogue::read_clear(View octets) const {
  if (octets.empty()) return ClearWord::incomplete;
  return begins_like_record(octets) ? ClearWord::no : ClearWord::yes;
}

Bytes TlsDialogue::take_unused() { return std::exchange(unused_, {}); }

}  // namespace assay
