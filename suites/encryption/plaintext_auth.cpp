// RFC 4954 §4 and §6, RFC 2595 §2.3, RFC 4643 §2.3.2, RFC 4513 §5.1.3: where login is only for TLS,
// a password sent in the clear opens nothing.
#include "clients/smtp.h"
#include "harness/base/base64.h"
#include "harness/protocol/sasl.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kEncryptionRequired{"encryption_required"};
constexpr Ending kRefusedOtherwise{"refused_otherwise"};
constexpr Ending kPasswordAsked{"password_asked_for"};

std::string base64_of(std::string_view text) { return to_base64(view_of(text)); }

Ending refusal(const Answer& answer) {
  if (!answer.came()) return answer.stop == Stop::timed_out ? ending::hang : ending::closed;
  if (answer.positive) return ending::accepted;
  // RFC 4954 §6, RFC 3207 §4: 538 and 530 are the codes that say why.
  if (answer.code == 538 || answer.code == 530) return kEncryptionRequired;
  if (answer.code == 421) return ending::throttled;
  return answer.code >= 500 ? kRefusedOtherwise : ending::unexpected_reply;
}

Task<Ending> auth_plain(Probe& probe) {
  const auto dialogue = co_await greeted_smtp(probe);
  if (!dialogue) co_return probe.lost();
  SaslCredentials credentials;
  credentials.authcid = probe.account().user;
  credentials.password = probe.account().password;
  const Secret message = plain_message(credentials);
  const Answer answer = co_await dialogue->command("AUTH PLAIN " + base64_of(message.reveal()));
  co_return refusal(answer);
}

/// LOGIN asks twice: to ask for the password at all is to take it in the clear.
Task<Ending> auth_login(Probe& probe) {
  const auto dialogue = co_await greeted_smtp(probe);
  if (!dialogue) co_return probe.lost();
  Answer answer = co_await dialogue->command("AUTH LOGIN");
  if (!answer.came() || answer.code != 334) co_return refusal(answer);
  const std::string user = base64_of(probe.account().user);
  answer = co_await dialogue->command(user);
  if (!answer.came() || answer.code != 334) co_return refusal(answer);
  const std::string password = base64_of(probe.account().password.reveal());
  answer = co_await dialogue->command(password);
  const Ending seen = refusal(answer);
  co_return seen == kEncryptionRequired || seen == kRefusedOtherwise ? kPasswordAsked : seen;
}

Task<Ending> refuses_plain_mechanism(Probe& probe) {
  const Ending plain = co_await auth_plain(probe);
  probe.part("auth_plain", plain);
  const Ending login = co_await auth_login(probe);
  probe.part("auth_login", login);
  co_return probe.worst();
}

constexpr Check kChecks[] = {
    {.id = "encryption.plaintext_auth.refuses_plain_mechanism",
     .title = "Where login needs TLS, the right password in the clear is refused",
     .levels =
         {.smtp = Level::must, .pop3 = Level::must, .nntp = Level::must, .ldap = Level::should},
     .sources = {"RFC 4954 §4", "RFC 4954 §6", "RFC 2595 §2.3", "RFC 5034 §4", "RFC 4643 §2.3.2",
                 "RFC 4513 §5.1.3", "RFC 4513 §6.3.3"},
     .scope = {.protocols = {Protocol::smtp}, .access = {Access::clear}},
     .needs = {Need::account, Need::auth_tls_only},
     .control = Control::connect,
     .run = refuses_plain_mechanism,
     .steps = "In the clear, with the account's own name and password: AUTH PLAIN with an initial "
              "response; on a second "
              "connection AUTH LOGIN, as far as it is let.",
     .accepts = {kEncryptionRequired},
     .weak = {kRefusedOtherwise},
     .breakers = {{"clear_login_succeeds", ending::accepted},
                  {"clear_login_is_challenged", kPasswordAsked}},
     .liberties = {{"refuse_clear_login_by_530", kEncryptionRequired},
                   {"refuse_clear_login_by_535", kRefusedOtherwise},
                   {"split_replies", kEncryptionRequired}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> plaintext_auth() { return kChecks; }

}  // namespace assay::suites
