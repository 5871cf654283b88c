// RFC 8446 §4, RFC 5246 §7.3 and §7.4: messages come in their order, and nothing of the application
// before both ends are done.
#include "suites/craft.h"
#include "suites/suites.h"

#include <utility>

namespace assay::suites {
namespace {

constexpr Ending kActedOn{"acted_on"};
/// The subject said its own Finished, which the client's has to come before.
constexpr Ending kFinishedNotAwaited{"finished_not_awaited"};
/// TLS 1.2: the subject changed keys in answer to a flight that it had to refuse.
constexpr Ending kKeysChanged{"keys_changed"};
constexpr Ending kRestarted{"handshake_restarted"};

bool is_finished(const engine::Step& step) { return is_message(step, HandshakeType::finished); }
bool is_key_exchange(const engine::Step& step) {
  return is_message(step, HandshakeType::client_key_exchange);
}
bool is_ccs(const engine::Step& step) { return is_record(step, ContentType::change_cipher_spec); }
bool is_hello(const engine::Step& step) { return is_message(step, HandshakeType::client_hello); }

/// One place in the handshake: an offer that puts a thing there.
struct Place {
  std::string_view name;
  bool first_flight = false;
  /// In front of the first such step; behind the flight when null.
  bool (*before)(const engine::Step& step) = nullptr;
};
constexpr Place kBehindHello{"behind_hello", true, nullptr};

engine::Config offer_with(Probe& probe, const Place& place, std::function<engine::Step()> make) {
  engine::Config offer = probe.engine_offer();
  const auto put = [before = place.before, make = std::move(make)](engine::Flight& flight,
                                                                   const engine::Exchange&) {
    if (before == nullptr) {
      flight.push_back(make());
    } else {
      put_before(flight, before, make());
    }
  };
  place.first_flight ? on_first_flight(offer, put) : on_second_flight(offer, put);
  return offer;
}

/// What comes of a record in the clear before our second flight, and of that flight where nothing
/// did.
Task<Ending> after_window(Probe& probe, const Engaged& met, engine::Flight& held) {
  const Deadline deadline = probe.open_silence();
  for (;;) {
    const Event event = co_await met.dialogue->link().next(deadline);
    if (const auto* received = std::get_if<Received>(&event)) {
      met.dialogue->feed(received->octets);  // a greeting may come as early as that
      continue;
    }
    if (!std::holds_alternative<TimedOut>(event)) co_return ending_of(event);
    met.end->say(std::move(held));
    co_return co_await carries_on(*met.dialogue);
  }
}

/// TLS 1.3: a record in the clear behind the hello, when the subject has keys. It goes out behind
/// the subject's flight and alone: an alert that meets octets on their way, or that waits for an
/// acknowledgement, may be lost to a reset.
using MakeRecord = std::function<Bytes(const engine::Exchange& told)>;
Task<Ending> clear_record13(Probe& probe, MakeRecord make) {
  engine::Flight held;
  bool holds = true;
  engine::Config offer = probe.engine_offer();
  on_second_flight(offer, [&held, &holds](engine::Flight& flight, const engine::Exchange&) {
    if (std::exchange(holds, false)) held = std::exchange(flight, {});
  });
  const Engaged met = co_await engaged(probe, std::move(offer));
  if (!met.dialogue) co_return probe.lost();
  if (!met.secured) co_return ending_of(met.dialogue->handshake_event());
  met.dialogue->link().send_raw(make(met.end->exchange()), "a record in the clear");
  const Ending seen = co_await after_window(probe, met, held);
  co_return seen;
}

Task<Ending> early_plain_data(Probe& probe) {
  static constexpr Place kPlaces12[] = {{"first_record", true, is_hello},
                                        {"before_key_exchange", false, is_key_exchange},
                                        {"before_change_cipher_spec", false, is_ccs}};
  static constexpr Place kPlaces13[] = {{"first_record", true, is_hello}};
  const auto lacking = co_await without_control(probe, probe.engine_offer());
  if (lacking) co_return *lacking;
  const auto places = is_tls13(probe) ? std::span<const Place>(kPlaces13) : kPlaces12;
  for (const Place& each : places) {
    const auto dialogue = co_await approached(probe);
    if (!dialogue) co_return probe.lost();
    const Bytes command = dialogue->canary();
    engine::Config offer = offer_with(probe, each, [command] {
      return engine::say_record(ContentType::application_data, command);
    });
    const Secured met = co_await secure_by_engine(*dialogue, std::move(offer));
    Ending seen = ending_of(dialogue->handshake_event());
    if (met.secured) seen = co_await carries_on(*dialogue);
    // An answer that the marker did not ask for: the command was kept.
    if (seen == ending::unexpected_reply) seen = kActedOn;
    probe.part(std::string(each.name), by_version(probe, seen, {kUnexpectedMessage}));
  }
  if (is_tls13(probe)) {
    const Ending seen = co_await clear_record13(probe, [](const engine::Exchange&) {
      return compose_record(ContentType::application_data, bytes_of("data in the clear"));
    });
    probe.part("in_the_clear", seen);
  }
  co_return probe.worst();
}

Task<Ending> skip_finished(Probe& probe) {
  const auto lacking = co_await without_control(probe, probe.engine_offer());
  if (lacking) co_return *lacking;
  const auto dialogue = co_await approached(probe);
  if (!dialogue) co_return probe.lost();
  engine::Config offer = probe.engine_offer();
  offer.tolerated.set(Sin::finished_wrong);  // of a subject that has not heard ours
  const Bytes command = dialogue->unknown_command();
  const bool newest = is_tls13(probe);
  on_second_flight(offer, [command, newest](engine::Flight& flight, const engine::Exchange&) {
    std::erase_if(flight, is_finished);
    // TLS 1.3: what our end sends of itself is under the application's keys already.
    if (!newest) flight.push_back(engine::say_record(ContentType::application_data, command));
  });
  const Secured met = co_await secure_by_engine(*dialogue, std::move(offer));
  if (!met.secured) co_return ending_of(dialogue->handshake_event());
  if (newest) {
    // At once: a greeting may wait for our Finished. One that comes all the same is no evidence
    // (RFC 8446 §4.4.4 lets a server speak behind its own Finished).
    dialogue->say(command);
    if (probe.endpoint().access == Access::implicit && dialogue->greets()) {
      const Answer greeting = co_await dialogue->answer();
      if (!greeting.came()) co_return ending_of(greeting);
    }
    const Answer reply = co_await dialogue->answer();
    co_return reply.came() ? kActedOn : ending_of(reply);
  }
  const Answer answer = co_await dialogue->answer();
  co_return answer.came() ? kActedOn : kFinishedNotAwaited;
}

/// The flight with ChangeCipherSpec and Finished alone, under keys of that premaster secret.
engine::Config offer_without_key_exchange(Probe& probe, Bytes premaster, bool& keys_changed) {
  engine::Config offer = probe.engine_offer();
  offer.reception.sealed = [&keys_changed](std::vector<Bytes>& records, const engine::Exchange&) {
    const auto header = read_record_header(records.front());
    if (header && header->type == ContentType::change_cipher_spec) keys_changed = true;
  };
  on_second_flight(offer, [premaster = std::move(premaster)](engine::Flight& flight,
                                                             const engine::Exchange& told) {
    const Bytes secret = master_secret_of(told, premaster);
    engine::Exchange then = told;
    then.master_secret = secret;
    Bytes verify_data = client_verify_data(then, told.messages);
    flight = {engine::change_cipher_spec(),
              engine::change_keys([then] { return client_keys12(then, then.master_secret); }),
              engine::say(HandshakeType::finished, [verify_data] { return verify_data; })};
  });
  return offer;
}

Task<Ending> skip_cke(Probe& probe) {
  const auto lacking = co_await without_control(probe, probe.engine_offer());
  if (lacking) co_return *lacking;
  struct Premaster {
    std::string_view name;
    std::size_t zeros;
  };
  static constexpr Premaster kPremasters[] = {{"empty_premaster_secret", 0},
                                              {"premaster_secret_of_zeros", 48}};
  for (const Premaster& each : kPremasters) {
    bool keys_changed = false;
    engine::Config offer = offer_without_key_exchange(probe, Bytes(each.zeros), keys_changed);
    const Tried tried = co_await try_engine(probe, std::move(offer));
    if (!tried.began) co_return tried.ending;
    probe.part(std::string(each.name), keys_changed ? kKeysChanged : tried.ending);
  }
  co_return probe.worst();
}

Task<Ending> finished_first(Probe& probe) {
  static constexpr Place kPlaces[] = {{"first_message", true, is_hello}, kBehindHello};
  const auto lacking = co_await without_control(probe, probe.engine_offer());
  if (lacking) co_return *lacking;
  const std::size_t size = is_tls13(probe) ? 32 : 12;
  const auto places = std::span<const Place>(kPlaces).first(is_tls13(probe) ? 1 : 2);
  for (const Place& each : places) {
    engine::Config offer = offer_with(
        probe, each, [size] { return stray_message(HandshakeType::finished, Bytes(size)); });
    const Tried tried = co_await try_engine(probe, std::move(offer));
    if (!tried.began) co_return tried.ending;
    probe.part(std::string(each.name), by_version(probe, tried.ending, {kUnexpectedMessage}));
  }
  if (is_tls13(probe)) {
    const Ending seen = co_await clear_record13(probe, [size](const engine::Exchange&) {
      return compose_record(ContentType::handshake,
                            compose_handshake(HandshakeType::finished, Bytes(size)));
    });
    probe.part("in_the_clear", seen);
  }
  co_return probe.worst();
}

/// The hello as it was said, once more.
engine::Config offer_with_second_hello(Probe& probe, const Place& place, int& server_hellos) {
  engine::Config offer = probe.engine_offer();
  offer.reception.message = [&server_hellos](Bytes& message, const engine::Exchange&) {
    if (message[0] == static_cast<std::uint8_t>(HandshakeType::server_hello)) ++server_hellos;
  };
  const auto put = [before = place.before](engine::Flight& flight, const engine::Exchange& told) {
    // Behind the first flight there is none yet: it is made when its turn comes.
    engine::Step step = engine::say_record(ContentType::handshake, {});
    step.body = [&told] { return told.messages.front().octets; };
    if (before == nullptr) {
      flight.push_back(std::move(step));
    } else {
      put_before(flight, before, std::move(step));
    }
  };
  place.first_flight ? on_first_flight(offer, put) : on_second_flight(offer, put);
  return offer;
}

Task<Ending> hello_repeated(Probe& probe) {
  static constexpr Place kPlaces12[] = {kBehindHello,
                                        {"behind_server_hello", false, is_key_exchange},
                                        {"behind_key_exchange", false, is_ccs}};
  static constexpr Place kPlaces13[] = {{"before_finished", false, is_finished}};
  const auto lacking = co_await without_control(probe, probe.engine_offer());
  if (lacking) co_return *lacking;
  if (is_tls13(probe)) {
    const Ending seen = co_await clear_record13(probe, [](const engine::Exchange& told) {
      return compose_record(ContentType::handshake, told.messages.front().octets);
    });
    probe.part("in_the_clear", seen);
  }
  const auto places = is_tls13(probe) ? std::span<const Place>(kPlaces13) : kPlaces12;
  for (const Place& each : places) {
    int server_hellos = 0;
    engine::Config offer = offer_with_second_hello(probe, each, server_hellos);
    const Tried tried = co_await try_engine(probe, std::move(offer));
    if (!tried.began) co_return tried.ending;
    const bool restarted = server_hellos > 1 && !is_refusal(tried.ending);
    probe.part(std::string(each.name),
               restarted ? kRestarted : by_version(probe, tried.ending, {kUnexpectedMessage}));
  }
  co_return probe.worst();
}

constexpr TlsVersion k12 = TlsVersion::tls12;
constexpr TlsVersion k13 = TlsVersion::tls13;

constexpr Check kChecks[] = {
    {.id = "integrity.order.skip_finished",
     .title = "Data of the application is not taken before the client's Finished",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 5246 §7.3", "RFC 5246 §7.4.9", "RFC 8446 §4", "RFC 9846 §4"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = skip_finished,
     .steps = "A handshake without the client's Finished: a command behind ChangeCipherSpec (TLS "
              "1.2), under the application's keys (TLS 1.3).",
     .accepts = {kUnexpectedMessage, kBadRecordMac, ending::another_alert,
                 ending::closed_without_alert},
     .breakers = {{"goes_on_without_finished", kActedOn}},
     .liberties = {{"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "integrity.order.early_plain_data",
     .title = "Data of the application in the clear is refused during the handshake",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 5246 §7.3", "RFC 8446 §5", "RFC 9846 §5"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = early_plain_data,
     .steps = "A handshake with a command in a record in the clear: as the first record, where "
              "there are keys (TLS 1.3), before ClientKeyExchange and before ChangeCipherSpec "
              "(TLS 1.2).",
     .accepts = {kUnexpectedMessage, kBadRecordMac, kRefusedOtherwise},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"passes_over_plain_data", ending::carried_on}},
     .liberties = {{"refuses_by_other_alert", kRefusedOtherwise, {}, k12},
                   {"refuses_by_close", kRefusedOtherwise, {}, k12},
                   {"refuses_by_other_alert", kInternalError, {}, k13}}},
    {.id = "integrity.order.skip_cke",
     .title = "A handshake without ClientKeyExchange is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 5246 §7.3", "RFC 5246 §7.4.7", "CVE-2004-0079"},
     .scope = {.version = VersionScope::tls12, .layer = Layer::tls},
     .run = skip_cke,
     .steps = "ChangeCipherSpec and Finished in place of the client's second flight, under keys of "
              "an empty premaster secret, then of one of zeros.",
     .accepts = {kUnexpectedMessage, ending::another_alert, ending::closed_without_alert},
     .breakers = {{"takes_early_change_cipher_spec", kKeysChanged}},
     .liberties = {{"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "integrity.order.finished_first",
     .title = "A Finished that comes before its turn is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4", "RFC 5246 §7.4", "RFC 9846 §4"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = finished_first,
     .steps = "A handshake with a Finished of zeros as the first message, then right behind the "
              "ClientHello (TLS 1.2) or in the clear where there are keys (TLS 1.3).",
     .accepts = {kUnexpectedMessage, kBadRecordMac, kRefusedOtherwise},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"passes_over_wrong_finished", ending::carried_on}},
     .liberties = {{"refuses_by_other_alert", kRefusedOtherwise, {}, k12},
                   {"refuses_by_close", kRefusedOtherwise, {}, k12},
                   {"refuses_clear_records_by_mac", kUnexpectedMessage, {}, k13},
                   {"refuses_by_other_alert", kInternalError, {}, k13}}},
    {.id = "integrity.order.hello_repeated",
     .title = "A second ClientHello in one handshake is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.1.2", "RFC 5246 §7.4", "RFC 9846 §4.2.2"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = hello_repeated,
     .steps =
         "A handshake with the ClientHello once more: right behind itself, behind the server's "
         "flight, behind ClientKeyExchange (TLS 1.2); in the clear where there are keys, before "
         "Finished (TLS 1.3).",
     .accepts = {kUnexpectedMessage, kBadRecordMac, kRefusedOtherwise},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"passes_over_second_hello", ending::carried_on},
                  {"restarts_at_second_hello", kRestarted, {}, k12}},
     .liberties = {{"refuses_by_other_alert", kRefusedOtherwise, {}, k12},
                   {"refuses_by_close", kRefusedOtherwise, {}, k12},
                   {"refuses_clear_records_by_mac", kBadRecordMac, {}, k13},
                   {"refuses_by_other_alert", kInternalError, {}, k13}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> order() { return kChecks; }

}  // namespace assay::suites
