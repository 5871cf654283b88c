#include "reference_server/services.h"

#include "reference_server/ldap.h"
#include "reference_server/nntp.h"
#include "reference_server/pop3.h"
#include "reference_server/smtp.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <stdexcept>

namespace assay {
namespace {

/// The mechanisms that a setup lists inside TLS beside those that work.
std::vector<std::string> further_mechanisms(const ServerConfig& config) {
  if (config.setup.scram_plus) return {"SCRAM-SHA-256-PLUS"};
  return {};
}

/// Words that come once, for the challenges of a listener.
std::function<std::string()> nonces() {
  return [entropy = Entropy(system_seed())]() mutable { return entropy.word(24); };
}

SmtpConfig smtp_config(const ServerConfig& config, const ListenerSpec& listener) {
  SmtpConfig smtp;
  smtp.hostname = config.hostname;
  smtp.domains = config.domains;
  smtp.auth = auth_level_of(config, listener);
  smtp.starttls = listener.access == Access::upgrade;
  smtp.tls_required = config.setup.tls_required;
  smtp.further_mechanisms = further_mechanisms(config);
  smtp.nonce = nonces();
  // RFC 5321 §4.4: the trace header bears a date.
  smtp.date = [] {
    return fmt::format("{:%a, %d %b %Y %H:%M:%S} +0000", fmt::gmtime(std::time(nullptr)));
  };
  return smtp;
}

Pop3Config pop3_config(const ServerConfig& config, const ListenerSpec& listener) {
  // Ids and timestamps of this process, so that no client takes them for those of another (RFC 1939
  // §7).
  static const std::string kRun = Entropy(system_seed()).word(10);
  Pop3Config pop3;
  pop3.hostname = config.hostname;
  pop3.auth = auth_level_of(config, listener);
  pop3.starttls = listener.access == Access::upgrade;
  pop3.tls_required = config.setup.tls_required;
  pop3.further_mechanisms = further_mechanisms(config);
  pop3.nonce = nonces();
  pop3.uid_prefix = kRun + "-";
  pop3.timestamp = [host = config.hostname, count = std::uint64_t{0}]() mutable {
    return fmt::format("<{}.{}@{}>", kRun, ++count, host);
  };
  return pop3;
}

NntpConfig nntp_config(const ServerConfig& config, const ListenerSpec& listener) {
  NntpConfig nntp;
  nntp.hostname = config.hostname;
  nntp.auth = auth_level_of(config, listener);
  nntp.starttls = listener.access == Access::upgrade;
  nntp.tls_required = config.setup.tls_required;
  nntp.further_mechanisms = further_mechanisms(config);
  nntp.nonce = nonces();
  nntp.now = [] {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  };
  return nntp;
}

LdapConfig ldap_config(const ServerConfig& config, const ListenerSpec& listener) {
  LdapConfig ldap;
  ldap.hostname = config.hostname;
  ldap.nonce = nonces();
  ldap.further_mechanisms = further_mechanisms(config);
  ldap.auth = auth_level_of(config, listener);
  ldap.starttls = listener.access == Access::upgrade;
  ldap.tls_required = config.setup.tls_required;
  return ldap;
}

/// What stands for itself in a DN and in LDIF.
constexpr std::string_view kPlain =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";

/// "assay.test" as "dc=assay,dc=test" (RFC 2247 §2).
std::string base_of(std::string_view domain) {
  std::string base;
  while (!domain.empty()) {
    const std::string_view label = domain.substr(0, domain.find('.'));
    domain.remove_prefix(std::min(label.size() + 1, domain.size()));
    base += fmt::format("{}dc={}", base.empty() ? "" : ",", label);
  }
  return base;
}

}  // namespace

std::string entry_name(std::string_view domain, std::string_view account) {
  return fmt::format("uid={},ou=people,{}", account, base_of(domain));
}

Directory directory_of(std::string_view domain, std::span<const std::string> names) {
  const std::string base = base_of(domain);
  std::string ldif = fmt::format(
      "dn: {0}\nobjectClass: top\nobjectClass: domain\ndc: {1}\n\n"
      "dn: ou=people,{0}\nobjectClass: top\nobjectClass: organizationalUnit\nou: people\n",
      base, domain.substr(0, domain.find('.')));
  for (const std::string& name : names) {
    if (name.find_first_not_of(kPlain) != std::string::npos || name.empty()) {
      throw std::invalid_argument("a name for the directory: letters, digits, dots and dashes");
    }
    ldif += fmt::format(
        "\ndn: {1}\nobjectClass: top\nobjectClass: person\n"
        "objectClass: organizationalPerson\nobjectClass: inetOrgPerson\n"
        "uid: {0}\ncn: {0}\nsn: {0}\nmail: {0}@{2}\n",
        name, entry_name(domain, name), domain);
  }
  auto directory = Directory::from_ldif(ldif);
  if (!directory)
    throw std::invalid_argument("a name for the directory: " + directory.error().what);
  return std::move(*directory);
}

std::unique_ptr<Service> make_service(const ServerConfig& config, const ListenerSpec& listener,
                                      Holdings& holdings) {
  switch (listener.protocol) {
    case Protocol::pop3:
      return std::make_unique<Pop3Service>(pop3_config(config, listener), holdings.accounts,
                                           holdings.mail);
    case Protocol::nntp:
      return std::make_unique<NntpService>(nntp_config(config, listener), holdings.accounts,
                                           holdings.news);
    case Protocol::ldap:
      return std::make_unique<LdapService>(ldap_config(config, listener), holdings.accounts,
                                           holdings.directory);
    case Protocol::smtp:
    case Protocol::tls:
      break;
  }
  return std::make_unique<SmtpService>(smtp_config(config, listener), holdings.accounts,
                                       holdings.mail);
}

}  // namespace assay
