// The lines by which ordinary clients get at `assay serve`, ready to be copied.
#include "harness/cli/commands.h"
#include "reference_server/local_stage.h"

#include <fmt/format.h>

namespace assay {
namespace {

std::string smtp_lines(std::uint16_t port, bool implicit, const std::string& ca) {
  return fmt::format(
      "  curl --url {0}://localhost:{1} {2}--cacert {3} --mail-from me@assay.test --mail-rcpt {4} "
      "-T MESSAGE\n"
      "  swaks --server localhost --port {1} {5} --tls-verify --tls-ca-path {3} --to {4}\n",
      implicit ? "smtps" : "smtp", port, implicit ? "" : "--ssl-reqd ", ca, kStagedSink,
      implicit ? "--tls-on-connect" : "--tls");
}

std::string pop3_line(std::uint16_t port, bool implicit, const std::string& ca) {
  return fmt::format("  curl --url {}://localhost:{} {}--cacert {} --user {}\n",
                     implicit ? "pop3s" : "pop3", port, implicit ? "" : "--ssl-reqd ", ca,
                     kStagedUser);
}

/// By address: told "localhost", libldap checks the certificate for the name of the machine.
std::string ldap_line(std::uint16_t port, bool implicit, const std::string& ca) {
  return fmt::format(
      "  LDAPTLS_CACERT={} ldapsearch -H {}://127.0.0.1:{} {}-x -b dc=assay,dc=test\n", ca,
      implicit ? "ldaps" : "ldap", port, implicit ? "" : "-ZZ ");
}

}  // namespace

std::string client_lines(const Endpoint& endpoint, const std::string& ca,
                         const std::string& account) {
  const bool implicit = endpoint.access == Access::implicit;
  const std::uint16_t port = endpoint.address.port;
  std::string lines = endpoint.url + "\n";
  switch (endpoint.protocol) {
    case Protocol::smtp:
      lines += smtp_lines(port, implicit, ca);
      break;
    case Protocol::pop3:
      lines += pop3_line(port, implicit, ca);
      break;
    case Protocol::ldap:
      lines += ldap_line(port, implicit, ca);
      break;
    case Protocol::nntp:
    case Protocol::tls:
      break;
  }
  const std::string starttls =
      implicit ? std::string() : fmt::format("-starttls {} ", name_of(endpoint.protocol));
  if (endpoint.protocol != Protocol::ldap) {
    const std::string scheme = scheme_of(endpoint.protocol, endpoint.access);
    lines += fmt::format("  assay check {}://localhost:{} --ca {} --account {}\n", scheme, port, ca,
                         account);
  }
  return lines + fmt::format(
                     "  openssl s_client {}-connect localhost:{} -CAfile {} -verify_hostname "
                     "localhost\n",
                     starttls, port, ca);
}

}  // namespace assay
