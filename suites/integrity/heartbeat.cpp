// RFC 6520, CVE-2014-0160: a heartbeat is answered with what it brought, and only where it was
// agreed on.
#include "harness/wire/hello.h"
#include "suites/craft.h"
#include "suites/suites.h"

#include <utility>

namespace assay::suites {
namespace {

constexpr Ending kMemoryEchoed{"memory_echoed"};
constexpr Ending kAnswered{"heartbeat_answered"};
/// The request was passed over, and the connection lives.
constexpr Ending kPassedOver{"passed_over"};

constexpr std::uint8_t kRequest = 1;
constexpr std::size_t kPadding = 16;

bool is_key_exchange(const engine::Step& step) {
  return is_message(step, HandshakeType::client_key_exchange);
}
bool is_finished(const engine::Step& step) { return is_message(step, HandshakeType::finished); }

engine::Step heartbeat(std::uint16_t payload_length, std::string_view payload,
                       std::size_t padding) {
  Bytes message = {kRequest, static_cast<std::uint8_t>(payload_length >> 8),
                   static_cast<std::uint8_t>(payload_length)};
  append(message, payload);
  message.resize(message.size() + padding);
  return engine::say_record(ContentType::heartbeat, std::move(message));
}

/// Whatever the subject says in records of that type is looked at, never refused.
void listen(engine::Config& offer, bool& answered) {
  offer.tolerated.set(Sin::record_type_unknown);
  offer.reception.record = [&answered](Opened& opened, const engine::Exchange&) {
    if (opened.type == static_cast<std::uint8_t>(ContentType::heartbeat)) answered = true;
  };
}

struct Place {
  std::string_view name;
  bool (*before)(const engine::Step& step);
};
constexpr Place kPlaces12[] = {{"before_key_exchange", is_key_exchange},
                               {"before_finished", is_finished}};
constexpr Place kPlaces13[] = {{"before_finished", is_finished}};

using Offer = engine::Config (*)(Probe& probe);

/// One request in each of the places and one inside, each on a connection of its own.
Task<Ending> try_everywhere(Probe& probe, Offer make, engine::Step request, Ending answer) {
  const auto places = is_tls13(probe) ? std::span<const Place>(kPlaces13) : kPlaces12;
  for (const Place& each : places) {
    bool answered = false;
    engine::Config offer = make(probe);
    listen(offer, answered);
    const auto before = each.before;
    on_second_flight(offer, [before, request](engine::Flight& flight, const engine::Exchange&) {
      put_before(flight, before, request);
    });
    const Tried tried = co_await try_engine(probe, std::move(offer));
    const bool over = tried.ending == ending::carried_on;
    probe.part(std::string(each.name), answered ? answer : over ? kPassedOver : tried.ending);
  }
  bool answered = false;
  engine::Config offer = make(probe);
  listen(offer, answered);
  const Engaged met = co_await settled(probe, std::move(offer));
  if (!met.secured) co_return probe.lost();
  met.end->say({request});
  const MarkerResult marker = co_await met.dialogue->marker();
  Ending seen = marker.answered ? kPassedOver : ending::unexpected_reply;
  if (!marker.first.came()) seen = ending_of(marker.first);
  probe.part("inside", answered ? answer : seen);
  co_return probe.worst();
}

engine::Config plain_offer(Probe& probe) { return probe.engine_offer(); }

engine::Config offer_with_heartbeat(Probe& probe) {
  engine::Config offer = probe.engine_offer();
  offer.emission.hello = [](ClientHello& hello, const engine::Exchange&) {
    set_extension(hello.extensions, extension::kHeartbeat, {1});  // peer_allowed_to_send
  };
  return offer;
}

bool agreed_on_heartbeat(const engine::Exchange& told) {
  if (told.version == TlsVersion::tls13) {
    const engine::Said* said = told.last(HandshakeType::encrypted_extensions);
    const auto message = said == nullptr ? Decoded<EncryptedExtensions>{}
                                         : decode<EncryptedExtensions>(said->body());
    return message && find_extension(message->extensions, extension::kHeartbeat) != nullptr;
  }
  const engine::Said* said = told.last(HandshakeType::server_hello);
  const auto hello = said == nullptr ? Decoded<ServerHello>{} : decode<ServerHello>(said->body());
  return hello && hello->find(extension::kHeartbeat) != nullptr;
}

Task<Ending> bleed(Probe& probe) {
  const Tried control = co_await try_engine(probe, offer_with_heartbeat(probe));
  if (!control.began) co_return control.ending;
  if (control.ending != ending::carried_on) {
    co_return probe.inconclusive("a handshake that offers heartbeats did not carry on");
  }
  if (!agreed_on_heartbeat(control.exchange)) {
    co_return probe.inapplicable("the subject's answer to our hello has no heartbeat extension");
  }
  co_return co_await try_everywhere(probe, offer_with_heartbeat, heartbeat(0x4000, "x", 0),
                                    kMemoryEchoed);
}

Task<Ending> not_negotiated(Probe& probe) {
  const auto lacking = co_await without_control(probe, probe.engine_offer());
  if (lacking) co_return *lacking;
  co_return co_await try_everywhere(probe, plain_offer, heartbeat(4, "beat", kPadding), kAnswered);
}

constexpr Check kChecks[] = {
    {.id = "integrity.heartbeat.bleed",
     .title = "A heartbeat that claims more than it brought is not answered",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 6520 §4", "CVE-2014-0160"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .traits = {Trait::intrusive},
     .setup = {.heartbeat = true},
     .run = bleed,
     .steps = "Where heartbeats are agreed on: a HeartbeatRequest of one octet with a "
              "payload_length of 0x4000 before ClientKeyExchange (TLS 1.2), before Finished, and "
              "inside TLS.",
     .accepts = {kPassedOver, ending::another_alert, ending::closed_without_alert},
     .breakers = {{"echoes_memory", kMemoryEchoed}},
     .liberties = {{"refuses_heartbeats", kUnexpectedMessage},
                   {"closes_on_heartbeats", ending::closed_without_alert}}},
    {.id = "integrity.heartbeat.not_negotiated",
     .title = "A heartbeat that was not agreed on is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 6520 §2", "RFC 8446 §5", "RFC 5246 §6", "RFC 9846 §5"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .traits = {Trait::intrusive},
     .run = not_negotiated,
     .steps = "Where heartbeats were not offered: a HeartbeatRequest before ClientKeyExchange (TLS "
              "1.2), before Finished, and inside TLS.",
     .accepts = {kUnexpectedMessage, ending::another_alert, ending::closed_without_alert},
     .weak = {kPassedOver},
     .breakers = {{"answers_any_heartbeat", kAnswered}},
     .liberties = {{"passes_over_unknown_records", kPassedOver},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> heartbeat() { return kChecks; }

}  // namespace assay::suites
