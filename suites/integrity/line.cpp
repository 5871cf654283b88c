// RFC 2920 §3.2, RFC 2449 §6.6, RFC 3977 §3.5, RFC 4511 §3.1: commands in one segment are all
// answered, in their order; in LDAP each by its message id.
#include "clients/ldap.h"
#include "clients/pop3.h"
#include "clients/smtp.h"
#include "harness/base/words.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kAllInOrder{"all_answered_in_order"};
constexpr Ending kEachAnswered{"each_answered"};
constexpr Ending kOutOfOrder{"out_of_order"};
constexpr int kSearches = 20;
constexpr std::uint64_t kMostMessages = 1'000'000;
constexpr int kDate = 111;          // RFC 3977 §7.1
constexpr int kCapabilities = 101;  // RFC 3977 §5.2

/// What became of an answer that is owed and did not come.
Ending missing(const Answer& answer) {
  if (answer.stop == Stop::timed_out) return ending::hang;
  return answer.stop == Stop::malformed ? kOutOfOrder : ending::closed;
}

Task<Ending> smtp_batch(Probe& probe) {
  const auto dialogue = co_await secured_smtp(probe);
  if (!dialogue) co_return probe.lost();
  const std::string recipient = probe.account().sink.empty() ? "postmaster" : probe.account().sink;
  const std::string to = "RCPT TO:<" + recipient + ">\r\n";
  dialogue->link().send("MAIL FROM:<batch@assay.invalid>\r\n" + to + to + "DATA\r\n");
  std::vector<int> codes;
  for (int i = 0; i < 4; ++i) {
    const Answer answer = co_await dialogue->answer();
    if (!answer.came()) co_return missing(answer);
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

/// "n m", a drop listing (RFC 1939 §5): how many messages there are.
std::optional<std::size_t> messages_in(const Pop3Reply& reply) {
  const auto words = split_words(reply.text);
  if (words.size() < 2 || !parse_number(words[1], kMostMessages)) return std::nullopt;
  return parse_number(words[0], kMostMessages);
}

/// STAT, LIST and UIDL: the first has two numbers, the others a line a message.
Task<Ending> pop3_batch(Probe& probe) {
  if (probe.account().user.empty())
    co_return probe.inapplicable("needs a login: give `user` and `password` in the account file");
  const auto dialogue = co_await secured_pop3(probe);
  if (!dialogue) co_return probe.lost();
  Answer answer = co_await dialogue->log_in();
  if (!answer.came() || !answer.positive)
    co_return answer.throttled ? ending::throttled
                               : probe.inconclusive("the login was refused: " + answer.text);
  dialogue->say(bytes_of("STAT\r\nLIST\r\nUIDL\r\n"));
  answer = co_await dialogue->answer();
  if (!answer.came()) co_return missing(answer);
  const auto count = messages_in(dialogue->reply());
  if (!count) co_return kOutOfOrder;
  for (const std::string_view command : {"LIST", "UIDL"}) {
    answer = co_await dialogue->answer();
    if (!answer.came()) co_return missing(answer);
    // RFC 1939 §7: UIDL is optional, and refused in its turn.
    const bool fits =
        answer.positive ? dialogue->reply().lines().size() == *count : command == "UIDL";
    if (!fits) co_return kOutOfOrder;
  }
  co_return kAllInOrder;
}

Task<Ending> nntp_batch(Probe& probe) {
  const auto dialogue = co_await secured(probe);
  if (!dialogue) co_return probe.lost();
  std::string batch;
  for (int i = 0; i < 3; ++i) batch += "DATE\r\nCAPABILITIES\r\n";
  dialogue->say(bytes_of(batch));
  for (int i = 0; i < 6; ++i) {
    const Answer answer = co_await dialogue->answer();
    if (!answer.came()) co_return missing(answer);
    if (answer.throttled) co_return ending::throttled;
    if (answer.code != (i % 2 == 0 ? kDate : kCapabilities)) co_return kOutOfOrder;
  }
  co_return kAllInOrder;
}

Task<Ending> ldap_batch(Probe& probe) {
  const auto dialogue = co_await secured(probe);
  if (!dialogue) co_return probe.lost();
  Bytes batch;
  for (int i = 0; i < kSearches; ++i) append(batch, dialogue->canary());
  dialogue->say(batch);
  for (int i = 0; i < kSearches; ++i) {
    const Answer answer = co_await dialogue->answer();
    if (!answer.came()) co_return missing(answer);
    if (answer.throttled) co_return ending::throttled;
    if (answer.unasked || !answer.positive) {
      probe.explain(answer.text);
      co_return ending::unexpected_reply;
    }
  }
  co_return kEachAnswered;
}

Task<Ending> pipelined_batch(Probe& probe) {
  switch (probe.endpoint().protocol) {
    case Protocol::pop3:
      return pop3_batch(probe);
    case Protocol::nntp:
      return nntp_batch(probe);
    case Protocol::ldap:
      return ldap_batch(probe);
    default:
      return smtp_batch(probe);
  }
}

/// A mailbox is open to one session at a time (RFC 1939 §4), and one that hangs holds it.
constexpr EnumSet<Protocol> kOpenToMany{Protocol::smtp, Protocol::nntp, Protocol::ldap};

constexpr Check kChecks[] = {
    {.id = "integrity.line.pipelined_batch",
     .title = "Commands that come in one segment are all answered, in order",
     .levels = {.all = Level::must},
     .sources = {"RFC 2920 §3.2", "RFC 2449 §6.6", "RFC 3977 §3.5", "RFC 4511 §3.1"},
     .scope = {.protocols = kApplications},
     .needs = {Need::pipelining},
     .traits = {Trait::writes},
     .run = pipelined_batch,
     .steps = "Inside TLS, in one write: MAIL, RCPT, RCPT and DATA, and behind the 354 an empty "
              "message; or, after a login, STAT, LIST and UIDL; or three times DATE and "
              "CAPABILITIES; or 20 searches of the root DSE, whose answers may come in any order.",
     .accepts = {kAllInOrder, kEachAnswered},
     .breakers = {{"lose_batch", ending::hang, {}, {}, kOpenToMany},
                  {"lose_batch", ending::hang, {Access::upgrade}, {}, {Protocol::pop3}},
                  {"swap_answers", kOutOfOrder, {}, {}, kLineProtocols}},
     .liberties = {{"split_replies", kAllInOrder, {}, {}, kLineProtocols},
                   {"split_replies", kEachAnswered, {}, {}, {Protocol::ldap}},
                   {"delayed_greeting", kAllInOrder, {}, {}, kLineProtocols}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> line() { return kChecks; }

}  // namespace assay::suites
