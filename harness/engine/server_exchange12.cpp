#include "harness/engine/server_exchange12.h"

#include "harness/crypto/rsa_transport.h"
#include "harness/crypto/signature.h"
#include "harness/engine/shares.h"
#include "harness/wire/alert.h"
#include "harness/wire/key_exchange.h"

#include <utility>

namespace assay::engine {
namespace {

constexpr std::size_t kPremasterSize = 48;

template <typename Params>
Bytes signed_body(const Core& core, const HelloChoice12& choice, Params params) {
  ServerKeyExchange<Params> message;
  message.params = std::move(params);
  message.algorithm = choice.scheme;
  message.signature = sign(choice.scheme, choice.credential->key,
                           signed_params(core.exchange(), encode(message.params)))
                          .value_or(Bytes());
  return encode(message);
}

/// RFC 8422 §5.11, RFC 7919 §5.1.
std::optional<Bytes> or_zeros(Core& core, std::optional<Bytes> secret) {
  if (!core.require(secret.has_value(), Sin::key_share_invalid, alert::kIllegalParameter,
                    "a public value that is no element of its group")) {
    return std::nullopt;
  }
  return secret ? std::move(*secret) : Bytes(32);
}

/// RFC 5246 §7.4.7.1: whatever is wrong inside, go on with chance and fail at the Finished.
Bytes transported(Core& core, const HelloChoice12& choice, std::uint16_t offered, View encrypted) {
  Bytes chance = core.chance().bytes(kPremasterSize);
  if (choice.credential == nullptr) return chance;
  auto secret = rsa_decrypt_pkcs1(choice.credential->key, encrypted);
  if (!secret || secret->size() != kPremasterSize) return chance;
  const auto version = static_cast<std::uint16_t>((*secret)[0] << 8 | (*secret)[1]);
  const bool right = version == offered || core.config().tolerated.has(Sin::premaster_version);
  return right ? std::move(*secret) : std::move(chance);
}

}  // namespace

Bytes ServerExchange12::body(Core& core, const HelloChoice12& choice) {
  core.told().group = choice.group;
  if (is_ecdhe(*choice.terms.suite)) {
    share_ = new_share(core.config(), choice.group);
    return signed_body(core, choice,
                       EcdhParams{kNamedCurve, choice.group, bytes_of(share_->share())});
  }
  const FiniteField& field = *find_field(choice.group);
  field_key_ = FiniteFieldKey::generate(field);
  return signed_body(core, choice, DhParams{field.p, field.g, bytes_of(field_key_->share())});
}

std::optional<Bytes> ServerExchange12::premaster(Core& core, const HelloChoice12& choice,
                                                 std::uint16_t offered, View client_body) const {
  if (is_ecdhe(*choice.terms.suite)) {
    const auto message = core.read<EcdhPublic>(client_body);
    if (!message) return std::nullopt;
    return or_zeros(core, share_ ? share_->agree(message->public_point) : std::nullopt);
  }
  const auto message = core.read<LongPublic>(client_body);
  if (!message) return std::nullopt;
  if (is_dhe(*choice.terms.suite)) return over_field(core, message->value);
  return transported(core, choice, offered, message->value);
}

/// RFC 7919 §5.1. An end that does not look computes a secret that anybody can guess.
std::optional<Bytes> ServerExchange12::over_field(Core& core, View value) const {
  if (!field_key_) return or_zeros(core, std::nullopt);
  auto secret = field_key_->agree_stripped(value);
  if (!core.require(secret.has_value(), Sin::key_share_invalid, alert::kIllegalParameter,
                    "a public value outside its field")) {
    return std::nullopt;
  }
  return secret ? std::move(*secret) : field_key_->agree_unchecked(value);
}

}  // namespace assay::engine
