// Faults and liberties of a server's key exchange and of its chance, by our own engine: suites and
// fields that nobody should choose, numbers that come again, what an encrypted secret gives away.
#include "harness/base/entropy.h"
#include "harness/base/hex.h"
#include "harness/crypto/rsa_transport.h"
#include "harness/wire/certificate.h"
#include "harness/wire/key_exchange.h"
#include "suites/faults/engine_hooks.h"

#include <algorithm>

namespace assay::faults {
namespace {

using engine::Config;
using engine::Exchange;

// --- suites and fields ---------------------------------------------------------------------------

/// Where nothing sound is offered, the first of what is.
void choose_first_offered(ServerHello& hello, const Exchange& exchange) {
  const ClientHello offer = hello_of(exchange);
  if (!offer.offers_suite(hello.cipher_suite)) hello.cipher_suite = offer.cipher_suites.front();
}

void take_weak_suites(Config& config) {
  config.tolerated.set(Sin::suite_not_offered);
  rewrite_hello<choose_first_offered>(config);
}

using OverField = ServerKeyExchange<DhParams>;

void serve_small_field(OverField& message, const Exchange&) {
  // RFC 2409 §6.2: the prime of 1024 bits that was everybody's.
  message.params = {*from_hex("ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74"
                              "020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437"
                              "4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed"
                              "ee386bfb5a899fa5ae9f24117c4b1fe649286651ece65381ffffffffffffffff"),
                    {2},
                    Bytes(128, 5)};
}

void serve_composite_field(OverField& message, const Exchange&) {
  message.params.dh_p.back() ^= 2;  // a safe prime less two: a multiple of three
}

// --- chance --------------------------------------------------------------------------------------

void draw_the_same(Config& config) { config.seed = 7; }

template <std::uint64_t (*nonce)()>
void choose_nonces(Config& config) {
  config.emission.records = [](std::vector<engine::PlainRecord>& records, const Exchange&) {
    for (engine::PlainRecord& each : records) each.explicit_nonce = nonce();
  };
}
std::uint64_t always_nine() { return 9; }
std::uint64_t any_number() { return Entropy(system_seed()).next(); }

bool takes_ecdsa_alone(const ClientHello& hello) {
  const Extension* found = hello.find(extension::kSignatureAlgorithms);
  const auto list =
      found == nullptr ? Decoded<NumberList>{} : decode<NumberList>(found->extension_data);
  return list && std::ranges::all_of(list->values, [](std::uint16_t scheme) {
           return scheme == 0x0403 || scheme == 0x0503 || scheme == 0x0603;
         });
}

Bytes signature_with_one_r() {
  Bytes der = {0x30, 0x44, 0x02, 0x20};
  append(der, Bytes(32, 0x11));
  append(der, Bytes{0x02, 0x20});
  append(der, Bytes(32, 0x22));
  return der;
}

/// The signature is not even right: who looks at it sees an r that comes again.
void sign_with_one_r(Config& config) {
  config.emission.message = [](Bytes& message, const Exchange& exchange) {
    const bool proof = is_message(message, HandshakeType::certificate_verify);
    const bool params = is_message(message, HandshakeType::server_key_exchange);
    if ((!proof && !params) || !takes_ecdsa_alone(hello_of(exchange))) return;
    const auto type = static_cast<HandshakeType>(message[0]);
    const View body = View(message).subspan(4);
    if (proof) {
      auto read = decode<CertificateVerify>(body);
      read.message->signature = signature_with_one_r();
      message = compose_handshake(type, encode(*read.message));
    } else if (auto read = decode<ServerKeyExchange<EcdhParams>>(body)) {
      read.message->signature = signature_with_one_r();
      message = compose_handshake(type, encode(*read.message));
    }
  };
}

// --- an encrypted premaster secret ---------------------------------------------------------------

using Premaster = std::optional<Bytes>;

/// What the hook does not like is answered at once, by decode_error.
template <bool (*dislikes)(const Premaster& secret)>
void tell(Config& config) {
  config.reception.message = [credential = config.credential](Bytes& message, const Exchange&) {
    if (!is_message(message, HandshakeType::client_key_exchange)) return;
    const auto encrypted = decode<LongPublic>(View(message).subspan(4));
    if (!encrypted) return;
    if (dislikes(rsa_decrypt_pkcs1(credential->key, encrypted->value))) message.resize(4);
  };
}
bool is_badly_padded(const Premaster& secret) { return !secret; }
bool is_of_another_version(const Premaster& secret) {
  return secret && secret->size() == 48 && !equal(View(*secret).first(2), Bytes{3, 3});
}

constexpr NamedFault kFaults[] = {
    {.name = "refuses_by_handshake_failure",
     .kind = NamedFault::Kind::liberty,
     .summary = "Whatever is refused in TLS is refused by handshake_failure",
     .apply = refuses_by<alert::kHandshakeFailure>},
    {.name = "takes_weak_suites",
     .summary = "A client that offers nothing sound gets the first suite that it offers",
     .apply = configures<take_weak_suites>},
    {.name = "serves_small_field",
     .summary = "DHE is over a prime of 1024 bits",
     .apply =
         configures<rewrite<OverField, HandshakeType::server_key_exchange, serve_small_field>>},
    {.name = "serves_composite_field",
     .summary = "DHE is modulo a number that is not prime",
     .apply =
         configures<rewrite<OverField, HandshakeType::server_key_exchange, serve_composite_field>>},
    {.name = "constant_random",
     .summary = "Every connection has the same random",
     .apply = configures<draw_the_same>},
    {.name = "repeats_nonces",
     .summary = "All records of TLS 1.2 with GCM or CCM have one explicit nonce",
     .apply = configures<choose_nonces<always_nine>>},
    {.name = "random_nonces",
     .kind = NamedFault::Kind::liberty,
     .summary = "Explicit nonces of TLS 1.2 are drawn by chance",
     .apply = configures<choose_nonces<any_number>>},
    {.name = "signs_with_one_r",
     .summary = "For clients that take ECDSA alone every signature has the same r",
     .apply = configures<sign_with_one_r>},
    {.name = "tells_bad_padding",
     .summary = "A premaster secret with bad padding is refused at once",
     .apply = configures<tell<is_badly_padded>>},
    {.name = "takes_any_premaster_version",
     .summary = "The version in a premaster secret is not looked at",
     .apply = takes<Sin::premaster_version>},
    {.name = "tells_bad_version",
     .summary = "A premaster secret of another version is refused at once",
     .apply = configures<tell<is_of_another_version>>},
};

}  // namespace

std::span<const NamedFault> engine_exchange() { return kFaults; }

}  // namespace assay::faults
