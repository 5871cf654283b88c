// What checks and faults put into the words of an engine: steps of a flight, values that follow
// from what was said so far, keys that nobody agreed on. Used by the rows of integrity and their
// faults.
#pragma once

#include "harness/crypto/record_keys.h"
#include "harness/crypto/suites.h"
#include "suites/engine_talk.h"

#include <functional>
#include <initializer_list>
#include <vector>

namespace assay::suites {

/// In TLS 1.2, whose text names an alert less often: any refusal but the named ones.
inline constexpr Ending kRefusedOtherwise{"refused_otherwise"};

[[nodiscard]] bool is_tls13(const Probe& probe);
/// In TLS 1.2 every refusal that is not among `named` is kRefusedOtherwise, with a note of it.
[[nodiscard]] Ending by_version(Probe& probe, Ending seen, std::initializer_list<Ending> named);

/// Octets that fill a record up behind a command: the beginning of another that never ends.
[[nodiscard]] Bytes endless_command(Protocol protocol, std::size_t size);

// Flights.

[[nodiscard]] bool is_message(const engine::Step& step, HandshakeType type);
[[nodiscard]] bool is_record(const engine::Step& step, ContentType type);
/// A message that our own transcript does not take, in a record of its own.
[[nodiscard]] engine::Step stray_message(HandshakeType type, View body);
/// In front of the first step of which `at` holds.
void put_before(engine::Flight& flight, bool (*at)(const engine::Step& step), engine::Step step);

using AlterFlight = std::function<void(engine::Flight& flight, const engine::Exchange& told)>;
/// Alters the flight that begins with our first hello; the one that has our Finished.
void on_first_flight(engine::Config& offer, AlterFlight alter);
void on_second_flight(engine::Config& offer, AlterFlight alter);

// What follows from what was said.

/// The client's verify_data over these messages (RFC 8446 §4.4.4, RFC 5246 §7.4.9).
[[nodiscard]] Bytes client_verify_data(const engine::Exchange& told,
                                       const std::vector<engine::Said>& messages);
[[nodiscard]] Bytes handshake_hash(const engine::Exchange& told,
                                   const std::vector<engine::Said>& messages);
/// TLS 1.2: of a premaster secret, as what was said so far has it (RFC 5246 §8.1, RFC 7627 §4).
[[nodiscard]] Bytes master_secret_of(const engine::Exchange& told, View premaster);
/// TLS 1.2: what the client would write with.
[[nodiscard]] RecordKeys client_keys12(const engine::Exchange& told, View master_secret);
/// A hello as it would be with that change.
[[nodiscard]] Bytes altered_hello(View message, const std::function<void(ClientHello&)>& alter);

}  // namespace assay::suites
