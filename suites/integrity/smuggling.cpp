// RFC 5321 §4.1.1.4 and §2.3.8, CVE-2023-51764: only CRLF . CRLF ends a message; what else looks
// like an end and is taken for one lets a stranger's mail ride inside another's.
#include "suites/observe.h"
#include "suites/suites.h"

#include <fmt/format.h>

namespace assay::suites {
namespace {

constexpr Ending kOneMessage{"one_message"};
constexpr Ending kDeferred{"deferred"};
constexpr Ending kSmuggled{"smuggled"};
constexpr int kArticleWanted = 340;  // RFC 3977 §6.3.1
constexpr int kLoginRequired = 480;  // RFC 4643 §2.1

bool contains(const Bytes& mail, std::string_view nonce) { return find(mail, nonce) != npos; }

Task<Ending> smuggle_mail(Probe& probe, std::string_view sequence) {
  const std::string outer = probe.entropy().word(16);
  const std::string inner = probe.entropy().word(16);
  const auto dialogue = co_await secured_smtp(probe);
  if (!dialogue) co_return probe.lost();
  const Answer go_ahead = co_await dialogue->begin_message("outer@assay.invalid");
  if (!go_ahead.came() || go_ahead.code != 354)
    co_return probe.inconclusive("DATA was not taken: " + go_ahead.text);
  std::string message = message_with(outer) + "a" + std::string(sequence) +
                        "MAIL FROM:<inner@assay.invalid>\r\nRCPT TO:<" + probe.account().sink +
                        ">\r\nDATA\r\n" + message_with(inner) + ".\r\n";
  dialogue->link().send(message);
  const Answer answer = co_await dialogue->answer();
  if (answer.stop == Stop::timed_out) co_return ending::hang;
  if (answer.came()) probe.note("answered " + std::to_string(answer.code));
  dialogue->leave();

  const auto mails = co_await mail_with(probe, inner);
  if (!mails) co_return probe.lost();
  for (const Bytes& mail : *mails) {
    if (!contains(mail, outer)) co_return kSmuggled;
  }
  if (!mails->empty()) co_return mails->size() == 1 ? kOneMessage : kSmuggled;
  if (answer.came() && answer.code / 100 == 4) co_return kDeferred;
  if (answer.came() && answer.positive)
    co_return probe.inconclusive("the message was acknowledged and is not in the sink");
  co_return ending::refused;
}

std::string message_id(std::string_view nonce) {
  return "<" + std::string(nonce) + "@assay.invalid>";
}

/// Headers and a text (RFC 5536 §3.1), without the final dot.
std::string article_with(std::string_view nonce, std::string_view group) {
  return fmt::format(
      "From: <probe@assay.invalid>\r\nNewsgroups: {}\r\nSubject: {}\r\nMessage-ID: {}\r\n\r\n"
      "This article was posted by a test.\r\n",
      group, nonce, message_id(nonce));
}

/// POST, after a login where it takes one; the last answer.
Task<Answer> ask_to_post(Probe& probe, Dialogue& dialogue) {
  Answer answer = co_await dialogue.ask(bytes_of("POST\r\n"));
  const bool login_due = answer.came() && answer.code == kLoginRequired;
  if (!login_due || probe.account().user.empty()) co_return answer;
  const Answer login = co_await dialogue.log_in();
  if (!login.came() || !login.positive) co_return login;
  answer = co_await dialogue.ask(bytes_of("POST\r\n"));
  co_return answer;
}

Task<bool> has_article(Dialogue& dialogue, std::string_view nonce) {
  const Answer found = co_await dialogue.ask(bytes_of("STAT " + message_id(nonce) + "\r\n"));
  co_return found.came() && found.positive;
}

Task<Ending> smuggle_article(Probe& probe, std::string_view sequence) {
  const std::string outer = probe.entropy().word(16);
  const std::string inner = probe.entropy().word(16);
  const std::string& group = probe.account().group;
  const auto dialogue = co_await secured(probe);
  if (!dialogue) co_return probe.lost();
  const Answer go_ahead = co_await ask_to_post(probe, *dialogue);
  if (!go_ahead.came() || go_ahead.code != kArticleWanted)
    co_return probe.inapplicable("this user may not post: " + go_ahead.text);
  const std::string article = article_with(outer, group) + "a" + std::string(sequence) +
                              "POST\r\n" + article_with(inner, group) + ".\r\n";
  dialogue->link().send(article);
  const Answer answer = co_await dialogue->answer();
  if (answer.stop == Stop::timed_out) co_return ending::hang;
  if (!answer.came()) co_return ending::refused;
  probe.note("answered " + std::to_string(answer.code));
  // The answer to a POST that was smuggled in would be the next to come.
  const MarkerResult marker = co_await dialogue->marker();
  if (marker.unasked) co_return kSmuggled;
  if (!marker.answered) co_return answer.positive ? ending::connection_broken : ending::refused;
  const bool smuggled = co_await has_article(*dialogue, inner);
  if (smuggled) co_return kSmuggled;
  if (!answer.positive) co_return ending::refused;
  const bool arrived = co_await has_article(*dialogue, outer);
  if (arrived) co_return kOneMessage;
  co_return probe.inconclusive("the article was acknowledged and is not in the group");
}

Task<Ending> smuggle(Probe& probe, std::string_view sequence) {
  return probe.endpoint().protocol == Protocol::nntp ? smuggle_article(probe, sequence)
                                                     : smuggle_mail(probe, sequence);
}

Task<Ending> lf_dot_lf(Probe& probe) { return smuggle(probe, "\n.\n"); }
Task<Ending> lf_dot_crlf(Probe& probe) { return smuggle(probe, "\n.\r\n"); }

constexpr std::string_view kSteps =
    "Inside TLS one message that holds the sequence, then MAIL, RCPT, DATA and a second text, "
    "ended by a true CRLF . CRLF. "
    "A good message shows that the sink is read; the second text must not be there as a message of "
    "its own. In NNTP one article, with POST and a second one in it; STAT tells which there are.";

constexpr Check kChecks[] = {
    {.id = "integrity.smuggling.lf_dot_lf",
     .title = "LF . LF does not end a message",
     .levels = {.all = Level::must},
     .sources = {"RFC 5321 §4.1.1.4", "RFC 5321 §2.3.8", "RFC 3977 §3.1.1"},
     .scope = {.protocols = {Protocol::smtp, Protocol::nntp}},
     .needs = {Need::sink},
     .traits = {Trait::intrusive, Trait::writes},
     .run = lf_dot_lf,
     .steps = kSteps,
     .accepts = {kOneMessage, ending::refused, kDeferred},
     .breakers = {{"lf_dot_lf_ends_data", kSmuggled}},
     .liberties = {{"refuse_bare_lf", ending::refused},
                   {"close_on_bare_lf", ending::refused},
                   {"defer_bare_lf", kDeferred, {}, {}, {Protocol::smtp}}}},
    {.id = "integrity.smuggling.lf_dot_crlf",
     .title = "LF . CRLF does not end a message",
     .levels = {.all = Level::must},
     .sources = {"RFC 5321 §4.1.1.4", "RFC 5321 §2.3.8", "RFC 3977 §3.1.1", "CVE-2023-51764",
                 "CVE-2023-51765", "CVE-2023-51766"},
     .scope = {.protocols = {Protocol::smtp, Protocol::nntp}},
     .needs = {Need::sink},
     .traits = {Trait::intrusive, Trait::writes},
     .run = lf_dot_crlf,
     .steps = kSteps,
     .accepts = {kOneMessage, ending::refused, kDeferred},
     .breakers = {{"lf_dot_crlf_ends_data", kSmuggled}},
     .liberties = {{"refuse_bare_lf", ending::refused},
                   {"close_on_bare_lf", ending::refused},
                   {"defer_bare_lf", kDeferred, {}, {}, {Protocol::smtp}}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> smuggling() { return kChecks; }

}  // namespace assay::suites
