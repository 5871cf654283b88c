#include "harness/crypto/key_exchange.h"

#include "harness/crypto/agreement.h"
#include "harness/crypto/evp.h"
#include "harness/crypto/finite_field.h"
#include "harness/crypto/mlkem.h"

#include <openssl/rand.h>

#include <memory>
#include <utility>

namespace assay {
namespace {

using crypto::Agreement;
using crypto::OwnedAgreement;
using enum crypto::MontgomeryCurve;
using enum crypto::WeierstrassCurve;

constexpr std::size_t kX25519Size = 32;
constexpr std::uint16_t kX25519MlKem768 = 0x11ec;

constexpr NamedGroup kGroups[] = {
    // RFC 8446 §4.2.7 and §4.2.8.2
    {0x0017, "secp256r1", 65, 65},
    {0x0018, "secp384r1", 97, 97},
    {0x0019, "secp521r1", 133, 133},
    {0x001d, "x25519", kX25519Size, kX25519Size},
    {0x001e, "x448", 56, 56},
    // RFC 7919 §2 and RFC 8446 §4.2.8.1
    {0x0100, "ffdhe2048", 256, 256},
    {0x0101, "ffdhe3072", 384, 384},
    {0x0102, "ffdhe4096", 512, 512},
    // draft-ietf-tls-ecdhe-mlkem §4.1 and §4.2
    {kX25519MlKem768, "X25519MLKEM768", kMlKem768EncapsulationKeySize + kX25519Size,
     kMlKem768CiphertextSize + kX25519Size},
};

Bytes chance(std::size_t size) {
  Bytes octets(size);
  crypto::require(RAND_priv_bytes(octets.data(), static_cast<int>(size)) == 1, "random octets");
  return octets;
}

Bytes joined(Bytes first, View second) {
  append(first, second);
  return first;
}

class FiniteFieldAgreement : public Agreement {
 public:
  explicit FiniteFieldAgreement(FiniteFieldKey key) : key_(std::move(key)) {}

  [[nodiscard]] View share() const override { return key_.share(); }
  [[nodiscard]] std::optional<Bytes> agree(View peer_share) const override {
    // RFC 8446 §4.2.8.1: a share has as many octets as p.
    if (peer_share.size() != share().size()) return std::nullopt;
    return key_.agree_padded(peer_share);
  }

 private:
  FiniteFieldKey key_;
};

// draft-ietf-tls-ecdhe-mlkem §4.1, §4.2 and §4.3: in share, answer and secret alike, ML-KEM's part
// stands before X25519's.
class HybridAgreement : public Agreement {
 public:
  HybridAgreement(MlKem768Key key, OwnedAgreement x25519_agreement)
      : decapsulation_key_(std::move(key.decapsulation_key)),
        x25519_(std::move(x25519_agreement)),
        share_(joined(std::move(key.encapsulation_key), x25519_->share())) {}

  [[nodiscard]] View share() const override { return share_; }
  [[nodiscard]] std::optional<Bytes> agree(View peer_share) const override {
    if (peer_share.size() != kMlKem768CiphertextSize + kX25519Size) return std::nullopt;
    auto first =
        mlkem768_decapsulate(decapsulation_key_, peer_share.first(kMlKem768CiphertextSize));
    const auto second = x25519_->agree(peer_share.last(kX25519Size));
    if (!first || !second) return std::nullopt;
    return joined(*std::move(first), *second);
  }

 private:
  Bytes decapsulation_key_;
  OwnedAgreement x25519_;
  Bytes share_;
};

OwnedAgreement generate_hybrid() {
  return std::make_unique<HybridAgreement>(
      mlkem768_generate(chance(kMlKemSeedSize), chance(kMlKemSeedSize)), generate_on(x25519));
}

OwnedAgreement generate_in_field(const FiniteField& field) {
  auto key = FiniteFieldKey::generate(field);
  return key ? std::make_unique<FiniteFieldAgreement>(*std::move(key)) : nullptr;
}

OwnedAgreement generate_agreement(std::uint16_t group) {
  switch (group) {
    case 0x0017:
      return generate_on(secp256r1);
    case 0x0018:
      return generate_on(secp384r1);
    case 0x0019:
      return generate_on(secp521r1);
    case 0x001d:
      return generate_on(x25519);
    case 0x001e:
      return generate_on(x448);
    case kX25519MlKem768:
      return generate_hybrid();
    default:
      break;
  }
  const FiniteField* const field = find_field(group);
  return field == nullptr ? nullptr : generate_in_field(*field);
}

OwnedAgreement private_agreement(std::uint16_t group, View private_key) {
  switch (group) {
    case 0x0017:
      return private_on(secp256r1, private_key);
    case 0x0018:
      return private_on(secp384r1, private_key);
    case 0x0019:
      return private_on(secp521r1, private_key);
    case 0x001d:
      return private_on(x25519, private_key);
    case 0x001e:
      return private_on(x448, private_key);
    default:
      return nullptr;
  }
}

std::optional<AnsweredShare> answer_hybrid(View client_share) {
  if (client_share.size() != kMlKem768EncapsulationKeySize + kX25519Size) return std::nullopt;
  // draft-ietf-tls-ecdhe-mlkem §4.2: the server checks the encapsulation key as FIPS 203 §7.2 has
  // it.
  auto encapsulated = mlkem768_encapsulate(client_share.first(kMlKem768EncapsulationKeySize),
                                           chance(kMlKemSeedSize));
  if (!encapsulated) return std::nullopt;
  const OwnedAgreement own = generate_on(x25519);
  const auto second = own->agree(client_share.last(kX25519Size));
  if (!second) return std::nullopt;
  return AnsweredShare{joined(std::move(encapsulated->ciphertext), own->share()),
                       joined(std::move(encapsulated->shared_secret), *second)};
}

}  // namespace

std::span<const NamedGroup> named_groups() { return kGroups; }

const NamedGroup* find_group(std::uint16_t value) {
  for (const NamedGroup& group : kGroups) {
    if (group.value == value) return &group;
  }
  return nullptr;
}

KeyShare::KeyShare(std::unique_ptr<const Agreement> agreement) : agreement_(std::move(agreement)) {}
KeyShare::KeyShare(KeyShare&&) noexcept = default;
KeyShare& KeyShare::operator=(KeyShare&&) noexcept = default;
KeyShare::~KeyShare() = default;

std::optional<KeyShare> KeyShare::generate(std::uint16_t group) {
  OwnedAgreement agreement = generate_agreement(group);
  if (agreement == nullptr) return std::nullopt;
  return KeyShare(std::move(agreement));
}

std::optional<KeyShare> KeyShare::of_private(std::uint16_t group, View private_key) {
  OwnedAgreement agreement = private_agreement(group, private_key);
  if (agreement == nullptr) return std::nullopt;
  return KeyShare(std::move(agreement));
}

View KeyShare::share() const { return agreement_->share(); }

std::optional<Bytes> KeyShare::agree(View peer_share) const {
  return agreement_->agree(peer_share);
}

std::optional<AnsweredShare> answer_share(std::uint16_t group, View client_share) {
  if (group == kX25519MlKem768) return answer_hybrid(client_share);
  const OwnedAgreement own = generate_agreement(group);
  if (own == nullptr) return std::nullopt;
  auto secret = own->agree(client_share);
  if (!secret) return std::nullopt;
  return AnsweredShare{bytes_of(own->share()), *std::move(secret)};
}

}  // namespace assay
