// RFC 8446 §4.2.8: what a server does with shares that are no elements of their group, or have the
// wrong size or form.
#include "harness/base/hex.h"
#include "harness/crypto/finite_field.h"
#include "harness/crypto/key_exchange.h"
#include "harness/wire/hello.h"
#include "suites/engine_talk.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::suites {
namespace {

/// Records under keys came: the share was good enough for the subject.
constexpr Ending kShareTaken{"share_taken"};

struct Share {
  std::string name;
  std::uint16_t group = 0;
  Bytes octets;
};

/// A ClientHello whose only share is this one.
Task<void> try_share(Probe& probe, Share share) {
  engine::Config offer = probe.engine_offer();
  offer.groups = {share.group};
  offer.emission.hello = [&share](ClientHello& hello, const engine::Exchange&) {
    set_extension(hello.extensions, extension::kKeyShare,
                  encode(KeyShareList{{{share.group, share.octets}}}));
  };
  const Tried tried = co_await try_engine(probe, std::move(offer));
  // A subject may say ServerHello before it looks at the share, and refuse then. Records under keys
  // are what shows that it made a secret of it: our end cannot open them.
  const bool answered = tried.exchange.last(HandshakeType::server_hello) != nullptr;
  const bool went_on = answered && tried.ending == ending::handshake_failed;
  probe.part(share.name, went_on ? kShareTaken : tried.ending);
}

/// All of them, if the subject takes the group at all.
Task<Ending> try_shares(Probe& probe, std::vector<Share> shares) {
  const NamedGroup& group = *find_group(shares.front().group);
  engine::Config offer = probe.engine_offer();
  offer.groups = {group.value};
  const auto trouble = co_await unless_carries_on(probe, std::move(offer),
                                                  fmt::format("an offer of {} alone", group.name));
  if (trouble) co_return *trouble;
  for (Share& each : shares) co_await try_share(probe, std::move(each));
  co_return probe.worst();
}

Bytes little_endian(std::uint8_t first, std::uint8_t rest, std::uint8_t last) {
  Bytes octets(32, rest);
  octets.front() = first;
  octets.back() = last;
  return octets;
}

Task<Ending> x25519_low_order(Probe& probe) {
  // RFC 7748 §4.1: p is 2^255 - 19, its octets ed ff .. ff 7f. The last two are of order 8.
  std::vector<Share> shares = {
      {"zero", group::kX25519, Bytes(32)},
      {"one", group::kX25519, little_endian(1, 0, 0)},
      {"p_minus_1", group::kX25519, little_endian(0xec, 0xff, 0x7f)},
      {"p", group::kX25519, little_endian(0xed, 0xff, 0x7f)},
      {"p_plus_1", group::kX25519, little_endian(0xee, 0xff, 0x7f)},
      {"order_8_a", group::kX25519,
       *from_hex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")},
      {"order_8_b", group::kX25519,
       *from_hex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")}};
  return try_shares(probe, std::move(shares));
}

/// A good share of that group, altered.
Share altered(std::string name, std::uint16_t group, void (*alter)(Bytes& share)) {
  const auto good = KeyShare::generate(group);
  Bytes octets = bytes_of(good->share());
  alter(octets);
  return {std::move(name), group, std::move(octets)};
}

Task<Ending> point_off_curve(Probe& probe) {
  std::vector<Share> shares;
  for (const std::uint16_t group : {group::kSecp256r1}) {
    shares.push_back(altered("last_octet_of_y", group, [](Bytes& share) { share.back() ^= 1; }));
    shares.push_back(altered("y_is_zero", group, [](Bytes& share) {
      std::fill(share.begin() + static_cast<std::ptrdiff_t>(share.size() / 2 + 1), share.end(), 0);
    }));
    shares.push_back(altered("first_octet_of_x", group, [](Bytes& share) { share[1] ^= 1; }));
  }
  return try_shares(probe, std::move(shares));
}

Task<Ending> wrong_length(Probe& probe) {
  std::vector<Share> shares;
  const auto cut = [](Bytes& share) { share.pop_back(); };
  const auto longer = [](Bytes& share) { share.push_back(0); };
  const auto one = [](Bytes& share) { share.resize(1); };
  for (const std::uint16_t group : {group::kX25519}) {
    shares.push_back(altered("x25519_31", group, cut));
    shares.push_back(altered("x25519_33", group, longer));
    shares.push_back(altered("x25519_1", group, one));
  }
  return try_shares(probe, std::move(shares));
}

Task<Ending> point_form(Probe& probe) {
  const auto compressed = [](Bytes& share) {
    share[0] = static_cast<std::uint8_t>(0x02 | (share.back() & 1));
    share.resize(33);
  };
  const auto hybrid = [](Bytes& share) {
    share[0] = static_cast<std::uint8_t>(0x06 | (share.back() & 1));
  };
  const auto infinity = [](Bytes& share) { share = {0}; };
  const auto beyond_p = [](Bytes& share) {
    std::fill(share.begin() + 1, share.end(), std::uint8_t{0xff});
  };
  std::vector<Share> shares;
  shares.push_back(altered("compressed", group::kSecp256r1, compressed));
  shares.push_back(altered("hybrid", group::kSecp256r1, hybrid));
  shares.push_back(altered("infinity", group::kSecp256r1, infinity));
  shares.push_back(altered("coordinates_beyond_p", group::kSecp256r1, beyond_p));
  return try_shares(probe, std::move(shares));
}

Task<Ending> ffdhe_range(Probe& probe) {
  const Bytes p = find_field(group::kFfdhe2048)->p;
  const auto of = [&](std::string name, int step) {
    Bytes octets = p;  // which ends in ff: one less and one more are near
    if (step == -1) octets.back() -= 1;
    if (step == 1) {
      octets.back() = 0;
      for (std::size_t i = octets.size() - 1; i-- > 0 && ++octets[i] == 0;) {
      }
    }
    return Share{std::move(name), group::kFfdhe2048, std::move(octets)};
  };
  Bytes one(p.size());
  one.back() = 1;
  std::vector<Share> shares = {{"zero", group::kFfdhe2048, Bytes(p.size())},
                               {"one", group::kFfdhe2048, one},
                               of("p_minus_1", -1),
                               of("p", 0),
                               of("p_plus_1", 1)};
  return try_shares(probe, std::move(shares));
}

constexpr Check kChecks[] = {
    {.id = "negotiation.keyshare.x25519_low_order",
     .title = "An X25519 share of low order, whose secret is all zeros, is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §7.4.2", "RFC 9846 §7.4.2"},
     .scope = {.version = VersionScope::tls13, .layer = Layer::tls},
     .run = x25519_low_order,
     .steps = "For 0, 1, p-1, p, p+1 and both points of order 8: a ClientHello whose only share is "
              "that value.",
     .accepts = {kIllegalParameter, ending::another_alert, ending::closed_without_alert},
     .breakers = {{"takes_any_share", kShareTaken}},
     .liberties = {{"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "negotiation.keyshare.point_off_curve",
     .title = "A share that is no point of its curve is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.2.8.2", "RFC 9846 §4.3.8.2"},
     .scope = {.version = VersionScope::tls13, .layer = Layer::tls},
     .traits = {Trait::intrusive},
     .run = point_off_curve,
     .steps = "A ClientHello whose only share is a point of P-256 with one bit of its y flipped, "
              "with y zero, with one bit of its x flipped.",
     .accepts = {kIllegalParameter, ending::another_alert, ending::closed_without_alert},
     .breakers = {{"takes_any_share", kShareTaken}},
     .liberties = {{"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "negotiation.keyshare.wrong_length",
     .title = "A share of another length than its group's is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.2.8.2", "RFC 8446 §6.2", "RFC 9846 §4.3.8.2", "RFC 9846 §6.2"},
     .scope = {.version = VersionScope::tls13, .layer = Layer::tls},
     .run = wrong_length,
     .steps = "A ClientHello whose only share is one of X25519 with 31, 33 and one octets.",
     .accepts = {kIllegalParameter, kDecodeError, ending::another_alert,
                 ending::closed_without_alert},
     .breakers = {{"takes_any_share", kShareTaken}},
     .liberties = {{"refuses_by_decode_error", kDecodeError},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "negotiation.keyshare.point_form",
     .title = "A point that is not in uncompressed form, or whose coordinates are none, is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.2.8.2", "RFC 9846 §4.3.8.2"},
     .scope = {.version = VersionScope::tls13, .layer = Layer::tls},
     .run = point_form,
     .steps = "A ClientHello whose only share is a point of P-256 in compressed form, in hybrid "
              "form, at infinity, with coordinates beyond the prime.",
     .accepts = {kIllegalParameter, kDecodeError, ending::another_alert,
                 ending::closed_without_alert},
     .breakers = {{"takes_any_share", kShareTaken}},
     .liberties = {{"refuses_by_decode_error", kDecodeError},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "negotiation.keyshare.ffdhe_range",
     .title = "A finite-field share of 0, 1, p-1 or more is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.2.8.1", "RFC 9846 §4.3.8.1"},
     .scope = {.version = VersionScope::tls13, .layer = Layer::tls},
     .run = ffdhe_range,
     .steps =
         "A ClientHello whose only share is one of ffdhe2048 with the value 0, 1, p-1, p, p+1.",
     .accepts = {kIllegalParameter, ending::another_alert, ending::closed_without_alert},
     .breakers = {{"takes_any_share", kShareTaken}},
     .liberties = {{"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> keyshare() { return kChecks; }

}  // namespace assay::suites
