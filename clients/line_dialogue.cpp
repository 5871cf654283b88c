#include "clients/line_dialogue.h"

#include "harness/base/printable.h"
#include "harness/base/words.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay {

Task<Answer> LineDialogue::answer(Deadline deadline) {
  for (;;) {
    if (auto whole = parsed()) co_return std::move(*whole);
    Answer stopped = co_await more(deadline);
    if (!stopped.came()) co_return stopped;
  }
}

Bytes LineDialogue::upgrade_request() { return bytes_of(std::string(upgrade_keyword()) + "\r\n"); }

std::size_t LineDialogue::upgrade_listed() const {
  return static_cast<std::size_t>(std::ranges::count_if(capabilities_, [&](std::string_view line) {
    return equals_ignoring_case(line.substr(0, line.find(' ')), upgrade_keyword());
  }));
}

Bytes LineDialogue::unknown_command() {
  return bytes_of(fmt::format("XMARK {}\r\n", probe().entropy().word()));
}

ClearWord LineDialogue::read_clear(View octets) const {
  if (find(octets, "\r\n") == npos) return ClearWord::incomplete;
  const char first = text_of(octets).front();
  return first == '1' || first == '2' || first == '3' || first == '+' ? ClearWord::yes
                                                                      : ClearWord::no;
}

ReplyLimits LineDialogue::limits_of(const Budget& budget) {
  return {budget.reply_line, budget.reply_lines, budget.reply_octets};
}

Answer LineDialogue::malformed(std::string_view what, const ReplyError& error) {
  Answer answer;
  answer.stop = Stop::malformed;
  answer.text = fmt::format("{}: \"{}\"", what, printable(error.line, 120));
  return answer;
}

}  // namespace assay
