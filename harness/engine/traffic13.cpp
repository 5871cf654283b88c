#include "harness/engine/traffic13.h"

#include "harness/wire/alert.h"

#include <utility>

namespace assay::engine {

void derive_handshake_secrets(Core& core, const Schedule13& schedule, View transcript_hash) {
  TrafficSecrets& secrets = core.told().secrets;
  secrets.client_handshake = schedule.derive("c hs traffic", transcript_hash);
  secrets.server_handshake = schedule.derive("s hs traffic", transcript_hash);
  core.log_secret("CLIENT_HANDSHAKE_TRAFFIC_SECRET", secrets.client_handshake);
  core.log_secret("SERVER_HANDSHAKE_TRAFFIC_SECRET", secrets.server_handshake);
}

void derive_application_secrets(Core& core, const Schedule13& schedule, View transcript_hash) {
  TrafficSecrets& secrets = core.told().secrets;
  secrets.client_application = schedule.derive("c ap traffic", transcript_hash);
  secrets.server_application = schedule.derive("s ap traffic", transcript_hash);
  secrets.exporter = schedule.derive("exp master", transcript_hash);
  core.log_secret("CLIENT_TRAFFIC_SECRET_0", secrets.client_application);
  core.log_secret("SERVER_TRAFFIC_SECRET_0", secrets.server_application);
  core.log_secret("EXPORTER_SECRET", secrets.exporter);
}

Step write_under(const CipherSuite& suite, const Bytes& secret) {
  return change_keys([&suite, &secret] { return RecordKeys::of_traffic_secret(suite, secret); });
}

void say_key_update(Core& core, const CipherSuite& suite, Bytes& own_secret,
                    KeyUpdateRequest request) {
  Flight flight;
  flight.push_back(
      say(HandshakeType::key_update, [request] { return encode(KeyUpdate{request}); }));
  // RFC 8446 §4.6.3: everything behind it goes under the next keys.
  flight.push_back(change_keys([&suite, &own_secret] {
    own_secret = next_traffic_secret(suite.hash, own_secret);
    return RecordKeys::of_traffic_secret(suite, own_secret);
  }));
  core.say(std::move(flight));
}

void take_key_update(Core& core, const CipherSuite& suite, const Heard& heard, Bytes& own_secret,
                     Bytes& peer_secret) {
  const auto update = core.read<KeyUpdate>(heard.body());
  if (!update) return;
  const bool asked = update->request_update == KeyUpdateRequest::update_requested;
  const bool known = asked || update->request_update == KeyUpdateRequest::update_not_requested;
  // RFC 8446 §4.6.3: any other value is illegal_parameter.
  if (!core.require(known, Sin::key_update_value, alert::kIllegalParameter,
                    "a KeyUpdate with an unknown value")) {
    return;
  }
  peer_secret = next_traffic_secret(suite.hash, peer_secret);
  core.read_with(RecordKeys::of_traffic_secret(suite, peer_secret));
  if (asked && !core.failed()) {
    say_key_update(core, suite, own_secret, KeyUpdateRequest::update_not_requested);
  }
}

}  // namespace assay::engine
