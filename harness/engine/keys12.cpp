#include "harness/engine/keys12.h"

#include "harness/engine/certificate_proof.h"
#include "harness/engine/schedule12.h"
#include "harness/wire/alert.h"

#include <utility>

namespace assay::engine {

void agree_master_secret(Core& core, const Terms12& terms, View premaster) {
  Exchange& told = core.told();
  const Hash hash = terms.suite->hash;
  told.master_secret = terms.extended_master_secret
                           ? extended_master_secret(hash, premaster, core.transcript().value())
                           : master_secret(hash, premaster, told.client_random, told.server_random);
  core.log_secret("CLIENT_RANDOM", told.master_secret);
}

RecordKeys keys12(const Core& core, const Terms12& terms, Role writer) {
  const Exchange& told = core.exchange();
  return RecordKeys::of_master_secret(
      *terms.suite, {told.master_secret, told.client_random, told.server_random},
      writer == Role::client ? Writer::client : Writer::server,
      terms.encrypt_then_mac ? MacOrder::encrypt_then_mac : MacOrder::mac_then_encrypt);
}

void add_finished12(Core& core, Flight& flight, const Terms12& terms) {
  const Role role = core.config().role;
  flight.push_back(change_cipher_spec());
  flight.push_back(change_keys([&core, terms, role] { return keys12(core, terms, role); }));
  flight.push_back(say(HandshakeType::finished, [&core, terms, role] {
    Exchange& told = core.told();
    Bytes data =
        verify_data12(terms.suite->hash, told.master_secret, role, core.transcript().value());
    (role == Role::client ? told.client_verify_data : told.server_verify_data) = data;
    return data;
  }));
}

bool take_finished12(Core& core, const Terms12& terms, const Heard& heard) {
  const Role peer = core.config().role == Role::client ? Role::server : Role::client;
  Exchange& told = core.told();
  const Bytes expected = verify_data12(terms.suite->hash, told.master_secret, peer,
                                       core.transcript().value_before_last());
  if (!verify_finished(core, heard.body(), expected)) return false;
  (peer == Role::client ? told.client_verify_data : told.server_verify_data) = expected;
  return true;
}

bool take_renegotiation_info(Core& core, const Extension* found, View expected) {
  if (found == nullptr) {
    // RFC 5746 §3.4: a first handshake without it may go on; a later one may not (§3.5, §3.7).
    return core.require(expected.empty(), Sin::renegotiation_info, alert::kHandshakeFailure,
                        "a renegotiation without renegotiation_info");
  }
  const auto info = core.read<RenegotiationInfo>(*found);
  if (!info) return false;
  return core.require(equal(info->renegotiated_connection, expected), Sin::renegotiation_info,
                      alert::kHandshakeFailure, "a renegotiation_info of another connection");
}

bool is_ecdhe(const CipherSuite& suite) { return suite.key_exchange == KeyExchangeKind::ecdhe; }
bool is_dhe(const CipherSuite& suite) { return suite.key_exchange == KeyExchangeKind::dhe; }

Bytes signed_params(const Exchange& exchange, View params) {
  Bytes content = exchange.client_random;
  append(content, exchange.server_random);
  append(content, params);
  return content;
}

}  // namespace assay::engine
