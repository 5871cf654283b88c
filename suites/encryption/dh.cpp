// RFC 7919 §5.1, RFC 9325 §4.5: key exchange over finite fields in TLS 1.2.
#include "harness/crypto/finite_field.h"
#include "harness/wire/key_exchange.h"
#include "suites/engine_talk.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace assay::suites {
namespace {

constexpr Ending kValueTaken{"value_taken"};
constexpr Ending kSoundField{"sound_field"};
constexpr Ending kSmallPrime{"prime_below_2048_bits"};
constexpr Ending kComposite{"modulus_not_prime"};
constexpr Ending kUnsafePrime{"prime_not_safe"};
constexpr Ending kBadGenerator{"generator_out_of_range"};

engine::Config dhe_offer(Probe& probe) {
  engine::Config offer = probe.engine_offer();
  offer.suites = suites_by(KeyExchangeKind::dhe);
  // Looked at, not refused.
  offer.tolerated = {Sin::dh_small};
  return offer;
}

std::optional<DhParams> params_of(const engine::Exchange& exchange) {
  const engine::Said* said = exchange.last(HandshakeType::server_key_exchange);
  if (said == nullptr) return std::nullopt;
  auto message = decode<ServerKeyExchange<DhParams>>(said->body());
  if (!message) return std::nullopt;
  return std::move(message.message->params);
}

/// A public value, and the secret that follows from it whatever the other's key.
struct Value {
  Bytes y;
  Bytes secret;
};

Bytes plus(Bytes number, int step) {
  if (step < 0) {
    for (std::size_t i = number.size(); i > 0 && number[i - 1]-- == 0; --i) {
    }
  } else {
    for (std::size_t i = number.size(); i > 0 && ++number[i - 1] == 0; --i) {
    }
  }
  return number;
}

struct Stimulus {
  std::string_view name;
  Value (*of)(const Bytes& p);
};

constexpr Stimulus kValues[] = {{"zero",
                                 [](const Bytes&) {
                                   return Value{{0}, {}};
                                 }},
                                {"one",
                                 [](const Bytes&) {
                                   return Value{{1}, {1}};
                                 }},
                                // 1 or p-1, by the parity of the other's exponent.
                                {"p_minus_1",
                                 [](const Bytes& p) {
                                   return Value{plus(p, -1), {1}};
                                 }},
                                {"p",
                                 [](const Bytes& p) {
                                   return Value{p, {}};
                                 }},
                                {"p_plus_1",
                                 [](const Bytes& p) {
                                   return Value{plus(p, 1), {1}};
                                 }},
                                {"empty",
                                 [](const Bytes&) {
                                   return Value{{}, {}};
                                 }},
                                // 256 p
                                {"one_octet_longer_than_p", [](const Bytes& p) {
                                   Value value{p, {}};
                                   value.y.push_back(0);
                                   return value;
                                 }}};

Task<Ending> try_value(Probe& probe, Value (*of)(const Bytes& p)) {
  engine::Config offer = dhe_offer(probe);
  offer.emission.key_exchange = [of](Bytes& body, Bytes& premaster,
                                     const engine::Exchange& exchange) {
    const auto params = params_of(exchange);
    if (!params) return;
    Value value = of(params->dh_p);
    body = encode(LongPublic{value.y});
    premaster = std::move(value.secret);
  };
  const Tried tried = co_await try_engine(probe, std::move(offer));
  co_return tried.ending == ending::carried_on ? kValueTaken : tried.ending;
}

Task<Ending> client_value_range(Probe& probe) {
  const Tried control = co_await try_engine(probe, dhe_offer(probe));
  if (!control.began) co_return control.ending;
  if (control.ending != ending::carried_on) {
    co_return probe.inapplicable(
        fmt::format("a hello with DHE suites alone ended in {}", control.ending.slug));
  }
  for (const Stimulus& each : kValues) {
    const Ending ending = co_await try_value(probe, each.of);
    probe.part(std::string(each.name), ending);
  }
  co_return probe.worst();
}

View stripped(View number) {
  while (!number.empty() && number.front() == 0) number = number.subspan(1);
  return number;
}

std::size_t bits_of(View number) {
  number = stripped(number);
  if (number.empty()) return 0;
  return number.size() * 8 - static_cast<std::size_t>(std::countl_zero(number.front()));
}

/// Of two numbers, both without leading zeros.
bool is_less(View a, View b) {
  if (a.size() != b.size()) return a.size() < b.size();
  return std::ranges::lexicographical_compare(a, b);
}

bool is_named(const DhParams& params) {
  for (std::uint16_t group = 0x0100; const FiniteField* field = find_field(group); ++group) {
    if (equal(stripped(params.dh_p), field->p) && equal(stripped(params.dh_g), field->g)) {
      return true;
    }
  }
  return false;
}

Ending judged(const DhParams& params) {
  constexpr std::size_t kEnough = 2048;
  const View p = stripped(params.dh_p);
  if (bits_of(p) < kEnough) return kSmallPrime;
  if (is_named(params)) return kSoundField;
  const Bytes last = plus(bytes_of(p), -1);
  const View g = stripped(params.dh_g);
  if (!is_less(Bytes{1}, g) || !is_less(g, last)) return kBadGenerator;
  switch (kind_of_modulus(p)) {
    case Modulus::composite:
      return kComposite;
    case Modulus::prime:
      return kUnsafePrime;
    case Modulus::safe_prime:
      return kSoundField;
  }
  return kComposite;
}

Task<Ending> prime_size(Probe& probe) {
  const Tried tried = co_await try_engine(probe, dhe_offer(probe));
  if (!tried.began) co_return tried.ending;
  const auto params = params_of(tried.exchange);
  if (params) {
    probe.note(fmt::format("a prime of {} bits{}", bits_of(params->dh_p),
                           is_named(*params) ? ", of RFC 7919" : ""));
    co_return judged(*params);
  }
  co_return probe.inapplicable(
      fmt::format("a hello with DHE suites alone ended in {}", tried.ending.slug));
}

constexpr Scope kScope{.version = VersionScope::tls12, .layer = Layer::tls};
// DHE suites have RSA certificates.
constexpr Setup kSetup{.rsa = true, .old_suites = true};

constexpr Check kChecks[] = {
    {.id = "encryption.dh.client_value_range",
     .title = "A client's public value of 0, 1, p-1 or more is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 7919 §5.1"},
     .scope = kScope,
     .setup = kSetup,
     .run = client_value_range,
     .steps = "With DHE suites alone, a ClientKeyExchange with 0, 1, p-1, p, p+1, nothing, and a "
              "multiple of p that is an octet longer. Finished follows under the secret that such "
              "a value gives away.",
     .accepts = {kIllegalParameter, kHandshakeFailure, kDecodeError, ending::another_alert,
                 ending::closed_without_alert},
     // Refused, but not before the Finished: the value was computed with.
     .weak = {kBadRecordMac, kDecryptError},
     .breakers = {{"takes_any_share", kValueTaken}},
     .liberties = {{"serves_by_engine", kIllegalParameter},
                   {"refuses_by_handshake_failure", kHandshakeFailure},
                   {"refuses_by_decode_error", kDecodeError},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "encryption.dh.prime_size",
     .title = "Finite-field key exchange is over a safe prime of at least 2048 bits",
     .levels = {.all = Level::bcp},
     .roles = {.public_mx = Severity::note},
     .component = Component::configuration,
     .sources = {"RFC 9325 §4.5", "CVE-2015-4000"},
     .scope = kScope,
     .setup = kSetup,
     .run = prime_size,
     .steps = "With DHE suites alone, a ClientHello; the parameters of the ServerKeyExchange are "
              "looked at.",
     .accepts = {kSoundField},
     .breakers = {{"serves_small_field", kSmallPrime}, {"serves_composite_field", kComposite}},
     .liberties = {{"serves_by_engine", kSoundField}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> dh() { return kChecks; }

}  // namespace assay::suites
