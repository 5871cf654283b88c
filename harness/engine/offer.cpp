#include "harness/engine/offer.h"

#include "harness/engine/shares.h"

#include <algorithm>
#include <utility>

namespace assay::engine {
namespace {

Bytes server_name(const std::string& name) {
  return encode(ServerNameList{{{.host_name = bytes_of(name)}}});
}

Bytes protocols(const std::vector<std::string>& names) {
  ProtocolNameList list;
  for (const std::string& name : names) list.protocol_name_list.push_back({bytes_of(name)});
  return encode(list);
}

std::uint32_t milliseconds_since(std::chrono::system_clock::time_point then,
                                 std::chrono::system_clock::time_point now) {
  using std::chrono::milliseconds;
  return static_cast<std::uint32_t>(std::chrono::duration_cast<milliseconds>(now - then).count());
}

/// RFC 8446 §4.2.11: binders of the right size, to be filled in when all else is known.
OfferedPsks offered_psks(const std::vector<Session>& psks,
                         std::chrono::system_clock::time_point now) {
  OfferedPsks offered;
  for (const Session& each : psks) {
    // RFC 8446 §4.2.11.1: an external identity has no age.
    const std::uint32_t age =
        each.external ? 0 : milliseconds_since(each.received, now) + each.age_add;
    offered.identities.push_back({each.ticket, age});
    const CipherSuite* suite = find_suite(each.suite);
    offered.binders.push_back({Bytes(size_of(suite == nullptr ? Hash::sha256 : suite->hash))});
  }
  return offered;
}

constexpr std::uint64_t kGreaseValues = 16;  // RFC 8701 §2

class Builder {
 public:
  Builder(Core& core, View renegotiated) : core_(core), config_(core.config()) {
    offer_.hello.random = core.chance().bytes(kRandomSize);
    offer_.hello.legacy_compression_methods = {0};
    renegotiated_ = bytes_of(renegotiated);
    greased_group_ = greased();
  }

  Offer build() {
    sort_sessions();
    hello().cipher_suites = suites();
    if (config_.grease) hello().cipher_suites.insert(hello().cipher_suites.begin(), greased());
    // RFC 8446 §D.4: a session id, so that it looks like a resumption of TLS 1.2.
    if (offer_.session12) {
      hello().legacy_session_id = offer_.session12->session_id;
    } else if (newest() && config_.middlebox_compatibility) {
      hello().legacy_session_id = core_.chance().bytes(32);
    }
    if (config_.max_version < TlsVersion::tls13) {
      hello().legacy_version = static_cast<std::uint16_t>(config_.max_version);
    }
    // RFC 8701 §3.1: no extension comes twice, these neither.
    const std::uint64_t first = core_.chance().below(kGreaseValues);
    if (config_.grease) put(grease(first), {});
    put_common();
    if (oldest()) put_for_tls12();
    if (newest()) put_for_tls13();
    if (config_.grease) put(grease(first + 1 + core_.chance().below(kGreaseValues - 1)), {0});
    // RFC 8446 §4.2.11: the last one.
    if (!offer_.psks.empty()) {
      put(extension::kPreSharedKey, encode(offered_psks(offer_.psks, config_.now())));
    }
    return std::move(offer_);
  }

 private:
  ClientHello& hello() { return offer_.hello; }
  /// RFC 8446 §4.1.2: what is renegotiated stays below TLS 1.3.
  [[nodiscard]] bool newest() const {
    return config_.max_version == TlsVersion::tls13 && renegotiated_.empty();
  }
  [[nodiscard]] bool oldest() const { return config_.min_version < TlsVersion::tls13; }
  void put(std::uint16_t type, Bytes data) {
    hello().extensions.push_back({type, std::move(data)});
  }
  std::uint16_t greased() { return grease(core_.chance().next()); }

  void sort_sessions() {
    for (const Session& each : config_.sessions) {
      if (each.version == TlsVersion::tls13 && newest()) {
        if (is_fresh(each)) offer_.psks.push_back(each);
      } else if (each.version < TlsVersion::tls13 && oldest() && !offer_.session12) {
        offer_.session12 = each;
        // RFC 5077 §3.4: an id of the client's own tells whether the ticket was taken.
        if (!each.ticket.empty()) offer_.session12->session_id = core_.chance().bytes(32);
      }
    }
  }

  /// RFC 8446 §4.6.1: beyond its lifetime a ticket is not used.
  [[nodiscard]] bool is_fresh(const Session& session) const {
    return session.external ||
           config_.now() - session.received <= std::chrono::seconds(session.lifetime);
  }

  [[nodiscard]] std::vector<std::uint16_t> suites() const {
    std::vector<std::uint16_t> kept;
    for (const std::uint16_t value : config_.suites) {
      const CipherSuite* suite = find_suite(value);
      const bool fits = suite == nullptr || (suite->tls13 ? newest() : oldest());
      if (fits) kept.push_back(value);
    }
    return kept;
  }

  void put_common() {
    // RFC 6066 §3: names alone, no addresses; whoever configures one knows.
    if (!config_.server_name.empty()) put(extension::kServerName, server_name(config_.server_name));
    NumberList groups{config_.groups};
    if (config_.grease) groups.values.insert(groups.values.begin(), greased_group_);
    if (!config_.groups.empty()) put(extension::kSupportedGroups, encode(groups));
    if (!config_.schemes.empty()) {
      put(extension::kSignatureAlgorithms, encode(NumberList{config_.schemes}));
    }
    if (config_.status_request) put(extension::kStatusRequest, ocsp_status_request());
    if (!config_.alpn.empty()) put(extension::kAlpn, protocols(config_.alpn));
    if (config_.record_size_limit) {
      put(extension::kRecordSizeLimit, encode(Number16{*config_.record_size_limit}));
    }
    if (config_.max_fragment_length) {
      put(extension::kMaxFragmentLength, encode(MaxFragmentLength{*config_.max_fragment_length}));
    }
  }

  void put_for_tls12() {
    if (!config_.groups.empty()) put(extension::kEcPointFormats, encode(OctetList{{0}}));
    if (config_.extended_master_secret) put(extension::kExtendedMasterSecret, {});
    if (config_.encrypt_then_mac) put(extension::kEncryptThenMac, {});
    if (config_.tickets_wanted) {
      put(extension::kSessionTicket, offer_.session12 ? offer_.session12->ticket : Bytes());
    }
    put(extension::kRenegotiationInfo, encode(RenegotiationInfo{renegotiated_}));
  }

  void put_for_tls13() {
    VersionList versions;
    if (config_.grease) versions.versions.push_back(greased());
    for (auto each = TlsVersion::tls13; each >= std::max(config_.min_version, TlsVersion::tls10);
         each = static_cast<TlsVersion>(static_cast<std::uint16_t>(each) - 1)) {
      versions.versions.push_back(static_cast<std::uint16_t>(each));
    }
    put(extension::kSupportedVersions, encode(versions));
    KeyShareList list;
    if (config_.grease) list.client_shares.push_back({greased_group_, {0}});
    for (std::size_t i = 0; i < std::min(config_.shares, config_.groups.size()); ++i) {
      auto share = new_share(config_, config_.groups[i]);
      if (!share) continue;
      list.client_shares.push_back({config_.groups[i], bytes_of(share->share())});
      offer_.shares.emplace(config_.groups[i], std::move(*share));
    }
    put(extension::kKeyShare, encode(list));
    if (config_.post_handshake_authentication) put(extension::kPostHandshakeAuth, {});
    if (!config_.psk_modes.empty()) {
      put(extension::kPskKeyExchangeModes, encode(OctetList{config_.psk_modes}));
    }
    const bool early = !config_.early_data.empty() && !offer_.psks.empty() &&
                       config_.early_data.size() <= offer_.psks.front().max_early_data &&
                       find_suite(offer_.psks.front().suite) != nullptr;
    offer_.early_data = early;
    if (early) put(extension::kEarlyData, {});
    if (config_.grease) put(extension::kEncryptedClientHello, greased_ech());
  }

  /// RFC 9849 §6.2: like an encrypted hello, of chance, for a suite that is common.
  Bytes greased_ech() {
    constexpr std::uint16_t kHkdfSha256 = 1;
    constexpr std::uint16_t kAes128Gcm = 1;
    constexpr std::size_t kPayloadSize = 0xe0 + 16;  // a padded hello and its tag
    Bytes outer = {0};
    put_u16(outer, kHkdfSha256);
    put_u16(outer, kAes128Gcm);
    put_u8(outer, static_cast<std::uint8_t>(core_.chance().next()));
    put_vector(outer, 2, KeyShare::generate(group::kX25519)->share());
    put_vector(outer, 2, core_.chance().bytes(kPayloadSize));
    return outer;
  }

  Core& core_;
  const Config& config_;
  Offer offer_;
  Bytes renegotiated_;
  std::uint16_t greased_group_ = 0;  // RFC 8446 §4.2.8: with a share, so in both lists
};

/// RFC 8446 §4.2.11.2: each binder covers everything in front of the list of binders. It is as long
/// as its place in the hello, and one that no PSK belongs to stays as it is: so a hook chooses how
/// many there are, and of what sizes.
void put_binders(Core& core, const Offer& offer, Bytes& message) {
  const Extension& last = offer.hello.extensions.back();
  const auto psks = decode<OfferedPsks>(last.extension_data);
  if (!psks) return;
  const std::size_t tail = size_of_binders(psks->binders);
  Bytes covered = bytes_of(core.transcript().messages());
  append(covered, View(message).first(message.size() - tail));
  Bytes binders;
  for (std::size_t i = 0; i < psks->binders.size(); ++i) {
    if (i >= offer.psks.size()) {
      put_vector(binders, 1, psks->binders[i].binder);
      continue;
    }
    const Session& psk = offer.psks[i];
    const CipherSuite* suite = find_suite(psk.suite);
    const Hash hash = suite == nullptr ? Hash::sha256 : suite->hash;
    const Bytes key =
        Schedule13(hash, psk.secret).binder_key(psk.external ? "ext binder" : "res binder");
    Bytes binder = verify_data13(hash, key, digest(hash, covered));
    binder.resize(psks->binders[i].binder.size());
    put_vector(binders, 1, binder);
  }
  message.resize(message.size() - tail);
  put_vector(message, 2, binders);
}

}  // namespace

Offer make_offer(Core& core, View renegotiated_connection) {
  return Builder(core, renegotiated_connection).build();
}

bool amend_offer(Core& core, Offer& offer, std::optional<std::uint16_t> group,
                 const std::optional<Bytes>& cookie) {
  auto& extensions = offer.hello.extensions;
  const bool psk_last =
      !extensions.empty() && extensions.back().extension_type == extension::kPreSharedKey;
  if (group) {
    auto share = new_share(core.config(), *group);
    if (!share) return false;
    set_extension(extensions, extension::kKeyShare,
                  encode(KeyShareList{{{*group, bytes_of(share->share())}}}));
    offer.shares.clear();
    offer.shares.emplace(*group, std::move(*share));
  }
  // RFC 8446 §4.1.2: no early data in the second hello.
  remove_extension(extensions, extension::kEarlyData);
  offer.early_data = false;
  if (cookie) {
    const auto at = extensions.end() - (psk_last ? 1 : 0);
    extensions.insert(at, {extension::kCookie, encode(Cookie{*cookie})});
  }
  return true;
}

Bytes write_hello(Core& core, Offer& offer) {
  if (core.config().emission.hello) core.config().emission.hello(offer.hello, core.exchange());
  core.told().client_random = offer.hello.random;
  Bytes message = compose_handshake(HandshakeType::client_hello, encode(offer.hello));
  const bool bound = !offer.hello.without_extensions && !offer.hello.extensions.empty() &&
                     offer.hello.extensions.back().extension_type == extension::kPreSharedKey;
  if (bound) put_binders(core, offer, message);
  return Bytes(message.begin() + 4, message.end());
}

void say_offer(Core& core, Offer& offer) {
  Flight flight;
  flight.push_back(say(HandshakeType::client_hello, [&] { return write_hello(core, offer); }));
  if (!offer.early_data) return core.say(std::move(flight));
  const Session& psk = offer.psks.front();
  const CipherSuite& suite = *find_suite(psk.suite);
  if (core.config().middlebox_compatibility) flight.push_back(change_cipher_spec());
  flight.push_back(change_keys([&core, &psk, &suite] {
    // RFC 8446 §7.1: over the hello alone.
    const Bytes hash = digest(suite.hash, core.transcript().messages());
    Bytes& secret = core.told().secrets.client_early;
    secret = Schedule13(suite.hash, psk.secret).derive("c e traffic", hash);
    core.log_secret("CLIENT_EARLY_TRAFFIC_SECRET", secret);
    return RecordKeys::of_traffic_secret(suite, secret);
  }));
  flight.push_back(say_record(ContentType::application_data, core.config().early_data));
  core.say(std::move(flight));
}

bool offers(const Offer& offer, std::uint16_t extension_type) {
  return offer.hello.find(extension_type) != nullptr;
}

}  // namespace assay::engine
