// RFC 4513 §4 and §5.2.3, RFC 4511 §4.2.1: a bind that fails leaves an anonymous session, inside
// the TLS that is there.
#include "clients/ldap.h"
#include "harness/base/printable.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kAnonymousInside{"anonymous_inside_tls"};
constexpr Ending kKeepsIdentity{"keeps_earlier_identity"};

Task<Ending> failed_keeps_tls(Probe& probe) {
  const auto dialogue = co_await secured_ldap(probe);
  if (!dialogue) co_return probe.lost();
  const Account& account = probe.account();
  LdapOperation bind =
      LdapBindRequest{.name = account.bind_dn, .authentication = LdapSimpleBind{account.password}};
  const Answer bound = co_await dialogue->request(std::move(bind));
  if (!bound.came() || bound.code != 0)
    co_return probe.inconclusive("the account's bind was refused: " + bound.text);
  // Nobody showed a certificate.
  LdapOperation external = LdapBindRequest{.authentication = LdapSaslBind{.mechanism = "EXTERNAL"}};
  const Answer failed = co_await dialogue->request(std::move(external));
  if (!failed.came()) co_return failed.stop == Stop::timed_out ? ending::hang : ending::closed;
  if (failed.positive)
    co_return probe.inapplicable("EXTERNAL succeeds without a certificate: " + failed.text);
  const Answer found = co_await dialogue->ask(dialogue->canary());
  if (!found.came()) co_return found.stop == Stop::timed_out ? ending::hang : ending::closed;
  LdapOperation question = LdapExtendedRequest{.name = std::string(ldap::kWhoAmI)};
  const Answer identity = co_await dialogue->request(std::move(question));
  if (!identity.came()) co_return identity.stop == Stop::timed_out ? ending::hang : ending::closed;
  const auto* response = std::get_if<LdapExtendedResponse>(&dialogue->response().op);
  if (!identity.positive || response == nullptr)
    co_return probe.inconclusive("Who am I? was refused: " + identity.text);
  if (response->value.value_or("").empty()) co_return kAnonymousInside;
  probe.explain("still " + printable(*response->value, 100));
  co_return kKeepsIdentity;
}

constexpr Check kChecks[] = {
    {.id = "certificate.external.failed_keeps_tls",
     .title = "An EXTERNAL bind that fails leaves an anonymous session inside the same TLS",
     .levels = {.ldap = Level::bcp},
     .severity = Severity::error,
     .sources = {"RFC 4513 §5.2.3", "RFC 4513 §4", "RFC 4511 §4.2.1"},
     .scope = {.protocols = {Protocol::ldap}},
     .needs = {Need::account, Need::bind_dn},
     .run = failed_keeps_tls,
     .steps = "Inside TLS a simple bind with the account's name and password, then SASL EXTERNAL "
              "without a certificate, which must fail; a search of the root DSE, and Who am I?, "
              "which must name nobody.",
     .accepts = {kAnonymousInside, ending::closed},
     .breakers = {{"keep_identity_after_failed_bind", kKeepsIdentity}},
     .liberties = {{"close_on_failed_bind", ending::closed}, {"split_replies", kAnonymousInside}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> external() { return kChecks; }

}  // namespace assay::suites
