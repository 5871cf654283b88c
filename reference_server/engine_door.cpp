#include "reference_server/engine_door.h"

#include "harness/pki/client_names.h"

namespace assay {
namespace {

std::shared_ptr<const engine::Credential> credential_of(const ServerIdentity& identity) {
  return std::make_shared<const engine::Credential>(identity);
}

}  // namespace

std::shared_ptr<const engine::Config> engine_config(const OracleContext& context,
                                                    const Setup& setup, const Faults& faults) {
  const OracleConfig& oracle = context.config();
  engine::Config config;
  config.role = Role::server;
  config.min_version = oracle.min_version;
  config.max_version = oracle.max_version;
  config.suites = context.suites();
  config.alpn = oracle.alpn;
  config.key_log = oracle.key_log;
  config.tickets = oracle.tickets;
  config.renegotiation = oracle.renegotiation;
  config.record_size_limit = kMaxPlaintext;                 // RFC 8449 §4: for clients that ask
  config.store = std::make_shared<engine::SessionStore>();  // shared by the listener's connections
  config.credential = credential_of(oracle.identity);
  config.heartbeat = setup.heartbeat;
  for (const auto& [name, identity] : oracle.identities_by_name) {
    config.credentials_by_name.emplace(name, credential_of(identity));
  }
  if (!oracle.client_authorities.empty()) {
    config.client_authentication = engine::ClientAuthentication::requested;
    for (const Bytes& der : oracle.client_authorities) {
      config.client_authorities.push_back(subject_name(der));
    }
    config.tickets = 0;  // nobody resumes past a certificate
  }
  for (const auto change : faults.engine) change(config);
  return std::make_shared<const engine::Config>(std::move(config));
}

}  // namespace assay
