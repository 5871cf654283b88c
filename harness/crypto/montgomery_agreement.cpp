#include "harness/crypto/agreement.h"
#include "harness/crypto/evp.h"

#include <openssl/err.h>
#include <openssl/rand.h>

#include <utility>

namespace assay::crypto {
namespace {

int type_of(MontgomeryCurve curve) {
  return curve == MontgomeryCurve::x448 ? EVP_PKEY_X448 : EVP_PKEY_X25519;
}

/// RFC 7748 §5: of private keys, shares and secrets alike.
std::size_t size_on(MontgomeryCurve curve) { return curve == MontgomeryCurve::x448 ? 56 : 32; }

class MontgomeryAgreement : public Agreement {
 public:
  MontgomeryAgreement(MontgomeryCurve curve, View private_key)
      : curve_(curve),
        key_(EVP_PKEY_new_raw_private_key(type_of(curve), nullptr, private_key.data(),
                                          private_key.size())),
        share_(size_on(curve)) {
    require(key_ != nullptr, "a private key");
    std::size_t size = share_.size();
    require(EVP_PKEY_get_raw_public_key(key_.get(), share_.data(), &size) == 1, "a public key");
  }

  [[nodiscard]] View share() const override { return share_; }
  [[nodiscard]] std::optional<Bytes> agree(View peer_share) const override;

 private:
  MontgomeryCurve curve_;
  OwnedPkey key_;
  Bytes share_;
};

std::optional<Bytes> MontgomeryAgreement::agree(View peer_share) const {
  if (peer_share.size() != size_on(curve_)) return std::nullopt;
  const OwnedPkey peer(
      EVP_PKEY_new_raw_public_key(type_of(curve_), nullptr, peer_share.data(), peer_share.size()));
  require(peer != nullptr, "a public key");
  const OwnedPkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
  require(context != nullptr && EVP_PKEY_derive_init(context.get()) == 1, "a key agreement");
  // RFC 7748 §5: every string of that size is a coordinate; there is nothing to validate.
  require(EVP_PKEY_derive_set_peer_ex(context.get(), peer.get(), 0) == 1, "a peer's key");
  Bytes secret(size_on(curve_));
  std::size_t size = secret.size();
  // RFC 8446 §7.4.2 and RFC 7748 §6: a result of zeros is refused; libcrypto looks for it.
  if (EVP_PKEY_derive(context.get(), secret.data(), &size) != 1) {
    ERR_clear_error();
    return std::nullopt;
  }
  return secret;
}

}  // namespace

OwnedAgreement generate_on(MontgomeryCurve curve) {
  // RFC 7748 §5: a private key is so many random octets; what is to be fixed in it, use fixes.
  Bytes private_key(size_on(curve));
  require(RAND_priv_bytes(private_key.data(), static_cast<int>(private_key.size())) == 1,
          "random octets");
  return std::make_unique<MontgomeryAgreement>(curve, private_key);
}

OwnedAgreement private_on(MontgomeryCurve curve, View private_key) {
  if (private_key.size() != size_on(curve)) return nullptr;
  return std::make_unique<MontgomeryAgreement>(curve, private_key);
}

}  // namespace assay::crypto
