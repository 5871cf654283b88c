// Faults and liberties of a server's TLS around the order of the handshake: Finished,
// ChangeCipherSpec, messages before their turn. Shown by our own engine.
#include "harness/crypto/signature.h"
#include "harness/engine/config.h"
#include "harness/wire/alert.h"
#include "harness/wire/certificate.h"
#include "suites/craft.h"
#include "suites/faults/engine_hooks.h"

#include <algorithm>
#include <memory>
#include <set>

namespace assay::faults {
namespace {

using engine::Exchange;
using suites::client_keys12;
using suites::client_verify_data;

bool is_finished(View message) {
  return message[0] == static_cast<std::uint8_t>(HandshakeType::finished);
}
bool has_type(View record, ContentType type) {
  return record[0] == static_cast<std::uint8_t>(type);
}
bool tls13(const Exchange& told) { return told.version == TlsVersion::tls13; }
bool awaits_finished(const Exchange& told) { return told.client_verify_data.empty(); }

/// The Finished that is due; empty before there are secrets.
Bytes due_verify_data(const Exchange& told) {
  const Bytes& secret = tls13(told) ? told.secrets.client_handshake : told.master_secret;
  return secret.empty() ? Bytes() : client_verify_data(told, told.messages);
}

/// What the client writes its Finished with; in the clear before that is known.
RecordKeys handshake_keys(const Exchange& told) {
  if (!tls13(told)) {
    return told.master_secret.empty() ? RecordKeys() : client_keys12(told, told.master_secret);
  }
  const Bytes& secret = told.secrets.client_handshake;
  return secret.empty() ? RecordKeys()
                        : RecordKeys::of_traffic_secret(*find_suite(told.suite), secret);
}

/// Whether a record is one of the client's second flight, however small its records are.
bool is_protected_handshake(View record, const Exchange& told) {
  const RecordKeys keys = handshake_keys(told);
  if (keys.clear()) return false;
  for (std::uint64_t number = 0; number < 64; ++number) {
    if (keys.open(record, number)) return true;
  }
  return false;
}

/// Data of the application where Finished is due: that Finished is made up in front of it.
void make_up_finished(std::vector<Bytes>& records, const Exchange& told) {
  const View record = records.front();
  if (!has_type(record, ContentType::application_data) || !awaits_finished(told)) return;
  const Bytes verify_data = due_verify_data(told);
  if (verify_data.empty()) return;
  const RecordKeys keys = handshake_keys(told);
  const Opened finished{static_cast<std::uint8_t>(ContentType::handshake),
                        compose_handshake(HandshakeType::finished, verify_data), 0};
  if (tls13(told)) {
    if (is_protected_handshake(record, told)) return;
    records.insert(records.begin(), keys.seal(finished, 0));
    return;
  }
  // TLS 1.2: one key for both, so what came takes the next number.
  const auto data = keys.open(record, 0);
  if (data) records = {keys.seal(finished, 0), keys.seal(*data, 1)};
}

void drop_plain_data(std::vector<Bytes>& records, const Exchange& told) {
  const View record = records.front();
  if (!has_type(record, ContentType::application_data) || !awaits_finished(told)) return;
  // TLS 1.3: what is protected looks the same from outside, but not like text.
  const View content = record.subspan(kRecordHeaderSize);
  const bool text = std::ranges::all_of(
      content, [](std::uint8_t octet) { return octet >= 0x20 && octet < 0x7f; });
  if (!tls13(told) || text) records.clear();
}

void drop_wrong_finished(Bytes& message, const Exchange& told) {
  if (is_finished(message) && !equal(View(message).subspan(4), due_verify_data(told))) {
    message.clear();
  }
}

void drop_second_hello(Bytes& message, const Exchange& told) {
  const bool hello = message[0] == static_cast<std::uint8_t>(HandshakeType::client_hello);
  if (hello && told.last(HandshakeType::client_hello) != nullptr) message.clear();
}

/// Half of it is right: so is the other half.
void complete_finished(Bytes& message, const Exchange& told) {
  if (!is_finished(message)) return;
  const Bytes due = due_verify_data(told);
  const View body = View(message).subspan(4);
  if (body.size() != due.size()) return;
  const std::size_t half = due.size() / 2;
  const bool begins_right = equal(body.first(half), View(due).first(half));
  const bool ends_right = equal(body.subspan(half), View(due).subspan(half));
  if (begins_right || ends_right) message = compose_handshake(HandshakeType::finished, due);
}

/// The server's own order of TLS 1.2, with more in it.
engine::Order wider_order12(engine::State at, engine::Token comes) {
  static std::vector<std::unique_ptr<std::vector<engine::Turn>>> made;
  const engine::Order honest = engine::server_order12();
  auto& table =
      *made.emplace_back(std::make_unique<std::vector<engine::Turn>>(honest.begin(), honest.end()));
  table.push_back({at, comes});
  return table;
}

/// RFC 8446 §D.4: a client in compatibility mode sends a session id.
bool wants_compatibility(const Exchange& told) {
  const auto hello = decode<ClientHello>(told.messages.front().body());
  return hello && !hello->legacy_session_id.empty();
}

/// RFC 8446 §A.2 without CertificateVerify.
constexpr engine::Turn on(engine::State at, HandshakeType comes) {
  return {at, engine::token_of(comes)};
}
constexpr engine::Turn kOrderWithoutProof[] = {
    on(engine::State::client_hello, HandshakeType::client_hello),
    on(engine::State::second_client_hello, HandshakeType::client_hello),
    on(engine::State::certificate, HandshakeType::certificate),
    on(engine::State::certificate_verify, HandshakeType::finished),
    on(engine::State::finished, HandshakeType::finished),
    {engine::State::connected, engine::Token::application_data},
};

/// A proof that neither a client nor a server would have made is cut, to have it refused.
void refuse_proof_of_nobody(Bytes& message, const Exchange& told) {
  if (message[0] != static_cast<std::uint8_t>(HandshakeType::certificate_verify)) return;
  const engine::Said* said = told.last(HandshakeType::certificate);
  const auto chain = decode<Certificate13>(said->body());
  const auto proof = decode<CertificateVerify>(View(message).subspan(4));
  if (!tls13(told) || !chain || !proof || chain->certificate_list.empty()) return;
  const auto key = PublicKey::from_certificate(chain->certificate_list.front().cert_data);
  if (!key) return;
  const Bytes hash = suites::handshake_hash(told, told.messages);
  for (const Signer signer : {Signer::client, Signer::server}) {
    if (verify(proof->algorithm, *key, content_to_sign(signer, hash), proof->signature,
               EcdsaCurve::of_scheme) == Verified::good) {
      return;
    }
  }
  message = compose_handshake(HandshakeType::certificate_verify, {});
}

/// RFC 8446 §5: what is made of one in TLS 1.3 to have it refused.
Bytes refusable_change_cipher_spec() {
  return compose_record(ContentType::change_cipher_spec, Bytes{2});
}

constexpr NamedFault kFaults[] = {
    {.name = "takes_any_finished",
     .summary = "A Finished is taken whatever is in it",
     .apply = takes<Sin::finished_wrong>},
    {.name = "compares_what_came_of_finished",
     .summary = "A Finished that is shorter than it should be is compared as far as it goes",
     .apply = takes<Sin::finished_prefix>},
    {.name = "compares_half_of_finished",
     .summary = "A Finished is taken when one of its halves is right",
     .apply =
         [](Faults& faults) {
           on_engine(faults,
                     [](engine::Config& config) { config.reception.message = complete_finished; });
         }},
    {.name = "goes_on_without_finished",
     .summary = "Data of the application is acted on although the client's Finished has not come",
     .apply =
         [](Faults& faults) {
           on_engine(faults,
                     [](engine::Config& config) { config.reception.sealed = make_up_finished; });
         }},
    {.name = "passes_over_plain_data",
     .summary = "Data of the application in the clear is passed over during the handshake",
     .apply =
         [](Faults& faults) {
           on_engine(faults,
                     [](engine::Config& config) { config.reception.sealed = drop_plain_data; });
         }},
    {.name = "passes_over_wrong_finished",
     .summary = "A Finished that is wrong, or comes before its turn, is passed over",
     .apply =
         [](Faults& faults) {
           on_engine(faults, [](engine::Config& config) {
             config.tolerated.set(Sin::record_unprotected);
             config.reception.message = drop_wrong_finished;
           });
         }},
    {.name = "passes_over_second_hello",
     .summary = "A second ClientHello is passed over during the handshake",
     .apply =
         [](Faults& faults) {
           on_engine(faults, [](engine::Config& config) {
             config.tolerated.set(Sin::record_unprotected);
             config.reception.message = drop_second_hello;
           });
         }},
    {.name = "restarts_at_second_hello",
     .summary = "In TLS 1.2 a second ClientHello is answered by a second ServerHello",
     .apply =
         [](Faults& faults) {
           on_engine(faults, [](engine::Config& config) {
             config.order12 = wider_order12(engine::State::client_key_exchange,
                                            engine::token_of(HandshakeType::client_hello));
           });
         }},
    {.name = "takes_early_change_cipher_spec",
     .summary = "In TLS 1.2 a ChangeCipherSpec is taken where ClientKeyExchange is due, with keys "
                "of an empty premaster secret",
     .apply =
         [](Faults& faults) {
           on_engine(faults, [](engine::Config& config) {
             config.order12 = wider_order12(engine::State::client_key_exchange,
                                            engine::Token::change_cipher_spec);
           });
         }},
    {.name = "needs_no_certificate_verify",
     .summary = "A client's certificate is taken without a proof that it has the key",
     .apply =
         [](Faults& faults) {
           on_engine(faults, [](engine::Config& config) {
             config.order12 = wider_order12(engine::State::certificate_verify,
                                            engine::Token::change_cipher_spec);
             config.order13 = kOrderWithoutProof;
           });
         }},
    {.name = "takes_any_signature",
     .summary = "A client's CertificateVerify is taken whatever its signature",
     .apply = takes<Sin::signature_wrong>},
    {.name = "takes_proof_of_server",
     .summary = "In TLS 1.3 a client's CertificateVerify may be one of a server",
     .apply =
         [](Faults& faults) {
           on_engine(faults, [](engine::Config& config) {
             config.tolerated.set(Sin::signature_wrong);
             config.reception.message = refuse_proof_of_nobody;
           });
         }},
    {.name = "takes_any_change_cipher_spec",
     .summary = "A ChangeCipherSpec is taken whatever is in it",
     .apply = takes<Sin::change_cipher_spec_value>},
    {.name = "refuses_unasked_change_cipher_spec",
     .summary = "In TLS 1.3 a ChangeCipherSpec is refused when the ClientHello has no session id",
     .apply =
         [](Faults& faults) {
           on_engine(faults, [](engine::Config& config) {
             config.reception.sealed = [](std::vector<Bytes>& records, const Exchange& told) {
               const bool one = has_type(records.front(), ContentType::change_cipher_spec);
               if (one && tls13(told) && !wants_compatibility(told)) {
                 records.front() = refusable_change_cipher_spec();
               }
             };
           });
         }},
    {.name = "requires_change_cipher_spec",
     .summary = "In TLS 1.3 a client that sends no ChangeCipherSpec is refused",
     .apply =
         [](Faults& faults) {
           on_engine(faults, [](engine::Config& config) {
             // Shared by the connections of a listener; a client is known by its random.
             const auto sent = std::make_shared<std::set<Bytes>>();
             config.reception.sealed = [sent](std::vector<Bytes>& records, const Exchange& told) {
               if (!tls13(told) || !awaits_finished(told)) return;
               if (has_type(records.front(), ContentType::change_cipher_spec)) {
                 sent->insert(told.client_random);
               } else if (has_type(records.front(), ContentType::application_data) &&
                          !sent->contains(told.client_random)) {
                 records.front() = refusable_change_cipher_spec();
               }
             };
           });
         }},
    {.name = "refuses_clear_records_by_mac",
     .kind = NamedFault::Kind::liberty,
     .summary =
         "In TLS 1.3 a record in the clear is refused by bad_record_mac where there are keys",
     .apply =
         [](Faults& faults) {
           on_engine(faults, [](engine::Config& config) {
             config.reception.sealed = [](std::vector<Bytes>& records, const Exchange& told) {
               const bool keys = tls13(told) && !told.secrets.client_handshake.empty();
               if (keys && has_type(records.front(), ContentType::handshake)) {
                 records.front()[0] = static_cast<std::uint8_t>(ContentType::application_data);
               }
             };
           });
         }},
};

}  // namespace

std::span<const NamedFault> engine_order() { return kFaults; }

}  // namespace assay::faults
