// Faults and liberties of a server's choices, shown by our own engine: suites, groups, signatures,
// versions, names.
#include "harness/crypto/key_exchange.h"
#include "harness/crypto/signature.h"
#include "harness/crypto/suites.h"
#include "harness/engine/keys12.h"
#include "harness/wire/certificate.h"
#include "harness/wire/key_exchange.h"
#include "harness/wire/record.h"
#include "suites/faults/engine_hooks.h"

#include <algorithm>
#include <array>

namespace assay::faults {
namespace {

// --- suites and groups ---------------------------------------------------------------------------

bool has_unknown_suite(const ClientHello& hello) {
  return std::ranges::any_of(hello.cipher_suites, [](std::uint16_t suite) {
    const bool signals = suite == 0x00ff || suite == 0x5600;
    return find_suite(suite) == nullptr && !signals && !is_grease(suite);
  });
}

std::vector<std::uint16_t> numbers_of(const ClientHello& hello, std::uint16_t type) {
  const Extension* found = hello.find(type);
  if (found == nullptr) return {};
  const auto list = decode<NumberList>(found->extension_data);
  return list ? list->values : std::vector<std::uint16_t>();
}

/// Beyond the curves and the finite fields, whose numbers end at 0x0104 (RFC 7919).
bool has_unknown_group(const ClientHello& hello) {
  return std::ranges::any_of(
      numbers_of(hello, extension::kSupportedGroups), [](std::uint16_t each) {
        return each > 0x0104 && find_group(each) == nullptr && !is_grease(each);
      });
}

/// One group, whatever was offered; no share is its.
void read_own_group(ClientHello& hello) {
  set_extension(hello.extensions, extension::kSupportedGroups,
                encode(NumberList{{group::kSecp384r1}}));
  const Extension* shares = hello.find(extension::kKeyShare);
  if (shares == nullptr) return;
  auto list = decode<KeyShareList>(shares->extension_data);
  if (!list) return;
  std::erase_if(list.message->client_shares,
                [](const KeyShareEntry& each) { return each.group != group::kSecp384r1; });
  set_extension(hello.extensions, extension::kKeyShare, encode(*list));
}

void keep_one_suite(engine::Config& config) { config.suites = {0x1303, 0xcca9}; }

/// TLS_RSA_WITH_AES_128_GCM_SHA256, behind the others.
void add_rsa_transport(engine::Config& config) { config.suites.push_back(0x009c); }

void prefer_hybrid(engine::Config& config) {
  std::erase(config.groups, group::kX25519MlKem768);
  config.groups.insert(config.groups.begin(), group::kX25519MlKem768);
}

bool offers_hybrid(const ClientHello& hello) {
  const auto groups = numbers_of(hello, extension::kSupportedGroups);
  return std::ranges::find(groups, group::kX25519MlKem768) != groups.end();
}

/// draft-ietf-tls-ecdhe-mlkem §4.1.2: ML-KEM's ciphertext comes first.
void swap_hybrid_parts(ServerHello& hello, const engine::Exchange&) {
  const Extension* found = hello.find(extension::kKeyShare);
  if (found == nullptr) return;
  auto share = decode<KeyShareEntry>(found->extension_data);
  if (!share || share->group != group::kX25519MlKem768) return;
  Bytes& octets = share.message->key_exchange;
  std::rotate(octets.begin(), octets.end() - 32, octets.end());
  set_extension(hello.extensions, extension::kKeyShare, encode(*share));
}

// --- GREASE --------------------------------------------------------------------------------------

bool has_grease(const ClientHello& hello) {
  const auto in = [](const std::vector<std::uint16_t>& values) {
    return std::ranges::any_of(values, is_grease);
  };
  return in(hello.cipher_suites) || in(hello.versions()) ||
         in(numbers_of(hello, extension::kSupportedGroups)) ||
         in(numbers_of(hello, extension::kSignatureAlgorithms)) ||
         std::ranges::any_of(hello.extensions, is_grease, &Extension::extension_type);
}

void select_grease(ServerHello& hello, const engine::Exchange& exchange) {
  const auto offer = decode<ClientHello>(exchange.last(HandshakeType::client_hello)->body());
  if (!offer) return;
  const auto found = std::ranges::find_if(offer->cipher_suites, is_grease);
  if (found != offer->cipher_suites.end()) hello.cipher_suite = *found;
}

// --- signatures ----------------------------------------------------------------------------------

/// The scheme of that hash for the key's algorithm.
std::uint16_t scheme_of(const PrivateKey& key, std::uint16_t hash) {
  const bool rsa = key.public_key().algorithm() == KeyAlgorithm::rsa;
  return static_cast<std::uint16_t>(hash << 8 | (rsa ? 1 : 3));
}

/// One of the client's first two.
bool is_favourite(const engine::Exchange& exchange, std::uint16_t scheme) {
  const auto hello = decode<ClientHello>(exchange.last(HandshakeType::client_hello)->body());
  if (!hello) return false;
  auto schemes = numbers_of(*hello, extension::kSignatureAlgorithms);
  schemes.resize(std::min<std::size_t>(schemes.size(), 2));
  return std::ranges::find(schemes, scheme) != schemes.end();
}

void sign_proof_by(Bytes& message, const engine::Exchange& exchange, const PrivateKey& key,
                   std::uint16_t scheme) {
  Bytes said;
  for (const engine::Said& each : exchange.messages) append(said, each.octets);
  const Bytes hash = digest(find_suite(exchange.suite)->hash, said);
  const Bytes content = content_to_sign(Signer::server, hash);
  message = compose_handshake(
      HandshakeType::certificate_verify,
      encode(CertificateVerify{scheme, sign(scheme, key, content).value_or(Bytes())}));
}

void sign_params_by(Bytes& message, const engine::Exchange& exchange, const PrivateKey& key,
                    std::uint16_t scheme) {
  auto read = decode<ServerKeyExchange<EcdhParams>>(View(message).subspan(4));
  if (!read) return;
  auto& exchanged = *read.message;
  exchanged.algorithm = scheme;
  exchanged.signature = sign(scheme, key, engine::signed_params(exchange, encode(exchanged.params)))
                            .value_or(Bytes());
  message = compose_handshake(HandshakeType::server_key_exchange, encode(exchanged));
}

/// Whatever is signed, with PKCS #1 (or ECDSA) and that hash, for those who want it most.
template <std::uint16_t hash>
void sign_by(engine::Config& config) {
  config.emission.message = [credential = config.credential](Bytes& message,
                                                             const engine::Exchange& exchange) {
    const std::uint16_t scheme = scheme_of(credential->key, hash);
    const SignatureScheme* known = find_signature_scheme(scheme);
    // What TLS 1.3 has is signed as it should be.
    if (known->certificate_verify13 || !is_favourite(exchange, scheme)) return;
    const auto type = static_cast<HandshakeType>(message[0]);
    if (type == HandshakeType::certificate_verify)
      sign_proof_by(message, exchange, credential->key, scheme);
    if (type == HandshakeType::server_key_exchange)
      sign_params_by(message, exchange, credential->key, scheme);
  };
}

void assume_schemes(ClientHello& hello) {
  if (hello.find(extension::kSignatureAlgorithms) != nullptr) return;
  set_extension(hello.extensions, extension::kSignatureAlgorithms,
                encode(NumberList{engine::default_schemes()}));
}

// --- versions ------------------------------------------------------------------------------------

void leave_no_mark(ServerHello& hello, const engine::Exchange&) {
  if (downgrade_mark(hello.random) != DowngradeMark::none) hello.random.back() ^= 0x80;
}

void see_last_fallback_only(ClientHello& hello) {
  constexpr std::uint16_t kFallbackScsv = 0x5600;
  if (hello.cipher_suites.empty() || hello.cipher_suites.back() == kFallbackScsv) return;
  std::erase(hello.cipher_suites, kFallbackScsv);
}

/// As far as a ServerHello, with TLS_RSA_WITH_AES_128_CBC_SHA.
void speak_old_versions(engine::Config& config) {
  config.tolerated.set(Sin::old_version);
  config.suites.push_back(0x002f);
}
/// A version below all that there are.
void refuse_ssl3(ClientHello& hello) {
  if (hello.legacy_version == 0x0300) hello.legacy_version = 0x0200;
}

bool is_ssl2(View octets) { return octets.size() > 2 && (octets[0] & 0x80) != 0 && octets[2] == 1; }

/// Those octets, and FIN, for a CLIENT-HELLO of SSL 2.0.
template <const auto& answer>
void answers_ssl2_by(Faults& faults) {
  in_session(faults, [](SessionHooks& hooks) {
    hooks.on_hello = [](View first) -> std::optional<CloseManner> {
      if (!is_ssl2(first)) return std::nullopt;
      CloseManner manner{.close_notify = false};
      manner.last_words.assign(answer.begin(), answer.end());
      return manner;
    };
  });
}
// Length, SERVER-HELLO, no session, X.509, version 2, no certificate, one kind, a short id.
constexpr std::array<std::uint8_t, 18> kSsl2ServerHello = {0x80, 0x10, 4, 0, 1, 0, 2,    0, 0,
                                                           0,    3,    0, 4, 1, 0, 0x80, 0, 0};
constexpr std::array<std::uint8_t, 5> kSsl2Error = {0x80, 3, 0, 0, 1};  // NO-CIPHER-ERROR
constexpr std::array<std::uint8_t, 0> kNothing = {};
constexpr std::array<std::uint8_t, 7> kVersionAlert = {21, 3, 3, 0, 2, 2, alert::kProtocolVersion};

// --- the first segment ---------------------------------------------------------------------------

/// Whoever takes one read for the whole hello.
std::optional<CloseManner> read_once(View first) {
  const auto header = read_record_header(first);
  if (header && first.size() >= kRecordHeaderSize + header->length) return std::nullopt;
  CloseManner manner{.close_notify = false};
  manner.last_words = compose_record(ContentType::alert, Bytes{2, alert::kDecodeError});
  return manner;
}

constexpr NamedFault kFaults[] = {
    {.name = "answers_with_own_suite",
     .summary = "Without a suite in common the server's first one is chosen",
     .apply = takes<Sin::suite_not_offered>},
    {.name = "one_suite_alone",
     .kind = NamedFault::Kind::liberty,
     .summary = "There is one suite for TLS 1.3 and one for TLS 1.2",
     .apply = configures<keep_one_suite>},
    {.name = "one_suite_alone_insufficient",
     .kind = NamedFault::Kind::liberty,
     .summary = "There is one suite a version; others are refused by insufficient_security",
     .apply =
         [](Faults& faults) {
           on_engine(faults, keep_one_suite);
           refuses_by<alert::kInsufficientSecurity>(faults);
         }},
    {.name = "refuses_unknown_suites",
     .summary = "A hello with a suite that is not known is refused",
     .apply = refuses<has_unknown_suite>},
    {.name = "refuses_by_insufficient_security",
     .kind = NamedFault::Kind::liberty,
     .summary = "Whatever is refused in TLS is refused by insufficient_security",
     .apply = refuses_by<alert::kInsufficientSecurity>},
    {.name = "reads_its_own_group",
     .summary = "secp384r1 is used or asked for, whatever groups are offered",
     .apply = reads<read_own_group>},
    {.name = "takes_any_curve",
     .summary = "Without a curve in common the server's first one is used",
     .apply = takes<Sin::group_not_offered>},
    {.name = "rsa_transport_as_well",
     .kind = NamedFault::Kind::liberty,
     .summary = "The certificate's key is RSA, and transports secrets where no curve fits",
     .apply =
         [](Faults& faults) {
           faults.chain.leaf_key = KeyKind::rsa2048;
           on_engine(faults, add_rsa_transport);
         }},
    {.name = "refuses_unknown_groups",
     .summary = "A hello with a group that is not known is refused",
     .apply = refuses<has_unknown_group>},
    {.name = "signs_by_pkcs1",
     .summary =
         "A client that prefers rsa_pkcs1_sha256 has its handshake of TLS 1.3 signed with it",
     .apply = configures<sign_by<4>>},
    {.name = "signs_by_sha1",
     .summary = "A client that prefers SHA-1 has its handshake signed with it",
     .apply = configures<sign_by<2>>},
    {.name = "assumes_schemes",
     .summary = "A hello without signature_algorithms is taken for one with all of them",
     .apply = reads<assume_schemes>},
    {.name = "no_downgrade_mark",
     .summary = "A server of TLS 1.3 does not mark its randoms in TLS 1.2",
     .apply = says<leave_no_mark>},
    {.name = "ignores_fallback",
     .summary = "A client that says it fell back is served",
     .apply = takes<Sin::fallback_inappropriate>},
    {.name = "sees_last_fallback_only",
     .summary = "TLS_FALLBACK_SCSV is seen at the end of the list alone",
     .apply = reads<see_last_fallback_only>},
    {.name = "answers_ssl3",
     .summary = "A ClientHello of SSL 3.0 is answered by a ServerHello",
     .apply = configures<speak_old_versions>},
    {.name = "answers_tls10",
     .kind = NamedFault::Kind::liberty,
     .summary = "A ClientHello of TLS 1.0 is answered by a ServerHello, one of SSL 3.0 is refused",
     .apply =
         [](Faults& faults) {
           on_engine(faults, speak_old_versions);
           reads<refuse_ssl3>(faults);
         }},
    {.name = "answers_ssl2",
     .summary = "A CLIENT-HELLO of SSL 2.0 is answered by a SERVER-HELLO",
     .apply = answers_ssl2_by<kSsl2ServerHello>},
    {.name = "closes_on_ssl2",
     .kind = NamedFault::Kind::liberty,
     .summary = "SSL 2.0 is refused by a close",
     .apply = answers_ssl2_by<kNothing>},
    {.name = "alerts_on_ssl2",
     .kind = NamedFault::Kind::liberty,
     .summary = "SSL 2.0 is refused by an alert of TLS",
     .apply = answers_ssl2_by<kVersionAlert>},
    {.name = "errs_on_ssl2",
     .kind = NamedFault::Kind::liberty,
     .summary = "SSL 2.0 is refused by an ERROR message of its own",
     .apply = answers_ssl2_by<kSsl2Error>},
    {.name = "refuses_grease",
     .summary = "A hello with a GREASE value is refused",
     .apply = refuses<has_grease>},
    {.name = "selects_grease",
     .summary = "A GREASE value among the suites is chosen",
     .apply = says<select_grease>},
    {.name = "reads_hello_once",
     .summary = "What one read brings is taken for the whole ClientHello",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) { hooks.on_hello = read_once; });
         }},
    {.name = "prefers_hybrid",
     .kind = NamedFault::Kind::liberty,
     .summary = "X25519MLKEM768 is used where it is offered",
     .apply = configures<prefer_hybrid>},
    {.name = "p256_alone",
     .kind = NamedFault::Kind::liberty,
     .summary = "secp256r1 is the only group",
     .apply =
         [](Faults& faults) {
           on_engine(faults, [](engine::Config& config) { config.groups = {group::kSecp256r1}; });
         }},
    {.name = "refuses_hybrid",
     .summary = "A hello that offers X25519MLKEM768 is refused",
     .apply = refuses<offers_hybrid>},
    {.name = "swaps_hybrid_parts",
     .summary = "The share of X25519MLKEM768 begins with its X25519 part",
     .apply =
         [](Faults& faults) {
           on_engine(faults, prefer_hybrid);
           says<swap_hybrid_parts>(faults);
         }},
};

}  // namespace

std::span<const NamedFault> engine_choice() { return kFaults; }

}  // namespace assay::faults
