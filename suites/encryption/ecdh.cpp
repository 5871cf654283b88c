// RFC 8422 §5.11: what a server of TLS 1.2 does with a client's point that is none.
#include "harness/base/hex.h"
#include "harness/crypto/key_exchange.h"
#include "harness/wire/key_exchange.h"
#include "suites/engine_talk.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::suites {
namespace {

/// The handshake went through, with a secret that the point alone gives away.
constexpr Ending kPointTaken{"point_taken"};
/// A right point in a form that is gone.
constexpr Ending kCompressedTaken{"compressed_point_taken"};

struct Point {
  std::string name;
  Bytes octets;
  Bytes secret;  // what it would be where nobody looks
};

engine::Config offer_of(Probe& probe, std::uint16_t group) {
  engine::Config offer = probe.engine_offer();
  offer.suites = suites_by(KeyExchangeKind::ecdhe);
  // RFC 8422 §5.3: the curve of the subject's certificate has to be among them.
  offer.groups = {group};
  for (const std::uint16_t each : {group::kSecp256r1, group::kSecp384r1, group::kSecp521r1}) {
    if (each != group) offer.groups.push_back(each);
  }
  return offer;
}

Task<Ending> try_point(Probe& probe, std::uint16_t group, Point point) {
  engine::Config offer = offer_of(probe, group);
  offer.emission.key_exchange = [&point](Bytes& body, Bytes& premaster, const engine::Exchange&) {
    body = encode(EcdhPublic{point.octets});
    premaster = point.secret;
  };
  const Tried tried = co_await try_engine(probe, std::move(offer));
  if (tried.ending != ending::carried_on) co_return tried.ending;
  probe.explain(fmt::format("the handshake went through: {}", point.name));
  co_return kPointTaken;
}

std::vector<Point> of_p256() {
  const auto key = KeyShare::generate(group::kSecp256r1);
  const Bytes good = bytes_of(key->share());
  const Bytes zeros(32);
  const auto altered = [&](std::string name, void (*alter)(Bytes & point)) {
    Point point{std::move(name), good, zeros};
    alter(point.octets);
    return point;
  };
  std::vector<Point> points = {altered("off_curve", [](Bytes& point) { point.back() ^= 1; }),
                               altered("infinity", [](Bytes& point) { point = {0}; }),
                               altered("one_octet_less", [](Bytes& point) { point.pop_back(); }),
                               altered("empty", [](Bytes& point) { point.clear(); }),
                               altered("coordinates_beyond_p", [](Bytes& point) {
                                 std::fill(point.begin() + 1, point.end(), std::uint8_t{0xff});
                               })};
  // (x, 0) is of order two on the curve that it lies on: half of all private keys give x itself.
  Point of_order_two = altered("of_order_two", [](Bytes& point) {
    std::fill(point.begin() + 33, point.end(), std::uint8_t{0});
  });
  of_order_two.secret = bytes_of(View(good).subspan(1, 32));
  points.push_back(std::move(of_order_two));
  return points;
}

std::vector<Point> of_x25519() {
  return {
      {"x25519_zero", Bytes(32), Bytes(32)},
      {"x25519_of_order_8",
       *from_hex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"), Bytes(32)}};
}

std::vector<Point> of_x448() { return {{"x448_zero", Bytes(56), Bytes(56)}}; }

/// RFC 8422 §5.1.2: no other format than the uncompressed one is supported.
Task<Ending> try_compressed(Probe& probe) {
  engine::Config offer = offer_of(probe, group::kSecp256r1);
  // The right point, and the right secret.
  offer.emission.key_exchange = [](Bytes& body, Bytes&, const engine::Exchange&) {
    Bytes point = decode<EcdhPublic>(body)->public_point;
    point[0] = static_cast<std::uint8_t>(0x02 | (point.back() & 1));
    point.resize(33);
    body = encode(EcdhPublic{point});
  };
  const Tried tried = co_await try_engine(probe, std::move(offer));
  if (tried.ending != ending::carried_on) co_return tried.ending;
  probe.explain("the handshake went through with a compressed point");
  co_return kCompressedTaken;
}

/// As RFC 4492 §5.1.2 had it: then such a point is no wrong one.
bool says_it_takes_compressed(const engine::Exchange& exchange) {
  constexpr std::uint8_t kCompressedPrime = 1;
  const auto formats = answered_extension(exchange, extension::kEcPointFormats);
  if (!formats) return false;
  const auto list = decode<OctetList>(formats->extension_data);
  return list && std::ranges::find(list->values, kCompressedPrime) != list->values.end();
}

Task<Ending> point_checks(Probe& probe) {
  struct Curve {
    std::uint16_t group;
    std::vector<Point> (*points)();
  };
  constexpr Curve kCurves[] = {
      {group::kSecp256r1, of_p256}, {group::kX25519, of_x25519}, {group::kX448, of_x448}};
  std::string refused;
  for (const Curve& curve : kCurves) {
    const Tried control = co_await try_engine(probe, offer_of(probe, curve.group));
    if (!control.began) co_return control.ending;
    if (control.ending != ending::carried_on) {
      refused += fmt::format("{}{}: {}", refused.empty() ? "" : "; ", find_group(curve.group)->name,
                             control.ending.slug);
      continue;
    }
    if (control.exchange.group != curve.group) continue;  // another is preferred
    std::vector<Point> points = curve.points();
    for (Point& point : points) {
      const std::string name = point.name;
      const Ending ending = co_await try_point(probe, curve.group, std::move(point));
      probe.part(name, ending);
    }
    if (curve.group != group::kSecp256r1) continue;
    if (says_it_takes_compressed(control.exchange)) {
      probe.note("the subject's ec_point_formats say that it takes compressed points");
      continue;
    }
    const Ending compressed = co_await try_compressed(probe);
    probe.part("compressed", compressed);
  }
  if (probe.parts().empty()) {
    co_return probe.inapplicable("no ECDHE over P-256, X25519 or X448: " + refused);
  }
  co_return probe.worst();
}

constexpr Check kChecks[] = {
    {.id = "encryption.ecdh.point_checks",
     .title = "A point that is not on its curve, or gives zeros for a secret, is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8422 §5.11", "RFC 8422 §5.1.2"},
     .scope = {.version = VersionScope::tls12, .layer = Layer::tls},
     .traits = {Trait::intrusive},
     .run = point_checks,
     .steps =
         "A ClientKeyExchange over P-256 with a point off its curve, one of order two, "
         "infinity, a compressed one (unless the subject says that it takes them), one an octet "
         "short, none, coordinates beyond the prime; "
         "over X25519 and X448 with a value of low order. Finished follows under the secret "
         "that such a point gives away.",
     .accepts = {kIllegalParameter, kDecodeError, kHandshakeFailure, ending::another_alert,
                 ending::closed_without_alert},
     // Refused, but not before the Finished: the point was computed with. A compressed point that
     // is right gives nothing away.
     .weak = {kBadRecordMac, kDecryptError, kCompressedTaken},
     .breakers = {{"takes_any_share", kPointTaken}},
     .liberties = {{"serves_by_engine", kIllegalParameter},
                   {"refuses_by_decode_error", kDecodeError},
                   {"refuses_by_handshake_failure", kHandshakeFailure},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> ecdh() { return kChecks; }

}  // namespace assay::suites
