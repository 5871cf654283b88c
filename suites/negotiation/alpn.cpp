// RFC 7301: a service knows its own protocol name. ALPACA, RFC 9325 §3.8: a browser that is lured
// to a mail port must not find its request run as commands.
#include "clients/smtp.h"
#include "harness/channel/event.h"
#include "suites/suites.h"

#include <fmt/format.h>

namespace assay::suites {
namespace {

constexpr Ending kClosedAtFirstLine{"closed_at_first_line"};
constexpr Ending kClosedBeforeBody{"closed_before_body_ran"};
constexpr Ending kBodyRanThenClosed{"body_ran_then_closed"};
constexpr Ending kBodyRan{"body_ran"};
constexpr std::size_t kErrorsAllowed = 10;
constexpr int kArticleWanted = 340;  // RFC 3977 §6.3.1

constexpr Ending kSelectedOnBoth{"selected_on_both"};
constexpr Ending kIgnoredOnBoth{"ignored_on_both"};
constexpr Ending kSelectedOnOne{"selected_on_one"};
constexpr Ending kOtherSelected{"another_id_selected"};
constexpr Ending kRefusedOwn{"alert_no_application_protocol"};
// Of one endpoint; never of a case.
constexpr Ending kSelected{"selected"};
constexpr Ending kIgnored{"ignored"};

/// As IANA registers them: pop3; nntp for readers, nnsp for transit.
std::string own_id(const Endpoint& endpoint) {
  if (endpoint.protocol == Protocol::pop3) return "pop3";
  return endpoint.role == ServerRole::news_transit ? "nnsp" : "nntp";
}

/// A handshake at `version` that offers `names`; what it selected, or how it failed.
Task<Ending> offered(Probe& probe, const Endpoint& endpoint, TlsVersion version,
                     std::vector<std::string> names) {
  const auto dialogue = co_await connected_to(probe, endpoint);
  if (!dialogue) co_return probe.lost();
  const bool near = co_await dialogue->approach();
  if (!near) co_return probe.lost();
  OracleConfig offer;
  offer.min_version = offer.max_version = version;
  offer.alpn = names;
  const bool secured = co_await dialogue->secure(probe.tls_client(offer));
  if (!secured) co_return ending_of(dialogue->handshake_event());
  const std::string selected = dialogue->link().agreement()->alpn;
  dialogue->leave();
  if (selected.empty()) co_return kIgnored;
  const bool own = !names.empty() && selected == names.front();
  co_return own ? kSelected : kOtherSelected;
}

Task<Ending> on_one(Probe& probe, const Endpoint& endpoint, TlsVersion version) {
  std::vector<std::string> names = {own_id(endpoint)};
  const Ending seen = co_await offered(probe, endpoint, version, std::move(names));
  if (seen == kSelected || seen == kIgnored || seen == kOtherSelected) co_return seen;
  // A refusal counts where the same handshake without a name succeeds.
  const Ending without = co_await offered(probe, endpoint, version, {});
  co_return without == kIgnored ? seen : ending::inconclusive;
}

Task<Ending> on_both(Probe& probe, TlsVersion version) {
  const Ending upgrade = co_await on_one(probe, probe.endpoint(), version);
  if (upgrade != kSelected && upgrade != kIgnored) co_return upgrade;
  const Ending implicit = co_await on_one(probe, *probe.other_endpoint(), version);
  if (implicit != kSelected && implicit != kIgnored) co_return implicit;
  if (upgrade != implicit) co_return kSelectedOnOne;
  co_return upgrade == kSelected ? kSelectedOnBoth : kIgnoredOnBoth;
}

Task<Ending> registered_id(Probe& probe) {
  for (const auto& [version, agreement] : probe.facts().agreements) {
    if (version < TlsVersion::tls12) continue;
    const Ending seen = co_await on_both(probe, version);
    probe.part(std::string(slug_of(version)), seen);
  }
  co_return probe.worst();
}

/// The request of a browser that was lured here; its body is what the attacker wrote.
Bytes request_with(View body) {
  Bytes request = bytes_of(
      fmt::format("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n", body.size()));
  append(request, body);
  return request;
}

bool is_farewell(const Answer& answer) { return answer.code == 221; }  // RFC 5321 §4.2.3

Task<Ending> http_request(Probe& probe) {
  const auto dialogue = co_await secured(probe);
  if (!dialogue) co_return probe.lost();
  Bytes body = dialogue->canary();
  append(body, dialogue->canary());
  dialogue->say(request_with(body));
  std::size_t errors = 0;
  bool body_ran = false;
  bool article_wanted = false;
  std::string request_line;
  // Header lines and body have their answers; behind them unknown commands, until ten errors are
  // made.
  for (std::size_t answers = 0; answers < 40; ++answers) {
    const Answer answer = co_await dialogue->answer();
    if (!answer.came()) {
      if (answer.stop == Stop::timed_out) {
        if (!article_wanted) co_return ending::hang;
        co_return probe.inconclusive("POST was taken for the command of that name: " +
                                     request_line);
      }
      if (answer.stop == Stop::malformed)
        co_return probe.inconclusive("the answers cannot be told apart: " + answer.text);
      if (body_ran) co_return kBodyRanThenClosed;
      co_return errors <= 1 ? kClosedAtFirstLine : kClosedBeforeBody;
    }
    if (answer.code == kArticleWanted) {
      article_wanted = true;
      request_line = answer.text;
      continue;
    }
    if (answer.positive && !is_farewell(answer)) body_ran = true;
    if (!answer.positive) ++errors;
    if (errors > kErrorsAllowed) break;
    if (body_ran) dialogue->say(dialogue->unknown_command());
  }
  co_return body_ran ? kBodyRan : kClosedBeforeBody;
}

constexpr Check kChecks[] = {
    {.id = "negotiation.alpn.registered_id",
     .title = "The service's own ALPN name is no reason to refuse a handshake",
     .levels = {.all = Level::bcp},
     .sources = {"RFC 7301 §3.2", "RFC 7301 §6", "IANA ALPN registry"},
     .scope = {.protocols = {Protocol::pop3, Protocol::nntp}, .access = {Access::pair}},
     .run = registered_id,
     .steps =
         "At each version, behind the upgrade and with implicit TLS, a handshake that offers the "
         "name that is registered for the service: pop3, nntp, or nnsp for transit.",
     .accepts = {kSelectedOnBoth, kIgnoredOnBoth},
     .weak = {kSelectedOnOne},
     .breakers = {{"refuse_own_alpn", kRefusedOwn}},
     .liberties = {{"select_own_alpn", kSelectedOnBoth},
                   {"select_alpn_on_implicit", kSelectedOnOne}}},
    {.id = "negotiation.alpn.http_request",
     .title = "An HTTP request ends the session before its body is run as commands",
     .levels = {.all = Level::bcp},
     .sources = {"ALPACA", "RFC 9325 §3.8"},
     .scope = {.protocols = kApplications, .access = {Access::implicit}},
     .traits = {Trait::intrusive},
     .run = http_request,
     .steps = "Inside TLS an HTTP POST whose body holds valid commands; then unknown commands, "
              "until ten errors are made.",
     .accepts = {kClosedAtFirstLine, kClosedBeforeBody},
     .weak = {kBodyRanThenClosed},
     .breakers = {{"answer_http", kBodyRan}},
     .liberties = {{"close_after_three_errors", kClosedBeforeBody, {}, {}, kLineProtocols},
                   {"close_after_eight_errors", kBodyRanThenClosed}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> alpn() { return kChecks; }

}  // namespace assay::suites
