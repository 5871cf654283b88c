// RFC 5321 §4.1.1.4 and §2.3.8, CVE-2023-51764: only CRLF . CRLF ends a message; what else looks
// like an end and is taken for one lets a stranger's mail ride inside another's.
#include "suites/observe.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kOneMessage{"one_message"};
constexpr Ending kDeferred{"deferred"};
constexpr Ending kSmuggled{"smuggled"};

bool contains(const Bytes& mail, std::string_view nonce) { return find(mail, nonce) != npos; }

Task<Ending> smuggle(Probe& probe, std::string_view sequence) {
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

Task<Ending> lf_dot_lf(Probe& probe) { return smuggle(probe, "\n.\n"); }
Task<Ending> lf_dot_crlf(Probe& probe) { return smuggle(probe, "\n.\r\n"); }

constexpr std::string_view kSteps =
    "Inside TLS one message that holds the sequence, then MAIL, RCPT, DATA and a second text, "
    "ended by a true CRLF . CRLF. "
    "A good message shows that the sink is read; the second text must not be there as a message of "
    "its own.";

constexpr Check kChecks[] = {
    {.id = "integrity.smuggling.lf_dot_lf",
     .title = "LF . LF does not end a message",
     .levels = {.all = Level::must},
     .sources = {"RFC 5321 §4.1.1.4", "RFC 5321 §2.3.8", "RFC 3977 §3.1.1"},
     .scope = {.protocols = {Protocol::smtp}},
     .needs = {Need::sink},
     .traits = {Trait::intrusive, Trait::writes},
     .run = lf_dot_lf,
     .steps = kSteps,
     .accepts = {kOneMessage, ending::refused, kDeferred},
     .breakers = {{"lf_dot_lf_ends_data", kSmuggled}},
     .liberties = {{"refuse_bare_lf", ending::refused},
                   {"close_on_bare_lf", ending::refused},
                   {"defer_bare_lf", kDeferred}}},
    {.id = "integrity.smuggling.lf_dot_crlf",
     .title = "LF . CRLF does not end a message",
     .levels = {.all = Level::must},
     .sources = {"RFC 5321 §4.1.1.4", "RFC 5321 §2.3.8", "RFC 3977 §3.1.1", "CVE-2023-51764",
                 "CVE-2023-51765", "CVE-2023-51766"},
     .scope = {.protocols = {Protocol::smtp}},
     .needs = {Need::sink},
     .traits = {Trait::intrusive, Trait::writes},
     .run = lf_dot_crlf,
     .steps = kSteps,
     .accepts = {kOneMessage, ending::refused, kDeferred},
     .breakers = {{"lf_dot_crlf_ends_data", kSmuggled}},
     .liberties = {{"refuse_bare_lf", ending::refused},
                   {"close_on_bare_lf", ending::refused},
                   {"defer_bare_lf", kDeferred}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> smuggling() { return kChecks; }

}  // namespace assay::suites
