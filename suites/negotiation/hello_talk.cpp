#include "suites/negotiation/hello_talk.h"

#include "harness/wire/certificate.h"
#include "harness/wire/key_exchange.h"

#include <fmt/format.h>

#include <utility>

namespace assay::suites {
namespace {

std::optional<ServerHello> hello_in(const engine::Said& said) {
  if (said.type != HandshakeType::server_hello) return std::nullopt;
  return decode<ServerHello>(said.body()).message;
}

template <typename Params>
std::optional<ServerKeyExchange<Params>> key_exchange_of(const engine::Exchange& exchange) {
  const engine::Said* said = exchange.last(HandshakeType::server_key_exchange);
  if (said == nullptr) return std::nullopt;
  return decode<ServerKeyExchange<Params>>(said->body()).message;
}

}  // namespace

std::optional<ServerHello> retry_of(const engine::Exchange& exchange) {
  for (const engine::Said& said : exchange.messages) {
    auto hello = hello_in(said);
    if (hello && hello->is_hello_retry_request()) return hello;
  }
  return std::nullopt;
}

std::size_t retries_in(const engine::Exchange& exchange) {
  std::size_t count = 0;
  for (const engine::Said& said : exchange.messages) {
    const auto hello = hello_in(said);
    if (hello && hello->is_hello_retry_request()) ++count;
  }
  return count;
}

std::optional<std::uint16_t> group_of(const ServerHello& hello) {
  const Extension* share = hello.find(extension::kKeyShare);
  if (share == nullptr || share->extension_data.size() < 2) return std::nullopt;
  const auto number = decode<Number16>(View(share->extension_data).first(2));
  return number->value;
}

std::optional<std::uint16_t> curve_of(const engine::Exchange& exchange) {
  const auto message = key_exchange_of<EcdhParams>(exchange);
  if (!message) return std::nullopt;
  return message->params.named_curve;
}

std::optional<std::uint16_t> scheme_of(const engine::Exchange& exchange) {
  if (const engine::Said* proof = exchange.last(HandshakeType::certificate_verify)) {
    const auto message = decode<CertificateVerify>(proof->body());
    if (message) return message->algorithm;
  }
  if (const auto curve = key_exchange_of<EcdhParams>(exchange)) return curve->algorithm;
  if (const auto field = key_exchange_of<DhParams>(exchange)) return field->algorithm;
  return std::nullopt;
}

Ending refusal_of(const Tried& tried) {
  return server_hello(tried.exchange) ? kHelloTaken : tried.ending;
}

Task<std::optional<Ending>> unless_both_versions(Probe& probe) {
  for (const TlsVersion version : {TlsVersion::tls12, TlsVersion::tls13}) {
    engine::Config offer = probe.engine_offer();
    offer.min_version = offer.max_version = version;
    const auto trouble = co_await unless_carries_on(
        probe, std::move(offer), fmt::format("an offer of {} alone", name_of(version)));
    if (trouble) co_return trouble;
  }
  co_return std::nullopt;
}

engine::Config offer_with(Probe& probe, HelloChange change) {
  engine::Config offer = probe.engine_offer();
  offer.emission.hello = std::move(change);
  return offer;
}

}  // namespace assay::suites
