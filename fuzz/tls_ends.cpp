#include "fuzz/tls_ends.h"

#include "fuzz/fixed_chance.h"
#include "harness/pki/authority.h"
#include "harness/wire/extension.h"

#include <utility>

namespace assay::fuzz {
namespace {

constexpr std::uint64_t kSeed = 0x617373;  // of everything that is made once
constexpr std::size_t kRsaRow = 7;

/// Suites that share what a ServerHello can choose; null: libssl's defaults.
struct SuiteRow {
  std::vector<std::uint16_t> suites;
  const char* ciphers;
  const char* suites13;
};
const SuiteRow& suite_row(std::size_t row) {
  static const SuiteRow kRows[] = {
      {engine::default_suites(), nullptr, nullptr},
      {{0x1301, 0xc02b}, "ECDHE-ECDSA-AES128-GCM-SHA256", "TLS_AES_128_GCM_SHA256"},
      {{0x1302, 0xc02c}, "ECDHE-ECDSA-AES256-GCM-SHA384", "TLS_AES_256_GCM_SHA384"},
      {{0x1303, 0xcca9}, "ECDHE-ECDSA-CHACHA20-POLY1305", "TLS_CHACHA20_POLY1305_SHA256"},
      {{0x1304, 0xc0ac}, "ECDHE-ECDSA-AES128-CCM", "TLS_AES_128_CCM_SHA256"},
      {{0x1305, 0xc009}, "ECDHE-ECDSA-AES128-SHA", "TLS_AES_128_CCM_8_SHA256"},
      {{0x1301, 0xc024}, "ECDHE-ECDSA-AES256-SHA384", "TLS_AES_128_GCM_SHA256"},
      // The engine's RSA key exchange; libssl has no RSA key here, and NULL instead.
      {{0x1301, 0x009c, 0x003d, 0x002f, 0xc006}, "ECDHE-ECDSA-NULL-SHA", "TLS_AES_128_GCM_SHA256"},
  };
  return kRows[row];
}

std::chrono::system_clock::time_point fixed_now() {
  return std::chrono::system_clock::time_point(std::chrono::seconds(1'800'000'000));
}

std::vector<std::uint16_t> groups_of(const TlsChoice& choice, Role role) {
  using Groups = TlsChoice::Groups;
  if (choice.groups == Groups::p256) return {group::kSecp256r1};
  if (choice.groups == Groups::other) return {group::kX25519MlKem768, group::kX25519};
  if (choice.groups == Groups::retry && role == Role::server) return {group::kSecp256r1};
  return {group::kX25519, group::kSecp256r1};
}

const char* group_list_of(const TlsChoice& choice, Role role) {
  using Groups = TlsChoice::Groups;
  if (choice.groups == Groups::p256) return "P-256";
  if (choice.groups == Groups::other) return "X25519";
  return choice.groups == Groups::retry && role == Role::server ? "P-256" : "X25519:P-256";
}

engine::Session external_psk() {
  engine::Session psk;
  psk.suite = 0x1301;
  psk.secret = Bytes(32, 0x45);
  psk.ticket = bytes_of("external");
  psk.external = true;
  return psk;
}

/// What distinguishes the contexts of libssl, and the sessions that were made by them.
std::uint32_t number_of(const TlsChoice& choice, Role role) {
  std::uint32_t number = role == Role::client ? 1 : 0;
  const auto add = [&](std::size_t values, std::size_t value) {
    number = static_cast<std::uint32_t>(number * values + value);
  };
  add(2, choice.min_version == TlsVersion::tls13 ? 1 : 0);
  add(2, choice.max_version == TlsVersion::tls13 ? 1 : 0);
  add(8, choice.suites);
  add(2, choice.ed25519 ? 1 : 0);
  add(4, static_cast<std::size_t>(choice.groups));
  add(2, (role == Role::client ? choice.client_certificate : choice.certificate_asked) ? 1 : 0);
  add(2, choice.alpn ? 1 : 0);
  add(2, choice.without_tickets ? 1 : 0);
  add(2, choice.post_handshake ? 1 : 0);
  return number;
}

}  // namespace

TlsEnds& TlsEnds::shared() {
  static TlsEnds ends;
  return ends;
}

TlsEnds::TlsEnds() {
  std::uint64_t state = kSeed;
  const FixedChance chance(state);
  KeyRing keys;
  const Authority authority(fixed_now(), keys);
  const auto credential = [](const Identity& issued) {
    return std::make_shared<const engine::Credential>(
        ServerIdentity{issued.chain, issued.key.private_der(), {}});
  };
  const std::vector<std::string> names = {"localhost"};
  const auto server = [&](KeyKind kind) {
    ChainSpec spec;
    spec.leaf_key = kind;
    return credential(authority.issue(spec, names));
  };
  p256_ = server(KeyKind::p256);
  ed25519_ = server(KeyKind::ed25519);
  rsa_ = server(KeyKind::rsa2048);
  client_ = credential(authority.issue_client("ann"));
}

const std::shared_ptr<const engine::Credential>& TlsEnds::credential(const TlsChoice& choice,
                                                                     Role role) const {
  if (role == Role::client) return client_;
  if (choice.suites == kRsaRow) return rsa_;
  return choice.ed25519 ? ed25519_ : p256_;
}

engine::Config TlsEnds::without_sessions(const TlsChoice& choice, Role role) const {
  engine::Config config;
  config.role = role;
  config.min_version = choice.min_version;
  config.max_version = choice.max_version;
  config.suites = suite_row(choice.suites).suites;
  config.groups = groups_of(choice, role);
  if (choice.alpn) config.alpn = {"pop3", "smtp"};
  config.extended_master_secret = config.encrypt_then_mac = !choice.plain_tls12;
  if (choice.record_size_limit) config.record_size_limit = 512;
  config.seed = kSeed + (role == Role::client ? 1 : 0);
  config.now = fixed_now;
  config.server_name = "localhost";
  config.status_request = choice.post_handshake;
  config.middlebox_compatibility = !choice.without_middlebox_compatibility;
  config.grease = choice.grease;
  config.tickets_wanted = !choice.without_tickets;
  config.post_handshake_authentication = choice.post_handshake;
  if (choice.psk_without_dhe) config.psk_modes = {0, 1};
  config.tickets = choice.without_tickets ? 0 : 1;
  config.retry_always = choice.retry_always;
  config.retry_with_cookie = choice.retry_with_cookie;
  config.renegotiation = choice.renegotiation;
  if (role == Role::server || choice.client_certificate) {
    config.credential = credential(choice, role);
  }
  if (role == Role::server && choice.certificate_asked) {
    config.client_authentication = choice.client_certificate
                                       ? engine::ClientAuthentication::required
                                       : engine::ClientAuthentication::requested;
    config.post_handshake_authentication = false;
  }
  if (choice.resumption == TlsChoice::Resumption::early_data) config.max_early_data = 256;
  return config;
}

engine::Config TlsEnds::engine(const TlsChoice& choice, Role role, Library peer_library) {
  engine::Config config = without_sessions(choice, role);
  const bool server = role == Role::server;
  using Resumption = TlsChoice::Resumption;
  if (choice.resumption == Resumption::external) {
    (server ? config.external_psks : config.sessions) = {external_psk()};
    if (server) config.store = std::make_shared<engine::SessionStore>();
  } else if (choice.resumption != Resumption::none) {
    const Kept& left = kept(choice, server ? Library::engine : peer_library);
    if (server) {
      config.store = std::make_shared<engine::SessionStore>(left.store);
    } else {
      config.sessions = left.sessions;
    }
    const bool early = choice.resumption == Resumption::early_data;
    if (early && !server) config.early_data = bytes_of("early");
  } else if (server) {
    config.store = std::make_shared<engine::SessionStore>();
  }
  return config;
}

std::unique_ptr<Channel> TlsEnds::openssl(const TlsChoice& choice, Role role) {
  return make_oracle(context(choice, role), role == Role::client ? "localhost" : "");
}

std::shared_ptr<const OracleContext> TlsEnds::context(const TlsChoice& choice, Role role) {
  auto& context = contexts_[number_of(choice, role)];
  if (context) return context;
  std::uint64_t state = kSeed;
  const FixedChance chance(state);  // of the keys that protect tickets
  const SuiteRow& row = suite_row(choice.suites);
  OracleConfig config;
  config.role = role;
  config.min_version = choice.min_version;
  config.max_version = choice.max_version;
  if (row.ciphers != nullptr) config.ciphers = std::string(row.ciphers) + ":@SECLEVEL=0";
  if (row.suites13 != nullptr) config.suites13 = row.suites13;
  config.groups = group_list_of(choice, role);
  config.status_request = choice.post_handshake;
  if (choice.alpn) config.alpn = {"pop3", "smtp"};
  config.tickets = choice.without_tickets ? 0 : 1;
  if (role == Role::server) {
    config.identity = (choice.ed25519 ? ed25519_ : p256_)->identity;
    if (choice.certificate_asked) config.client_authorities = {client_->identity.chain.back()};
  } else if (choice.client_certificate) {
    config.identity = client_->identity;
  }
  context = std::make_shared<const OracleContext>(std::move(config));
  return context;
}

const TlsEnds::Kept& TlsEnds::kept(const TlsChoice& choice, Library server) {
  std::uint32_t number = number_of(choice, Role::server) << 2U;
  number |= (server == Library::openssl ? 1U : 0U) | (choice.plain_tls12 ? 2U : 0U);
  const auto found = kept_.find(number);
  if (found != kept_.end()) return found->second;
  return kept_.emplace(number, made(choice, server)).first->second;
}

TlsEnds::Kept TlsEnds::made(const TlsChoice& choice, Library library) {
  std::uint64_t state = kSeed;
  const FixedChance chance(state);
  // Nothing that has no part in the number of what is kept.
  TlsChoice honest;
  honest.min_version = choice.min_version;
  honest.max_version = choice.max_version;
  honest.suites = choice.suites;
  honest.ed25519 = choice.ed25519;
  honest.plain_tls12 = choice.plain_tls12;
  honest.resumption = TlsChoice::Resumption::early_data;  // for what its ticket grants
  const auto store = std::make_shared<engine::SessionStore>();
  const auto client =
      make_engine(std::make_shared<engine::Config>(without_sessions(honest, Role::client)));
  std::unique_ptr<Channel> server;
  if (library == Library::openssl) {
    server = openssl(choice, Role::server);
  } else {
    engine::Config config = without_sessions(honest, Role::server);
    config.store = store;
    server = make_engine(std::make_shared<engine::Config>(std::move(config)));
  }
  server->start();
  client->start();
  for (Bytes said = client->take_output(); !said.empty(); said = client->take_output()) {
    server->feed(said);
    client->feed(server->take_output());
  }
  return {client->take_sessions(), *store};
}

}  // namespace assay::fuzz
