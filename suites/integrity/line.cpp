// RFC 2920 §3.2: commands in one segment are all answered, in their order.
#include "suites/observe.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kAllInOrder{"all_answered_in_order"};
constexpr Ending kOutOfOrder{"out_of_order"};

Task<Ending> pipelined_batch(Probe& probe) {
  const auto dialogue = co_await secured_smtp(probe);
  if (!dialogue) co_return probe.lost();
  const std::string recipient = probe.account().sink.empty() ? "postmaster" : probe.account().sink;
  const std::string to = "RCPT TO:<" + recipient + ">\r\n";
  dialogue->link().send("MAIL FROM:<batch@assay.invalid>\r\n" + to + to + "DATA\r\n");
  std::vector<int> codes;
  for (int i = 0; i < 4; ++i) {
    const Answer answer = co_await dialogue->answer();
    if (answer.stop == Stop::timed_out) co_return ending::hang;
    if (!answer.came()) co_return ending::closed;
    if (answer.throttled) co_return ending::throttled;
    codes.push_back(answer.code);
  }
  // Only MAIL and RCPT may say 250, only DATA 354; a refused recipient has DATA refused in its
  // turn.
  const bool taken = codes[1] == 250 || codes[2] == 250;
  const bool in_order = codes[0] != 354 && codes[1] != 354 && codes[2] != 354 &&
                        codes[3] / 100 != 2 && (codes[3] == 354) == (codes[0] == 250 && taken);
  if (!in_order) co_return kOutOfOrder;
  if (codes[3] != 354)
    co_return probe.inconclusive("the recipient was refused, so DATA has no 354 to be told by");
  const Answer end = co_await dialogue->ask(bytes_of(".\r\n"));
  if (end.stop == Stop::timed_out) co_return ending::hang;
  co_return kAllInOrder;
}

constexpr Check kChecks[] = {
    {.id = "integrity.line.pipelined_batch",
     .title = "Commands that come in one segment are all answered, in order",
     .levels = {.all = Level::must},
     .sources = {"RFC 2920 §3.2", "RFC 2449 §6.6", "RFC 3977 §3.5", "RFC 4511 §3.1"},
     .scope = {.protocols = {Protocol::smtp}},
     .needs = {Need::pipelining},
     .traits = {Trait::writes},
     .run = pipelined_batch,
     .steps = "Inside TLS MAIL, RCPT, RCPT and DATA in one write; behind the 354 an empty message.",
     .accepts = {kAllInOrder},
     .breakers = {{"lose_batch", ending::hang}, {"swap_answers", kOutOfOrder}},
     .liberties = {{"split_replies", kAllInOrder}, {"delayed_greeting", kAllInOrder}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> line() { return kChecks; }

}  // namespace assay::suites
