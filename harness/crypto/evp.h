// Owners for libcrypto's objects, the algorithms fetched once, and the one way its refusals become
// exceptions. Private to harness/crypto/*.cpp: no public header of the room includes it.
#pragma once

#include "harness/crypto/aead.h"
#include "harness/crypto/kdf.h"
#include "harness/crypto/suites.h"

#include <openssl/evp.h>
#include <openssl/kdf.h>

#include <array>
#include <memory>
#include <string_view>

namespace assay::crypto {

template <auto free_function>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    free_function(object);
  }
};
template <typename T, auto free_function>
using Owned = std::unique_ptr<T, Free<free_function>>;

using OwnedCipher = Owned<EVP_CIPHER, EVP_CIPHER_free>;
using OwnedCipherContext = Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using OwnedDigest = Owned<EVP_MD, EVP_MD_free>;
using OwnedDigestContext = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using OwnedPkey = Owned<EVP_PKEY, EVP_PKEY_free>;
using OwnedPkeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using OwnedKdf = Owned<EVP_KDF, EVP_KDF_free>;
using OwnedKdfContext = Owned<EVP_KDF_CTX, EVP_KDF_CTX_free>;
using OwnedMac = Owned<EVP_MAC, EVP_MAC_free>;
using OwnedMacContext = Owned<EVP_MAC_CTX, EVP_MAC_CTX_free>;

/// Throws std::runtime_error with the newest error of OpenSSL's queue, and empties the queue.
[[noreturn]] void refused(std::string_view what);
inline void require(bool ok, std::string_view what) {
  if (!ok) refused(what);
}

/// As libcrypto spells it.
[[nodiscard]] const char* name_of(Hash hash);

inline constexpr std::size_t kHashCount = 5;

/// What costs a fetch. Constant after its making, so every thread may read it.
class Primitives {
 public:
  Primitives();

  [[nodiscard]] const EVP_CIPHER* aead(AeadAlgorithm algorithm) const;
  /// The cipher of the key stream alone: AES in counter mode, or ChaCha20.
  [[nodiscard]] const EVP_CIPHER* stream(AeadAlgorithm algorithm) const;
  /// AES and 3DES in CBC mode; throws for a 3DES that is configured away, and for any other.
  [[nodiscard]] const EVP_CIPHER* block(BulkCipher bulk) const;
  /// To be duplicated, then given its key. Both throw for an MD5 that is configured away.
  [[nodiscard]] const EVP_MAC_CTX* hmac(Hash hash) const;
  [[nodiscard]] const EVP_MD* digest(Hash hash) const;
  /// FIPS 202, for ML-KEM.
  [[nodiscard]] const EVP_MD* sha3_256() const { return sha3_256_.get(); }
  [[nodiscard]] const EVP_MD* sha3_512() const { return sha3_512_.get(); }
  [[nodiscard]] const EVP_MD* shake128() const { return shake128_.get(); }
  [[nodiscard]] const EVP_MD* shake256() const { return shake256_.get(); }
  /// Not const, since libcrypto wants it so; a context of it changes nothing in it.
  [[nodiscard]] EVP_KDF* pbkdf2() const { return pbkdf2_.get(); }

 private:
  OwnedCipher aes_128_gcm_;
  OwnedCipher aes_256_gcm_;
  OwnedCipher aes_128_ccm_;
  OwnedCipher aes_256_ccm_;
  OwnedCipher chacha20_poly1305_;
  OwnedCipher aes_128_ctr_;
  OwnedCipher aes_256_ctr_;
  OwnedCipher chacha20_;
  OwnedCipher aes_128_cbc_;
  OwnedCipher aes_256_cbc_;
  OwnedCipher triple_des_cbc_;
  std::array<OwnedDigest, kHashCount> digests_;  // in the order of Hash
  std::array<OwnedMacContext, kHashCount> hmacs_;
  OwnedDigest sha3_256_;
  OwnedDigest sha3_512_;
  OwnedDigest shake128_;
  OwnedDigest shake256_;
  OwnedKdf pbkdf2_;
};

/// The process's own, made when first asked for.
[[nodiscard]] const Primitives& primitives();

}  // namespace assay::crypto
