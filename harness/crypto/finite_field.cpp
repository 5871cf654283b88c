#include "harness/crypto/finite_field.h"

#include "harness/crypto/bignum.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <array>
#include <utility>

namespace assay {
namespace {

using crypto::OwnedNumber;
using crypto::require;

constexpr int kMaximumBits = 16'384;

/// RFC 7919 §5.2 and §A: what an exponent needs, by the bits of p. It is twice the strength of the
/// group; an exponent as long as p would take nine times the time, and more in larger groups.
int exponent_bits(int modulus_bits) {
  if (modulus_bits <= 2048) return 225;
  if (modulus_bits <= 3072) return 275;
  if (modulus_bits <= 4096) return 325;
  return modulus_bits <= 6144 ? 375 : 400;
}

/// Nothing when there is to be no arithmetic with it.
OwnedNumber usable_modulus(View p) {
  if (p.size() > 0xffff) return nullptr;
  OwnedNumber number = crypto::number_of(p);
  if (BN_num_bits(number.get()) > kMaximumBits) return nullptr;
  return BN_get_word(number.get()) < 5 ? nullptr : std::move(number);  // all ones when it is longer
}

OwnedNumber power(const BIGNUM* base, BIGNUM* exponent, const BIGNUM* p) {
  // libcrypto's way of equal time is Montgomery's, for odd moduli only.
  if (BN_is_odd(p) == 1) BN_set_flags(exponent, BN_FLG_CONSTTIME);
  OwnedNumber result = crypto::new_number();
  require(BN_mod_exp(result.get(), base, exponent, p, crypto::new_number_context().get()) == 1,
          "a power");
  return result;
}

OwnedNumber private_exponent(const BIGNUM* p) {
  OwnedNumber exponent = crypto::new_number();
  const int bits = exponent_bits(BN_num_bits(p));
  if (BN_num_bits(p) > bits) {
    require(BN_priv_rand(exponent.get(), bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1,
            "an exponent");
    return exponent;
  }
  // From 2 to p - 2.
  const OwnedNumber range(BN_dup(p));
  require(range != nullptr && BN_sub_word(range.get(), 3) == 1, "a range");
  require(BN_priv_rand_range(exponent.get(), range.get()) == 1, "an exponent");
  require(BN_add_word(exponent.get(), 2) == 1, "an exponent");
  return exponent;
}

/// Nothing when the peer's value is out of its range.
OwnedNumber secret_of(View p_octets, View exponent_octets, View peer_value) {
  if (peer_value.size() > 0xffff) return nullptr;
  const OwnedNumber p = crypto::number_of(p_octets);
  const OwnedNumber y = crypto::number_of(peer_value);
  const OwnedNumber last(BN_dup(p.get()));
  require(last != nullptr && BN_sub_word(last.get(), 1) == 1, "p - 1");
  // RFC 7919 §5.1: 1 < Y < p - 1, or the secret is in a group of two.
  if (BN_cmp(y.get(), BN_value_one()) <= 0 || BN_cmp(y.get(), last.get()) >= 0) return nullptr;
  return power(y.get(), crypto::number_of(exponent_octets).get(), p.get());
}

FiniteField fetch_field(const char* name) {
  const crypto::OwnedPkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "DH", nullptr));
  require(context != nullptr, "DH");
  require(EVP_PKEY_paramgen_init(context.get()) == 1, "DH parameters");
  require(EVP_PKEY_CTX_set_group_name(context.get(), name) == 1, name);
  EVP_PKEY* made = nullptr;
  require(EVP_PKEY_generate(context.get(), &made) == 1, name);
  const crypto::OwnedPkey parameters(made);
  BIGNUM* p = nullptr;
  require(EVP_PKEY_get_bn_param(made, OSSL_PKEY_PARAM_FFC_P, &p) == 1, name);
  const OwnedNumber owned(p);
  // RFC 7919 §A: every generator is 2.
  return {crypto::octets_of(p, crypto::octets_in(p)), {2}};
}

}  // namespace

const FiniteField* find_field(std::uint16_t group) {
  static const std::array<FiniteField, 3> kFields{
      fetch_field("ffdhe2048"), fetch_field("ffdhe3072"), fetch_field("ffdhe4096")};
  return group >= 0x0100 && group <= 0x0102 ? &kFields[group - std::size_t{0x0100}] : nullptr;
}

Modulus kind_of_modulus(View p) {
  const OwnedNumber number = usable_modulus(p);
  if (number == nullptr) return Modulus::composite;
  const crypto::OwnedNumberContext context = crypto::new_number_context();
  const auto prime = [&] {
    const int found = BN_check_prime(number.get(), context.get(), nullptr);
    require(found >= 0, "a test for primes");
    return found == 1;
  };
  if (!prime()) return Modulus::composite;
  require(BN_rshift1(number.get(), number.get()) == 1, "a half");
  return prime() ? Modulus::safe_prime : Modulus::prime;
}

FiniteFieldKey::FiniteFieldKey(Bytes p, Bytes exponent, Bytes share)
    : p_(std::move(p)), exponent_(std::move(exponent)), share_(std::move(share)) {}

std::optional<FiniteFieldKey> FiniteFieldKey::generate(const FiniteField& field) {
  const OwnedNumber p = usable_modulus(field.p);
  if (p == nullptr) return std::nullopt;
  const OwnedNumber exponent = private_exponent(p.get());
  return of_private(field, crypto::octets_of(exponent.get(), crypto::octets_in(exponent.get())));
}

std::optional<FiniteFieldKey> FiniteFieldKey::of_private(const FiniteField& field, View exponent) {
  const OwnedNumber p = usable_modulus(field.p);
  if (p == nullptr || field.g.size() > 0xffff || exponent.size() > kMaximumBits / 8) {
    return std::nullopt;
  }
  const OwnedNumber share =
      power(crypto::number_of(field.g).get(), crypto::number_of(exponent).get(), p.get());
  const std::size_t size = crypto::octets_in(p.get());
  return FiniteFieldKey(crypto::octets_of(p.get(), size), bytes_of(exponent),
                        crypto::octets_of(share.get(), size));
}

std::optional<Bytes> FiniteFieldKey::agree_padded(View peer_value) const {
  const OwnedNumber secret = secret_of(p_, exponent_, peer_value);
  if (secret == nullptr) return std::nullopt;
  // RFC 8446 §7.4.1: the secret is padded with zeros up to the size of the prime.
  return crypto::octets_of(secret.get(), p_.size());
}

Bytes FiniteFieldKey::agree_unchecked(View peer_value) const {
  const OwnedNumber secret = power(
      crypto::number_of(peer_value.first(std::min<std::size_t>(peer_value.size(), 0xffff))).get(),
      crypto::number_of(exponent_).get(), crypto::number_of(p_).get());
  return crypto::octets_of(secret.get(), crypto::octets_in(secret.get()));
}

std::optional<Bytes> FiniteFieldKey::agree_stripped(View peer_value) const {
  const OwnedNumber secret = secret_of(p_, exponent_, peer_value);
  if (secret == nullptr) return std::nullopt;
  // RFC 5246 §8.1.2: leading octets that are all zero are stripped.
  return crypto::octets_of(secret.get(), crypto::octets_in(secret.get()));
}

}  // namespace assay
