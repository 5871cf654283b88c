// RFC 1939 §3 and §6: only QUIT leads to the UPDATE state; a session that ends in another way
// removes nothing.
#include "clients/pop3.h"
#include "harness/base/words.h"
#include "suites/suites.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::suites {
namespace {

constexpr Ending kStillThere{"message_still_there"};
constexpr Ending kDeleted{"message_deleted"};

/// How a session is broken off.
enum class Break { close_notify, fin, reset };
constexpr std::pair<Break, std::string_view> kBreaks[] = {
    {Break::close_notify, "close_notify"}, {Break::fin, "fin"}, {Break::reset, "reset"}};

/// A session that is logged in; null where that did not succeed, and the probe says why.
Task<std::unique_ptr<Pop3Dialogue>> logged_in(Probe& probe) {
  auto dialogue = co_await secured_pop3(probe);
  if (!dialogue) co_return nullptr;
  const Answer answer = co_await dialogue->log_in();
  if (answer.came() && answer.positive) co_return dialogue;
  probe.lose(answer.throttled ? ending::throttled : ending::inconclusive,
             "the login was refused: " + answer.text);
  co_return nullptr;
}

/// The unique ids of the mailbox (RFC 1939 §7); nothing where they were refused.
Task<std::optional<std::vector<std::string>>> unique_ids(Pop3Dialogue& dialogue) {
  const Answer answer = co_await dialogue.ask(bytes_of("UIDL\r\n"));
  if (!answer.came() || !answer.positive) co_return std::nullopt;
  std::vector<std::string> ids;
  for (const std::string& line : dialogue.reply().lines()) {
    const auto words = split_words(line);
    if (words.size() == 2) ids.emplace_back(words[1]);
  }
  co_return ids;
}

void break_off(Dialogue& dialogue, Break how) {
  SecureLink& link = dialogue.link();
  if (how == Break::reset) return link.abort();
  if (how == Break::close_notify) link.close_tls();
  link.finish();
}

/// Waits for the server's end, so that its session is over before the next one begins.
Task<void> see_the_end(Probe& probe, Dialogue& dialogue) {
  for (;;) {
    const Answer answer = co_await dialogue.answer(probe.reply_deadline());
    if (!answer.came()) co_return;
  }
}

Task<Ending> delete_and_break_off(Probe& probe, Break how) {
  auto dialogue = co_await logged_in(probe);
  if (!dialogue) co_return probe.lost();
  const auto before = co_await unique_ids(*dialogue);
  if (!before) co_return probe.inapplicable("UIDL is refused: messages cannot be told apart");
  if (before->empty()) co_return probe.inapplicable("the mailbox is empty: leave a message in it");
  const std::string victim = before->front();
  const Answer marked = co_await dialogue->ask(bytes_of("DELE 1\r\n"));
  if (!marked.came() || !marked.positive)
    co_return probe.inconclusive("DELE was refused: " + marked.text);
  break_off(*dialogue, how);
  if (how != Break::reset) co_await see_the_end(probe, *dialogue);
  dialogue = co_await logged_in(probe);
  if (!dialogue) co_return probe.lost();
  const auto after = co_await unique_ids(*dialogue);
  if (!after) co_return probe.inconclusive("UIDL was refused the second time");
  dialogue->leave();
  co_return std::ranges::find(*after, victim) == after->end() ? kDeleted : kStillThere;
}

Task<Ending> pop3_no_update_without_quit(Probe& probe) {
  for (const auto& [how, name] : kBreaks) {
    const Ending seen = co_await delete_and_break_off(probe, how);
    probe.part(std::string(name), seen);
    if (seen != kStillThere) break;
  }
  co_return probe.worst();
}

constexpr Check kChecks[] = {
    {.id = "integrity.closure.pop3_no_update_without_quit",
     .title = "A message that was marked is still there when the session ends without QUIT",
     .levels = {.pop3 = Level::must},
     .sources = {"RFC 1939 §3", "RFC 1939 §6"},
     .scope = {.protocols = {Protocol::pop3}},
     .needs = {Need::account},
     .traits = {Trait::writes},
     .run = pop3_no_update_without_quit,
     .steps = "Inside TLS, logged in, DELE of the first message, then on one connection each: "
              "close_notify and FIN; FIN alone; a reset. At the next login UIDL must list the "
              "message.",
     .accepts = {kStillThere},
     .breakers = {{"end_is_quit", kDeleted}},
     .liberties = {{"split_replies", kStillThere}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> closure_pop3() { return kChecks; }

}  // namespace assay::suites
