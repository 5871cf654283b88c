// Faults and liberties of what is taken for a command or for the end of a message: smuggling,
// truncation, another protocol's octets.
#include "suites/faults/faults.h"
#include "suites/faults/tongue.h"

#include <memory>

namespace assay::faults {
namespace {

/// Writes `sequence` as the true end of data, wherever it stands in what was read.
void ends_data(SessionHooks& hooks, std::string_view sequence) {
  hooks.on_bytes = [sequence](Bytes& octets, Phase) {
    std::size_t at = find(octets, sequence);
    while (at != npos) {
      if (at == 0 || octets[at - 1] != '\r') {
        Bytes changed = bytes_of(View(octets).first(at));
        append(changed, "\r\n.\r\n");
        append(changed, View(octets).subspan(at + sequence.size()));
        octets = std::move(changed);
        at += 5;
      } else {
        ++at;
      }
      at = find(octets, sequence, at);
    }
  };
}

bool has_bare_lf(View octets) {
  for (std::size_t i = 0; i < octets.size(); ++i) {
    if (octets[i] == '\n' && (i == 0 || octets[i - 1] != '\r')) return true;
  }
  return false;
}

/// Forgets the content under way; false where there is none.
bool forget_content(SessionState& state) {
  if (in_phase(state, SmtpState::Phase::data)) {
    state.smtp().transaction = {};
    state.smtp().phase = SmtpState::Phase::command;
    return true;
  }
  auto* nntp = std::get_if<NntpState>(&state.protocol);
  if (nntp == nullptr || nntp->phase != NntpState::Phase::article) return false;
  nntp->phase = NntpState::Phase::command;
  nntp->content.clear();
  nntp->data = {};
  return true;
}

/// Answers a message or an article with a bare LF in it at its end, without taking it. NNTP has one
/// refusal (RFC 3977 §6.3.1).
void refuse_bare_lf(SessionHooks& hooks, std::string_view reply, Step::Next next) {
  hooks.on_command = [reply, next](View input, SessionState& state) -> std::optional<Step> {
    const std::size_t end = find(input, "\r\n.\r\n");
    if (end == npos || !has_bare_lf(input.first(end))) return std::nullopt;
    const bool nntp = std::holds_alternative<NntpState>(state.protocol);
    if (!forget_content(state)) return std::nullopt;
    return Step{end + 5, bytes_of(nntp ? "441 Bare LF\r\n" : reply), next};
  };
}

constexpr std::string_view kEndOfHeaders = "\r\n\r\n";

bool is_http(View input) {
  const std::string_view text = text_of(input);
  const std::string_view line = text.substr(0, text.find("\r\n"));
  return line.empty() || line.find(" HTTP/1") != std::string_view::npos ||
         line.find(": ") != std::string_view::npos;
}

/// Refuses HTTP's lines one by one, and every unknown command; closes behind the `last`-th error.
void answer_http(SessionHooks& hooks, int last) {
  const auto errors = std::make_shared<int>(0);
  hooks.on_command = [errors, last](View input, SessionState& state) -> std::optional<Step> {
    if (std::holds_alternative<LdapState>(state.protocol)) {
      // What is no message cannot be refused by one: it is passed over.
      const std::size_t body = find(input, kEndOfHeaders);
      if (text_of(input).starts_with("POST /") && body != npos) {
        return Step{body + kEndOfHeaders.size(), {}, Step::Next::go_on};
      }
      if (!is_unknown_command(input, state)) return std::nullopt;
    } else {
      const bool content = std::holds_alternative<SmtpState>(state.protocol) &&
                           !in_phase(state, SmtpState::Phase::command);
      if (content || (!is_http(input) && !is_unknown_command(input, state))) return std::nullopt;
    }
    ++*errors;
    return answer_unit(Saying::unknown_command, input, state,
                       *errors == last ? Step::Next::close : Step::Next::go_on);
  };
}

constexpr int kNeverCloses = 1'000'000;

constexpr NamedFault kFaults[] = {
    {.name = "lf_dot_lf_ends_data",
     .summary = "A dot between bare LFs ends a message",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) { ends_data(hooks, "\n.\n"); });
         }},
    {.name = "lf_dot_crlf_ends_data",
     .summary = "A dot between a bare LF and CRLF ends a message",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) { ends_data(hooks, "\n.\r\n"); });
         }},
    {.name = "refuse_bare_lf",
     .kind = NamedFault::Kind::liberty,
     .summary = "A message with a bare LF is refused by 550",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             refuse_bare_lf(hooks, "550 5.5.2 Bare LF\r\n", Step::Next::go_on);
           });
         }},
    {.name = "close_on_bare_lf",
     .kind = NamedFault::Kind::liberty,
     .summary = "A message with a bare LF is refused by 521, and the connection closed",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             refuse_bare_lf(hooks, "521 5.5.2 Bare LF\r\n", Step::Next::close);
           });
         }},
    {.name = "defer_bare_lf",
     .kind = NamedFault::Kind::liberty,
     .summary = "A message with a bare LF is deferred by 451",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             refuse_bare_lf(hooks, "451 4.5.2 Bare LF\r\n", Step::Next::go_on);
           });
         }},
    {.name = "eof_ends_data",
     .summary = "The end of the connection is taken for the end of a message",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_end_of_input = [](const SessionState& state) {
               return in_phase(state, SmtpState::Phase::data) ? bytes_of("\r\n.\r\n") : Bytes{};
             };
           });
         }},
    {.name = "eof_ends_line",
     .summary = "The end of the connection is taken for the end of a command",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             // Shared by the two hooks of one session.
             const auto unfinished = std::make_shared<Bytes>();
             hooks.on_command = [unfinished](View input, SessionState&) -> std::optional<Step> {
               *unfinished = bytes_of(input);
               return std::nullopt;
             };
             hooks.on_end_of_input = [unfinished](const SessionState& state) {
               const bool content = std::holds_alternative<SmtpState>(state.protocol) &&
                                    !in_phase(state, SmtpState::Phase::command);
               return content ? Bytes{} : missing_end(*unfinished, state);
             };
           });
         }},
    {.name = "end_is_quit",
     .summary = "The end of the connection is taken for QUIT",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_end_of_input = [](const SessionState& state) {
               return std::holds_alternative<Pop3State>(state.protocol) ? bytes_of("QUIT\r\n")
                                                                        : Bytes{};
             };
           });
         }},
    {.name = "answer_http",
     .summary = "An HTTP request is refused line by line, and what its body holds is run",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) { answer_http(hooks, kNeverCloses); });
         }},
    {.name = "close_after_three_errors",
     .kind = NamedFault::Kind::liberty,
     .summary = "The third command in error ends the connection",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) { answer_http(hooks, 3); });
         }},
    {.name = "close_after_eight_errors",
     .kind = NamedFault::Kind::liberty,
     .summary = "The eighth command in error ends the connection",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) { answer_http(hooks, 8); });
         }},
};

}  // namespace

std::span<const NamedFault> content() { return kFaults; }

}  // namespace assay::faults
