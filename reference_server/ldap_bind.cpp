#include "reference_server/ldap_bind.h"

#include "harness/base/words.h"

#include <algorithm>
#include <utility>

namespace assay {
namespace {

using Code = LdapResultCode;

LdapResult refused(Code code, std::string_view diagnostic) {
  return {.code = code, .diagnostic = std::string(diagnostic)};
}

LdapResult invalid_credentials() {
  return refused(Code::invalid_credentials, "Name and password open nothing");
}

LdapResult not_in_the_clear() {
  return refused(Code::confidentiality_required, "Start TLS before you show a password");
}

/// By its name in upper case (RFC 4422 §3.1), which LDAP, unlike the text protocols, insists on.
std::optional<SaslMechanism> ldap_mechanism(std::string_view name) {
  const auto mechanism = sasl_mechanism(name);
  return mechanism && to_string(*mechanism) == name ? mechanism : std::nullopt;
}

}  // namespace

LdapBind::LdapBind(const LdapConfig& config, const Accounts& accounts, const Directory& directory)
    : config_(config),
      terms_{.level = config.auth,
             .host = config.hostname,
             .nonce = config.nonce,
             .further_mechanisms = config.further_mechanisms},
      accounts_(accounts),
      directory_(directory) {
  (void)sasl_server(terms_, accounts_, {});  // found out here, not by the first client
}

std::vector<SaslMechanism> ldap_mechanisms(AuthLevel level, const SessionState& state) {
  auto mechanisms = offered_mechanisms(level, state);
  std::erase(mechanisms, SaslMechanism::login);
  return mechanisms;
}

LdapBindResponse LdapBind::answer(SessionState& state, const LdapBindRequest& request) const {
  // RFC 4513 §4: a bind request makes the session anonymous; only its success makes it more.
  LdapState before = std::exchange(state.ldap(), {});
  state.user.clear();
  if (request.version != 3) {
    // RFC 4511 §4.2.2: protocolError for a version that is not supported.
    return {.result = refused(Code::protocol_error, "This is LDAP version 3")};
  }
  if (const auto* given = std::get_if<LdapSimpleBind>(&request.authentication)) {
    return {.result = simple(state, request.name, given->password.reveal())};
  }
  if (const auto* given = std::get_if<LdapSaslBind>(&request.authentication)) {
    return sasl(state, std::move(before.sasl), *given);
  }
  // RFC 4511 §4.2.2: authMethodNotSupported for an unrecognised choice.
  return {.result = refused(Code::auth_method_not_supported, "Unknown authentication choice")};
}

LdapResult LdapBind::simple(SessionState& state, std::string_view name,
                            std::string_view password) const {
  if (password.empty()) {
    // RFC 4513 §5.1.1: neither name nor password is the anonymous bind.
    if (name.empty()) return {};
    // RFC 4513 §5.1.2: a name without a password is refused by default.
    return refused(Code::unwilling_to_perform, "A name needs a password");
  }
  if (config_.auth == AuthLevel::none) {
    return refused(Code::auth_method_not_supported, "Nobody logs in here");
  }
  // RFC 4513 §5.1.3: not suitable without confidentiality. Nothing that shows a password is taken
  // in the clear; right and wrong alike, before the name is looked at.
  if (!offers_passwords(config_.auth, state)) return not_in_the_clear();
  const auto dn = parse_dn(name);
  // RFC 4513 §5.1.3: invalidDNSyntax for what is no name; invalidCredentials for a name that cannot
  // log in and for a wrong password alike.
  if (!dn) return refused(Code::invalid_dn_syntax, "The name is no distinguished name");
  const DirectoryEntry* entry = directory_.find(normal_name(*dn));
  if (entry == nullptr) return invalid_credentials();
  const std::string wanted = canonical_type(config_.account_attribute);
  for (const DirectoryAttribute& attribute : entry->attributes) {
    if (attribute.description.type != wanted) continue;
    for (const std::string& account : attribute.shown.values) {
      if (accounts_.authenticate(account, password) == nullptr) continue;
      settle(state, account, entry);
      return {};
    }
  }
  return invalid_credentials();
}

/// Why a mechanism is not to be had, whatever the request says with it.
std::optional<LdapResult> LdapBind::barred(const SessionState& state,
                                           std::optional<SaslMechanism> mechanism) const {
  if (mechanism && config_.auth != AuthLevel::none) {
    const auto offered = ldap_mechanisms(config_.auth, state);
    if (std::ranges::find(offered, *mechanism) != offered.end()) return std::nullopt;
    // RFC 4616 §3, RFC 4513 §5.2: PLAIN shows the password; right and wrong alike.
    if (*mechanism == SaslMechanism::plain) return not_in_the_clear();
    // RFC 4513 §5.2.3: EXTERNAL where nothing below has said who the client is.
    if (*mechanism == SaslMechanism::external && config_.auth == AuthLevel::certificate) {
      return refused(Code::inappropriate_authentication, "No certificate says who you are");
    }
  }
  // RFC 4513 §5.2.1.2: an empty mechanism, which aborts a negotiation, is authMethodNotSupported,
  // as one that is not supported.
  return refused(Code::auth_method_not_supported, "Mechanism not supported");
}

LdapBindResponse LdapBind::sasl(SessionState& state, SaslExchange exchange,
                                const LdapSaslBind& request) const {
  const auto mechanism = ldap_mechanism(request.mechanism);
  if (auto refusal = barred(state, mechanism)) return {.result = std::move(*refusal)};
  const SaslServer server = sasl_server(terms_, accounts_, state);
  std::optional<std::string_view> message;
  if (request.credentials) message = request.credentials->reveal();
  // RFC 4513 §5.2.3.1: EXTERNAL without credentials is the implicit assertion, and no question.
  if (*mechanism == SaslMechanism::external && !message) message = "";
  SaslOutcome outcome;
  if (exchange.mechanism != *mechanism) {
    outcome = start_sasl(exchange, *mechanism, message, server);
  } else if (message) {
    outcome = step_sasl(exchange, *message, server);
  }  // else RFC 4513 §5.2.1.3: asked once, and still without credentials: malformed
  if (outcome.kind != SaslOutcome::Kind::challenge) return concluded(state, std::move(outcome));
  state.ldap().sasl = std::move(exchange);
  // RFC 4513 §5.2.1.3, RFC 4422 §3: where the client is to speak first and has not, the challenge
  // is there, and empty.
  return {.result = {.code = Code::sasl_bind_in_progress},
          .server_sasl_creds = std::move(outcome.challenge)};
}

LdapBindResponse LdapBind::concluded(SessionState& state, SaslOutcome outcome) const {
  using Kind = SaslOutcome::Kind;
  const SaslCredentials& given = outcome.credentials;
  const bool shown = outcome.kind == Kind::proven ||
                     (outcome.kind == Kind::credentials &&
                      accounts_.authenticate(given.authcid, given.password.reveal()) != nullptr);
  // RFC 4513 §5: acting as somebody else, a right that nobody has here, and wrong
  // credentials are invalidCredentials.
  if (!shown || !is_oneself(given)) return {.result = invalid_credentials()};
  settle(state, given.authcid, entry_of(given.authcid));
  LdapBindResponse response;
  // RFC 4511 §4.2.2: what the mechanism says with success.
  if (!outcome.challenge.empty()) response.server_sasl_creds = std::move(outcome.challenge);
  return response;
}

const DirectoryEntry* LdapBind::entry_of(std::string_view account) const {
  return directory_.find_by_value(config_.account_attribute, account);
}

bool LdapBind::is_oneself(const SaslCredentials& given) const {
  // RFC 4513 §5.2.1.8: an authorisation identity is "dn:" and a name or "u:" and a user.
  const std::string_view authzid = given.authzid;
  if (authzid.empty()) return true;
  if (authzid.starts_with("u:")) return authzid.substr(2) == given.authcid;
  if (!authzid.starts_with("dn:")) return false;
  const auto dn = parse_dn(authzid.substr(3));
  const DirectoryEntry* entry = entry_of(given.authcid);
  return dn && entry != nullptr && normal_name(*dn) == entry->normal;
}

void LdapBind::settle(SessionState& state, const std::string& account,
                      const DirectoryEntry* entry) const {
  state.user = account;
  state.ldap() = entry == nullptr ? LdapState{.authz_id = "u:" + account}
                                  : LdapState{.bound_dn = entry->dn, .authz_id = "dn:" + entry->dn};
}

}  // namespace assay
