// The kinds of key agreement behind KeyShare, one class each. Private to harness/crypto/*.cpp.
#pragma once

#include "harness/base/bytes.h"

#include <memory>
#include <optional>

namespace assay::crypto {

/// A private key and its share, waiting for the peer's.
class Agreement {
 public:
  Agreement() = default;
  Agreement(const Agreement&) = delete;
  Agreement& operator=(const Agreement&) = delete;
  virtual ~Agreement() = default;

  [[nodiscard]] virtual View share() const = 0;
  /// Nothing when the peer's share is invalid.
  [[nodiscard]] virtual std::optional<Bytes> agree(View peer_share) const = 0;
};
using OwnedAgreement = std::unique_ptr<const Agreement>;

enum class MontgomeryCurve { x25519, x448 };
[[nodiscard]] OwnedAgreement generate_on(MontgomeryCurve curve);
/// Null when the size is wrong.
[[nodiscard]] OwnedAgreement private_on(MontgomeryCurve curve, View private_key);

enum class WeierstrassCurve { secp256r1, secp384r1, secp521r1 };
[[nodiscard]] OwnedAgreement generate_on(WeierstrassCurve curve);
/// Null when the size is wrong, or the number not from 1 to the order less one.
[[nodiscard]] OwnedAgreement private_on(WeierstrassCurve curve, View private_key);

}  // namespace assay::crypto
