#include "reference_server/server.h"

#include "harness/channel/lenient.h"
#include "reference_server/certified.h"
#include "reference_server/engine_door.h"
#include "reference_server/services.h"
#include "reference_server/session.h"

#include <fmt/format.h>

#include <map>
#include <set>

namespace assay {
namespace {

constexpr Milliseconds kLookAgain{10};
constexpr Milliseconds kAfterReset{1'000};  // a session that was reset ends at once

/// One listener with all that its sessions need.
struct Door {
  ListenerSpec spec;
  std::unique_ptr<Service> service;
  std::shared_ptr<const OracleContext> tls;      // shared with channels
  std::shared_ptr<const engine::Config> engine;  // shared likewise; null where libssl serves
  std::unique_ptr<CertifiedUsers> clients;       // where certificates are asked for
  std::unique_ptr<Listener> listener;
};

std::string host_of(const std::string& peer) { return peer.substr(0, peer.rfind(':')); }

ServerIdentity identity_of(const Identity& issued) {
  return {issued.chain, issued.key.private_der(), issued.staple};
}

OracleConfig tls_config(const ServerConfig& config, const ListenerSpec& listener,
                        const Authority& authority) {
  OracleConfig tls;
  tls.role = Role::server;
  tls.ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20:@SECLEVEL=0";
  // RFC 9155 §4: at SECLEVEL 0 libssl would sign with SHA-1 whoever asks for it.
  tls.signature_algorithms =
      "ecdsa_secp256r1_sha256:ecdsa_secp384r1_sha384:ecdsa_secp521r1_sha512:ed25519:ed448:"
      "rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:rsa_pss_pss_sha256:"
      "rsa_pss_pss_sha384:rsa_pss_pss_sha512:rsa_pkcs1_sha256:rsa_pkcs1_sha384:rsa_pkcs1_sha512";
  if (config.setup.old_suites) {
    // ECDHE first, so that it is what a client with both gets.
    tls.ciphers =
        "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:kRSA+AESGCM:ECDHE+AES:kRSA+AES:@SECLEVEL=0";
  }
  tls.renegotiation = config.setup.renegotiation;
  tls.key_log = config.faults.tls.tolerated.any();
  ChainSpec first = config.faults.chain;
  for (const auto change : config.faults.listener_chain) change(listener.access, first);
  tls.identity =
      listener.identity ? *listener.identity : identity_of(authority.issue(first, config.names));
  if (config.setup.several_names) {
    ChainSpec second = std::move(first);
    second.leaf_label += "_second";
    const std::vector<std::string> names = {std::string(kSecondName)};
    tls.identities_by_name.emplace(kSecondName, identity_of(authority.issue(second, names)));
  }
  if (config.setup.client_certificates || auth_level_of(config, listener) == AuthLevel::certificate)
    tls.client_authorities = {authority.root()};
  for (const auto change : config.faults.tls_config) change(listener.access, tls);
  return tls;
}

}  // namespace

struct Server::Core : std::enable_shared_from_this<Server::Core> {
  Core(Loop& on, ServerConfig with) : loop(on), config(std::move(with)) {
    for (const auto change : config.faults.limits) change(config.budget);
    holdings.news.add_group({.name = std::string(kNewsGroup), .description = "Tests"});
  }

  void accept(Door& door, std::unique_ptr<Link> link) {
    const std::string host = host_of(link->peer());
    const auto known = per_host.find(host);  // only who is served has an entry
    const std::size_t from_host = known == per_host.end() ? 0 : known->second;
    if (live.size() >= config.budget.connections ||
        from_host >= config.budget.connections_an_address) {
      if (door.spec.access != Access::implicit)
        link->write(door.service->farewell(Farewell::too_many_connections));
      link->finish();
      return;
    }
    ++per_host[host];
    loop.spawn(serve(shared_from_this(), door, std::move(link), host));
  }

  static Task<void> serve(std::shared_ptr<Core> core, Door& door, std::unique_ptr<Link> link,
                          std::string host) {
    Session session(
        core->loop, *door.service, core->config.budget,
        hooks_of(core->config.faults, door.listener->address().port),
        [&core, &door] { return core->channel(door); }, std::move(link), identify(door),
        core->config.witness.get());
    core->live.insert(&session);
    co_await session.run(door.spec.access == Access::implicit);
    core->live.erase(&session);
    if (--core->per_host[host] == 0) core->per_host.erase(host);
  }

  static std::function<std::string(const Agreement&)> identify(const Door& door) {
    if (door.clients == nullptr) return {};
    return [&clients = *door.clients](const Agreement& agreed) {
      return clients.user_of(agreed.peer_chain, std::chrono::system_clock::now());
    };
  }

  /// A session may end, and take others along, while one of them is told something.
  void each_live(const std::function<void(Session&)>& tell) {
    const auto those = live;
    for (Session* session : those) {
      if (live.contains(session)) tell(*session);
    }
  }

  Task<void> wait_for_no_session(Deadline deadline) {
    while (!live.empty() && Clock::now() < deadline)
      co_await loop.sleep_until(Clock::now() + kLookAgain);
  }

  std::unique_ptr<Channel> channel(const Door& door) const {
    std::unique_ptr<Channel> honest =
        door.engine ? engine::make_engine(door.engine) : make_oracle(door.tls);
    if (config.faults.tls.tolerated.none()) return honest;
    return lenient(std::move(honest), config.faults.tls);
  }

  Loop& loop;
  ServerConfig config;
  Holdings holdings;
  std::vector<std::unique_ptr<Door>> doors;
  std::set<Session*> live;
  std::map<std::string, std::size_t> per_host;
};

ChainSpec chain_for(const Setup& setup) {
  ChainSpec chain;
  if (setup.rsa) chain.leaf_key = KeyKind::rsa2048;
  if (setup.must_staple) {
    chain.leaf_must_staple = true;
    chain.staple = StapleKind::good;
  }
  return chain;
}

Server::Server(Loop& loop, ServerConfig config, const Authority& authority)
    : core_(std::make_shared<Core>(loop, std::move(config))) {
  for (const ListenerSpec& listener : core_->config.listeners) {
    auto door = std::make_unique<Door>();
    door->spec = listener;
    door->service = make_service(core_->config, listener, core_->holdings);
    door->tls =
        std::make_shared<const OracleContext>(tls_config(core_->config, listener, authority));
    const Setup& setup = core_->config.setup;
    if (setup.engine || setup.heartbeat || !core_->config.faults.engine.empty()) {
      door->engine = engine_config(*door->tls, setup, core_->config.faults);
    }
    if (!door->tls->config().client_authorities.empty()) {
      door->clients = std::make_unique<CertifiedUsers>(door->tls->config().client_authorities,
                                                       core_->holdings.accounts);
    }
    Core& core = *core_;
    Door& opened = *door;
    door->listener = loop.listen(listener.address, [&core, &opened](std::unique_ptr<Link> link) {
      core.accept(opened, std::move(link));
    });
    Endpoint endpoint;
    endpoint.protocol = listener.protocol;
    endpoint.access = listener.access;
    endpoint.address = door->listener->address();
    endpoint.url = fmt::format("{}://{}", scheme_of(listener.protocol, listener.access),
                               endpoint.address.text());
    endpoint.sni = endpoint.reference_name = core_->config.hostname;
    endpoints_.push_back(std::move(endpoint));
    core_->doors.push_back(std::move(door));
  }
}

Server::~Server() {
  for (const auto& door : core_->doors) door->listener.reset();
  core_->each_live([](Session& session) { session.abort(); });
}

Store& Server::store() { return core_->holdings.mail; }

NewsStore& Server::news() { return core_->holdings.news; }

void Server::add_user(std::string_view name, const Secret& password, std::string_view mailbox) {
  core_->holdings.accounts.add(std::string(name), {password, std::string(mailbox)});
  Holdings& holdings = core_->holdings;
  holdings.directory = directory_of(core_->config.domains.front(), holdings.accounts.names());
}

std::size_t Server::sessions() const { return core_->live.size(); }

Task<void> Server::shut_down() {
  for (const auto& door : core_->doors) door->listener.reset();
  core_->each_live([](Session& session) { session.shut_down(); });
  co_await core_->wait_for_no_session(Clock::now() + core_->config.budget.farewell);
  core_->each_live([](Session& session) { session.abort(); });
  co_await core_->wait_for_no_session(Clock::now() + kAfterReset);
}

}  // namespace assay
