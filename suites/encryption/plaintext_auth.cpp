// RFC 4954 §4 and §6, RFC 2595 §2.3, RFC 4643 §2.3.2, RFC 4513 §5.1.3: where login is only for TLS,
// a password sent in the clear opens nothing.
#include "clients/dialogue.h"
#include "harness/base/base64.h"
#include "harness/protocol/sasl.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kEncryptionRequired{"encryption_required"};
constexpr Ending kRefusedOtherwise{"refused_otherwise"};
constexpr Ending kPasswordAsked{"password_asked_for"};

std::string base64_of(std::string_view text) { return to_base64(view_of(text)); }

/// Whether a refusal says that TLS is what is missing.
bool asks_for_encryption(Protocol protocol, int code) {
  switch (protocol) {
    case Protocol::smtp:  // RFC 4954 §6, RFC 3207 §4
      return code == 538 || code == 530;
    case Protocol::nntp:  // RFC 4643 §2.3.2
      return code == 483;
    case Protocol::ldap:  // RFC 4513 §6.3.3: confidentialityRequired, strongerAuthRequired
      return code == 13 || code == 8;
    default:  // RFC 1939 §3 has one refusal, whatever the reason
      return true;
  }
}

Ending refusal(const Probe& probe, const Answer& answer) {
  if (!answer.came()) return answer.stop == Stop::timed_out ? ending::hang : ending::closed;
  if (answer.positive) return ending::accepted;
  if (answer.throttled) return ending::throttled;
  const Protocol protocol = probe.endpoint().protocol;
  if (asks_for_encryption(protocol, answer.code)) return kEncryptionRequired;
  const bool transient = protocol == Protocol::smtp && answer.code < 500;
  return transient ? ending::unexpected_reply : kRefusedOtherwise;
}

Task<Answer> command(Dialogue& dialogue, const std::string& line) {
  return dialogue.ask(bytes_of(line + "\r\n"));
}

std::string plain_of(const Account& account) {
  SaslCredentials credentials;
  credentials.authcid = account.user;
  credentials.password = account.password;
  return base64_of(plain_message(credentials).reveal());
}

/// RFC 4954 §4, RFC 4643 §2.4.2, RFC 5034 §4: the exchange goes on.
bool is_challenge(const Answer& answer) {
  return answer.came() &&
         (answer.code == 334 || answer.code == 383 || answer.text.starts_with("+ "));
}

/// PLAIN with an initial response: `words` begin the command that has it.
Task<Ending> sasl_plain(Probe& probe, std::string words) {
  const auto dialogue = co_await greeted(probe);
  if (!dialogue) co_return probe.lost();
  Answer answer = co_await command(*dialogue, words + " " + plain_of(probe.account()));
  // A server that passes over initial responses asks for what it has had.
  if (is_challenge(answer)) answer = co_await command(*dialogue, plain_of(probe.account()));
  co_return refusal(probe, answer);
}

/// LOGIN asks twice: to ask for the password at all is to take it in the clear.
Task<Ending> sasl_login(Probe& probe) {
  const auto dialogue = co_await greeted(probe);
  if (!dialogue) co_return probe.lost();
  Answer answer = co_await command(*dialogue, "AUTH LOGIN");
  if (!answer.came() || answer.code != 334) co_return refusal(probe, answer);
  const std::string user = base64_of(probe.account().user);
  answer = co_await command(*dialogue, user);
  if (!answer.came() || answer.code != 334) co_return refusal(probe, answer);
  const std::string password = base64_of(probe.account().password.reveal());
  answer = co_await command(*dialogue, password);
  const Ending seen = refusal(probe, answer);
  co_return seen == kEncryptionRequired || seen == kRefusedOtherwise ? kPasswordAsked : seen;
}

/// USER, then PASS: either may be the one that is refused. `words` stand before both.
Task<Ending> user_and_password(Probe& probe, std::string words) {
  const auto dialogue = co_await greeted(probe);
  if (!dialogue) co_return probe.lost();
  Answer answer = co_await command(*dialogue, words + "USER " + probe.account().user);
  // RFC 4643 §2.3.2: 281 without a password is a login already.
  const bool goes_on = answer.came() && answer.positive && answer.code != 281;
  if (!goes_on) co_return refusal(probe, answer);
  const std::string password(probe.account().password.reveal());
  answer = co_await command(*dialogue, words + "PASS " + password);
  co_return refusal(probe, answer);
}

Task<Ending> simple_bind(Probe& probe) {
  const auto dialogue = co_await greeted(probe);
  if (!dialogue) co_return probe.lost();
  const Answer answer = co_await dialogue->log_in();
  co_return refusal(probe, answer);
}

/// The ways in which a protocol takes a password.
struct Way {
  Protocol protocol;
  std::string_view name;
  Task<Ending> (*run)(Probe& probe);
};
constexpr Way kWays[] = {
    {Protocol::smtp, "auth_plain", [](Probe& probe) { return sasl_plain(probe, "AUTH PLAIN"); }},
    {Protocol::smtp, "auth_login", [](Probe& probe) { return sasl_login(probe); }},
    {Protocol::pop3, "user_pass", [](Probe& probe) { return user_and_password(probe, ""); }},
    {Protocol::pop3, "auth_plain", [](Probe& probe) { return sasl_plain(probe, "AUTH PLAIN"); }},
    {Protocol::nntp, "authinfo_user_pass",
     [](Probe& probe) { return user_and_password(probe, "AUTHINFO "); }},
    {Protocol::nntp, "authinfo_sasl_plain",
     [](Probe& probe) { return sasl_plain(probe, "AUTHINFO SASL PLAIN"); }},
    {Protocol::ldap, "simple_bind", [](Probe& probe) { return simple_bind(probe); }},
};

Task<Ending> refuses_plain_mechanism(Probe& probe) {
  if (probe.endpoint().protocol == Protocol::ldap && probe.account().bind_dn.empty())
    co_return probe.inapplicable(
        "needs the name that the user binds by: give `bind_dn` in the account file");
  for (const Way& way : kWays) {
    if (way.protocol != probe.endpoint().protocol) continue;
    const Ending seen = co_await way.run(probe);
    probe.part(std::string(way.name), seen);
  }
  co_return probe.worst();
}

constexpr EnumSet<Protocol> kWithCodes{Protocol::smtp, Protocol::nntp, Protocol::ldap};

constexpr Check kChecks[] = {
    {.id = "encryption.plaintext_auth.refuses_plain_mechanism",
     .title = "Where login needs TLS, the right password in the clear is refused",
     .levels =
         {.smtp = Level::must, .pop3 = Level::must, .nntp = Level::must, .ldap = Level::should},
     .sources = {"RFC 4954 §4", "RFC 4954 §6", "RFC 2595 §2.3", "RFC 5034 §4", "RFC 4643 §2.3.2",
                 "RFC 4513 §5.1.3", "RFC 4513 §6.3.3"},
     .scope = {.protocols = kApplications, .access = {Access::clear}},
     .needs = {Need::account, Need::auth_tls_only},
     .control = Control::connect,
     .run = refuses_plain_mechanism,
     .steps = "In the clear, with the account's own name and password: the SASL mechanism PLAIN "
              "with an initial response; and, on a connection of its own, what else the protocol "
              "has: AUTH LOGIN, USER and PASS, AUTHINFO USER and PASS, each as far as it is let. "
              "In LDAP a simple bind.",
     .accepts = {kEncryptionRequired},
     .weak = {kRefusedOtherwise},
     .breakers = {{"clear_login_succeeds", ending::accepted},
                  {"clear_login_is_challenged", kPasswordAsked, {}, {}, {Protocol::smtp}}},
     .liberties = {{"refuse_clear_login_by_530", kEncryptionRequired, {}, {}, {Protocol::smtp}},
                   {"refuse_clear_login_by_535", kRefusedOtherwise, {}, {}, kWithCodes},
                   {"refuse_clear_login_by_535", kEncryptionRequired, {}, {}, {Protocol::pop3}},
                   {"split_replies", kEncryptionRequired}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> plaintext_auth() { return kChecks; }

}  // namespace assay::suites
