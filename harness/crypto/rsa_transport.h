// RSA as TLS 1.2 sends a premaster secret (RFC 5246 §7.4.7.1), with and without the padding, so
// that blocks can be forged and an end can be the oracle that Bleichenbacher and ROBOT ask. Used by
// the engine.
#pragma once

#include "harness/base/bytes.h"
#include "harness/crypto/asymmetric_key.h"

#include <optional>

namespace assay {

/// RFC 8017 §5.1.1, without any padding. Nothing when the key is not RSA, or when the block is not
/// as long as its modulus or not below it.
[[nodiscard]] std::optional<Bytes> rsa_encrypt_raw(const PublicKey& key, View block);
/// RFC 8017 §7.2.1. Nothing when the key is not RSA or has no room for it.
[[nodiscard]] std::optional<Bytes> rsa_encrypt_pkcs1(const PublicKey& key, View message);

/// The whole block as it came out, padding and all.
[[nodiscard]] std::optional<Bytes> rsa_decrypt_raw(const PrivateKey& key, View ciphertext);
/// RFC 8017 §7.2.2. Nothing when the padding is wrong: what to do then, and whether to let it be
/// seen, is the caller's. Takes no care of its timing.
[[nodiscard]] std::optional<Bytes> rsa_decrypt_pkcs1(const PrivateKey& key, View ciphertext);

/// The message in a block of encryption padding; nothing when it is none. For ends that have their
/// own idea of padding, rsa_decrypt_raw() shows the block.
[[nodiscard]] std::optional<Bytes> pkcs1_message(View block);

}  // namespace assay
