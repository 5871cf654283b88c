#include "suites/faults/tongue.h"

#include "harness/base/words.h"
#include "suites/faults/faults.h"
#include "suites/faults/ldap_tongue.h"

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

namespace assay::faults {
namespace {

struct Tongue {
  std::string_view upgrade;       // the command that asks for TLS, and the capability of that name
  std::string_view capabilities;  // the command that lists capabilities
  std::string_view (*line)(Saying saying);
};

std::string_view smtp_line(Saying saying) {
  switch (saying) {
    case Saying::go_ahead:
      return "220 2.0.0 Ready to start TLS\r\n";
    case Saying::no_such_command:
      return "502 5.5.1 No such command\r\n";
    case Saying::not_now:
      return "454 4.7.0 TLS not available\r\n";
    case Saying::tls_active:
      return "503 5.5.1 TLS is active\r\n";
    case Saying::unnamed:
      return "550 5.7.0 No\r\n";
    case Saying::nothing_behind:
      return "503 5.5.1 Nothing may follow STARTTLS\r\n";
    case Saying::handshake_failed:
      return "554 5.7.0 TLS handshake failed\r\n";
    case Saying::welcome:
      return "235 2.7.0 Welcome\r\n";
    case Saying::wrong_password:
      return "535 5.7.8 No\r\n";
    case Saying::unknown_command:
      return "500 5.5.2 Not recognized\r\n";
    case Saying::no_greeting:
      return "250 2.0.0 Hello\r\n";
    case Saying::known_user:
      return "235 2.7.0 Welcome, you are logged in\r\n";
    case Saying::another_host:
      return "220 other.test ESMTP ready\r\n";
    case Saying::next_answer:
      return "250-localhost\r\n250 AUTH PLAIN LOGIN\r\n";
    case Saying::partial_answer:
      return "5";
  }
  return {};
}

/// RFC 2595 §4 knows one refusal, whatever the reason; RFC 3206 §4 has a code for what passes.
std::string_view pop3_line(Saying saying) {
  switch (saying) {
    case Saying::go_ahead:
      return "+OK Begin TLS\r\n";
    case Saying::no_such_command:
      return "-ERR No such command\r\n";
    case Saying::not_now:
      return "-ERR [SYS/TEMP] TLS not available\r\n";
    case Saying::tls_active:
      return "-ERR TLS is active\r\n";
    case Saying::unnamed:
      return "-ERR No\r\n";
    case Saying::nothing_behind:
      return "-ERR Nothing may follow STLS\r\n";
    case Saying::handshake_failed:
      return "-ERR TLS handshake failed\r\n";
    case Saying::welcome:
      return "+OK Welcome\r\n";
    case Saying::wrong_password:
      return "-ERR [AUTH] No\r\n";
    case Saying::unknown_command:
      return "-ERR Not recognized\r\n";
    case Saying::no_greeting:
      return "+ Hello\r\n";
    case Saying::known_user:
      return "+OK user logged in, 3 messages\r\n";
    case Saying::another_host:
      return "+OK other.test ready\r\n";
    case Saying::next_answer:
      return "+OK Capabilities\r\nUSER\r\nSASL PLAIN\r\n.\r\n";
    case Saying::partial_answer:
      return "5";
  }
  return {};
}

/// RFC 4642 §2.2.1: 382, 502 and 580.
std::string_view nntp_line(Saying saying) {
  switch (saying) {
    case Saying::go_ahead:
      return "382 Continue with TLS negotiation\r\n";
    case Saying::no_such_command:
      return "500 No such command\r\n";
    case Saying::not_now:
      return "580 Can not initiate TLS negotiation\r\n";
    case Saying::tls_active:
      return "502 TLS is active\r\n";
    case Saying::unnamed:
      return "503 No\r\n";
    case Saying::nothing_behind:
      return "502 Nothing may follow STARTTLS\r\n";
    case Saying::handshake_failed:
      return "400 TLS handshake failed\r\n";
    case Saying::welcome:
      return "281 Welcome\r\n";
    case Saying::wrong_password:
      return "481 No\r\n";
    case Saying::unknown_command:
      return "500 Not recognized\r\n";
    case Saying::no_greeting:
      return "205 Hello\r\n";
    case Saying::known_user:
      return "281 Welcome, you are logged in\r\n";
    case Saying::another_host:
      return "200 other.test ready\r\n";
    case Saying::next_answer:
      return "101 Capabilities\r\nVERSION 2\r\nREADER\r\nAUTHINFO USER SASL\r\nSASL PLAIN\r\n.\r\n";
    case Saying::partial_answer:
      return "5";
  }
  return {};
}

constexpr Tongue kSmtp{"STARTTLS", "EHLO", smtp_line};
constexpr Tongue kPop3{"STLS", "CAPA", pop3_line};
constexpr Tongue kNntp{"STARTTLS", "CAPABILITIES", nntp_line};

bool is_ldap(const SessionState& state) {
  return std::holds_alternative<LdapState>(state.protocol);
}

const Tongue& tongue_of(const SessionState& state) {
  if (std::holds_alternative<Pop3State>(state.protocol)) return kPop3;
  if (std::holds_alternative<NntpState>(state.protocol)) return kNntp;
  return kSmtp;
}

/// Puts a line into an EHLO reply.
void list_in_hello(std::string& text, std::string_view capability) {
  const std::size_t first = text.find("\r\n");
  if (first == std::string::npos) return;
  // The first line becomes one of several, if it was the only one.
  text[3] = '-';
  std::string line = text.size() > first + 2 ? "250-" : "250 ";
  line.append(capability).append("\r\n");
  text.insert(first + 2, line);
}

void hide_in_hello(std::string& text) {
  if (const std::size_t at = text.find("250-STARTTLS\r\n"); at != std::string::npos) {
    text.erase(at, 14);
  } else if (const std::size_t last = text.find("250 STARTTLS\r\n"); last != std::string::npos) {
    text.erase(last, 14);
    const std::size_t before = text.rfind("250-");
    if (before != std::string::npos) text[before + 3] = ' ';
  }
}

/// A list that ends with a dot (RFC 2449 §5, RFC 3977 §5.2).
void list_in_lines(std::string& text, std::string_view capability) {
  const std::size_t first = text.find("\r\n");
  if (first != std::string::npos) text.insert(first + 2, std::string(capability) + "\r\n");
}

void hide_in_lines(std::string& text, std::string_view upgrade) {
  const std::string line = std::string(upgrade) + "\r\n";
  if (const std::size_t at = text.find("\r\n" + line); at != std::string::npos) {
    text.erase(at + 2, line.size());
  }
}

void list_line(Step& step, const SessionState& state, std::string_view capability) {
  std::string text(text_of(step.output));
  if (std::holds_alternative<SmtpState>(state.protocol)) {
    list_in_hello(text, capability);
  } else {
    list_in_lines(text, capability);
  }
  step.output = bytes_of(text);
}

void reverse_hello(Bytes& reply) {
  std::vector<Bytes> lines = reply_lines(reply);
  if (lines.size() < 3 || lines.front()[0] != '2') return;
  std::reverse(lines.begin() + 1, lines.end());
  reply.clear();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    lines[i][3] = i + 1 == lines.size() ? ' ' : '-';
    append(reply, to_lower(text_of(lines[i])));
  }
}

/// Between the status line and the dot; the list of NNTP begins with VERSION (RFC 3977 §5.2.2).
void reverse_lines(Bytes& reply) {
  std::vector<Bytes> lines = reply_lines(reply);
  std::size_t from = 1;
  if (lines.size() > 1 && starts_with_ignoring_case(text_of(lines[1]), "VERSION")) from = 2;
  if (lines.size() < from + 2 || text_of(lines.back()) != ".\r\n") return;
  std::reverse(lines.begin() + static_cast<std::ptrdiff_t>(from), lines.end() - 1);
  reply.clear();
  for (const Bytes& line : lines) append(reply, line);
}

}  // namespace

std::size_t front_unit(View input, const SessionState& state) {
  if (is_ldap(state)) return ldap_tongue::front_unit(input);
  const std::size_t end = find(input, "\r\n");
  return end == npos ? 0 : end + 2;
}

Bytes missing_end(View unfinished, const SessionState& state) {
  return is_ldap(state) ? ldap_tongue::missing_end(unfinished) : bytes_of("\r\n");
}

Bytes said(Saying saying, View input, const SessionState& state) {
  return is_ldap(state) ? ldap_tongue::said(saying, input)
                        : bytes_of(tongue_of(state).line(saying));
}

Step answer_unit(Saying saying, View input, const SessionState& state, Step::Next next) {
  const std::size_t size = front_unit(input, state);
  if (size == 0) return {};
  return {size, said(saying, input, state), next};
}

Step pass_over_unit(View input, const SessionState& state, Step::Next next) {
  const std::size_t size = front_unit(input, state);
  if (size == 0) return {};
  return {size, {}, next};
}

bool asks_for_upgrade(View input, const SessionState& state) {
  return is_ldap(state) ? ldap_tongue::asks_for_upgrade(input)
                        : is_command(input, tongue_of(state).upgrade);
}

bool lists_capabilities(View unit, const SessionState& state) {
  return is_ldap(state) ? ldap_tongue::reads_root_dse(unit)
                        : is_command(unit, tongue_of(state).capabilities);
}

bool is_unknown_command(View input, const SessionState& state) {
  return is_ldap(state) ? ldap_tongue::is_unknown_command(input) : is_command(input, "XMARK");
}

bool is_login(View input, const SessionState& state) {
  if (is_ldap(state)) return ldap_tongue::is_bind(input);
  // SMTP has AUTH alone, NNTP AUTHINFO; the words of one are none of another's.
  for (const std::string_view word : {"AUTH", "USER", "PASS", "APOP", "AUTHINFO"}) {
    if (is_command(input, word)) return true;
  }
  return false;
}

void list_upgrade(Step& step, const SessionState& state) {
  if (is_ldap(state)) return ldap_tongue::list_upgrade(step.output);
  list_line(step, state, tongue_of(state).upgrade);
}

/// RFC 4954 §3, RFC 5034 §6, RFC 4643 §2.1: one more line of mechanisms.
void list_mechanism(Step& step, const SessionState& state, std::string_view mechanism) {
  if (is_ldap(state)) return ldap_tongue::list_mechanism(step.output, mechanism);
  const bool smtp = std::holds_alternative<SmtpState>(state.protocol);
  list_line(step, state, std::string(smtp ? "AUTH " : "SASL ").append(mechanism));
}

void hide_upgrade(Step& step, const SessionState& state) {
  if (is_ldap(state)) return ldap_tongue::hide_upgrade(step.output);
  std::string text(text_of(step.output));
  if (std::holds_alternative<SmtpState>(state.protocol)) {
    hide_in_hello(text);
  } else {
    hide_in_lines(text, tongue_of(state).upgrade);
  }
  step.output = bytes_of(text);
}

void reverse_capabilities(Step& step, const SessionState& state) {
  if (is_ldap(state)) return ldap_tongue::reverse_capabilities(step.output);
  if (std::holds_alternative<SmtpState>(state.protocol)) return reverse_hello(step.output);
  reverse_lines(step.output);
}

}  // namespace assay::faults
