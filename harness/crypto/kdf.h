// Digests and key derivation: HMAC, HKDF and its TLS 1.3 labels, the PRF of TLS 1.2, and PBKDF2 for
// passwords. Used by record protection and by SASL; tested with the vectors of the RFCs.
#pragma once

#include "harness/base/bytes.h"
#include "harness/crypto/context.h"

#include <initializer_list>
#include <string_view>

namespace assay {

/// TLS 1.3 and the PRF of TLS 1.2 have the first two; signatures and the MACs of records have all.
enum class Hash { sha256, sha384, sha512, sha1, md5 };
/// Octets of a digest.
[[nodiscard]] std::size_t size_of(Hash hash);

/// MD5 may be configured away: whoever asks for it then gets std::runtime_error.
[[nodiscard]] Bytes digest(Hash hash, View message);

/// The digest of what has come so far, asked for as often as the transcript of a handshake is. A
/// copy goes on by itself; what was moved from is not to be used.
class RunningDigest {
 public:
  explicit RunningDigest(Hash hash);
  RunningDigest(const RunningDigest& other);
  RunningDigest(RunningDigest&&) noexcept = default;
  RunningDigest& operator=(const RunningDigest& other);
  RunningDigest& operator=(RunningDigest&&) noexcept = default;
  ~RunningDigest() = default;

  void update(View octets);
  [[nodiscard]] Bytes current() const;
  [[nodiscard]] Hash hash() const { return hash_; }

 private:
  Hash hash_;
  crypto::Context<EVP_MD_CTX> context_;
};

/// RFC 2104 under one key, for many messages: the key is digested once. Not for two threads at
/// once.
class Hmac {
 public:
  Hmac(Hash hash, View key);
  Hmac(const Hmac& other);
  Hmac(Hmac&&) noexcept = default;
  Hmac& operator=(const Hmac& other);
  Hmac& operator=(Hmac&&) noexcept = default;
  ~Hmac() = default;

  /// Of the parts behind one another.
  [[nodiscard]] Bytes tag(std::initializer_list<View> parts) const;

 private:
  Hash hash_;
  crypto::Context<EVP_MAC_CTX> context_;
  mutable bool used_ = false;  // then it is to be set back before the next message
};

/// RFC 2104.
[[nodiscard]] Bytes hmac(Hash hash, View key, View message);

/// RFC 5869 §2.2.
[[nodiscard]] Bytes hkdf_extract(Hash hash, View salt, View input_keying_material);
/// RFC 5869 §2.3; std::length_error above 255 digests.
[[nodiscard]] Bytes hkdf_expand(Hash hash, View pseudorandom_key, View info, std::size_t size);
/// RFC 8446 §7.1; `label` without its "tls13 ".
[[nodiscard]] Bytes hkdf_expand_label(Hash hash, View secret, std::string_view label, View context,
                                      std::size_t size);

/// RFC 5246 §5: PRF(secret, label, seed), the first `size` octets.
[[nodiscard]] Bytes prf12(Hash hash, View secret, std::string_view label, View seed,
                          std::size_t size);

/// RFC 8018 §5.2, PBKDF2 with HMAC; `iterations` from 1.
[[nodiscard]] Bytes pbkdf2(Hash hash, View password, View salt, std::uint32_t iterations,
                           std::size_t size);

}  // namespace assay
