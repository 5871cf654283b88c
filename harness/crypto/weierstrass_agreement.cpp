#include "harness/crypto/agreement.h"
#include "harness/crypto/bignum.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>

#include <array>
#include <utility>

// EC_GROUP and EC_POINT rather than EVP_PKEY, which makes the group anew for each key and
// multiplies each peer's point by the order: keys and agreements of P-256 take less than half the
// time.
namespace assay::crypto {
namespace {

using OwnedGroup = Owned<EC_GROUP, EC_GROUP_free>;
using OwnedPoint = Owned<EC_POINT, EC_POINT_free>;

OwnedGroup make_group(int identifier) {
  OwnedGroup group(EC_GROUP_new_by_curve_name(identifier));
  require(group != nullptr, "a curve");
  return group;
}

const EC_GROUP* group_of(WeierstrassCurve curve) {
  static const std::array<OwnedGroup, 3> kGroups{
      make_group(NID_X9_62_prime256v1), make_group(NID_secp384r1), make_group(NID_secp521r1)};
  return kGroups[static_cast<std::size_t>(curve)].get();
}

/// Of a coordinate, and on these curves of a private key.
std::size_t size_on(const EC_GROUP* group) {
  return (static_cast<std::size_t>(EC_GROUP_get_degree(group)) + 7) / 8;
}

OwnedPoint new_point(const EC_GROUP* group) {
  OwnedPoint point(EC_POINT_new(group));
  require(point != nullptr, "a point");
  return point;
}

class WeierstrassAgreement : public Agreement {
 public:
  WeierstrassAgreement(const EC_GROUP* group, OwnedNumber private_key);

  [[nodiscard]] View share() const override { return share_; }
  [[nodiscard]] std::optional<Bytes> agree(View peer_share) const override;

 private:
  const EC_GROUP* group_;  // the process's own
  OwnedNumber private_key_;
  Bytes share_;
};

WeierstrassAgreement::WeierstrassAgreement(const EC_GROUP* group, OwnedNumber private_key)
    : group_(group), private_key_(std::move(private_key)), share_(1 + 2 * size_on(group)) {
  const OwnedNumberContext context = new_number_context();
  const OwnedPoint point = new_point(group);
  require(
      EC_POINT_mul(group, point.get(), private_key_.get(), nullptr, nullptr, context.get()) == 1,
      "a public key");
  // RFC 8446 §4.2.8.2: legacy_form 4, then both coordinates.
  require(EC_POINT_point2oct(group, point.get(), POINT_CONVERSION_UNCOMPRESSED, share_.data(),
                             share_.size(), context.get()) == share_.size(),
          "a public key");
}

std::optional<Bytes> WeierstrassAgreement::agree(View peer_share) const {
  // RFC 8446 §4.2.8.2: uncompressed points only; libcrypto would take the hybrid form 6 too.
  if (peer_share.size() != share_.size() || peer_share[0] != 4) return std::nullopt;
  const OwnedNumberContext context = new_number_context();
  const OwnedPoint peer = new_point(group_);
  // RFC 8446 §4.2.8.2: the coordinates are in the field and fulfil the equation; libcrypto looks.
  // The point at infinity has no such form, and the cofactor is 1: there is nothing else to check.
  if (EC_POINT_oct2point(group_, peer.get(), peer_share.data(), peer_share.size(), context.get()) !=
      1) {
    ERR_clear_error();
    return std::nullopt;
  }
  const OwnedPoint shared = new_point(group_);
  require(EC_POINT_mul(group_, shared.get(), nullptr, peer.get(), private_key_.get(),
                       context.get()) == 1,
          "a shared point");
  // RFC 8446 §7.4.2: the X coordinate, with its leading zeros.
  const OwnedNumber x = new_number();
  require(
      EC_POINT_get_affine_coordinates(group_, shared.get(), x.get(), nullptr, context.get()) == 1,
      "a coordinate");
  return octets_of(x.get(), size_on(group_));
}

}  // namespace

OwnedAgreement generate_on(WeierstrassCurve curve) {
  const EC_GROUP* const group = group_of(curve);
  OwnedNumber private_key = new_number();
  do {
    require(BN_priv_rand_range(private_key.get(), EC_GROUP_get0_order(group)) == 1,
            "a private key");
  } while (BN_is_zero(private_key.get()) == 1);
  return std::make_unique<WeierstrassAgreement>(group, std::move(private_key));
}

OwnedAgreement private_on(WeierstrassCurve curve, View private_key) {
  const EC_GROUP* const group = group_of(curve);
  if (private_key.size() != size_on(group)) return nullptr;
  OwnedNumber number = number_of(private_key);
  if (BN_is_zero(number.get()) == 1 || BN_cmp(number.get(), EC_GROUP_get0_order(group)) >= 0) {
    return nullptr;
  }
  return std::make_unique<WeierstrassAgreement>(group, std::move(number));
}

}  // namespace assay::crypto
