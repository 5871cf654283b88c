#include "harness/check/matrix.h"

#include "harness/base/entropy.h"
#include "harness/base/printable.h"
#include "harness/base/words.h"
#include "harness/check/client.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay {
namespace {

bool has_both_accesses(const Subject& subject, Protocol protocol) {
  const auto has = [&](Access access) {
    return std::ranges::any_of(subject.endpoints, [&](const Endpoint& endpoint) {
      return endpoint.protocol == protocol && endpoint.access == access;
    });
  };
  return has(Access::upgrade) && has(Access::implicit);
}

/// The accesses of a row that this endpoint can show.
std::vector<Access> accesses(const Check& check, const Endpoint& endpoint, const Subject& subject) {
  std::vector<Access> shown;
  if (check.scope.access.contains(endpoint.access)) shown.push_back(endpoint.access);
  if (endpoint.access != Access::upgrade) return shown;
  if (check.scope.access.contains(Access::clear)) shown.push_back(Access::clear);
  if (check.scope.access.contains(Access::pair) && has_both_accesses(subject, endpoint.protocol)) {
    shown.push_back(Access::pair);
  }
  return shown;
}

/// Which endpoints a row of TLS itself is tried at besides the first: the same ones every time.
bool is_sampled(const Check& check, const Endpoint& endpoint) {
  constexpr std::uint64_t kOneIn = 16;
  return stable_hash(check.id, stable_hash(endpoint.label())) % kOneIn == 0;
}

std::vector<std::optional<TlsVersion>> versions(const Check& check, const Facts& facts) {
  switch (check.scope.version) {
    case VersionScope::tls12:
      return {TlsVersion::tls12};
    case VersionScope::tls13:
      return {TlsVersion::tls13};
    case VersionScope::each: {
      std::vector<std::optional<TlsVersion>> each;
      for (const auto& [version, agreement] : facts.agreements) {
        if (version >= TlsVersion::tls12) each.emplace_back(version);
      }
      if (each.empty()) each.emplace_back();
      return each;
    }
    default:
      return {std::nullopt};
  }
}

std::string capability_line(const Facts& facts, std::string_view keyword) {
  for (const auto* list : {&facts.capabilities_secured, &facts.capabilities}) {
    for (const std::string& line : *list) {
      if (starts_with_ignoring_case(line, keyword)) return printable(line, 200);
    }
  }
  return {};
}

/// The word before the SASL mechanisms in a list of capabilities.
std::string_view mechanisms_keyword(Protocol protocol) {
  switch (protocol) {
    case Protocol::pop3:  // RFC 5034 §6
    case Protocol::nntp:  // RFC 4643 §2.1
      return "SASL";
    case Protocol::ldap:  // RFC 4512 §5.1
      return "supportedSASLMechanisms";
    default:  // RFC 4954 §3
      return "AUTH";
  }
}

bool lists_plus(const Facts& facts) {
  for (const auto* list : {&facts.capabilities_secured, &facts.capabilities}) {
    for (const std::string& line : *list) {
      const std::string upper = to_upper(line);
      if (upper.find("SCRAM-") != std::string::npos && upper.find("-PLUS") != std::string::npos)
        return true;
    }
  }
  return false;
}

std::optional<std::string> unmet(Need need, const Subject& subject, Protocol protocol,
                                 const Facts& facts) {
  const Account& account = subject.account;
  switch (need) {
    case Need::account:
      if (!account.user.empty()) return std::nullopt;
      return "needs a login: give `user` and `password` in the account file";
    case Need::bind_dn:
      if (!account.bind_dn.empty()) return std::nullopt;
      return "needs the name that the user binds by: give `bind_dn` in the account file";
    case Need::sink:
      if (protocol == Protocol::nntp) {  // articles are read back where they are posted
        if (!account.group.empty()) return std::nullopt;
        return "needs a newsgroup to post to: give `group` in the account file";
      }
      if (!account.sink.empty() && account.sink_read) return std::nullopt;
      return "needs to read mail back: give `sink` and `sink_read` in the account file";
    case Need::auth_tls_only:
      if (account.auth_tls_only) return std::nullopt;
      return "only where login is refused without TLS: say `auth_tls_only = true` in the account "
             "file if it is";
    case Need::pipelining:
      // RFC 3977 §3.5, RFC 4511 §3.1: nobody has to announce it there.
      if (protocol == Protocol::nntp || protocol == Protocol::ldap) return std::nullopt;
      if (facts.lists("PIPELINING")) return std::nullopt;
      return "the capability list has no PIPELINING line";
    case Need::anchors:
      if (!subject.anchors.empty()) return std::nullopt;
      return "needs trust anchors: give --ca FILE";
    case Need::scram_plus: {
      if (lists_plus(facts)) return std::nullopt;
      const std::string_view keyword = mechanisms_keyword(protocol);
      const std::string line = capability_line(facts, keyword);
      return line.empty() ? fmt::format("no {} line is listed, so no SCRAM-*-PLUS", keyword)
                          : fmt::format("the line \"{}\" lists no SCRAM-*-PLUS", line);
    }
    case Need::several_names:
      if (!account.names.empty()) return std::nullopt;
      return "needs the names that the subject has certificates for: give `names` in the account "
             "file";
    case Need::tls12:
      if (facts.agreements.contains(TlsVersion::tls12)) return std::nullopt;
      return "the subject does not speak TLS 1.2";
    case Need::policy_required:
      if (!subject.client || subject.client->policy == TlsPolicy::required) return std::nullopt;
      return "only of a client that was told to insist on TLS: give --policy required";
    case Need::policy_mta_sts:
      if (!subject.client || subject.client->mta_sts) return std::nullopt;
      return "only of a client that has an MTA-STS policy for the host: give --policy mta-sts";
    case Need::message_file:
      if (!subject.client || subject.client->client.sends_given_message()) return std::nullopt;
      return "only of a client that is given a message to send: say {message_file} in its command";
    case Need::must_staple:
    case Need::aead:
      return std::nullopt;  // the check itself reads the certificate or the suite
  }
  return std::nullopt;
}

constexpr Need kNeeds[] = {Need::account,         Need::bind_dn,        Need::sink,
                           Need::auth_tls_only,   Need::pipelining,     Need::anchors,
                           Need::scram_plus,      Need::several_names,  Need::tls12,
                           Need::policy_required, Need::policy_mta_sts, Need::message_file};

/// What a client was told is a part of its cases' names.
std::string policy_part(const Subject& subject, Access access) {
  if (!subject.client || access == Access::implicit) return {};
  return fmt::format(".{}", name_of(subject.client->policy));
}

}  // namespace

std::vector<Case> expand(std::span<const Check* const> checks, const Subject& subject,
                         std::span<const Facts> facts) {
  std::vector<Case> cases;
  const Side side = subject.client ? Side::client : Side::server;
  for (const Check* check : checks) {
    if (check->side != side) continue;
    for (std::size_t i = 0; i < subject.endpoints.size(); ++i) {
      const Endpoint& endpoint = subject.endpoints[i];
      if (!check->scope.protocols.empty() && !check->scope.protocols.contains(endpoint.protocol))
        continue;
      // What knows no protocol has TLS alone to be looked at.
      if (endpoint.protocol == Protocol::tls && check->scope.layer == Layer::application) continue;
      if (check->scope.layer == Layer::tls && i > 0 && !is_sampled(*check, endpoint)) continue;
      for (const Access access : accesses(*check, endpoint, subject)) {
        for (const auto& version : versions(*check, facts[i])) {
          Case the_case{check, i, access, version, {}};
          the_case.name = fmt::format(
              "{}@{}.{}{}{}{}", check->id, name_of(endpoint.protocol), name_of(access),
              version ? "." : "", version ? slug_of(*version) : "", policy_part(subject, access));
          cases.push_back(std::move(the_case));
        }
      }
    }
  }
  return cases;
}

std::optional<std::string> unmet_need(const Case& the_case, const Subject& subject,
                                      std::span<const Facts> facts) {
  const Facts& known = facts[the_case.endpoint];
  for (const Need need : kNeeds) {
    if (!the_case.check->needs.contains(need)) continue;
    if (auto reason = unmet(need, subject, subject.endpoints[the_case.endpoint].protocol, known))
      return reason;
  }
  const std::size_t labels = the_case.check->host_labels;
  if (subject.client && labels_of(subject.client->host) < labels)
    return fmt::format("needs --host NAME with at least {} labels", labels);
  if (the_case.version && known.tls && !known.agreements.contains(*the_case.version)) {
    return fmt::format("the subject does not speak {}", name_of(*the_case.version));
  }
  return std::nullopt;
}

}  // namespace assay
