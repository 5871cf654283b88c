// RFC 8446 §4.4.3, RFC 5246 §7.4.8: a client's certificate is nothing without the proof that its
// key is there.
#include "harness/crypto/signature.h"
#include "harness/pki/authority.h"
#include "harness/wire/certificate.h"
#include "suites/craft.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <utility>

namespace assay::suites {
namespace {

/// A signature that cannot be one, by decode_error or illegal_parameter.
constexpr Ending kRefusedAsMalformed{"refused_as_malformed"};

using MadeCredential = std::shared_ptr<const engine::Credential>;

/// Ours, and another key of the same kind; each from an authority of its own.
struct Client {
  MadeCredential ours;
  MadeCredential other;
};

MadeCredential make_credential() {
  KeyRing keys;
  const Authority authority(std::chrono::system_clock::now(), keys);
  const Identity issued = authority.issue_client("assay");
  return std::make_shared<const engine::Credential>(
      ServerIdentity{issued.chain, issued.key.private_der(), {}});
}

engine::Config offer_of(Probe& probe, const Client& client) {
  engine::Config offer = probe.engine_offer();
  offer.credential = client.ours;
  return offer;
}

/// Whether the subject asks for a certificate and takes ours with its proof. Nothing when it does.
Task<std::optional<Ending>> without_client_control(Probe& probe, engine::Config offer) {
  const Tried control = co_await try_engine(probe, std::move(offer));
  if (!control.began) co_return control.ending;
  if (control.exchange.last(HandshakeType::certificate_request) == nullptr) {
    co_return probe.inapplicable("the handshake has no CertificateRequest");
  }
  if (control.ending == ending::carried_on) co_return std::nullopt;
  co_return probe.inapplicable(
      fmt::format("a certificate of our own with its proof ended {}", control.ending.slug));
}

bool is_proof(const engine::Step& step) {
  return is_message(step, HandshakeType::certificate_verify);
}

Task<Ending> verify_missing(Probe& probe) {
  const Client client{make_credential(), make_credential()};
  const auto lacking = co_await without_client_control(probe, offer_of(probe, client));
  if (lacking) co_return *lacking;
  engine::Config offer = offer_of(probe, client);
  on_second_flight(offer, [](engine::Flight& flight, const engine::Exchange&) {
    std::erase_if(flight, is_proof);
  });
  const Tried tried = co_await try_engine(probe, std::move(offer));
  co_return by_version(probe, tried.ending, {kUnexpectedMessage});
}

/// Makes the signature anew: `told` is as it was before the proof is said.
using AlterProof = std::function<void(CertificateVerify& proof, const engine::Exchange& told)>;

engine::Config offer_with_proof(Probe& probe, const Client& client, AlterProof alter) {
  engine::Config offer = offer_of(probe, client);
  on_second_flight(
      offer, [alter = std::move(alter)](engine::Flight& flight, const engine::Exchange& told) {
        for (engine::Step& step : flight) {
          if (!is_proof(step)) continue;
          step.body = [honest = std::move(step.body), alter, &told] {
            auto proof = decode<CertificateVerify>(honest());
            if (proof) alter(*proof.message, told);
            return encode(*proof.message);
          };
        }
      });
  return offer;
}

/// RFC 8446 §4.4.3; RFC 5246 §7.4.8 signs the messages themselves.
Bytes signed_content(const engine::Exchange& told) {
  if (told.version == TlsVersion::tls13) {
    return content_to_sign(Signer::client, handshake_hash(told, told.messages));
  }
  Bytes all;
  for (const engine::Said& each : told.messages) append(all, each.octets);
  return all;
}

struct Alteration {
  std::string_view name;
  void (*alter)(Bytes& signature);
  bool malformed = false;
};

Ending judged(Probe& probe, Ending seen, bool malformed) {
  const bool as_malformed = seen == kDecodeError || seen == kIllegalParameter;
  if (malformed && as_malformed) {
    probe.note(fmt::format("a malformed signature was refused by {}", seen.slug));
    return kRefusedAsMalformed;
  }
  return by_version(probe, seen, {kDecryptError});
}

Task<Ending> verify_bit_flip(Probe& probe) {
  static constexpr Alteration kAlterations[] = {
      {"first_octet", [](Bytes& signature) { signature.front() ^= 0x01; }, true},
      {"middle_bit", [](Bytes& signature) { signature[signature.size() / 2] ^= 0x01; }},
      {"last_bit", [](Bytes& signature) { signature.back() ^= 0x01; }},
      {"truncated", [](Bytes& signature) { signature.pop_back(); }, true},
      {"padded", [](Bytes& signature) { signature.push_back(0); }, true},
      {"empty", [](Bytes& signature) { signature.clear(); }, true},
      {"zeros", [](Bytes& signature) { signature.assign(signature.size(), 0); }, true},
  };
  const Client client{make_credential(), make_credential()};
  const auto lacking = co_await without_client_control(probe, offer_of(probe, client));
  if (lacking) co_return *lacking;
  engine::Config by_other = offer_with_proof(
      probe, client, [&client](CertificateVerify& proof, const engine::Exchange& told) {
        proof.signature =
            sign(proof.algorithm, client.other->key, signed_content(told)).value_or(Bytes());
      });
  const Tried other = co_await try_engine(probe, std::move(by_other));
  probe.part("another_key", judged(probe, other.ending, false));
  for (const Alteration& each : kAlterations) {
    const auto alter = each.alter;
    engine::Config offer = offer_with_proof(
        probe, client,
        [alter](CertificateVerify& proof, const engine::Exchange&) { alter(proof.signature); });
    const Tried tried = co_await try_engine(probe, std::move(offer));
    probe.part(std::string(each.name), judged(probe, tried.ending, each.malformed));
  }
  co_return probe.worst();
}

Task<Ending> verify_wrong_content(Probe& probe) {
  struct Content {
    std::string_view name;
    Bytes (*make)(const Bytes& hash);
  };
  static constexpr Content kContents[] = {
      {"of_a_server", [](const Bytes& hash) { return content_to_sign(Signer::server, hash); }},
      {"another_transcript",
       [](const Bytes& hash) {
         Bytes changed = hash;
         changed.front() ^= 0x01;
         return content_to_sign(Signer::client, changed);
       }},
      {"without_spaces",
       [](const Bytes& hash) {
         // RFC 8446 §4.4.3: 64 octets of 0x20 in front.
         return bytes_of(View(content_to_sign(Signer::client, hash)).subspan(64));
       }},
  };
  const Client client{make_credential(), make_credential()};
  const auto lacking = co_await without_client_control(probe, offer_of(probe, client));
  if (lacking) co_return *lacking;
  for (const Content& each : kContents) {
    const auto make = each.make;
    engine::Config offer = offer_with_proof(
        probe, client, [&client, make](CertificateVerify& proof, const engine::Exchange& told) {
          const Bytes content = make(handshake_hash(told, told.messages));
          proof.signature = sign(proof.algorithm, client.ours->key, content).value_or(Bytes());
        });
    const Tried tried = co_await try_engine(probe, std::move(offer));
    probe.part(std::string(each.name), tried.ending);
  }
  co_return probe.worst();
}

constexpr TlsVersion k12 = TlsVersion::tls12;
constexpr TlsVersion k13 = TlsVersion::tls13;

constexpr Check kChecks[] = {
    {.id = "integrity.clientauth.verify_missing",
     .title = "A client certificate without CertificateVerify is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.4.2", "RFC 8446 §4.4.3", "RFC 5246 §7.4.8", "CVE-2022-25640",
                 "RFC 9846 §4.5.1", "RFC 9846 §4.5.2"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .traits = {Trait::intrusive},
     .setup = {.client_certificates = true},
     .run = verify_missing,
     .steps = "Where a certificate is asked for: one, no CertificateVerify, and a Finished that "
              "agrees with that.",
     .accepts = {kUnexpectedMessage, kRefusedOtherwise},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"needs_no_certificate_verify", ending::carried_on}},
     .liberties = {{"refuses_by_other_alert", kRefusedOtherwise, {}, k12},
                   {"refuses_by_close", kRefusedOtherwise, {}, k12},
                   {"refuses_by_other_alert", kInternalError, {}, k13}}},
    {.id = "integrity.clientauth.verify_bit_flip",
     .title = "A CertificateVerify whose signature is wrong is refused with decrypt_error",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.4.3", "RFC 5246 §7.4.8", "RFC 9846 §4.5.2"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .setup = {.client_certificates = true},
     .run = verify_bit_flip,
     .steps = "Where a certificate is asked for: one with a signature by another key of its kind; "
              "with one bit flipped at its beginning, in its middle, at its end; one octet short, "
              "one long, empty, of zeros.",
     .accepts = {kDecryptError, kRefusedAsMalformed, kRefusedOtherwise},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"takes_any_signature", ending::carried_on}},
     .liberties = {{"refuses_by_decode_error", kRefusedOtherwise, {}, k12},
                   {"refuses_by_close", kRefusedOtherwise, {}, k12},
                   {"refuses_by_other_alert", kInternalError, {}, k13}}},
    {.id = "integrity.clientauth.verify_wrong_content",
     .title = "A CertificateVerify over other content than this client's handshake is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.4.3", "RFC 9846 §4.5.2"},
     .scope = {.version = VersionScope::tls13, .layer = Layer::tls},
     .setup = {.client_certificates = true},
     .run = verify_wrong_content,
     .steps = "Where a certificate is asked for: one with a signature over the content of a "
              "server's proof, over a changed transcript, over content without its spaces.",
     .accepts = {kDecryptError},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"takes_any_signature", ending::carried_on},
                  {"takes_proof_of_server", ending::carried_on}},
     .liberties = {{"many_tickets", kDecryptError},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> clientauth() { return kChecks; }

}  // namespace assay::suites
