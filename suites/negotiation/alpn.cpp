// ALPACA, RFC 9325 §3.8: a browser that is lured to a mail port must not find its request run as
// commands.
#include "clients/smtp.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kClosedAtFirstLine{"closed_at_first_line"};
constexpr Ending kClosedBeforeBody{"closed_before_body_ran"};
constexpr Ending kBodyRanThenClosed{"body_ran_then_closed"};
constexpr Ending kBodyRan{"body_ran"};
constexpr std::size_t kErrorsAllowed = 10;
constexpr std::string_view kHeaders = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\n\r\n";
constexpr std::string_view kBody = "EHLO x.invalid\r\nNOOP\r\n";

Task<Ending> http_request(Probe& probe) {
  const auto dialogue = co_await secured(probe);
  if (!dialogue) co_return probe.lost();
  dialogue->say(bytes_of(std::string(kHeaders) + std::string(kBody)));
  std::size_t errors = 0;
  bool body_ran = false;
  // Header lines and body have their answers; behind them unknown commands, until ten errors are
  // made.
  for (std::size_t answers = 0; answers < 40; ++answers) {
    const Answer answer = co_await dialogue->answer();
    if (!answer.came()) {
      if (answer.stop == Stop::timed_out) co_return ending::hang;
      if (body_ran) co_return kBodyRanThenClosed;
      co_return errors <= 1 ? kClosedAtFirstLine : kClosedBeforeBody;
    }
    if (answer.positive && answer.code != 221) body_ran = true;
    if (!answer.positive) ++errors;
    if (errors > kErrorsAllowed) break;
    if (body_ran) dialogue->say(dialogue->unknown_command());
  }
  co_return body_ran ? kBodyRan : kClosedBeforeBody;
}

constexpr Check kChecks[] = {
    {.id = "negotiation.alpn.http_request",
     .title = "An HTTP request ends the session before its body is run as commands",
     .levels = {.all = Level::bcp},
     .sources = {"ALPACA", "RFC 9325 §3.8"},
     .scope = {.protocols = {Protocol::smtp}, .access = {Access::implicit}},
     .traits = {Trait::intrusive},
     .run = http_request,
     .steps = "Inside TLS an HTTP POST whose body holds valid commands; then unknown commands, "
              "until ten errors are made.",
     .accepts = {kClosedAtFirstLine, kClosedBeforeBody},
     .weak = {kBodyRanThenClosed},
     .breakers = {{"answer_http", kBodyRan}},
     .liberties = {{"close_after_three_errors", kClosedBeforeBody},
                   {"close_after_eight_errors", kBodyRanThenClosed}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> alpn() { return kChecks; }

}  // namespace assay::suites
