// Fuzz target session_smtp: a whole session of the SMTP server, its upgrade included, held twice:
// with every part of the client's octets in one write, and cut. scenario.h tells how an input is
// read. What a client says in one write behind STARTTLS exists in the first of the two alone, so a
// server that acted on it would tell them apart (RFC 3207 §4.2).
#include "fuzz/conversation.h"
#include "fuzz/target.h"
#include "harness/protocol/replies.h"

#include <algorithm>

namespace assay::fuzz {
namespace {

std::size_t line_ends(View octets) {
  std::size_t count = 0;
  for (std::size_t at = find(octets, "\r\n"); at != npos; at = find(octets, "\r\n", at + 2))
    ++count;
  return count;
}

/// Replies in `said`, each of which must be what a strict reader takes.
std::size_t count_replies(std::string_view said) {
  ReplyParser parser;
  parser.feed(view_of(said));
  std::size_t count = 0;
  while (const auto reply = parser.take()) {
    require(reply->has_value(), "the server says replies and nothing else");
    require((*reply)->notes == ReplyNotes{}, "a strict reader objects to no reply");
    ++count;
  }
  require(!parser.in_reply(), "no reply is left unfinished");
  return count;
}

void examine_tls(const Scenario& scenario, const Outcome& outcome) {
  const bool refused = scenario.opening != Opening::flipped && outcome.client_refused;
  require(!refused, "an honest TLS client objects to nothing");
  require(outcome.established || outcome.inside.empty(), "nothing is said before TLS is up");
  if (!outcome.behind_go_ahead.empty()) {
    // RFC 3207 §4: behind the go-ahead there is TLS, or nothing; records of alert or handshake.
    const std::uint8_t type = outcome.behind_go_ahead.front();
    require(type == 0x15 || type == 0x16, "nothing is said in the clear behind the go-ahead");
  }
  if (outcome.inside.empty()) return;
  std::string_view inside = outcome.inside;
  if (scenario.implicit) {
    require(inside.starts_with("220 "), "an implicit session is greeted");
    inside.remove_prefix(inside.find("\r\n") + 2);
  }
  const bool first_is_first = inside.empty() || inside.starts_with("250 2.0.0 OK\r\n") ||
                              scenario.moment == Moment::within_handshake;
  require(first_is_first, "the first reply inside TLS answers the first command inside TLS");
}

void examine_outcome(const Scenario& scenario, const Outcome& outcome) {
  require(outcome.over, "a session is over when its client is gone");
  require(outcome.closed || scenario.ending == Ending::drop, "and its end is closed");
  // The greeting, and the farewell of a server that ends the session by itself.
  constexpr std::size_t kUnasked = 2;
  require(count_replies(outcome.clear) <= line_ends(scenario.clear) + kUnasked,
          "one reply a command at most");
  require(count_replies(outcome.inside) <= line_ends(scenario.inside) + 1 + kUnasked,
          "one reply a command at most, inside TLS");
  examine_tls(scenario, outcome);
  const SmtpLimits& limits = scenario.config.limits;
  require(outcome.held <= std::max(limits.command_line, limits.sasl_blob + 2),
          "what waits for its rest is bounded");
  require(outcome.stored_count <= 3, "the store is bounded");
}

bool same_mail(const Message& a, const Message& b) {
  return a.reverse_path == b.reverse_path && a.recipients == b.recipients &&
         a.content == b.content && a.transport == b.transport;
}

void examine(const Scenario& scenario) {
  const Outcome whole = converse(scenario, Delivery::whole);
  examine_outcome(scenario, whole);
  const Outcome cut = converse(scenario, Delivery::cut);
  examine_outcome(scenario, cut);
  require(whole.clear == cut.clear, "replies do not depend on the cuts");
  require(whole.went_ahead == cut.went_ahead && whole.established == cut.established,
          "nor does the upgrade");
  require(whole.inside == cut.inside, "nor do replies inside TLS, or on what came before it");
  require(whole.stored_count == cut.stored_count &&
              std::ranges::equal(whole.stored, cut.stored, same_mail),
          "nor does the mail");
}

}  // namespace
}  // namespace assay::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto scenario = assay::fuzz::read_scenario({data, size});
  if (!scenario) return -1;
  assay::fuzz::examine(*scenario);
  return 0;
}
