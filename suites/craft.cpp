#include "suites/craft.h"

#include "harness/engine/handshake_hash.h"
#include "harness/engine/schedule12.h"
#include "harness/engine/schedule13.h"
#include "harness/wire/hello.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace assay::suites {

bool is_tls13(const Probe& probe) { return probe.which().version == TlsVersion::tls13; }

Ending by_version(Probe& probe, Ending seen, std::initializer_list<Ending> named) {
  const bool of_text = std::ranges::find(named, seen) != named.end();
  if (is_tls13(probe) || of_text || !is_refusal(seen)) return seen;
  const std::string note = fmt::format("refused by {}", seen.slug);
  if (std::ranges::find(probe.notes(), note) == probe.notes().end()) probe.note(note);
  return kRefusedOtherwise;
}

Bytes endless_command(Protocol protocol, std::size_t size) {
  if (protocol != Protocol::ldap) return Bytes(size, 'x');
  Bytes octets = {0x30, 0x84, 0, 1, 0, 0};  // RFC 4511 §4.1.1: a message of 2^16 octets
  octets.resize(size);
  return octets;
}

bool is_message(const engine::Step& step, HandshakeType type) {
  return step.kind == engine::Step::Kind::message && step.type == type;
}

bool is_record(const engine::Step& step, ContentType type) {
  return step.kind == engine::Step::Kind::record && step.content_type == type;
}

engine::Step stray_message(HandshakeType type, View body) {
  return engine::say_record(ContentType::handshake, compose_handshake(type, body));
}

void put_before(engine::Flight& flight, bool (*at)(const engine::Step& step), engine::Step step) {
  flight.insert(std::ranges::find_if(flight, at), std::move(step));
}

void on_first_flight(engine::Config& offer, AlterFlight alter) {
  offer.emission.flight = [alter = std::move(alter)](engine::Flight& flight,
                                                     const engine::Exchange& told) {
    if (told.messages.empty() && !flight.empty() &&
        is_message(flight.front(), HandshakeType::client_hello)) {
      alter(flight, told);
    }
  };
}

void on_second_flight(engine::Config& offer, AlterFlight alter) {
  offer.emission.flight = [alter = std::move(alter)](engine::Flight& flight,
                                                     const engine::Exchange& told) {
    const bool second = std::ranges::any_of(
        flight, [](const engine::Step& step) { return is_message(step, HandshakeType::finished); });
    if (second) alter(flight, told);
  };
}

Bytes handshake_hash(const engine::Exchange& told, const std::vector<engine::Said>& messages) {
  engine::HandshakeHash transcript;
  transcript.choose(find_suite(told.suite)->hash);
  for (const engine::Said& each : messages) {
    if (each.type == HandshakeType::server_hello) {
      const auto hello = decode<ServerHello>(each.body());
      if (hello && hello->is_hello_retry_request()) {
        transcript.fold_first_hello();  // RFC 8446 §4.4.1
      }
    }
    transcript.add(each.octets);
  }
  return transcript.value();
}

Bytes client_verify_data(const engine::Exchange& told, const std::vector<engine::Said>& messages) {
  const Hash hash = find_suite(told.suite)->hash;
  const Bytes value = handshake_hash(told, messages);
  return told.version == TlsVersion::tls13
             ? engine::verify_data13(hash, told.secrets.client_handshake, value)
             : engine::verify_data12(hash, told.master_secret, Role::client, value);
}

Bytes master_secret_of(const engine::Exchange& told, View premaster) {
  const Hash hash = find_suite(told.suite)->hash;
  const engine::Said* said = told.last(HandshakeType::server_hello);
  const auto hello = said == nullptr ? Decoded<ServerHello>{} : decode<ServerHello>(said->body());
  if (hello && hello->extended_master_secret()) {
    return engine::extended_master_secret(hash, premaster, handshake_hash(told, told.messages));
  }
  return engine::master_secret(hash, premaster, told.client_random, told.server_random);
}

RecordKeys client_keys12(const engine::Exchange& told, View master_secret) {
  const engine::Said* said = told.last(HandshakeType::server_hello);
  const auto hello = said == nullptr ? Decoded<ServerHello>{} : decode<ServerHello>(said->body());
  const bool encrypt_then_mac = hello && hello->encrypt_then_mac();
  return RecordKeys::of_master_secret(
      *find_suite(told.suite), {master_secret, told.client_random, told.server_random},
      Writer::client, encrypt_then_mac ? MacOrder::encrypt_then_mac : MacOrder::mac_then_encrypt);
}

Bytes altered_hello(View message, const std::function<void(ClientHello&)>& alter) {
  auto hello = decode<ClientHello>(message.subspan(4));
  if (!hello) return bytes_of(message);
  alter(*hello.message);
  return compose_handshake(HandshakeType::client_hello, encode(*hello.message));
}

}  // namespace assay::suites
