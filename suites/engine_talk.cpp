#include "suites/engine_talk.h"

#include <fmt/format.h>

#include <utility>

namespace assay::suites {
namespace {

/// Why our own end refused, for the report.
void explain_refusal(Probe& probe, const Event& event) {
  if (const auto* failure = std::get_if<LocalFailure>(&event)) {
    probe.explain("our end refused: " + failure->reason);
  }
}

}  // namespace

Task<Secured> secure_by_engine(Dialogue& dialogue, engine::Config offer) {
  Secured result;
  auto client = dialogue.probe().engine_client(std::move(offer));
  result.end = client.get();
  result.secured = co_await dialogue.secure(std::move(client));
  co_return result;
}

Task<Engaged> engaged(Probe& probe, engine::Config offer, Probe::Wrap wrap) {
  Engaged result;
  result.dialogue = co_await approached(probe, std::move(wrap));
  if (!result.dialogue) co_return result;
  const Secured met = co_await secure_by_engine(*result.dialogue, std::move(offer));
  result.end = met.end;
  result.secured = met.secured;
  co_return result;
}

Task<Engaged> settled(Probe& probe, engine::Config offer) {
  Engaged met = co_await engaged(probe, std::move(offer));
  if (!met.secured) co_return met;
  met.secured = co_await met.dialogue->settle();
  co_return met;
}

Task<Ending> carries_on(Dialogue& dialogue) {
  // Behind TLS that came first the greeting may be under way before the subject has judged us.
  if (dialogue.probe().endpoint().access == Access::implicit && dialogue.greets()) {
    const Answer greeting = co_await dialogue.answer();
    if (!greeting.came()) co_return ending_of(greeting);
  }
  const MarkerResult marker = co_await dialogue.marker();
  if (marker.answered) co_return ending::carried_on;
  co_return marker.first.came() ? ending::unexpected_reply : ending_of(marker.first);
}

Task<Tried> try_engine(Probe& probe, engine::Config offer, Probe::Wrap wrap) {
  Tried tried;
  const Engaged met = co_await engaged(probe, std::move(offer), std::move(wrap));
  if (!met.dialogue) {
    tried.ending = probe.lost();
    co_return tried;
  }
  tried.began = true;
  if (met.secured) {
    tried.agreement = *met.dialogue->link().agreement();
    tried.ending = co_await carries_on(*met.dialogue);
  } else {
    explain_refusal(probe, met.dialogue->handshake_event());
    tried.ending = ending_of(met.dialogue->handshake_event());
  }
  tried.exchange = met.end->exchange();
  tried.sessions = met.end->take_sessions();
  if (tried.ending == ending::carried_on) met.dialogue->leave();
  co_return tried;
}

Task<std::optional<Ending>> without_control(Probe& probe, engine::Config offer) {
  const Tried control = co_await try_engine(probe, std::move(offer));
  if (!control.began) co_return control.ending;
  if (control.ending == ending::carried_on) co_return std::nullopt;
  co_return probe.inconclusive(
      fmt::format("a plain handshake of our own engine ended {}", control.ending.slug));
}

Task<std::optional<Ending>> unless_carries_on(Probe& probe, engine::Config offer,
                                              std::string what) {
  const Tried control = co_await try_engine(probe, std::move(offer));
  if (!control.began) co_return control.ending;
  if (control.ending == ending::carried_on) co_return std::nullopt;
  co_return probe.inapplicable(fmt::format("{}: {}", what, control.ending.slug));
}

std::optional<ServerHello> server_hello(const engine::Exchange& exchange) {
  std::optional<ServerHello> last;
  for (const engine::Said& said : exchange.messages) {
    if (said.type != HandshakeType::server_hello) continue;
    auto hello = decode<ServerHello>(said.body());
    if (hello && !hello->is_hello_retry_request()) last = std::move(hello.message);
  }
  return last;
}

std::optional<Extension> answered_extension(const engine::Exchange& exchange, std::uint16_t type) {
  const auto hello = server_hello(exchange);
  if (!hello) return std::nullopt;
  std::vector<Extension> answer = hello->extensions;
  if (hello->version() == static_cast<std::uint16_t>(TlsVersion::tls13)) {
    const engine::Said* said = exchange.last(HandshakeType::encrypted_extensions);
    if (said == nullptr) return std::nullopt;
    const auto message = decode<EncryptedExtensions>(said->body());
    if (!message) return std::nullopt;
    answer = message->extensions;
  }
  const Extension* found = find_extension(answer, type);
  return found == nullptr ? std::nullopt : std::optional<Extension>(*found);
}

std::vector<std::uint16_t> suites_by(KeyExchangeKind kind) {
  std::vector<std::uint16_t> values;
  for (const CipherSuite& each : cipher_suites()) {
    const bool sound =
        each.aead || each.bulk == BulkCipher::aes_128_cbc || each.bulk == BulkCipher::aes_256_cbc;
    if (!each.tls13 && each.key_exchange == kind && sound) values.push_back(each.value);
  }
  return values;
}

bool is_refusal(Ending ending) {
  return is_alert(ending) || ending == ending::closed_without_alert;
}

}  // namespace assay::suites
