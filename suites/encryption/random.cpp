// RFC 8446 §C.1, RFC 5246 §7.4.1.3, RFC 5288 §3: chance that comes again is none.
#include "harness/wire/certificate.h"
#include "harness/wire/key_exchange.h"
#include "suites/engine_talk.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>

namespace assay::suites {
namespace {

constexpr Ending kAllDiffer{"all_differ"};
constexpr Ending kRepeated{"repeated"};
constexpr Ending kUnbalanced{"unbalanced"};

// --- ServerHello.random
// ---------------------------------------------------------------------------

constexpr std::size_t kHellos = 10;
// RFC 5246 §7.4.1.2: the first four octets may be a clock's; RFC 8446 §4.1.3: the last eight may
// tell of a downgrade.
constexpr std::size_t kClockSize = 4;
constexpr std::size_t kJudged = 20;

Bytes judged_part(View random) { return bytes_of(random.subspan(kClockSize, kJudged)); }

/// Nothing: no ServerHello came. The first hello goes into `hello`, if that is empty; else it is
/// said again, octet for octet.
Task<std::optional<Bytes>> random_of(Probe& probe, Bytes& hello) {
  engine::Config offer = probe.engine_offer();
  offer.emission.message = [&hello](Bytes& message, const engine::Exchange& exchange) {
    if (!exchange.messages.empty()) return;  // the first one alone
    hello.empty() ? hello = message : message = hello;
  };
  // Where the hello is another's its share is as well, and the handshake goes no further.
  const Engaged met = co_await engaged(probe, std::move(offer));
  if (!met.dialogue) co_return std::nullopt;
  const auto answer = server_hello(met.end->exchange());
  if (met.secured) met.dialogue->leave();
  if (!answer || answer->random.size() != kRandomSize) {
    probe.lose(ending::inconclusive, "no ServerHello came");
    co_return std::nullopt;
  }
  co_return answer->random;
}

/// By how many standard deviations the ones are off their half.
double imbalance(const std::vector<Bytes>& randoms) {
  std::size_t ones = 0;
  std::size_t bits = 0;
  for (const Bytes& each : randoms) {
    for (const std::uint8_t octet : each) ones += static_cast<std::size_t>(std::popcount(octet));
    bits += each.size() * 8;
  }
  const auto all = static_cast<double>(bits);
  return std::abs(static_cast<double>(ones) - all / 2) / std::sqrt(all / 4);
}

/// An octet that is the same in all of them. By chance, in one run of 10^20.
bool has_constant_octet(const std::vector<Bytes>& randoms) {
  for (std::size_t i = 0; i < kJudged; ++i) {
    if (std::ranges::all_of(randoms, [&](const Bytes& each) { return each[i] == randoms[0][i]; })) {
      return true;
    }
  }
  return false;
}

Ending ending_of_randoms(const std::vector<Bytes>& randoms) {
  constexpr double kTooFar = 6;  // by chance, in one run of 500 millions
  const std::set<Bytes> different(randoms.begin(), randoms.end());
  if (different.size() != randoms.size() || has_constant_octet(randoms)) return kRepeated;
  return imbalance(randoms) > kTooFar ? kUnbalanced : kAllDiffer;
}

Task<Ending> server_random(Probe& probe) {
  std::vector<Bytes> randoms;
  Bytes same;
  for (std::size_t i = 0; i < kHellos; ++i) {
    Bytes fresh;
    auto random = co_await random_of(probe, i % 2 == 0 ? same : fresh);
    if (!random) co_return probe.lost();
    randoms.push_back(judged_part(*random));
  }
  co_return ending_of_randoms(randoms);
}

// --- explicit nonces
// ------------------------------------------------------------------------------

constexpr std::size_t kNonceSize = 8;

/// How many protected records one connection has: all behind the subject's ChangeCipherSpec.
/// Whether a nonce among them came twice the run's witness sees, here as everywhere.
struct Nonces {
  bool under_keys = false;
  std::size_t count = 0;
};

void collect(engine::Config& offer, Nonces& nonces) {
  offer.reception.sealed = [&nonces](std::vector<Bytes>& records, const engine::Exchange&) {
    for (const Bytes& record : records) {
      if (nonces.under_keys && record.size() >= kRecordHeaderSize + kNonceSize) ++nonces.count;
      if (record[0] == static_cast<std::uint8_t>(ContentType::change_cipher_spec)) {
        nonces.under_keys = true;
      }
    }
  };
}

std::vector<std::uint16_t> suites_with_explicit_nonce() {
  std::vector<std::uint16_t> values;
  for (const CipherSuite& each : cipher_suites()) {
    const bool signs =
        each.authentication != Authentication::none && each.authentication != Authentication::dss;
    if (signs && each.explicit_nonce_size() == kNonceSize) values.push_back(each.value);
  }
  return values;
}

Task<Ending> gcm_explicit_nonce(Probe& probe) {
  constexpr std::size_t kConnections = 3;
  constexpr std::size_t kCommands = 3;
  std::size_t count = 0;
  for (std::size_t i = 0; i < kConnections; ++i) {
    Nonces nonces;
    engine::Config offer = probe.engine_offer();
    offer.suites = suites_with_explicit_nonce();
    collect(offer, nonces);
    const Engaged met = co_await settled(probe, std::move(offer));
    if (!met.dialogue) co_return probe.lost();
    if (!met.secured && !met.dialogue->link().agreement()) {
      co_return probe.inapplicable(
          fmt::format("a hello with suites of GCM and CCM alone ended in {}",
                      ending_of(met.dialogue->handshake_event()).slug));
    }
    for (std::size_t j = 0; met.secured && j < kCommands; ++j) {
      const MarkerResult marker = co_await met.dialogue->marker();
      if (!marker.answered) break;
    }
    count += nonces.count;
    if (met.secured) met.dialogue->leave();
  }
  probe.note(fmt::format("{} records in {} connections", count, kConnections));
  if (count < 2 * kConnections) co_return probe.inconclusive("too few records came");
  co_return kAllDiffer;
}

// --- nonces of signatures
// -------------------------------------------------------------------------

constexpr std::size_t kSignatures = 12;

/// r of an Ecdsa-Sig-Value (RFC 3279 §2.2.3), without leading zeros; nothing when it is none.
std::optional<Bytes> r_of(View der) {
  constexpr std::uint8_t kSequence = 0x30;
  constexpr std::uint8_t kInteger = 0x02;
  if (der.size() < 4 || der[0] != kSequence) return std::nullopt;
  // No curve of these schemes needs a length of more than one octet behind the first 0x81.
  der = der.subspan(der[1] == 0x81 ? 3 : 2);
  if (der.size() < 2 || der[0] != kInteger || der[1] > der.size() - 2) return std::nullopt;
  View r = der.subspan(2, der[1]);
  while (!r.empty() && r.front() == 0) r = r.subspan(1);
  return bytes_of(r);
}

std::optional<Bytes> signature_in(const engine::Exchange& exchange) {
  if (const engine::Said* said = exchange.last(HandshakeType::certificate_verify)) {
    auto proof = decode<CertificateVerify>(said->body());
    if (proof) return std::move(proof.message->signature);
  }
  if (const engine::Said* said = exchange.last(HandshakeType::server_key_exchange)) {
    auto message = decode<ServerKeyExchange<EcdhParams>>(said->body());
    if (message) return std::move(message.message->signature);
  }
  return std::nullopt;
}

engine::Config offer_for_ecdsa(Probe& probe) {
  engine::Config offer = probe.engine_offer();
  offer.schemes = {0x0403, 0x0503, 0x0603};
  std::erase_if(offer.suites, [](std::uint16_t value) {
    const CipherSuite* suite = find_suite(value);
    return suite == nullptr || (!suite->tls13 && suite->authentication != Authentication::ecdsa);
  });
  return offer;
}

Task<Ending> signature_nonce(Probe& probe) {
  std::set<Bytes> different;
  for (std::size_t i = 0; i < kSignatures; ++i) {
    const Engaged met = co_await engaged(probe, offer_for_ecdsa(probe));
    if (!met.dialogue) co_return probe.lost();
    const auto signature = signature_in(met.end->exchange());
    if (!signature) {
      co_return probe.inapplicable(fmt::format("a hello with ECDSA schemes alone ended in {}",
                                               ending_of(met.dialogue->handshake_event()).slug));
    }
    auto r = r_of(*signature);
    if (!r) co_return probe.inconclusive("a signature that is no Ecdsa-Sig-Value");
    if (!different.insert(std::move(*r)).second) co_return kRepeated;
    if (met.secured) met.dialogue->leave();
  }
  co_return kAllDiffer;
}

constexpr Scope kEach{.version = VersionScope::each, .layer = Layer::tls};

constexpr Check kChecks[] = {
    {.id = "encryption.random.server_random",
     .title = "The random of a ServerHello is chance, whatever hello it answers",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.1.3", "RFC 8446 §C.1", "RFC 5246 §7.4.1.3", "RFC 9846 §4.2.3",
                 "RFC 9846 §C.1"},
     .scope = kEach,
     .run = server_random,
     .watches = {{Flaw::random_repeated, kRepeated}},
     .steps =
         "Ten connections, half of them with one and the same ClientHello, octet for octet. "
         "The first four octets of a random (a clock) and the last eight (a downgrade) are "
         "left out; the others have to differ, in every octet, and to have as many ones as "
         "zeros, within six standard deviations. No random comes twice on any two connections of "
         "the run.",
     .accepts = {kAllDiffer},
     .breakers = {{"constant_random", kRepeated}},
     .liberties = {{"serves_by_engine", kAllDiffer}}},
    {.id = "encryption.random.gcm_explicit_nonce",
     .title = "No explicit nonce comes twice under one key",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 5288 §3", "RFC 9325 §7.2.1"},
     .scope = {.version = VersionScope::tls12, .layer = Layer::tls},
     .run = gcm_explicit_nonce,
     .watches = {{Flaw::nonce_repeated, kRepeated}},
     .steps =
         "Three connections of TLS 1.2 with suites of GCM or CCM, several commands in each; "
         "the first eight octets of every protected record are compared; and so they are on every "
         "connection of the run that has such a suite.",
     .accepts = {kAllDiffer},
     .breakers = {{"repeats_nonces", kRepeated}},
     .liberties = {{"serves_by_engine", kAllDiffer}, {"random_nonces", kAllDiffer}}},
    {.id = "encryption.random.signature_nonce",
     .title = "No two ECDSA signatures have one r",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §C.1", "RFC 9846 §C.1"},
     .scope = kEach,
     .run = signature_nonce,
     .steps = "Twelve handshakes with ECDSA schemes alone; the r of every signature is compared.",
     .accepts = {kAllDiffer},
     .breakers = {{"signs_with_one_r", kRepeated}},
     .liberties = {{"serves_by_engine", kAllDiffer}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> random() { return kChecks; }

}  // namespace assay::suites
