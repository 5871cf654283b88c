// What an end of TLS is: the chain that it serves and the key that it signs with. Used by every
// channel, by the reference peers and by fault tables.
#pragma once

#include "harness/base/bytes.h"

#include <optional>
#include <vector>

namespace assay {

/// The chain in the order in which it is served, the key (PKCS#8 DER), the staple. A key that does
/// not belong to the first certificate is used all the same: that is a fault somebody asked for.
struct ServerIdentity {
  std::vector<Bytes> chain;
  Bytes private_key;
  std::optional<Bytes> staple;
  bool operator==(const ServerIdentity&) const = default;
};

}  // namespace assay
