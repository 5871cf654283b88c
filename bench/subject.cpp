#include "bench/subject.h"

#include "harness/check/account.h"
#include "harness/cli/target.h"
#include "harness/pki/authority.h"
#include "harness/pki/pem.h"
#include "reports/json_document.h"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <chrono>
#include <fstream>
#include <netinet/in.h>
#include <optional>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace assay::bench {
namespace {

constexpr const char* kStreamModule = "/usr/lib/nginx/modules/ngx_stream_module.so";
constexpr std::size_t kConnections = 6'000;

std::string text_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Until `ready`, ten seconds at most and only while the child lives.
template <typename Ready>
bool wait_for(const Child& child, Ready ready) {
  for (int i = 0; i < 500 && child.running(); ++i) {
    if (ready()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

bool listens(std::uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const bool connected =
      ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(descriptor);
  return connected;
}

/// The chain, suites and number of tickets that our server has.
std::string nginx_config(const Scratch& scratch, std::uint16_t stream, std::uint16_t http) {
  const std::string tls = fmt::format(
      "ssl_certificate {0}; ssl_certificate_key {0}; ssl_protocols TLSv1.2 TLSv1.3; "
      "ssl_conf_command NumTickets 1;",
      scratch.file("identity.pem"));
  std::string temporary;
  for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    temporary += fmt::format("  {}_temp_path {};\n", kind, scratch.file(kind));
  }
  return fmt::format(
      "load_module {};\ndaemon off;\nmaster_process off;\npid {};\n"
      "events {{ worker_connections {}; }}\n"
      "stream {{ server {{ listen 127.0.0.1:{} ssl; {} return \"220 ready\\r\\n\"; }} }}\n"
      "http {{\n  access_log off;\n{}"
      "  server {{ listen 127.0.0.1:{} ssl; {} keepalive_timeout 600; location / {{ return 200 "
      "\"ready\"; }} }}\n}}\n",
      kStreamModule, scratch.file("pid"), 2 * kConnections, stream, tls, temporary, http, tls);
}

}  // namespace

ReferenceServer::ReferenceServer(const std::string& program) {
  const std::string ready = scratch_.file("ready.json");
  child_ = std::make_unique<Child>(
      std::vector<std::string>{program, "serve", "--dir", scratch_.file("serve"), "--ready-file",
                               ready, "--max-connections", fmt::format("{}", kConnections)});
  std::optional<JsonDocument> said;
  const bool up = wait_for(*child_, [&] {
    said = JsonDocument::parse(text_of_file(ready));
    return said.has_value();
  });
  if (!up) throw std::runtime_error(fmt::format("{} serve does not come up", program));

  for (std::size_t i = 0; i < said->size("/endpoints"); ++i) {
    const std::string url = said->text(fmt::format("/endpoints/{}/url", i));
    if (!url.starts_with("smtp")) continue;  // what the drivers speak
    auto endpoint = parse_target(url + "?name=localhost");
    if (!endpoint) throw std::runtime_error(endpoint.error());
    subject_.endpoints.push_back(std::move(*endpoint));
  }
  subject_.name = "assay serve";
  subject_.anchors = certificates_from_pem(text_of_file(said->text("/ca")));
  auto account = load_account(said->text("/account"));
  if (!account) throw std::runtime_error(account.error());
  subject_.account = account->account;
}

std::uint16_t ReferenceServer::port(Access access) const {
  for (const Endpoint& endpoint : subject_.endpoints) {
    if (endpoint.access == access) return endpoint.address.port;
  }
  throw std::runtime_error("the reference server lacks a listener");
}

Nginx::Nginx() : stream_port_(free_port()), http_port_(free_port()) {
  if (::access(kStreamModule, R_OK) != 0) {
    trouble_ = "nginx with its stream module is not installed: scripts/deps bench";
    return;
  }
  KeyRing keys;
  const Authority authority(std::chrono::system_clock::now(), keys);
  const std::vector<std::string> names = {"localhost", "127.0.0.1", "::1"};
  const Identity identity = authority.issue(ChainSpec{}, names);
  std::ofstream(scratch_.file("identity.pem")) << chain_pem(identity) << key_pem(identity);
  const std::string log = scratch_.file("error.log");
  std::ofstream(scratch_.file("nginx.conf")) << nginx_config(scratch_, stream_port_, http_port_);
  child_ = std::make_unique<Child>(
      std::vector<std::string>{"nginx", "-e", log, "-c", scratch_.file("nginx.conf")});
  if (!wait_for(*child_, [&] { return listens(stream_port_); })) {
    trouble_ = fmt::format("nginx does not come up: {}", text_of_file(log));
  }
}

}  // namespace assay::bench
