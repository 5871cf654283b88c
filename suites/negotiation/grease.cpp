// RFC 8701: values that nobody will ever assign are passed over wherever they stand.
#include "suites/negotiation/hello_talk.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::suites {
namespace {

constexpr Ending kGreaseSelected{"grease_selected"};

/// Puts the value into a list of numbers, in front.
void put_in_front(ClientHello& hello, std::uint16_t extension, std::uint16_t value) {
  const Extension* found = hello.find(extension);
  if (found == nullptr) return;
  auto list = decode<NumberList>(found->extension_data);
  list.message->values.insert(list.message->values.begin(), value);
  set_extension(hello.extensions, extension, encode(*list));
}

using Put = void (*)(ClientHello& hello, std::uint16_t value);

void in_suites(ClientHello& hello, std::uint16_t value) {
  hello.cipher_suites.insert(hello.cipher_suites.begin(), value);
}
/// RFC 8701 §3.1: of another type each, one empty and one not.
void in_extensions(ClientHello& hello, std::uint16_t value) {
  const std::uint16_t other = value == grease(0) ? grease(1) : grease(0);
  hello.extensions.insert(hello.extensions.begin(), Extension{value, {}});
  hello.extensions.push_back(Extension{other, {0}});
}
void in_groups(ClientHello& hello, std::uint16_t value) {
  put_in_front(hello, extension::kSupportedGroups, value);
}
/// RFC 8446 §4.2.8: a share's group is among the groups.
void in_shares(ClientHello& hello, std::uint16_t value) {
  in_groups(hello, value);
  auto shares = decode<KeyShareList>(hello.find(extension::kKeyShare)->extension_data);
  auto& list = shares.message->client_shares;
  list.insert(list.begin(), KeyShareEntry{value, {0}});
  set_extension(hello.extensions, extension::kKeyShare, encode(*shares));
}
void in_schemes(ClientHello& hello, std::uint16_t value) {
  put_in_front(hello, extension::kSignatureAlgorithms, value);
}
void in_versions(ClientHello& hello, std::uint16_t value) {
  auto list = decode<VersionList>(hello.find(extension::kSupportedVersions)->extension_data);
  list.message->versions.insert(list.message->versions.begin(), value);
  set_extension(hello.extensions, extension::kSupportedVersions, encode(*list));
}
/// RFC 8701 §2: 0x0b and every 0x1f-th behind it.
void in_psk_modes(ClientHello& hello, std::uint16_t value) {
  const auto mode = static_cast<std::uint8_t>(0x0b + 0x1f * ((value >> 12) % 8));
  set_extension(hello.extensions, extension::kPskKeyExchangeModes, encode(OctetList{{mode, 1}}));
}
void in_all_of_both(ClientHello& hello, std::uint16_t value) {
  in_suites(hello, value);
  in_groups(hello, value);
  in_schemes(hello, value);
  in_extensions(hello, value);
}
void in_all(ClientHello& hello, std::uint16_t value) {
  in_suites(hello, value);
  in_shares(hello, value);
  in_schemes(hello, value);
  in_versions(hello, value);
  in_psk_modes(hello, value);
  in_extensions(hello, value);
}

struct Slot {
  std::string_view name;
  Put put;
  bool newest = false;  // of TLS 1.3 alone
};
constexpr Slot kSlots[] = {{"suites", in_suites},
                           {"extensions", in_extensions},
                           {"groups", in_groups},
                           {"schemes", in_schemes},
                           {"shares", in_shares, true},
                           {"versions", in_versions, true},
                           {"psk_modes", in_psk_modes, true}};

/// The value stands in the first hello, and in the second as well.
engine::Config greased(Probe& probe, Put put) {
  const std::uint16_t value = grease(probe.entropy().next());
  return offer_with(probe, [put, value](ClientHello& hello, const engine::Exchange& so_far) {
    if (so_far.last(HandshakeType::server_hello) == nullptr) put(hello, value);
  });
}

Ending selection_of(const Tried& tried) {
  const auto hello = server_hello(tried.exchange);
  if (!hello) return tried.ending;
  const std::uint16_t group = group_of(*hello).value_or(curve_of(tried.exchange).value_or(0));
  const bool selected = is_grease(hello->cipher_suite) || is_grease(hello->version()) ||
                        is_grease(group) || is_grease(scheme_of(tried.exchange).value_or(0));
  return selected ? kGreaseSelected : tried.ending;
}

/// RFC 7301 §3.2: who knows none of the names may refuse; only where the service's own alone is
/// taken must it be taken behind another.
Task<void> try_alpn(Probe& probe) {
  const std::string own(name_of(probe.endpoint().protocol));
  engine::Config alone = probe.engine_offer();
  alone.alpn = {own};
  const Tried control = co_await try_engine(probe, std::move(alone));
  if (control.ending != ending::carried_on) {
    probe.note(fmt::format("no GREASE in ALPN: {} alone came to {}", own, control.ending.slug));
    co_return;
  }
  engine::Config both = probe.engine_offer();
  both.alpn = {"\x6a\x6a", own};
  const Tried tried = co_await try_engine(probe, std::move(both));
  const bool selected = tried.agreement.alpn == "\x6a\x6a";
  probe.part("alpn", selected ? kGreaseSelected : tried.ending);
}

Task<Ending> everywhere(Probe& probe) {
  const auto trouble = co_await without_control(probe, probe.engine_offer());
  if (trouble) co_return *trouble;
  const bool newest = *probe.which().version == TlsVersion::tls13;
  for (const Slot& slot : kSlots) {
    if (slot.newest && !newest) continue;
    const Tried tried = co_await try_engine(probe, greased(probe, slot.put));
    probe.part(std::string(slot.name), selection_of(tried));
  }
  co_await try_alpn(probe);
  const Tried all = co_await try_engine(probe, greased(probe, newest ? in_all : in_all_of_both));
  probe.part("all_at_once", selection_of(all));
  co_return probe.worst();
}

constexpr Check kChecks[] = {
    {.id = "negotiation.grease.everywhere",
     .title = "Reserved values are passed over wherever a client puts them",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8701 §3.2"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = everywhere,
     .steps = "A ClientHello with a GREASE value among its suites, its extensions, its groups, its "
              "schemes, its shares, its versions, its PSK modes, its ALPN names; then with all of "
              "them.",
     .accepts = {ending::carried_on},
     .breakers = {{"refuses_grease", kHandshakeFailure}, {"selects_grease", kGreaseSelected}},
     .liberties = {{"select_own_alpn", ending::carried_on},
                   {"one_suite_alone", ending::carried_on}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> reserved_values() { return kChecks; }

}  // namespace assay::suites
