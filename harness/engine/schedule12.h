// The key schedule of TLS 1.2: the master secret, plain (RFC 5246 §8.1) or extended (RFC 7627 §4),
// and verify_data (RFC 5246 §7.4.9). Used by both roles.
#pragma once

#include "harness/channel/channel.h"
#include "harness/crypto/kdf.h"

namespace assay::engine {

[[nodiscard]] Bytes master_secret(Hash hash, View premaster, View client_random,
                                  View server_random);
/// `session_hash` is over all messages up to and with ClientKeyExchange.
[[nodiscard]] Bytes extended_master_secret(Hash hash, View premaster, View session_hash);
/// Twelve octets.
[[nodiscard]] Bytes verify_data12(Hash hash, View master_secret, Role by, View handshake_hash);

}  // namespace assay::engine
