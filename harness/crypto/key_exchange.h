// Ephemeral key agreement by IANA's NamedGroup, for both ends: an initiator keeps a KeyShare until
// the other's share comes; the other answers at once. Used by the engine, for TLS 1.3 (RFC 8446
// §4.2.8) and for ECDHE in TLS 1.2 (RFC 8422 §5).
#pragma once

#include "harness/base/bytes.h"

#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace assay {

struct NamedGroup {
  std::uint16_t value = 0;
  std::string_view name;  // IANA's
  std::size_t client_share_size = 0;
  std::size_t server_share_size = 0;
};
[[nodiscard]] std::span<const NamedGroup> named_groups();
/// Null when the table does not have it.
[[nodiscard]] const NamedGroup* find_group(std::uint16_t value);

namespace crypto {
class Agreement;
}

/// What one end keeps until the other's share comes.
class KeyShare {
 public:
  /// The initiator's; chance is OpenSSL's. Nothing for an unknown group.
  [[nodiscard]] static std::optional<KeyShare> generate(std::uint16_t group);
  /// Of x25519, x448 and the secp curves, for vectors and runs that repeat. Nothing for another
  /// group, a wrong size, or a number that is no private key of the curve.
  [[nodiscard]] static std::optional<KeyShare> of_private(std::uint16_t group, View private_key);

  KeyShare(KeyShare&&) noexcept;
  KeyShare& operator=(KeyShare&&) noexcept;
  KeyShare(const KeyShare&) = delete;
  KeyShare& operator=(const KeyShare&) = delete;
  ~KeyShare();

  /// The key_exchange of a KeyShareEntry, or the public of TLS 1.2's ECDHE parameters.
  [[nodiscard]] View share() const;
  /// The shared secret as TLS takes it. Nothing when the peer's share is invalid: a wrong size, a
  /// point off the curve, a value out of its range, a result of zeros.
  [[nodiscard]] std::optional<Bytes> agree(View peer_share) const;

 private:
  explicit KeyShare(std::unique_ptr<const crypto::Agreement> agreement);

  std::unique_ptr<const crypto::Agreement> agreement_;
};

struct AnsweredShare {
  Bytes share;
  Bytes secret;
};
/// The other end's side, where a KEM encapsulates. Nothing for an unknown group or an invalid
/// share.
[[nodiscard]] std::optional<AnsweredShare> answer_share(std::uint16_t group, View client_share);

}  // namespace assay
