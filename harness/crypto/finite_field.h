// Diffie-Hellman over finite fields: the groups of RFC 7919, and whatever parameters a server of
// TLS 1.2 sends (RFC 5246 §7.4.3), good or bad. Used by the key exchange and by the engine.
#pragma once

#include "harness/base/bytes.h"

#include <optional>

namespace assay {

/// Big-endian, as ServerDHParams carries them. Nothing is promised of them: p may be composite.
struct FiniteField {
  Bytes p;
  Bytes g;
  bool operator==(const FiniteField&) const = default;
};

/// RFC 7919 §A by its NamedGroup: ffdhe2048, ffdhe3072 and ffdhe4096. Null for any other value.
[[nodiscard]] const FiniteField* find_field(std::uint16_t group);

/// Whether p is prime, and (p - 1) / 2 as well: then there are no small groups but the one of two.
/// An even or tiny p is none.
enum class Modulus { composite, prime, safe_prime };
[[nodiscard]] Modulus kind_of_modulus(View p);

/// A private exponent and its public value. One end's, for one exchange.
class FiniteFieldKey {
 public:
  /// Chance is OpenSSL's. Nothing when p is below 5, where RFC 7919 §5.1 leaves no public value, or
  /// longer than 16,384 bits, where a peer could buy hours of ours with one message.
  [[nodiscard]] static std::optional<FiniteFieldKey> generate(const FiniteField& field);
  /// The exponent may be any number, of up to 16,384 bits too.
  [[nodiscard]] static std::optional<FiniteFieldKey> of_private(const FiniteField& field,
                                                                View exponent);

  /// The public value in as many octets as p has.
  [[nodiscard]] View share() const { return share_; }

  /// The secret of TLS 1.3, in as many octets as p has. Nothing unless 1 < `peer_value` < p - 1.
  [[nodiscard]] std::optional<Bytes> agree_padded(View peer_value) const;
  /// The secret of TLS 1.2, without its leading zeros. Nothing unless 1 < `peer_value` < p - 1.
  [[nodiscard]] std::optional<Bytes> agree_stripped(View peer_value) const;
  /// The same of any value: what an end that looks at nothing computes.
  [[nodiscard]] Bytes agree_unchecked(View peer_value) const;

 private:
  FiniteFieldKey(Bytes p, Bytes exponent, Bytes share);

  Bytes p_;
  Bytes exponent_;
  Bytes share_;
};

}  // namespace assay
