// RFC 5246 §7.1, RFC 8446 §5: ChangeCipherSpec has one value and one place; TLS 1.3 passes over it.
#include "suites/craft.h"
#include "suites/suites.h"

#include <utility>

namespace assay::suites {
namespace {

/// The subject answered with a ChangeCipherSpec of its own.
constexpr Ending kKeysChanged{"keys_changed"};
constexpr Ending kSeveralRefused{"several_refused"};
/// TLS 1.2 says what the octet is (RFC 5246 §7.1) and not that an end has to look at it.
constexpr Ending kValueNotLookedAt{"value_not_looked_at"};

bool is_ccs(const engine::Step& step) { return is_record(step, ContentType::change_cipher_spec); }
bool is_finished(const engine::Step& step) { return is_message(step, HandshakeType::finished); }

engine::Step keys_of(const engine::Exchange& told, const Bytes& master_secret) {
  return engine::change_keys(
      [then = told, master_secret] { return client_keys12(then, master_secret); });
}

/// ChangeCipherSpec and Finished where ClientKeyExchange is due.
void finish_early(engine::Flight& flight, const engine::Exchange& told, const Bytes& secret) {
  engine::Exchange then = told;
  then.master_secret = secret;
  Bytes verify_data = client_verify_data(then, told.messages);
  flight = {engine::change_cipher_spec(), keys_of(told, secret),
            engine::say(HandshakeType::finished, [verify_data] { return verify_data; })};
}

using Early = void (*)(engine::Flight& flight, const engine::Exchange& told);

void of_empty_master_secret(engine::Flight& flight, const engine::Exchange& told) {
  finish_early(flight, told, {});
}
void of_empty_premaster_secret(engine::Flight& flight, const engine::Exchange& told) {
  finish_early(flight, told, master_secret_of(told, {}));
}
/// CVE-2014-0224: the rest of the flight under the keys of an empty master secret.
void rest_under_early_keys(engine::Flight& flight, const engine::Exchange& told) {
  for (engine::Step& step : flight) {
    if (step.kind == engine::Step::Kind::change_keys) step = keys_of(told, {});
  }
  flight.insert(flight.begin(), {engine::change_cipher_spec(), keys_of(told, {})});
}

Task<Ending> early_12(Probe& probe) {
  struct Stimulus {
    std::string_view name;
    Early make;
  };
  static constexpr Stimulus kStimuli[] = {{"keys_of_empty_master_secret", of_empty_master_secret},
                                          {"keys_of_empty_premaster", of_empty_premaster_secret},
                                          {"key_exchange_under_them", rest_under_early_keys}};
  const auto lacking = co_await without_control(probe, probe.engine_offer());
  if (lacking) co_return *lacking;
  for (const Stimulus& each : kStimuli) {
    bool keys_changed = false;
    engine::Config offer = probe.engine_offer();
    offer.reception.sealed = [&keys_changed](std::vector<Bytes>& records, const engine::Exchange&) {
      const auto header = read_record_header(records.front());
      if (header && header->type == ContentType::change_cipher_spec) keys_changed = true;
    };
    on_second_flight(offer, each.make);
    const Tried tried = co_await try_engine(probe, std::move(offer));
    if (!tried.began) co_return tried.ending;
    probe.part(std::string(each.name), keys_changed ? kKeysChanged : tried.ending);
  }
  co_return probe.worst();
}

Task<Ending> bad_value(Probe& probe) {
  struct Value {
    std::string_view name;
    FixedList<std::uint8_t, 2> octets;
  };
  static constexpr Value kValues[] = {
      {"00", {0}}, {"02", {2}}, {"two_octets", {1, 1}}, {"empty", {}}};
  const auto lacking = co_await without_control(probe, probe.engine_offer());
  if (lacking) co_return *lacking;
  for (const Value& each : kValues) {
    engine::Config offer = probe.engine_offer();
    Bytes octets(each.octets.begin(), each.octets.end());
    on_second_flight(offer, [octets](engine::Flight& flight, const engine::Exchange&) {
      for (engine::Step& step : flight) {
        if (is_ccs(step)) step.body = [octets] { return octets; };
      }
    });
    const Tried tried = co_await try_engine(probe, std::move(offer));
    if (!tried.began) co_return tried.ending;
    const bool of_one_octet = octets.size() == 1 && !is_tls13(probe);
    const bool not_looked_at = of_one_octet && tried.ending == ending::carried_on;
    probe.part(std::string(each.name), not_looked_at
                                           ? kValueNotLookedAt
                                           : by_version(probe, tried.ending, {kUnexpectedMessage}));
  }
  co_return probe.worst();
}

Task<Ending> accepted_13(Probe& probe) {
  struct Count {
    std::string_view name;
    std::size_t count;
    bool compatibility = true;
  };
  // RFC 8446 §5 has it passed over whether the hello asked for compatibility (§D.4) or not.
  static constexpr Count kCounts[] = {
      {"none", 0}, {"one", 1}, {"one_without_session_id", 1, false}, {"four", 4}};
  for (const Count& each : kCounts) {
    engine::Config offer = probe.engine_offer();
    const std::size_t count = each.count;
    offer.middlebox_compatibility = each.compatibility;
    on_second_flight(offer, [count](engine::Flight& flight, const engine::Exchange&) {
      std::erase_if(flight, is_ccs);
      for (std::size_t i = 0; i < count; ++i) {
        put_before(flight, is_finished, engine::change_cipher_spec());
      }
    });
    const Tried tried = co_await try_engine(probe, std::move(offer));
    if (!tried.began) co_return tried.ending;
    const bool limited = count > 1 && is_refusal(tried.ending);
    probe.part(std::string(each.name), limited ? kSeveralRefused : tried.ending);
  }
  co_return probe.worst();
}

constexpr TlsVersion k12 = TlsVersion::tls12;
constexpr TlsVersion k13 = TlsVersion::tls13;

constexpr Check kChecks[] = {
    {.id = "integrity.ccs.early_12",
     .title = "A ChangeCipherSpec before ClientKeyExchange is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 5246 §7.1", "RFC 5246 §7.3", "CVE-2014-0224"},
     .scope = {.version = VersionScope::tls12, .layer = Layer::tls},
     .traits = {Trait::intrusive},
     .run = early_12,
     .steps =
         "ChangeCipherSpec behind ServerHelloDone, then Finished under keys of an empty master "
         "secret, of an empty premaster secret; then ClientKeyExchange and the rest under "
         "keys of an empty master secret.",
     .accepts = {kUnexpectedMessage, ending::another_alert, ending::closed_without_alert},
     .breakers = {{"takes_early_change_cipher_spec", kKeysChanged}},
     .liberties = {{"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "integrity.ccs.bad_value",
     .title = "A ChangeCipherSpec that is not the one octet 1 is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §5", "RFC 5246 §7.1", "RFC 9846 §5"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     // libssl 3.0 answers other values by illegal_parameter in TLS 1.3.
     .setup = {.engine = true},
     .run = bad_value,
     .steps = "A handshake whose ChangeCipherSpec is 00, 02, 01 01, empty.",
     .accepts = {kUnexpectedMessage, kRefusedOtherwise},
     .weak = {kValueNotLookedAt, ending::another_alert, ending::closed_without_alert},
     .breakers = {{"takes_any_change_cipher_spec", ending::carried_on}},
     .liberties = {{"refuses_by_other_alert", kRefusedOtherwise, {}, k12},
                   {"refuses_by_close", kRefusedOtherwise, {}, k12},
                   {"refuses_by_other_alert", kInternalError, {}, k13}}},
    {.id = "integrity.ccs.accepted_13",
     .title = "TLS 1.3 goes on whether ChangeCipherSpec comes in its handshake or not",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §5", "RFC 8446 §D.4", "RFC 9846 §5", "RFC 9846 §E.4"},
     .scope = {.version = VersionScope::tls13, .layer = Layer::tls},
     .run = accepted_13,
     .steps = "A handshake with no ChangeCipherSpec before the client's second flight, with one, "
              "with one though the ClientHello has no session id, with four.",
     .accepts = {ending::carried_on},
     .weak = {kSeveralRefused},
     .breakers = {{"refuses_unasked_change_cipher_spec", kUnexpectedMessage, {}, k13},
                  {"requires_change_cipher_spec", kUnexpectedMessage, {}, k13}},
     .liberties = {{"many_tickets", ending::carried_on}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> ccs() { return kChecks; }

}  // namespace assay::suites
